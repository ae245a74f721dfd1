"""Models of more triangles than are drawn: points that share a cell of a grid become one.

At the size of a pixel nobody sees which of them it was, and it takes seconds where an exact
decimation takes minutes and more memory than there is.
"""

from collections.abc import Iterable
from dataclasses import replace
from typing import Any

import numpy as np
import numpy.typing as npt

from imaging import caps
from imaging.placing import origin, seen_from
from imaging.scene import Bools, Floats, Ints, Part, Scene

FINEST = 1024  # cells along the longest side, of which a picture shows one at a pixel
_TRIES = 8
_AXIS_BITS, _KIND_BITS = 11, 15


def thin(scene: Scene) -> Scene:
    """The scene with at most as many triangles as are drawn, and a note of it if it had more."""
    scene.triangles = scene.triangles or _count(scene.parts)
    scene.box = scene.box or box(scene.parts)
    scene.parts = thinned(scene.parts, caps.TRIANGLES)
    if scene.triangles > caps.TRIANGLES:
        scene.notes.append(
            f"The pictures show {_count(scene.parts):,} triangles, made of the "
            f"{scene.triangles:,} there are."
        )
    return scene


def thinned(parts: list[Part], most: int, finest: int = FINEST) -> list[Part]:
    """The same shape in at most `most` triangles; those that grow smaller than a cell go.

    Of a tangle in which hardly any do, and of dust that does altogether, some of the triangles are
    taken as they are.
    """
    if _count(parts) <= most:
        return parts
    low, high = box(parts)
    extent = max(float((high - low).max()), 1e-30)
    parts, cells = _joined(parts), float(finest)
    for _ in range(_TRIES):
        fewer = [_clustered(part, low, extent / cells) for part in parts]
        if (found := _count(fewer)) <= most:
            return fewer if found else _some(parts, most)
        cells *= 0.97 * (most / found) ** 0.5
    return _some(fewer, most)


def snapped(points: Floats, triangles: Ints, most: int) -> tuple[Ints, Ints, Bools]:
    """Corners (k, 3) at one point for each cell, which triangles are left to have them, at most so
    many, or some as they are where none is, and which points all triangles had. What else belongs
    to a corner stays as it is: there may be too much of it.
    """
    used = _used(points, triangles)
    low, high = around(points[used])
    extent, cells = max(float((high - low).max()), 1e-30), float(FINEST)
    for _ in range(_TRIES):
        cell = _cells(points, low, extent / cells)
        cell[~used] = -1
        _, first, group = np.unique(cell, return_index=True, return_inverse=True)
        corners = group.astype(np.int32)[triangles]
        left = np.flatnonzero(_real(corners))
        if len(left) <= most:
            break
        cells *= 0.97 * (most / len(left)) ** 0.5
    if not len(left):
        left = np.arange(0, len(triangles), -(-len(triangles) // most))
        return triangles[left].astype(np.int32), left, used
    left = left[:: -(-len(left) // most)]
    return first.astype(np.int32)[corners[left]], left, used


def _some(parts: list[Part], most: int) -> list[Part]:
    step = -(-_count(parts) // most)
    return [replace(part, triangles=part.triangles[::step]) for part in parts]


class Pile:
    """Parts as they come. More than twice as many triangles as are drawn are thinned before others
    come, so that what is in it never needs more memory than that. `box` lies around all there were.
    All of it is seen from `origin`, which is where the first part stands if that is far out.
    """

    def __init__(self) -> None:
        self.parts: list[Part] = []
        self._kept = 0
        self._corners: list[Floats] = []
        self._origin: Floats | None = None

    @property
    def origin(self) -> Floats:
        return np.zeros(3) if self._origin is None else self._origin

    def seen[Kind: np.floating[Any]](self, world: npt.NDArray[Kind]) -> npt.NDArray[Kind]:
        """Where a part has to go that stands at `world`."""
        if self._origin is None:
            self._origin = origin(world[None, :3, 3])
        return seen_from(self._origin, world)

    def add(self, part: Part) -> None:
        if not len(part.triangles):
            return
        self._corners += box([part])
        self.parts.append(part)
        self._kept += len(part.triangles)
        if self._kept > 2 * caps.TRIANGLES:
            self.parts = thinned(self.parts, caps.TRIANGLES)
            self._kept = _count(self.parts)

    def reach(self, points: Floats) -> None:
        """Points that a part would have if it had not been thinned already."""
        self._corners += around(points)

    @property
    def box(self) -> tuple[Floats, Floats] | None:
        """None if nothing is in it."""
        if not self._corners:
            return None
        return around(np.stack(self._corners))


def gathered(chunks: Iterable[Floats], low: Floats, step: float) -> Part:
    """Loose triangles, (m, 3, 3) corners at a time, joined where corners share a cell."""
    keys, points, triangles, start = [], [], [], 0
    for chunk in chunks:
        corners = chunk.reshape(-1, 3)
        key, first, number = np.unique(
            _cells(corners, low, step), return_index=True, return_inverse=True
        )
        rows = number.reshape(-1, 3).astype(np.int32)
        triangles.append(rows[_real(rows)] + np.int32(start))
        keys.append(key)
        points.append(corners[first])
        start += len(key)
    _, first, number = np.unique(np.concatenate(keys), return_index=True, return_inverse=True)
    rows = number.astype(np.int32)[np.concatenate(triangles)]
    return Part(np.concatenate(points)[first], rows)


def box(parts: list[Part]) -> tuple[Floats, Floats]:
    """The lowest and highest corner of all triangles; zeros where there are none."""
    corners: list[Floats] = []
    for part in parts:
        if len(part.triangles):
            corners += around(part.positions[_used(part.positions, part.triangles)])
    return around(np.stack(corners)) if corners else (np.zeros(3), np.zeros(3))


def around(points: Floats) -> tuple[Floats, Floats]:
    """The lowest and highest corner of at least one point."""
    return points.min(axis=0), points.max(axis=0)


def _used(points: Floats, triangles: Ints) -> Bools:
    found = np.zeros(len(points), bool)
    found[triangles] = True
    return found


def _count(parts: list[Part]) -> int:
    return sum(len(part.triangles) for part in parts)


def _joined(parts: list[Part]) -> list[Part]:
    """One part for each material and set of attributes, however many pieces it came in."""
    alike: dict[tuple[int, int, bool, bool], list[Part]] = {}
    for part in parts:
        kind = (part.material, len(part.coordinates), part.normals is None, part.colors is None)
        if len(part.triangles):
            alike.setdefault(kind, []).append(part)
    return [_one(some) for some in alike.values()]


def _one(parts: list[Part]) -> Part:
    first = parts[0]
    if len(parts) == 1:
        return first
    starts = np.cumsum([0, *(len(part.positions) for part in parts[:-1])])
    return Part(
        positions=np.concatenate([part.positions for part in parts]),
        triangles=np.concatenate(
            [part.triangles + start for part, start in zip(parts, starts, strict=True)]
        ).astype(np.int32),
        material=first.material,
        normals=None if first.normals is None else _all([part.normals for part in parts]),
        coordinates=[
            np.concatenate([part.coordinates[at] for part in parts])
            for at in range(len(first.coordinates))
        ],
        colors=None if first.colors is None else _all([part.colors for part in parts]),
    )


def _all(values: list[Floats | None]) -> Floats:
    return np.concatenate([each for each in values if each is not None])


def _clustered(part: Part, low: Floats, step: float) -> Part:
    """Points of a cell in one place. Those that differ in what belongs to them, as at the seams
    of textures and at sharp edges, stay different points there.
    """
    cells = _cells(part.positions, low, step)
    cells[~_used(part.positions, part.triangles)] = -1  # other parts may have them
    _, first, group = np.unique(
        cells << _KIND_BITS | _kinds(part), return_index=True, return_inverse=True
    )
    cell = cells[first]
    opens = np.concatenate([[True], cell[1:] != cell[:-1]])
    place = (np.cumsum(opens) - 1).astype(np.int32)
    rows = group.astype(np.int32)[part.triangles]
    return replace(
        part,
        positions=part.positions[first[np.flatnonzero(opens)[place]]],
        triangles=rows[_real(place[rows])],
        normals=None if part.normals is None else part.normals[first],
        coordinates=[each[first] for each in part.coordinates],
        colors=None if part.colors is None else part.colors[first],
    )


def _cells(points: Floats, low: Floats, step: float) -> Ints:
    """The number of each point's cell, on a grid of up to 2 ** _AXIS_BITS cells along an axis."""
    found = np.zeros(len(points), np.int64)
    for axis in range(3):  # one after the other: three columns at once take thrice the memory
        along = (points[:, axis] - np.float32(low[axis])) * np.float32(1 / step)
        found <<= _AXIS_BITS
        found |= np.clip(along, 0, 2**_AXIS_BITS - 1).astype(np.int64)
    return found


def _kinds(part: Part) -> Ints:
    """Where a point faces, roughly, and where on its texture it lies: 3 and 12 bits."""
    found = np.zeros(len(part.positions), np.int64)
    if part.normals is not None:
        for axis in range(3):
            found = found << 1 | (part.normals[:, axis] < 0)
    if part.coordinates:
        for axis in range(2):
            along = np.clip(part.coordinates[0][:, axis], -1e5, 1e5) * np.float32(16)
            found = found << 6 | along.astype(np.int64) & 63
    return found


def _real(triangles: Ints) -> Bools:
    """Triangles of three different points."""
    a, b, c = triangles.T
    return np.asarray((a != b) & (b != c) & (a != c))
