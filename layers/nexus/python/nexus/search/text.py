"""What counts as the same text and as a word, alike for what is found and what is sought."""

import re
import unicodedata
from itertools import pairwise

# What Unicode does not take apart into a letter and its accent.
LETTERS = str.maketrans(
    {
        "ø": "o",
        "ł": "l",
        "đ": "d",
        "ħ": "h",
        "\u0131": "i",
        "æ": "ae",
        "œ": "oe",
        "þ": "th",
        "ð": "d",
    }
)
WORD = re.compile(r"[\w%]+")
MARK = re.compile(r"[^\w\s%]")
UNSEEN = {"Cc", "Cf", "Cs", "Co", "Cn"}


def fold(text: str) -> str:
    """Text without case and accents. What is part of a text stays part of it when both are folded.

    >>> fold("CAFÉ Łódź")
    'cafe lodz'
    """
    if text.isascii():
        return text.lower()
    apart = unicodedata.normalize("NFKD", text.casefold())
    kept = "".join(sign for sign in apart if unicodedata.category(sign) != "Mn")
    return kept.casefold().translate(LETTERS)


def words(text: str) -> list[str]:
    """The words of folded text, in their order; `%` and `_` are letters."""
    return WORD.findall(text)


def marks(text: str) -> list[str]:
    """The visible signs of folded text that belong to no word, each by itself."""
    return [sign for sign in MARK.findall(text) if unicodedata.category(sign) not in UNSEEN]


def sought(search: str) -> list[str]:
    """What must be found, each once: the words of a search, or its signs where it has no word."""
    text = fold(search)
    return list(dict.fromkeys(words(text) or marks(text)))


def forgiven(word: str) -> int:
    """How many letters of a word may be wrong, too many, missing or in the wrong order."""
    return 0 if len(word) < 4 else 1 if len(word) < 7 else 2


def distance(one: str, other: str) -> int:
    """How many letters to change, add, drop or swap with their neighbour (Damerau, adjacent)."""
    before: list[int] = []
    row = list(range(len(other) + 1))
    for i, letter in enumerate(one, 1):
        following = [i]
        for j, (left, right) in enumerate(pairwise(row), 1):
            cost = min(right + 1, following[-1] + 1, left + (letter != other[j - 1]))
            if i > 1 and j > 1 and (letter, one[i - 2]) == (other[j - 2], other[j - 1]):
                cost = min(cost, before[j - 2] + 1)
            following.append(cost)
        before, row = row, following
    return row[-1]
