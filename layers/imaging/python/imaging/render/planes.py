"""Vector algebra on planes: arrays of shape (3, n), all x first, then all y, then all z.

numpy works on planes five to fifteen times faster than on rows of three.
"""

import numpy as np

from imaging.scene import Floats, Ints


def planes(rows: Floats) -> Floats:
    """(n, k) to (k, n)."""
    return np.ascontiguousarray(rows.T, np.float32)


def rows(values: Floats) -> Floats:
    """(k, n) to (n, k), as Embree takes it."""
    return np.ascontiguousarray(values.T, np.float32)


def dot(left: Floats, right: Floats) -> Floats:
    """Along the first axis; a single vector may be given as (3,)."""
    return np.asarray(left[0] * right[0] + left[1] * right[1] + left[2] * right[2])


def cross(left: Floats, right: Floats) -> Floats:
    (a, b, c), (x, y, z) = left, right
    return np.stack([b * z - c * y, c * x - a * z, a * y - b * x])


def unit(vectors: Floats) -> Floats:
    return vectors * (1 / np.sqrt(np.maximum(dot(vectors, vectors), np.float32(1e-30))))


def most(values: Floats) -> Floats:
    return np.asarray(np.maximum(np.maximum(values[0], values[1]), values[2]))


def least(values: Floats) -> Floats:
    return np.asarray(np.minimum(np.minimum(values[0], values[1]), values[2]))


def fourth(values: Floats) -> Floats:
    """The fourth power; two products are much faster than a power."""
    squared = values * values
    return squared * squared


def smoothstep(values: Floats) -> Floats:
    return values * values * (3 - 2 * values)


def toward(vectors: Floats, direction: Floats) -> Floats:
    """Each vector, turned round where it points away from its direction."""
    return vectors * np.copysign(np.float32(1), dot(vectors, direction))


def frames(normals: Floats) -> tuple[Floats, Floats]:
    """Two tangents for each unit normal, without a branch (Duff et al. 2017)."""
    x, y, z = normals
    sign = np.copysign(np.float32(1), z)
    a = -1 / (sign + z)
    b = x * y * a
    first = np.stack([1 + sign * x * x * a, sign * b, -sign * x])
    second = np.stack([b, sign + y * y * a, -y])
    return first, second


def taken(values: Floats, at: Ints) -> Floats:
    """The columns `at`, which must be there; without a look at each it is twice as fast."""
    return np.asarray(values.take(at, axis=-1, mode="clip"))
