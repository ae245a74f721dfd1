"""Small vector algebra over arrays of shape (n, 3)."""

import numpy as np

from imaging.scene import Floats


def dot(left: Floats, right: Floats) -> Floats:
    return np.asarray(np.einsum("...i,...i->...", left, right))


def unit(vectors: Floats) -> Floats:
    length = np.sqrt(dot(vectors, vectors))
    return vectors / np.maximum(length, np.float32(1e-20))[..., None]
