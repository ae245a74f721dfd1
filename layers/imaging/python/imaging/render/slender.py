"""Pixels that hold what is thinner than a pixel, which one ray through the middle may miss."""

import numpy as np

from imaging.render.camera import Camera
from imaging.render.planes import taken
from imaging.render.soup import Soup
from imaging.scene import Bools, Floats

_THIN, _LONG = 1.5, 3.0  # pixels across and along
_MOST = 200_000  # triangles; the rest of a model made of that much wire goes without


def slender(found: Soup, camera: Camera) -> Bools:
    """(size * size,) pixels along the sides of triangles that are long and thin as seen."""
    size = camera.size
    places = camera.seen_at(found.positions)
    corners = [taken(places, corner) for corner in found.triangles]
    sides = [b - a for a, b in zip(corners, corners[1:] + corners[:1], strict=True)]
    longest = np.sqrt(np.max([side[0] * side[0] + side[1] * side[1] for side in sides], axis=0))
    area = np.abs(sides[0][0] * sides[1][1] - sides[0][1] * sides[1][0])
    thin = np.flatnonzero((longest > _LONG) & (area < _THIN * longest))[:_MOST]
    marked = np.zeros((size, size), bool)
    for corner, side in zip(corners, sides, strict=True):
        _mark(marked, taken(corner, thin), taken(side, thin))
    return marked.ravel()


def _mark(marked: Bools, starts: Floats, sides: Floats) -> None:
    """Mark every pixel a line passes, in steps of at most a pixel."""
    size = len(marked)
    length = np.abs(sides).max(axis=0, initial=0)
    order = np.argsort(-length)
    starts, sides, length = taken(starts, order), taken(sides, order), length[order]
    for step in range(int(min(length.max(initial=0), 2 * size)) + 2):
        count = int(np.searchsorted(-length, 1 - step, side="right")) if step else len(length)
        share = np.minimum(step / np.maximum(length[:count], 1), 1)
        x, y = np.floor(starts[:, :count] + sides[:, :count] * share).astype(np.int64)
        inside = (x >= 0) & (y >= 0) & (x < size) & (y < size)
        marked[y[inside], x[inside]] = True
