"""Fewer triangles, whose corners keep their textures and materials."""

from dataclasses import dataclass

import numpy as np

from imaging.normals import creased, flat, welded
from imaging.scene import Floats, Ints, Part, Scene
from imaging.thinning import thinned

MOST = 20_000  # triangles of a preview
KEPT_WHOLE = 5_000  # a model of fewer triangles keeps them
_CLUSTERED = 400_000  # more than that are merged on a grid first
_GRID = 512
_CREASE = 50.0  # degrees; fewer triangles meet at wider angles
_STRETCH = 0.5  # how far beyond its triangle a texture coordinate may be carried on


@dataclass
class Corners:
    """Triangles that share nothing: each corner has its place and all that belongs to it."""

    positions: Floats  # (m, 3, 3)
    normals: Floats  # (m, 3, 3)
    coordinates: list[Floats]  # of (m, 3, 2)
    colors: Floats | None  # (m, 3, 4)
    materials: Ints  # (m,)


def simpler(scene: Scene) -> Corners:
    """A scene with at most `MOST` triangles, and at most half of what it had if that is many."""
    parts = thinned(scene.parts, _CLUSTERED, _GRID)
    parts = [part if part.normals is not None else flat(part) for part in parts]
    positions = np.concatenate([part.positions for part in parts]).astype(np.float32)
    starts = np.cumsum([0, *(len(part.positions) for part in parts)])
    triangles = np.concatenate(
        [part.triangles + start for part, start in zip(parts, starts, strict=False)]
    )
    target = min(MOST, max(KEPT_WHOLE, len(triangles) // 2))
    kept, moved = _decimated(positions, triangles, target)
    return _carried(parts, positions, triangles, kept, moved)


def _decimated(positions: Floats, triangles: Ints, target: int) -> tuple[Ints, Floats]:
    """Which triangles stay, and (k, 3, 3) where their corners move to."""
    if len(triangles) <= target:
        return np.arange(len(triangles)), positions[triangles]
    import fast_simplification  # type: ignore[import-untyped]

    numbers = welded(positions, triangles)
    points = np.zeros((int(numbers.max()) + 1, 3), np.float32)
    points[numbers] = positions[triangles]
    whole = np.flatnonzero(_real(numbers))
    _, _, collapses = fast_simplification.simplify(
        points, np.ascontiguousarray(numbers[whole], np.int32),
        target_count=min(target, len(whole)), return_collapses=True,
    )  # fmt: skip
    points, _, onto = fast_simplification.replay_simplification(
        points, np.ascontiguousarray(numbers[whole], np.int32), collapses
    )
    ends = onto[numbers[whole]]
    stays = _real(ends)
    return whole[stays], np.asarray(points, np.float32)[ends[stays]]


def _real(numbers: Ints) -> Ints:
    """Triangles of three different points."""
    a, b, c = numbers.T
    return np.asarray((a != b) & (b != c) & (a != c))


def _carried(
    parts: list[Part], positions: Floats, triangles: Ints, kept: Ints, moved: Floats
) -> Corners:
    corners = triangles[kept]
    shares = _shares(positions[corners], moved)
    sets = min(max((len(part.coordinates) for part in parts), default=0), 2)
    coordinates = [
        np.concatenate([
            part.coordinates[at] if at < len(part.coordinates)
            else np.zeros((len(part.positions), 2), np.float32) for part in parts
        ])[corners] for at in range(sets)
    ]  # fmt: skip
    numbers = np.concatenate([np.full(len(part.triangles), part.material) for part in parts])
    normals = np.concatenate([np.asarray(part.normals, np.float32) for part in parts])[corners]
    if len(kept) < len(triangles):
        normals = _smoothed(moved)
    return Corners(
        moved,
        normals,
        [np.einsum("mcs,msk->mck", shares, each) for each in coordinates],
        _colors(parts, corners),
        numbers[kept],
    )


def _smoothed(places: Floats) -> Floats:
    """Normals of what has lost triangles: the old ones would show where each corner came from."""
    count = len(places)
    part = Part(places.reshape(-1, 3), np.arange(3 * count, dtype=np.int32).reshape(-1, 3))
    return np.asarray(creased(part, _CREASE).normals).reshape(count, 3, 3)


def _shares(before: Floats, after: Floats) -> Floats:
    """(m, 3, 3) how much of each old corner is in each new one, carried on in the old plane."""
    a, b, c = (before[:, at].astype(np.float64) for at in range(3))
    one, two = b - a, c - a
    d11, d12, d22 = ((x * y).sum(axis=1)[:, None] for x, y in ((one, one), (one, two), (two, two)))
    way = after - a[:, None]
    e1, e2 = (np.einsum("mck,mk->mc", way, side) for side in (one, two))
    room = d11 * d22 - d12 * d12
    flat_ones = room <= 1e-12 * np.maximum(d11 * d22, 1e-300)
    room = np.where(flat_ones, 1, room)
    u, v = (d22 * e1 - d12 * e2) / room, (d11 * e2 - d12 * e1) / room
    shares = np.stack([1 - u - v, u, v], axis=2)
    shares = np.where(flat_ones[..., None], np.eye(3), shares)
    shares = np.clip(shares, -_STRETCH, 1 + _STRETCH)
    return np.asarray(shares / shares.sum(axis=2, keepdims=True), np.float32)


def _colors(parts: list[Part], corners: Ints) -> Floats | None:
    if all(part.colors is None for part in parts):
        return None
    white = np.ones((1, 4), np.float32)
    return np.concatenate([
        np.broadcast_to(white, (len(part.positions), 4)) if part.colors is None else part.colors
        for part in parts
    ])[corners]  # fmt: skip
