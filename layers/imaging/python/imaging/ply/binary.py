"""The elements of a binary PLY."""

from collections.abc import Iterator
from typing import Any

import numpy as np

from imaging import caps
from imaging.files import Data
from imaging.ply.header import Content, Element, Values, short, strip, too_many


def read(data: Data, at: int, order: str, elements: list[Element]) -> Content:
    found, rows = Content(), _Rows(data, at, order)
    for element in elements:
        if not element.has_lists:
            found.tables[element.name] = rows.table(element)
        elif element.name == "tristrips":
            found.triangles += rows.strips(element)
        else:
            triangles = rows.faces(element)
            found.triangles += [triangles] if element.name == "face" else []
    return found


class _Rows:
    """The rows of one element after the other, from `at` on."""

    def __init__(self, data: Data, at: int, order: str) -> None:
        self.data = data
        self.at = at
        self.order = order

    def table(self, element: Element) -> dict[str, Values]:
        """Columns by name of an element without lists."""
        dtype = np.dtype([
            (f"{number} {name}", self.order + kind)
            for number, (name, kind, _) in enumerate(element.properties)
        ])  # fmt: skip
        if not dtype.itemsize:
            return {}
        rows = self._taken(element, dtype)
        if rows is None:
            raise short(element.name)
        return {
            name: rows[f"{number} {name}"] for number, (name, _, _) in enumerate(element.properties)
        }

    def faces(self, element: Element) -> Values:
        """Triangles of an element with lists: all of three corners at once, or row by row."""
        at, row = self.at, list[tuple[str, Any]]()
        for number, (_, kind, counted) in enumerate(element.properties):
            if counted is None:
                row.append((f"p{number}", self.order + kind))
            elif number == element.corners:
                row += [("count", self.order + counted), ("corners", self.order + kind, (3,))]  # type: ignore[list-item]
            else:
                return self._fans(element)
        rows = self._taken(element, np.dtype(row))
        if rows is not None and (rows["count"] == 3).all():
            return rows["corners"].astype(np.int64)
        self.at = at
        return self._fans(element)

    def strips(self, element: Element) -> list[Values]:
        found, count = list[Values](), 0
        for corners in self._corners(element):
            found.append(strip(corners.astype(np.int32)))
            count += len(found[-1])
            if count > caps.READ_TRIANGLES:
                raise too_many()
        return found

    def _taken(self, element: Element, dtype: np.dtype[Any]) -> Values | None:
        """All rows, if there are as many."""
        end = self.at + element.count * dtype.itemsize
        if end > len(self.data):
            return None
        rows = np.frombuffer(self.data, dtype, element.count, self.at)
        self.at = end
        return rows

    def _fans(self, element: Element) -> Values:
        triangles: list[tuple[int, int, int]] = []
        for corners in self._corners(element):
            some = corners.tolist()
            triangles += zip(some[:1] * len(some), some[1:], some[2:], strict=False)
            if len(triangles) > caps.READ_TRIANGLES:
                raise too_many()
        return np.array(triangles, np.float64).astype(np.int64).reshape(-1, 3)

    def _corners(self, element: Element) -> Iterator[Values]:
        """The list of corners of each row."""
        kinds = [
            (number, np.dtype(self.order + kind), counted and np.dtype(self.order + counted))
            for number, (_, kind, counted) in enumerate(element.properties)
        ]
        for _ in range(element.count):
            for number, kind, counted in kinds:
                length = int(self._next(element, counted, 1)[0]) if counted else 1
                values = self._next(element, kind, length)
                if number == element.corners:
                    yield values

    def _next(self, element: Element, kind: np.dtype[Any], count: int) -> Values:
        if count < 0 or self.at + count * kind.itemsize > len(self.data):
            raise short(element.name)
        found = np.frombuffer(self.data, kind, count, self.at)
        self.at += count * kind.itemsize
        return found
