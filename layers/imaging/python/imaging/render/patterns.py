"""Points that fill a square evenly, differently for neighbours, the same in every run."""

import numpy as np

from imaging.scene import Floats, Ints

_ORDER = np.array([0, 8, 2, 10, 12, 4, 14, 6, 3, 11, 1, 9, 15, 7, 13, 5])  # 4 x 4 ordered dither
SETS = 16


def spread(count: int) -> Floats:
    """(2, SETS, count): sixteen sets that together are one even set of SETS x count points."""
    index = np.arange(SETS * count, dtype=np.float64)
    points = np.stack([index * 0.7548776662466927, index * 0.5698402909980532]) % 1.0
    return points.reshape(2, count, SETS).transpose(0, 2, 1).astype(np.float32)


def cell(x: Ints, y: Ints) -> Ints:
    """Which set the point in column x and row y takes; every 4 x 4 block has all of them."""
    return np.asarray(_ORDER.take((y % 4) * 4 + x % 4), np.int32)


def hemisphere(spots: Floats) -> Floats:
    """(3, ...) unit directions around z, denser towards it by the cosine."""
    angle, height = spots[0] * np.float32(2 * np.pi), spots[1]
    radius = np.sqrt(height)
    return np.stack([radius * np.cos(angle), radius * np.sin(angle), np.sqrt(1 - height)])
