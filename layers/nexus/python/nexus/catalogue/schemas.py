"""What goes in and out about models."""

import json
from typing import Annotated, Any, Literal, cast

from pydantic import AfterValidator, Field, model_validator

from nexus.accounts.schemas import Creator
from nexus.catalogue.findings import MEASURED
from nexus.money import Dollars, PriceCents
from nexus.outside.files import picture_url
from nexus.schema import Answer, Id, Line, Paragraphs, Reason, Schema, Time, Word
from nexus.settings import settings
from nexus.table.catalogue import DecisionItem, ModelItem
from nexus.table.counters import CountersItem
from nexus.uploads.schemas import PICTURE, Finding, Pictures, PreviewUrl, picture_urls

type ModelStatus = Literal["pending", "approved", "rejected"]
type Resolution = Annotated[str, Field(max_length=10, pattern=r"^(None|[0-9]{1,5}|[0-9]{1,2}K)$")]


def _distinct[T](values: list[T]) -> list[T]:
    if len(set(values)) != len(values):
        raise ValueError("must not name anything twice")
    return values


type UploadIds = Annotated[
    list[Annotated[Id, Field(strict=True)]],
    Field(min_length=1, max_length=10),
    AfterValidator(_distinct),
]


class Claims(Schema):
    """What the creator says of the model; what was measured stands beside it."""

    poly_count: Annotated[int, Field(strict=True, ge=0, le=10**9)] | None = None
    is_rigged: Annotated[bool, Field(strict=True)] | None = None
    is_animated: Annotated[bool, Field(strict=True)] | None = None
    texture_resolution: Resolution | None = None


class NewModel(Schema):
    name: Line
    description: Paragraphs | None = None
    price: PriceCents
    category: Word
    subcategory: Word | None = None
    tags: Annotated[list[Word], Field(max_length=20), AfterValidator(_distinct)] = Field(
        default_factory=list
    )
    upload_ids: UploadIds
    claims: Claims | None = None


class ModelChanges(Schema):
    """What may be changed of a model; what is not named stays as it is."""

    name: Line | None = None
    description: Paragraphs | None = None
    price: PriceCents | None = None
    category: Word | None = None
    subcategory: Word | None = None
    tags: Annotated[list[Word], Field(max_length=20), AfterValidator(_distinct)] | None = None
    upload_ids: UploadIds | None = None
    claims: Claims | None = None

    @model_validator(mode="after")
    def something_changes(self) -> "ModelChanges":
        """Only the description and the subcategory may be emptied."""
        if not self.model_fields_set:
            raise ValueError("must change something")
        emptied = {name for name in self.model_fields_set if getattr(self, name) is None}
        if kept := emptied - {"description", "subcategory"}:
            raise ValueError(f"{min(kept)} must not be null")
        return self


class Flags(Schema):
    is_featured: Annotated[bool, Field(strict=True)] | None = None
    is_trending: Annotated[bool, Field(strict=True)] | None = None

    @model_validator(mode="after")
    def something_changes(self) -> "Flags":
        if self.is_featured is None and self.is_trending is None:
            raise ValueError("must set is_featured or is_trending")
        return self


class Rejection(Schema):
    reason: Reason | None = None


class File(Answer):
    """One of the files a buyer gets; `size` in bytes."""

    format: str
    filename: str
    size: int
    sha256: str


class Model3D(Answer):
    id: int
    name: str
    description: str | None
    price: Dollars
    poly_count: int
    category: str
    subcategory: str | None
    file_url: str
    thumbnail_url: str | None
    formats: Annotated[str, Field(description="A JSON array, as text", examples=['["glb"]'])]
    is_rigged: bool
    is_animated: bool
    texture_resolution: str
    downloads: int
    likes: int
    views: int
    rating: float
    status: ModelStatus
    is_trending: bool
    is_featured: bool
    created_at: Time
    updated_at: Time
    creator_id: int
    creator: Creator
    tags: list[str]
    files: list[File]
    pictures: Pictures
    preview_url: PreviewUrl
    claims: Annotated[
        dict[str, Any] | None,
        Field(description="What its creator says; shown to them and to admins"),
    ]
    findings: Annotated[
        list[Finding] | None,
        Field(description="What is odd about it; shown to its creator and to admins"),
    ]
    reason: Annotated[
        str | None, Field(description="Why it was rejected; shown to its creator and to admins")
    ]
    is_withdrawn: Annotated[
        bool, Field(description="Off the market for good; who bought it keeps it")
    ]

    @classmethod
    def of(
        cls, model: ModelItem, creator: Creator, sums: CountersItem, *, inside: bool
    ) -> "Model3D":
        """`inside`: as the creator and the admins see it, with files that wait for review."""
        withdrawn = model.status == "withdrawn"
        seen = model.of_files(newest=inside)
        pictures = picture_urls(seen["pictures"])
        return cls(
            id=model.id,
            name=model.name,
            description=model.description,
            price=model.price_cents,
            category=model.category,
            subcategory=model.subcategory,
            file_url=f"{settings().api_url}/api/models/{model.id}/download",
            thumbnail_url=pictures.get(PICTURE),
            formats=json.dumps(seen["formats"]),
            **{name: seen[name] for name in MEASURED},
            downloads=sums.downloads,
            likes=sums.likes,
            views=sums.views,
            rating=rating(sums),
            status="rejected" if withdrawn else cast("ModelStatus", model.status),
            is_trending=model.is_trending,
            is_featured=model.is_featured,
            created_at=model.created_at,
            updated_at=model.updated_at,
            creator_id=model.creator_id,
            creator=creator,
            tags=model.tags,
            files=[File.model_validate(file) for file in seen["files"]],
            pictures=pictures,
            preview_url=picture_url(seen["preview"]) if seen["preview"] else None,
            claims=model.claims if inside else None,
            findings=findings_on(model) if inside else None,
            reason="Withdrawn" if withdrawn else model.reason if inside else None,
            is_withdrawn=withdrawn,
        )


def findings_on(model: ModelItem) -> list[Finding]:
    return [Finding.model_validate(finding) for finding in model.findings or []]


def rating(sums: CountersItem) -> float:
    """The mean of all reviews with two decimals; 0 where there is none."""
    return round(sums.rating_sum / sums.rating_count, 2) if sums.rating_count else 0.0


class Decision(Answer):
    """One step in the life of a model."""

    status: Literal["pending", "approved", "rejected", "withdrawn"]
    reason: str | None
    user_id: int
    created_at: Time

    @classmethod
    def of(cls, item: DecisionItem) -> "Decision":
        return cls.model_validate(item, from_attributes=True)


class Download(File):
    """`url` hands the file out until `expires_at`."""

    url: str
    expires_at: Time


class Downloads(Answer):
    files: list[Download]
