"""A guard switched off, and the test that must notice."""

from pathlib import Path
from typing import NamedTuple

PROJECT = Path(__file__).parents[2]
NEXUS = "layers/nexus/python/nexus"
IMAGING = "layers/imaging/python/imaging"
FUNCTIONS = "tests/functions"


class Mutant(NamedTuple):
    """In `file` the one place that reads `text` reads `instead`; then `test` must fail."""

    file: str
    text: str
    instead: str
    test: str

    def __str__(self) -> str:
        return f"{self.file}: {self.text.strip()!r} → {self.instead.strip()!r}"

    def applied(self, source: str) -> str:
        """Raises `ValueError` where the text is not there exactly once."""
        if (times := source.count(self.text)) != 1:
            raise ValueError(f"{self} is there {times} times")
        return source.replace(self.text, self.instead)
