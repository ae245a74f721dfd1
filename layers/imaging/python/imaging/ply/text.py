"""The elements of an ASCII PLY, some megabytes of lines at a time."""

from collections.abc import Iterator

import numpy as np
import numpy.typing as npt

from imaging import caps, numerals
from imaging.files import Data
from imaging.placing import origin
from imaging.ply.header import Content, Element, Values, damaged, short, strip, too_many

_BLOCK_BYTES = 4 * 1024 * 1024
_NEW_LINE = ord("\n")
_FAR = 2**31 - 1  # no point has this number, nor -1


def read(data: Data, start: int, elements: list[Element]) -> Content:
    lines, found = _Lines(data, start), Content()
    for element in elements:
        try:
            if element.name in ("face", "tristrips"):
                found.triangles += _triangles(element, lines.take(element))
            elif not element.has_lists:
                table, away = _values(element, lines.take(element))
                found.tables[element.name] = table
                if element.name == "vertex" and away is not None:
                    found.origin = away
            else:
                for _ in lines.take(element):
                    pass
        except (ValueError, IndexError, OverflowError) as error:
            raise damaged("a line cannot be read") from error
    return found


class _Lines:
    """The lines of a text, as many of them at a time as a few megabytes hold."""

    def __init__(self, data: Data, at: int) -> None:
        self.data = data
        self.at = at

    def take(self, element: Element) -> Iterator[list[str]]:
        """The next lines, one for each of the element."""
        missing = element.count
        while missing:
            block = self.data[self.at : self.at + _BLOCK_BYTES]
            ends = np.flatnonzero(np.frombuffer(block, np.uint8) == _NEW_LINE)[:missing]
            size = int(ends[-1]) + 1 if len(ends) else len(block)
            lines = block[:size].decode("latin-1").removesuffix("\n").split("\n")
            ends_here = missing == len(lines) or self.at + size >= len(self.data)
            if ends_here and not lines[-1].strip():
                raise short(element.name)
            if not len(ends) and size == _BLOCK_BYTES:
                raise damaged("a line cannot be read")
            yield lines
            self.at += size
            missing -= len(lines)


def _values(
    element: Element, blocks: Iterator[list[str]]
) -> tuple[dict[str, Values], Values | None]:
    """Columns by name; what was taken from x, y and z while they had 64 bits, where they are."""
    names = [name for name, _, _ in element.properties]
    width, tables, away = len(names), [np.zeros((0, len(names)), np.float32)], None
    axes = [names.index(axis) for axis in "xyz" if axis in names]
    for rows in blocks:
        table = numerals.table(" ".join(rows), (len(rows), width))
        if table is None:
            table = np.array([row.split()[:width] for row in rows], np.float64).reshape(-1, width)
        if len(axes) == 3:
            away = origin(table[:, axes]) if away is None else away
            table[:, axes] -= away
        tables.append(table.astype(np.float32))
    whole = np.concatenate(tables)
    return {name: whole[:, number] for number, name in enumerate(names)}, away


def _triangles(element: Element, blocks: Iterator[list[str]]) -> list[Values]:
    found, count = list[Values](), 0
    for rows in blocks:
        if element.name == "tristrips":
            some = [strip(_whole(_corners(element, row))) for row in rows]
        else:
            some = [_alike(element, rows)]
        found += some
        count += sum(map(len, some))
        if count > caps.READ_TRIANGLES:
            raise too_many()
    return found


def _alike(element: Element, rows: list[str]) -> Values:
    """Faces that have three corners each, the fast way; others one by one."""
    before, after = element.corners or 0, len(element.properties) - (element.corners or 0)
    width, lists = (
        before + 3 + after,
        sum(counted is not None for *_, counted in element.properties),
    )
    even = None
    if lists == 1 and len(rows[0].split()) == width:
        even = numerals.whole_table(" ".join(rows), (len(rows), width))
    if even is not None and (even[:, before] == 3).all():
        return _whole(even[:, before + 1 : before + 4])
    triangles: list[tuple[int, int, int]] = []
    for row in rows:
        corners = _corners(element, row)
        triangles += zip(corners[:1] * len(corners), corners[1:], corners[2:], strict=False)
    return _whole(triangles).reshape(-1, 3)


def _whole(numbers: npt.ArrayLike) -> Values:
    return np.asarray(numbers, np.int64).clip(-1, _FAR).astype(np.int32)


def _corners(element: Element, row: str) -> list[int]:
    """The corners of one face or strip, past what stands before them."""
    words, at = row.split(), 0
    for number, (_, _, counted) in enumerate(element.properties):
        length = 1
        if counted is not None:
            length, at = int(float(words[at])), at + 1
        if length < 0 or at + length > len(words):
            raise damaged("a face has fewer corners than it says")
        if number == element.corners:
            return [int(float(word)) for word in words[at : at + length]]
        at += length
    return []
