"""What somebody meant whose words were not found."""

import unicodedata
from typing import Any

from nexus.search.documents import words_of
from nexus.search.text import distance, fold, marks, words

FARTHEST = 3
"""By how many letters a guess may differ from what was typed."""


def corrected(search: str, replacements: dict[str, str]) -> str:
    """A search with some of its words replaced; it is told folded, as it is sought."""
    terms = words(fold(search)) or marks(fold(search))
    return unicodedata.normalize("NFC", " ".join(replacements.get(each, each) for each in terms))


def nearest(word: str, card: dict[str, Any]) -> str | None:
    """The word of a model that a typed one was meant to be, if any is near."""
    known = words_of(card)
    if any(word in each for each in known):
        return word
    farthest = min(FARTHEST, len(word) // 2)
    letters, best = farthest + 1, ""
    for least, each in sorted((_least(word, each), each) for each in known):
        if least > min(letters, farthest):
            break
        letters, best = min((letters, best), (distance(word, each), each))
    return best if letters <= farthest else None


def _least(one: str, other: str) -> int:
    """At least so many letters differ; it is told sooner than how many do."""
    return max(abs(len(one) - len(other)), (len(set(one) ^ set(other)) + 1) // 2)
