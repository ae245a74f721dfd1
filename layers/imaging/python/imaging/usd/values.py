"""Numbers and names out of the text of a property."""

import re
from typing import Any

import numpy as np
import numpy.typing as npt

from imaging import numerals
from imaging.scene import Floats
from imaging.usd.text import Prim, Property, damaged

Numbers = npt.NDArray[np.int64]
Matrix = npt.NDArray[np.floating[Any]]

_FLAT = str.maketrans("()[],{}", "       ")
_PATH = re.compile(r"<([^>]*)>")
_FILE = re.compile(r"@@@(.*?)@@@|@([^@]*)@", re.DOTALL)
_TEXT = re.compile(r"\"((?:[^\"\\]|\\.)*)\"|'((?:[^'\\]|\\.)*)'")
_SAMPLE = re.compile(r"\s*(-?[\d.eE+-]+)\s*:\s*")


def raw(prim: Prim, name: str) -> str:
    """The value at the start: the first of its samples, or the one it has at all times."""
    found = prim.properties.get(name)
    if found is None:
        return ""
    return next(iter(samples(found)), found.value)


def samples(found: Property) -> list[str]:
    """The texts of all samples in the order they are written."""
    text, at, every = found.samples.strip()[1:-1], 0, []
    while match := _SAMPLE.match(text, at):
        following = _end(text, match.end())
        every.append(text[match.end() : following].strip().rstrip(","))
        at = following
    return every


def _end(text: str, at: int) -> int:
    """Where the value ends that begins here: at the comma outside of all brackets."""
    depth = 0
    for match in re.compile(r"[()\[\],]").finditer(text, at):
        sign = match.group()
        depth += (sign in "([") - (sign in ")]")
        if sign == "," and depth == 0:
            return match.end()
    return len(text)


def floats(prim: Prim, name: str, width: int = 1) -> Floats | None:
    """(n, width) finite numbers; None where there are none."""
    return _table(raw(prim, name), name, width, np.float64)


def integers(prim: Prim, name: str) -> Numbers | None:
    found = _table(raw(prim, name), name, 1, np.int64)
    return None if found is None else found[:, 0]


def _table(text: str, name: str, width: int, kind: type[Any]) -> npt.NDArray[Any] | None:
    if not text or text == "None":
        return None
    found = numerals.row(text.translate(_FLAT), kind)
    if found is None or len(found) % width or not np.isfinite(found).all():
        raise damaged(f"the numbers of {name[:50]!r} cannot be read")
    return found.reshape(-1, width)


def number(prim: Prim, name: str, default: float) -> float:
    found = floats(prim, name)
    return float(found[0, 0]) if found is not None and len(found) else default


def vector(prim: Prim, name: str, default: tuple[float, ...]) -> tuple[float, ...]:
    found = floats(prim, name, len(default))
    return tuple(found[0].tolist()) if found is not None and len(found) else default


def matrices(prim: Prim, name: str) -> Matrix | None:
    """(n, 4, 4) for column vectors; USD writes them for rows."""
    found = floats(prim, name, 16)
    return None if found is None else found.reshape(-1, 4, 4).transpose(0, 2, 1)


def words(text: str) -> list[str]:
    """The strings in a value."""
    return [double or single for double, single in _TEXT.findall(text)]


def word(prim: Prim, name: str, default: str = "") -> str:
    found = words(raw(prim, name))
    return found[0] if found else default


def targets(text: str) -> list[str]:
    """The paths in a value."""
    return _PATH.findall(text)


def target(prim: Prim, name: str) -> str:
    found = prim.properties.get(name)
    paths = targets(found.value) if found else []
    return paths[0] if paths else ""


def connection(prim: Prim, name: str) -> str:
    found = prim.properties.get(name)
    paths = targets(found.connected) if found else []
    return paths[0] if paths else ""


def file(text: str) -> str:
    """The file that an asset value names."""
    match = _FILE.search(text)
    return (match.group(1) or match.group(2) or "") if match else ""
