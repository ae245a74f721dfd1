"""What a PLY says it holds, and what was read of it."""

from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import numpy as np
import numpy.typing as npt

from imaging import caps
from imaging.errors import Refused
from imaging.files import Data

_TYPES = {
    "char": "i1", "int8": "i1", "uchar": "u1", "uint8": "u1", "short": "i2", "int16": "i2",
    "ushort": "u2", "uint16": "u2", "int": "i4", "int32": "i4", "uint": "u4", "uint32": "u4",
    "float": "f4", "float32": "f4", "double": "f8", "float64": "f8",
}  # fmt: skip
_ORDERS = {"ascii": "=", "binary_little_endian": "<", "binary_big_endian": ">"}
_HEADER_BYTES = 65536
_CORNERS = ("vertex_indices", "vertex_index")

Values = npt.NDArray[Any]


def damaged(what: str) -> Refused:
    return Refused("damaged", f"This PLY is damaged: {what}.")


def short(name: str) -> Refused:
    return Refused("truncated", f"This PLY ends before its last {name[:50]!r}: upload it whole.")


def too_many() -> Refused:
    return Refused("too_complex", f"This PLY has more than {caps.READ_TRIANGLES:,} triangles.")


@dataclass
class Element:
    name: str
    count: int
    properties: list[tuple[str, str, str | None]] = field(default_factory=list)  # name, type, list

    @property
    def has_lists(self) -> bool:
        return any(counted for _, _, counted in self.properties)

    @cached_property
    def corners(self) -> int | None:
        """Which property lists the corners of a face: by name, or the first of whole numbers."""
        lists = [
            (name not in _CORNERS, number)
            for number, (name, kind, counted) in enumerate(self.properties)
            if counted and (name in _CORNERS or kind[0] in "iu")
        ]
        return min(lists)[1] if lists else None


@dataclass
class Content:
    """The columns of elements without lists, by name, and the triangles of those with. `origin` is
    what was taken from x, y and z already.
    """

    tables: dict[str, dict[str, Values]] = field(default_factory=dict)
    triangles: list[Values] = field(default_factory=list)  # of (m, 3)
    origin: Values = field(default_factory=lambda: np.zeros(3))


def read(data: Data) -> tuple[str, list[Element], int]:
    """The byte order ("=" for text), the elements, and where the first of them begins."""
    end = data.find(b"end_header", 0, _HEADER_BYTES)
    if end < 0:
        raise damaged("its header does not end")
    order, elements = "", list[Element]()
    for line in data[:end].decode("latin-1").splitlines()[1:]:
        match line.split():
            case ["format", name, _] if name in _ORDERS:
                order = _ORDERS[name]
            case ["element", name, count] if count.isdecimal():
                elements.append(Element(name, int(count)))
            case ["property", "list", counted, kind, name] if elements:
                elements[-1].properties.append((name, _type(kind), _type(counted)))
            case ["property", kind, name] if elements:
                elements[-1].properties.append((name, _type(kind), None))
            case [] | ["comment" | "obj_info", *_]:
                pass
            case _:
                raise damaged("its header cannot be read")
    line_end = data.find(b"\n", end)
    if not order or line_end < 0:
        raise damaged("its header cannot be read")
    _check(elements)
    return order, elements, line_end + 1


def _type(name: str) -> str:
    if name not in _TYPES:
        raise damaged("its header names an unknown type")
    return _TYPES[name]


def _check(elements: list[Element]) -> None:
    for element in elements:
        most = caps.READ_VERTICES if element.name == "vertex" else caps.READ_TRIANGLES
        if element.count > most:
            raise Refused(
                "too_complex", f"This PLY promises {element.count:,} of {element.name[:50]!r}, "
                "which is more than we take.",
            )  # fmt: skip


def strip(corners: Values) -> Values:
    """(m, 3) triangles of strips, each of which -1 ends; every other one is turned round."""
    if len(corners) < 3:
        return np.zeros((0, 3), np.int32)
    ends, place = corners < 0, np.arange(len(corners))
    begins = np.maximum.accumulate(np.where(ends, place + 1, 0))
    found = np.lib.stride_tricks.sliding_window_view(corners, 3)
    odd = (place - begins)[: len(found)] % 2 == 1
    found = np.where(odd[:, None], found[:, [1, 0, 2]], found)
    a, b, c = found.T
    real = (found >= 0).all(axis=1) & (a != b) & (b != c) & (a != c)
    return np.asarray(found[real])
