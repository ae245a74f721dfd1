"""The lines of an OBJ, some MiB at a time, as arrays of numbers."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import numpy.typing as npt

from imaging import caps, numerals
from imaging.errors import Refused
from imaging.files import MARK
from imaging.obj.faces import Faces, damaged
from imaging.placing import origin
from imaging.scene import Floats

_LONGEST = 16 * 1024 * 1024  # bytes of a line
# Lines of one word that follow each other.
_RUNS = re.compile(
    rb"^[ \t]*+(v[tn]?+|f|usemtl|mtllib|o|g)(?=[ \t\n])[^\n]*+\n(?:[ \t]*+\1(?=[ \t])[^\n]*+\n)*+",
    re.MULTILINE,
)
_COMMENT = re.compile(rb"#[^\n]*")
_LIBRARIES = 20


def read(blocks: Iterable[bytes]) -> "Lines":
    found = Lines()
    for text in _whole(blocks):
        found.take(text)
    return found


def _whole(blocks: Iterable[bytes]) -> Iterator[bytes]:
    """Text of whole lines, each of which ends with a newline."""
    rest = b""
    for block in blocks:
        text = rest + block
        end = _end(text)
        rest = text[end:]
        if len(rest) > _LONGEST:
            raise damaged("a line does not end")
        yield _plain(text[:end])
    yield _plain(rest + b"\n")


def _end(text: bytes) -> int:
    """Behind the last line that does not go on in the next."""
    newline = b"\n" if b"\n" in text else b"\r"
    end = text.rfind(newline) + 1
    while end and text[max(end - 3, 0) : end].rstrip(b"\r\n").endswith(b"\\"):
        end = text.rfind(newline, 0, end - 1) + 1
    return end


def _plain(text: bytes) -> bytes:
    text = text.removeprefix(MARK)
    if b"\r" in text:
        text = text.replace(b"\r\n", b"\n").replace(b"\r", b"\n")
    return text.replace(b"\\\n", b" ")


class Lines:
    """What the lines of a file say: tables of numbers, faces, and names."""

    def __init__(self) -> None:
        self.tables = {"v": Table(3, places=True), "vt": Table(2, needed=1), "vn": Table(3)}
        self.faces = Faces()
        self.names: dict[str, int] = {}
        self.libraries: list[str] = []
        self.groups: set[bytes] = set()
        self._material = -1

    @property
    def origin(self) -> Floats:
        """Where the points are counted from."""
        found = self.tables["v"].origin
        return np.zeros(3) if found is None else found

    def take(self, text: bytes) -> None:
        for run in _RUNS.finditer(text):
            word, lines = run[1].decode(), run[0]
            if b"#" in lines and (word in self.tables or word == "f"):
                lines = _COMMENT.sub(b"", lines)
            if word in self.tables:
                self.tables[word].add(lines)
            elif word == "f":
                seen = [table.count for table in self.tables.values()]
                self.faces.add(lines, self._material, seen)
            else:
                self._name(word, [line.strip() for line in lines.splitlines()])
        for table in self.tables.values():
            table.parse()
        self.faces.parse()

    def _name(self, word: str, lines: list[bytes]) -> None:
        rests = [line[len(word) :].strip() for line in lines]
        if word in ("o", "g"):
            self.groups.update(rests)
        elif word == "usemtl":
            for rest in rests:
                self._material = self.names.setdefault(_text(rest), len(self.names))
            if len(self.names) > caps.MATERIALS:
                raise Refused("too_complex", f"This OBJ has more than {caps.MATERIALS} materials.")
        else:
            self.libraries = [*self.libraries, *map(_text, rests)][:_LIBRARIES]


def _text(name: bytes) -> str:
    return name.decode("utf-8", "replace")


@dataclass
class Table:
    """Rows of as many numbers as the first line has; where others have less, of `least`."""

    least: int
    needed: int = 3  # fewer are filled up with zeros
    count: int = 0
    width: int = 0
    places: bool = False  # three of them are one, kept from `origin` on
    origin: Floats | None = None
    rows: list[Floats] = field(default_factory=list)
    runs: list[bytes] = field(default_factory=list)

    def add(self, lines: bytes) -> None:
        self.runs.append(lines)
        self.count += lines.count(b"\n")
        if self.count > caps.READ_VERTICES:
            raise Refused("too_complex", "This OBJ has more vertices than we take.")

    def parse(self) -> None:
        if not self.runs:
            return
        text = b"".join(self.runs)
        self.runs = []
        self.width = self.width or len(text[: text.index(b"\n")].split()) - 1
        if not self.needed <= self.width <= 8:
            raise damaged("a line of numbers cannot be read")
        # Of their words only letters are left out that are in no finite number.
        shape = (text.count(b"\n"), self.width)
        rows = None
        if self.width >= self.least:
            rows = numerals.table(text.translate(None, b"vtn"), shape)
        if rows is None:
            rows = _uneven(text, self.least, self.needed)
        if self.places:
            self.origin = origin(rows) if self.origin is None else self.origin
            rows[:, :3] -= self.origin
        self.rows.append(_finite(rows))

    def all(self) -> Floats:
        """(count, width) numbers; their pieces are let go."""
        width = min((rows.shape[1] for rows in self.rows), default=self.least)
        found = np.concatenate(
            [np.zeros((0, width), np.float32), *(rows[:, :width] for rows in self.rows)]
        )
        self.rows = []
        return found


def _uneven(text: bytes, width: int, needed: int) -> npt.NDArray[np.float64]:
    """The first numbers of lines that do not all have the same; zeros where some may be absent."""
    rows = [line.split()[1 : 1 + width] for line in text.splitlines()]
    try:
        if min(map(len, rows)) < needed:
            raise damaged("a line of numbers cannot be read")
        return np.array([[*map(float, row), *[0.0] * (width - len(row))] for row in rows])
    except ValueError as error:
        raise damaged("a line of numbers cannot be read") from error


def _finite(rows: npt.NDArray[Any]) -> Floats:
    with np.errstate(over="ignore"):
        found = rows.astype(np.float32)
    if not np.isfinite(found).all():
        raise damaged("a line of numbers cannot be read")
    return found
