"""Small vector algebra over arrays of shape (n, 3)."""

from functools import reduce

import numpy as np

from imaging.scene import Floats


def dot(left: Floats, right: Floats) -> Floats:
    return np.asarray(np.einsum("...i,...i->...", left, right))


def most(values: Floats) -> Floats:
    """The largest of a few columns; much faster than a reduction over a short axis."""
    return reduce(np.maximum, (values[..., column] for column in range(values.shape[-1])))


def least(values: Floats) -> Floats:
    """The smallest of a few columns."""
    return reduce(np.minimum, (values[..., column] for column in range(values.shape[-1])))


def fourth(values: Floats) -> Floats:
    """The fourth power; two products are much faster than a power."""
    squared = values * values
    return squared * squared


def unit(vectors: Floats) -> Floats:
    length = np.sqrt(dot(vectors, vectors))
    return vectors / np.maximum(length, np.float32(1e-20))[..., None]


def frames(normals: Floats) -> tuple[Floats, Floats]:
    """Two tangents for each unit normal, without a branch (Duff et al. 2017)."""
    x, y, z = normals[:, 0], normals[:, 1], normals[:, 2]
    sign = np.where(z >= 0, np.float32(1), np.float32(-1))
    a = -1 / (sign + z)
    b = x * y * a
    first = np.stack([1 + sign * x * x * a, sign * b, -sign * x], axis=1)
    second = np.stack([b, sign + y * y * a, -y], axis=1)
    return first, second
