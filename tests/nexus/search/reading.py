"""What an index answers, page by page."""

from typing import Any

import orjson

from nexus.search.index import Index
from nexus.search.ranking import Place
from nexus.search.schemas import Wanted


def cards(index: Index, limit: int = 100, **wanted: Any) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = orjson.loads(
        index.find(Wanted.model_validate(wanted), Place(), limit).cards
    )
    return found


def ids(index: Index, **wanted: Any) -> list[int]:
    return [card["id"] for card in cards(index, **wanted)]


def walk(index: Index, limit: int, **wanted: Any) -> list[int]:
    """All pages, each from where the one before ended."""
    place, seen = Place(), list[int]()
    while True:
        found = index.find(Wanted.model_validate(wanted), place, limit)
        seen += [card["id"] for card in orjson.loads(found.cards)]
        if found.following is None:
            return seen
        place = Place.of(orjson.loads(orjson.dumps(found.following)), 0)
