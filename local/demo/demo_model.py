"""What the catalogue knows about one of its models."""

from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True)
class DemoModel:
    """`build` makes the same complete file each time, within a second or two."""

    name: str
    description: str
    category: str
    subcategory: str | None
    price_cents: int
    tags: tuple[str, ...]
    filename: str
    build: Callable[[], bytes]
