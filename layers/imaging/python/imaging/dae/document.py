"""The XML of a COLLADA file, its elements by id, and the numbers in them."""

from typing import Any
from xml.etree.ElementTree import Element

import numpy as np
import numpy.typing as npt

from imaging import caps, markup, numerals
from imaging.errors import Refused
from imaging.scene import Floats

Numbers = npt.NDArray[np.int64]
Matrix = npt.NDArray[np.float64]

_UP = {
    "X_UP": ((0, -1, 0), (1, 0, 0), (0, 0, 1)),
    "Y_UP": ((1, 0, 0), (0, 1, 0), (0, 0, 1)),
    "Z_UP": ((1, 0, 0), (0, 0, 1), (0, -1, 0)),
}


def damaged(what: str) -> Refused:
    return Refused("damaged", f"This DAE is damaged: {what}.")


def text(element: Element | None) -> str:
    return (element.text or "").strip() if element is not None else ""


def floats(element: Element, count: int | None = None) -> Floats:
    """The finite numbers in an element, `count` of them if that is given."""
    found = numerals.row(element.text or "")
    if found is None or not np.isfinite(found).all():
        raise damaged(f"the numbers of <{element.tag[:50]}> cannot be read")
    if count is not None and len(found) != count:
        raise damaged(f"<{element.tag[:50]}> does not have {count} numbers")
    return found


def integers(element: Element | None) -> Numbers:
    found = numerals.row((element.text or "") if element is not None else "", np.int64)
    if found is None:
        raise damaged("a list of whole numbers cannot be read")
    return found


def whole(element: Element, name: str, default: int = 0) -> int:
    """A small number of an attribute."""
    word = element.get(name, str(default)).strip()
    if not word.isdecimal() or len(word) > 10:
        raise damaged(f"{name} is not a number it can be")
    return int(word)


class Document:
    def __init__(self, data: bytes) -> None:
        self.root = markup.tree(data, "DAE")
        if self.root.tag != "COLLADA":
            raise damaged("it does not begin as COLLADA")
        self.ids = {name: each for each in self.root.iter() if (name := each.get("id"))}
        self._sources: dict[str, Floats] = {}

    def named(self, url: str | None) -> Element | None:
        """The element of a `#id`; what lies in other files is not looked for."""
        return self.ids.get(url[1:]) if url and url.startswith("#") else None

    def meant(self, element: Element, name: str = "url") -> Element:
        found = self.named(element.get(name))
        if found is None:
            raise damaged(f"<{element.tag[:50]}> names something that is not there")
        return found

    def source(self, url: str | None) -> Floats:
        """(count, stride) numbers of a <source>."""
        holder = self.named(url)
        array = holder.find("float_array") if holder is not None else None
        if holder is None or array is None:
            raise damaged("a source of numbers is not there")
        if url not in self._sources:
            self._sources[str(url)] = self._table(floats(array), holder)
            array.text = None  # it takes more memory than its numbers
        return self._sources[str(url)]

    def _table(self, values: Floats, holder: Element) -> Floats:
        accessor = holder.find("technique_common/accessor")
        if accessor is None:
            raise damaged("a source of numbers does not say how to read it")
        stride, start = whole(accessor, "stride", 1), whole(accessor, "offset")
        count = whole(accessor, "count")
        if (
            not 0 < stride <= 16
            or count > caps.BUFFER_BYTES
            or start + stride * count > len(values)
        ):
            raise damaged("a source has fewer numbers than it says")
        return values[start : start + stride * count].reshape(count, stride)

    def names(self, url: str | None) -> list[str]:
        """The words of a <source>."""
        holder = self.named(url)
        found = [] if holder is None else [*holder.iter("Name_array"), *holder.iter("IDREF_array")]
        return text(found[0]).split() if found else []

    def world(self) -> Matrix:
        """From the file's axes and unit to y up and metres."""
        up = text(self.root.find("asset/up_axis")) or "Y_UP"
        unit = self.root.find("asset/unit")
        metres = _positive(unit.get("meter", "1") if unit is not None else "1")
        out: Matrix = np.eye(4)
        out[:3, :3] = np.array(_UP.get(up, _UP["Y_UP"]), np.float64) * metres
        return out


def _positive(word: str) -> float:
    try:
        value = float(word)
    except ValueError as error:
        raise damaged("its unit is not a number") from error
    if not 1e-12 < value < 1e12:
        raise damaged("its unit is not a length")
    return value


def inputs(element: Element, semantic: str) -> list[Element]:
    """The <input>s of this meaning, by their set."""
    found: list[Any] = [
        each for each in element.findall("input") if each.get("semantic") == semantic
    ]
    return sorted(found, key=lambda each: whole(each, "set"))
