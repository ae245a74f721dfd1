"""The faces of an OBJ, cut into triangles."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from imaging import caps, numerals
from imaging.errors import Refused
from imaging.polygons import fans
from imaging.scene import Ints

Numbers = npt.NDArray[np.int64]

_SPACES = bytes.maketrans(b"/", b" ")


def damaged(what: str) -> Refused:
    return Refused("damaged", f"This OBJ is damaged: {what}.")


@dataclass
class _Run:
    """Lines that follow each other, their material, and how many v, vt and vn there were before."""

    text: bytes
    material: int
    seen: list[int]


class Faces:
    def __init__(self) -> None:
        self.count = 0
        self._runs: list[_Run] = []
        self._corners: list[list[Ints]] = [[], [], []]
        self._materials: list[Ints] = []

    def add(self, lines: bytes, material: int, seen: list[int]) -> None:
        self._runs.append(_Run(lines, material, seen))

    def parse(self) -> None:
        runs, self._runs = self._runs, []
        if not runs:
            return
        text = b"".join(run.text for run in runs)
        lines = text.splitlines()
        sizes = np.array([len(line.split()) - 1 for line in lines], np.int64)
        self.count += int(np.maximum(sizes - 2, 0).sum())
        if self.count > caps.READ_TRIANGLES:
            raise Refused(
                "too_complex", f"This OBJ has more than {caps.READ_TRIANGLES:,} triangles."
            )
        corners = _alike(text, lines[0], int(sizes.sum()))
        if corners is None:
            corners = _each([corner for line in lines for corner in line.split()[1:]])
        _from_zero(corners, runs, sizes)
        order, faces = fans(np.cumsum(sizes) - sizes, sizes)
        for number, found in enumerate(self._corners):
            found.append(corners[:, number][order].astype(np.int32))
        counts = [run.text.count(b"\n") for run in runs]
        materials = np.repeat(np.array([run.material for run in runs], np.int16), counts)
        self._materials.append(materials[faces])

    def all(self) -> tuple[list[Ints], Ints]:
        """Of all triangles: (m, 3) rows of v, of vt and of vn, -1 where absent; and materials.
        Their pieces are let go.
        """
        corners = []
        for found in self._corners:
            corners.append(np.concatenate([np.zeros((0, 3), np.int32), *found]))
            found.clear()
        materials = np.concatenate([np.zeros(0, np.int16), *self._materials])
        self._materials.clear()
        return corners, materials


def _alike(text: bytes, line: bytes, count: int) -> Numbers | None:
    """(corners, v/vt/vn), the fast way: all corners are written as the first is, or it is None."""
    first = line.split()[1:2]
    slashes, bare = (first[0].count(b"/"), b"//" in first[0]) if first else (0, False)
    if slashes > 2 or text.count(b"/") != count * slashes or bare != (b"//" in text):
        return None
    width = 1 + slashes - bare
    rows = numerals.whole_table(text.translate(_SPACES, b"f"), (count, width))
    if rows is None:
        return None
    corners = np.zeros((count, 3), np.int64)
    corners[:, [0, 2] if bare else list(range(width))] = rows
    return corners


def _each(corners: list[bytes]) -> Numbers:
    """Different corners are few, so each text is parsed once."""
    known = {text: number for number, text in enumerate(dict.fromkeys(corners))}
    try:
        parsed = [_triple(text) for text in known]
        table = np.array(parsed, np.int64).reshape(-1, 3)
    except (ValueError, OverflowError) as error:
        raise damaged("a face cannot be read") from error
    return table[np.array([known[text] for text in corners], np.int64)]


def _triple(text: bytes) -> tuple[int, int, int]:
    position, coordinate, normal, *_ = (*text.split(b"/"), b"", b"")
    return int(position), int(coordinate or 0), int(normal or 0)


def _from_zero(corners: Numbers, runs: list[_Run], sizes: Numbers) -> None:
    """From 1, or with a minus from the last line before the face, to from 0; -1 if absent."""
    if (corners < 0).any():
        lines = [run.text.count(b"\n") for run in runs]
        seen = np.repeat(np.array([run.seen for run in runs], np.int64), lines, axis=0)
        corners += np.where(corners < 0, np.repeat(seen, sizes, axis=0) + 1, 0)
    corners -= 1
    if (corners[:, 0] < 0).any():
        raise damaged("a face has a corner that is not there")
    np.clip(corners, -1, np.iinfo(np.int32).max, out=corners)
