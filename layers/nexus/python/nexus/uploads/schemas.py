"""What goes in and out about uploads."""

from typing import Annotated, Any, Literal, Self, cast

from pydantic import AfterValidator, Field, StringConstraints, model_validator

from nexus.outside.files import picture_url
from nexus.schema import Answer, Line, Schema
from nexus.table.uploads import UploadItem

LARGEST_UPLOAD_BYTES = 2 * 1024**3
ENDINGS = ("glb", "gltf", "fbx", "obj", "stl", "ply", "usdz", "3mf", "dae", "zip")

PART_BYTES = 32 * 1024 * 1024
PARTED_FROM_BYTES = 100 * 1024 * 1024
"""Larger files come in parts, of which each can be sent again."""

PICTURE = "512"
"""The picture that stands for an upload or a model in lists, by its width in pixels."""


def _known_ending(filename: str) -> str:
    ending = filename.rpartition(".")[2].lower()
    if ending not in ENDINGS or "/" in filename or "\\" in filename:
        raise ValueError(f"must be a file name that ends in one of .{', .'.join(ENDINGS)}")
    if "\ufffe" in filename or "\uffff" in filename:  # S3 answers in XML, which has no such signs
        raise ValueError("must not contain U+FFFE or U+FFFF")
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


type UploadStatus = Literal["waiting", "processing", "ready", "rejected"]


type Sha256 = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{64}$")]


class NewUpload(Schema):
    """`size` in bytes. With `sha256` (hexadecimal) a file that was damaged is refused.

    A file that comes in parts may have a checksum for each: S3 refuses damaged parts at once.
    """

    filename: Annotated[Line, AfterValidator(_known_ending)]
    size: Annotated[int, Field(strict=True, ge=1, le=LARGEST_UPLOAD_BYTES)]
    sha256: Sha256 | None = None
    part_sha256: Annotated[list[Sha256], Field(min_length=1, max_length=64)] | None = None

    @model_validator(mode="after")
    def one_checksum_for_each_part(self) -> Self:
        wanted = -(-self.size // PART_BYTES) if self.size > PARTED_FROM_BYTES else 0
        if self.part_sha256 is not None and len(self.part_sha256) != wanted:
            raise ValueError(f"part_sha256 must have {wanted} checksums for a file of this size")
        return self


class UploadForm(Answer):
    """Where to send the file: a POST of `fields` and then `file`, as multipart/form-data."""

    id: int
    url: str
    fields: dict[str, str]


class Part(Answer):
    """Where to PUT one part, with these headers; `url` is null where it has come already."""

    number: int
    url: str | None
    headers: dict[str, str]


class UploadParts(Answer):
    """Where to send a large file: each `part_size` bytes of it are a part, the last one is shorter.

    When all have come, complete the upload. Addresses live an hour; reading the upload gives
    fresh ones for the parts that are missing.
    """

    id: int
    part_size: int
    parts: list[Part]


class Upload(Answer):
    id: int
    filename: str
    status: UploadStatus
    reason: str | None
    format: str | None
    facts: dict[str, Any] | None
    thumbnail_url: str | None
    pictures: Pictures
    preview_url: PreviewUrl
    findings: list[Finding]
    purpose: Literal["model", "inspect"]
    part_size: int | None
    parts: Annotated[
        list[Part] | None, Field(description="While a large file is on its way, its parts")
    ]

    @classmethod
    def of(
        cls,
        upload: UploadItem,
        findings: list[Finding],
        part_size: int | None = None,
        parts: list[Part] | None = None,
    ) -> "Upload":
        pictures = picture_urls(upload.pictures or {})
        return cls(
            id=upload.id,
            filename=upload.filename,
            status=cast("UploadStatus", upload.status),
            reason=upload.reason,
            format=upload.format,
            facts=upload.facts,
            thumbnail_url=pictures.get(PICTURE),
            pictures=pictures,
            preview_url=picture_url(upload.preview) if upload.preview else None,
            findings=findings,
            purpose=cast("Any", upload.purpose),
            part_size=part_size,
            parts=parts,
        )
