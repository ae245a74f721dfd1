"""What goes in and out about finding models."""

from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal
from functools import partial
from typing import Annotated, Any, Literal
from unicodedata import normalize

import orjson
from pydantic import AfterValidator, BaseModel, ConfigDict, Field, model_validator

from nexus.accounts.schemas import Creator
from nexus.catalogue.schemas import Model3D, Resolution
from nexus.money import LARGEST_PRICE_CENTS, Dollars
from nexus.schema import Answer, Id
from nexus.table.catalogue import ModelItem
from nexus.table.counters import CountersItem
from nexus.table.users import UserItem

LONGEST_SEARCH = 200

type Sort = Literal["relevance", "newest", "popular", "price", "-price", "rating"]
type Text = Annotated[str, Field(max_length=50), AfterValidator(partial(normalize, "NFC"))]
type Amount = Annotated[
    Decimal, Field(ge=0, le=LARGEST_PRICE_CENTS // 100, decimal_places=2, description="US dollars")
]
type Polygons = Annotated[int, Field(ge=0, le=10**12)]


class Wanted(BaseModel):
    """Which models, and in which order: by relevance where something is sought, else the newest.

    Every word of `search` must be found in the name, the tags, the description or the name of the
    creator; one or two letters of a long word may be wrong where nothing is found as it is typed.
    """

    model_config = ConfigDict(frozen=True)

    search: Annotated[str | None, Field(max_length=LONGEST_SEARCH)] = None
    sort: Sort | None = None
    category: Text | None = None
    subcategory: Text | None = None
    tag: Text | None = None
    min_price: Amount | None = None
    max_price: Amount | None = None
    free: bool | None = None
    min_polys: Polygons | None = None
    max_polys: Polygons | None = None
    format: Text | None = None
    rigged: bool | None = None
    animated: bool | None = None
    texture_resolution: Resolution | None = None
    creator_id: Id | None = None
    min_rating: Annotated[float, Field(ge=0, le=5, allow_inf_nan=False)] | None = None
    featured: bool | None = None

    @model_validator(mode="after")
    def ranges_are_not_upside_down(self) -> "Wanted":
        for name in ("price", "polys"):
            least, most = getattr(self, f"min_{name}"), getattr(self, f"max_{name}")
            if least is not None and most is not None and least > most:
                raise ValueError(f"min_{name} must not be above max_{name}")
        return self


@dataclass(frozen=True)
class Entry:
    """A model on sale as the index keeps it: its card, since when (epoch milliseconds), and how
    many reviews its rating is the mean of.
    """

    card: dict[str, Any]
    since: int
    reviews: int = 0

    @classmethod
    def of(cls, model: ModelItem, creator: UserItem, sums: CountersItem) -> "Entry":
        card = Model3D.of(model, Creator.of(creator), sums, inside=False).model_dump(mode="json")
        return cls(card, milliseconds(model.since), sums.rating_count)

    @classmethod
    def read(cls, text: str) -> "Entry":
        return cls(**orjson.loads(text))

    def text(self) -> str:
        return orjson.dumps(self).decode()


def milliseconds(at: datetime) -> int:
    return int((at - datetime.fromtimestamp(0, UTC)).total_seconds() * 1000)


@dataclass(frozen=True)
class Found:
    """A page of cards, as a JSON array. `total` is `None` where it is not counted."""

    cards: bytes
    total: int | None = None
    following: dict[str, Any] | None = None
    did_you_mean: str | None = None


class Count(Answer):
    value: str
    count: int


class PriceCount(Answer):
    """How many cost at least `least` and less than `below`."""

    least: Dollars
    below: Dollars | None
    count: int


class PolygonCount(Answer):
    least: int
    below: int | None
    count: int


class RatingCount(Answer):
    min_rating: int
    count: int


class Facets(Answer):
    """How many models there would be of each kind. Each facet is counted with all filters but its
    own, so that it shows what another choice would bring.
    """

    total: int
    category: list[Count]
    subcategory: list[Count]
    tag: Annotated[list[Count], Field(description="The fifty that most models have")]
    format: list[Count]
    texture_resolution: list[Count]
    creator_id: Annotated[list[Count], Field(description="The twenty with the most models")]
    rigged: list[Count]
    animated: list[Count]
    free: list[Count]
    featured: list[Count]
    price: list[PriceCount]
    polys: list[PolygonCount]
    rating: list[RatingCount]


class Suggestion(Answer):
    """What the words typed so far may become."""

    text: str
    kind: Literal["model", "tag", "creator"]
    model_id: int | None = None
