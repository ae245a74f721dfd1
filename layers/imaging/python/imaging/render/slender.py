"""Pixels that hold what is thinner than a pixel, which one ray through the middle may miss."""

import numpy as np

from imaging.render.camera import Camera
from imaging.render.soup import Soup
from imaging.scene import Bools, Floats

_THIN, _LONG = 1.5, 3.0  # pixels across and along
_MOST = 200_000  # triangles; the rest of a model made of that much wire goes without


def slender(found: Soup, camera: Camera) -> Bools:
    """(size * size,) pixels along the sides of triangles that are long and thin as seen."""
    size = camera.size
    places = camera.seen_at(found.positions)
    corners = places[found.triangles]
    sides = np.roll(corners, -1, axis=1) - corners
    longest = np.sqrt((sides * sides).sum(axis=2)).max(axis=1)
    area = np.abs(sides[:, 0, 0] * sides[:, 1, 1] - sides[:, 0, 1] * sides[:, 1, 0])
    thin = np.flatnonzero((longest > _LONG) & (area < _THIN * longest))[:_MOST]
    marked = np.zeros((size, size), bool)
    for at in range(3):
        _mark(marked, corners[thin, at], sides[thin, at])
    return marked.ravel()


def _mark(marked: Bools, starts: Floats, sides: Floats) -> None:
    """Mark every pixel a line passes, in steps of at most a pixel."""
    size = len(marked)
    length = np.abs(sides).max(axis=1, initial=0)
    order = np.argsort(-length)
    starts, sides, length = starts[order], sides[order], length[order]
    for step in range(int(min(length.max(initial=0), 2 * size)) + 2):
        count = int(np.searchsorted(-length, 1 - step, side="right")) if step else len(length)
        share = np.minimum(step / np.maximum(length[:count], 1), 1)[:, None]
        x, y = np.floor(starts[:count] + sides[:count] * share).astype(np.int64).T
        inside = (x >= 0) & (y >= 0) & (x < size) & (y < size)
        marked[y[inside], x[inside]] = True
