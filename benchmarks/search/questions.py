"""What is asked, by class; each class with several questions, so that none is answered by luck."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from nexus.search.schemas import Wanted


@dataclass(frozen=True)
class Question:
    """`like` and `match` are the same question for PostgreSQL and for FTS5, where they know it."""

    wanted: Wanted
    like: str | None = None
    match: str | None = None


def _asking(search: str | None = None, match: str | None = None, **wanted: Any) -> Question:
    return Question(Wanted(search=search, **wanted), search, match or search)


WORDS = ("castle", "robot", "dragon", "guitar", "helicopter", "wizard", "lantern", "penguin")
PARTS = ("astl", "obo", "rago", "uita", "copt", "izar", "ante", "engu")
TYPOS = ("casttle", "robto", "dragno", "guiatr", "helikopter", "wizzard", "lantren", "pengiun")

CLASSES: dict[str, list[Question]] = {
    "newest": [_asking()],
    "one word": [_asking(word) for word in WORDS],
    "two words": [_asking(f"medieval {word}", f"medieval {word}") for word in WORDS],
    "beginning of a word": [_asking(word[:4], f"{word[:4]}*") for word in WORDS],
    "part of a word": [Question(Wanted(search=part), part) for part in PARTS],
    "two letters": [Question(Wanted(search=word[1:3]), word[1:3]) for word in WORDS],
    "typing error": [Question(Wanted(search=typo)) for typo in TYPOS],
    "nothing": [_asking(f"qqx{word}") for word in WORDS],
    "category, by price": [
        Question(Wanted(category=word, sort="price")) for word in ("castle", "robot", "chair")
    ],
    "price range, popular": [
        Question(Wanted(min_price=Decimal(least), max_price=Decimal(least + 9), sort="popular"))
        for least in (1, 5, 15)
    ],
    "word and filters": [
        Question(Wanted(search=word, format="glb", rigged=False, max_price=Decimal(50)))
        for word in WORDS
    ],
}
