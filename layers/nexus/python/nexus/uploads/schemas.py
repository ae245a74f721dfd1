"""What goes in and out about uploads."""

from typing import Annotated, Any, Literal, cast

from pydantic import AfterValidator, Field, StringConstraints

from nexus.outside.files import picture_url
from nexus.schema import Answer, Line, Schema
from nexus.table.uploads import UploadItem

LARGEST_UPLOAD_BYTES = 256 * 1024 * 1024
ENDINGS = ("glb", "gltf", "obj", "stl", "ply", "zip")

PICTURE = "512"
"""The picture that stands for an upload or a model in lists, by its width in pixels."""


def _known_ending(filename: str) -> str:
    ending = filename.rpartition(".")[2].lower()
    if ending not in ENDINGS or "/" in filename or "\\" in filename:
        raise ValueError(f"must be a file name that ends in one of .{', .'.join(ENDINGS)}")
    return filename


type Pictures = Annotated[
    dict[str, str],
    Field(
        description="Addresses by name. `1024`, `512` and `256` are stills of that many pixels; "
        "`transparent` (1024) and `512-transparent` have no backdrop; `turntable` is a sheet of "
        "24 frames of 320 pixels, six in a row; `animation` shows the same frames as a film."
    ),
]
type PreviewUrl = Annotated[
    str | None,
    Field(description="A light GLB for a viewer, without animations; no substitute for the model"),
]

_RANKS = ("error", "warning", "info")


class Finding(Answer):
    """Something odd: what was expected, as the creator said or as is usual, and what was found."""

    code: str
    severity: Literal["error", "warning", "info"]
    expected: bool | int | str | None
    found: bool | int | str | None

    @property
    def rank(self) -> int:
        return _RANKS.index(self.severity)


def picture_urls(pictures: dict[str, str]) -> dict[str, str]:
    return {name: picture_url(picture) for name, picture in pictures.items()}


type Status = Literal["waiting", "processing", "ready", "rejected"]


class NewUpload(Schema):
    """`size` in bytes. With `sha256` (hexadecimal) S3 refuses a file that was damaged."""

    filename: Annotated[Line, AfterValidator(_known_ending)]
    size: Annotated[int, Field(strict=True, ge=1, le=LARGEST_UPLOAD_BYTES)]
    sha256: Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{64}$")] | None = None


class UploadForm(Answer):
    """Where to send the file: a POST of `fields` and then `file`, as multipart/form-data."""

    id: int
    url: str
    fields: dict[str, str]


class Upload(Answer):
    id: int
    filename: str
    status: Status
    reason: str | None
    format: str | None
    facts: dict[str, Any] | None
    thumbnail_url: str | None
    pictures: Pictures
    preview_url: PreviewUrl
    findings: list[Finding]

    @classmethod
    def of(cls, upload: UploadItem, findings: list[Finding]) -> "Upload":
        pictures = picture_urls(upload.pictures or {})
        return cls(
            id=upload.id,
            filename=upload.filename,
            status=cast("Status", upload.status),
            reason=upload.reason,
            format=upload.format,
            facts=upload.facts,
            thumbnail_url=pictures.get(PICTURE),
            pictures=pictures,
            preview_url=picture_url(upload.preview) if upload.preview else None,
            findings=findings,
        )
