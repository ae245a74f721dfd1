"""What goes in about the storefront's first page."""

from typing import Annotated

from pydantic import AfterValidator, BeforeValidator, Field

from nexus.schema import Id, Schema

MOST_SLIDES = 20


def _distinct(model_ids: list[int]) -> list[int]:
    if len(set(model_ids)) != len(model_ids):
        raise ValueError("must not name a model twice")
    return model_ids


type Slides = Annotated[
    list[Annotated[Id, Field(strict=True)]],
    Field(max_length=MOST_SLIDES),
    AfterValidator(_distinct),
]


class SliderOrder(Schema):
    model_ids: Slides


def _named(given: object) -> object:
    return {"model_ids": given} if isinstance(given, list) else given


type Arrangement = Annotated[
    SliderOrder, BeforeValidator(_named, json_schema_input_type=Slides | SliderOrder)
]
"""The ids may also come as a bare list."""
