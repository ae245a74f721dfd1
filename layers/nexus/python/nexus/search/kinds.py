"""The kinds that models are counted by: every model is of one or more in each facet.

They are terms of the index, such as `category:Buildings` or, for the third of the ranges of
prices, `price:2`.
"""

from bisect import bisect_right
from collections.abc import Iterator
from typing import Any

import orjson

ALL = "all"
NAMED = ("category", "subcategory", "tag", "format", "texture_resolution")
FOLDED = ("category", "subcategory")
"""Their filters ask for no case and no accents."""
FLAGS = ("rigged", "animated", "free", "featured")
RANGES = {
    "price": (0, 1, 1000, 2500, 5000, 10_000, 25_000),
    "polys": (0, 1000, 10_000, 50_000, 250_000, 1_000_000),
    "rating": (0, 1, 2, 3, 4),
}
"""Where each range begins, in cents, triangles and stars; it ends where the next one begins."""


def kinds(card: dict[str, Any]) -> Iterator[tuple[str, str]]:
    """Each facet with a value of the model in it."""
    yield ALL, ""
    yield "category", card["category"]
    if card["subcategory"]:
        yield "subcategory", card["subcategory"]
    yield "texture_resolution", card["texture_resolution"]
    for name in orjson.loads(card["formats"]):
        yield "format", name
    for tag in {tag.casefold() for tag in card["tags"]}:
        yield "tag", tag
    for flag, so in flags(card).items():
        yield flag, "true" if so else "false"
    numbers = {
        "price": round(card["price"] * 100),
        "polys": card["poly_count"],
        "rating": card["rating"],
    }
    for facet, number in numbers.items():
        yield facet, str(bisect_right(RANGES[facet], number) - 1)


def flags(card: dict[str, Any]) -> dict[str, bool]:
    return {
        "rigged": card["is_rigged"],
        "animated": card["is_animated"],
        "free": not card["price"],
        "featured": card["is_featured"],
    }


def term(facet: str, value: str = "") -> str:
    return f"{facet}:{value}"
