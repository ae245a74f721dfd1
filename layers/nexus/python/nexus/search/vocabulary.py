"""All words of the index as one text, so that words can be found by any part of them.

A hundred thousand models use some tens of thousands of different words; looking through them all
takes half a millisecond. An index of all parts of words would be larger than all the rest.
"""

from collections.abc import Iterable, Iterator
from pathlib import Path

BETWEEN = "\n"


class Vocabulary:
    def __init__(self, text: str = BETWEEN) -> None:
        self._text = text
        self._added = BETWEEN

    @classmethod
    def read(cls, file: Path) -> "Vocabulary":
        return cls(file.read_text(encoding="utf-8"))

    @classmethod
    def of(cls, words: Iterable[str]) -> "Vocabulary":
        return cls(BETWEEN + "".join(f"{word}{BETWEEN}" for word in words))

    def write(self, file: Path) -> None:
        file.write_text(self._text, encoding="utf-8")

    def add(self, words: Iterable[str]) -> None:
        """Learn words that are not known yet; one that is learnt twice is only a waste."""
        self._added += "".join(f"{word}{BETWEEN}" for word in words)

    def containing(self, part: str, most: int) -> list[str] | None:
        """The words with this part in them; `None` where there are more than `most`."""
        found: list[str] = []
        for text in (self._text, self._added):
            for word in _containing(text, part):
                if len(found) == most:
                    return None
                found.append(word)
        return found


def _containing(text: str, part: str) -> Iterator[str]:
    place = text.find(part)
    while place >= 0:
        end = text.index(BETWEEN, place)
        yield text[text.rindex(BETWEEN, 0, place) + 1 : end]
        place = text.find(part, end)
