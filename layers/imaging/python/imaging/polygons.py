"""Polygons by their sizes, cut into triangles that fan out from their first corner."""

from typing import Any

import numpy as np
import numpy.typing as npt

Numbers = npt.NDArray[np.integer[Any]]


def fans(starts: Numbers, sizes: Numbers) -> tuple[Numbers, Numbers]:
    """(m, 3) corner numbers and (m,) polygon numbers, for polygons by first corner and size."""
    counts = np.maximum(sizes.astype(np.int64) - 2, 0)
    polygon = np.repeat(np.arange(len(sizes), dtype=np.int32), counts)
    passed = (np.cumsum(counts) - counts).astype(np.int32)
    step = np.arange(len(polygon), dtype=np.int32) - passed[polygon]
    first = starts.astype(np.int32)[polygon]
    return np.stack([first, first + step + 1, first + step + 2], axis=1), polygon


def total(sizes: Numbers, most: int) -> int:
    """The sum of sizes, or more than `most` where one of them alone cannot be: what is written in a
    file may add up to anything once it has wrapped around.
    """
    return most + 1 if ((sizes < 0) | (sizes > most)).any() else int(sizes.sum())
