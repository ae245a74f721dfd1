"""The shadow a model casts on the floor, computed on a grid of the floor itself."""

from dataclasses import dataclass

import numpy as np

from imaging.render.occlusion import visibility
from imaging.render.patterns import cell
from imaging.render.soup import Tracer
from imaging.render.studio import Studio
from imaging.scene import Floats

_SKY_DEPTH, _KEY_DEPTH = 0.72, 0.42


@dataclass
class Ground:
    """`darkness` is 0 where the floor is bright, on a square grid in x and z."""

    height: float
    center: Floats
    half: float
    darkness: Floats

    def at(self, origins: Floats, directions: Floats) -> Floats:
        """Darkness of the floor where rays from above meet it; 0 where they do not."""
        down = np.minimum(directions[:, 1], -1e-4)
        distance = (self.height - origins[:, 1]) / down
        x = origins[:, 0] + directions[:, 0] * distance - self.center[0]
        z = origins[:, 2] + directions[:, 2] * distance - self.center[1]
        inside = (directions[:, 1] < -1e-3) & (np.maximum(np.abs(x), np.abs(z)) < self.half)
        out = np.zeros(len(origins), np.float32)
        out[inside] = self._between(x[inside], z[inside])
        return out

    def _between(self, x: Floats, z: Floats) -> Floats:
        count = len(self.darkness)
        column = np.clip((x / self.half + 1) * 0.5 * count - 0.5, 0, count - 1.001)
        row = np.clip((z / self.half + 1) * 0.5 * count - 0.5, 0, count - 1.001)
        left, top = column.astype(np.int32), row.astype(np.int32)
        fx, fy = column - np.floor(column), row - np.floor(row)
        fx, fy = fx * fx * (3 - 2 * fx), fy * fy * (3 - 2 * fy)
        d = self.darkness
        upper = d[top, left] * (1 - fx) + d[top, left + 1] * fx
        lower = d[top + 1, left] * (1 - fx) + d[top + 1, left + 1] * fx
        return np.asarray(upper * (1 - fy) + lower * fy, np.float32)


def ground(
    tracer: Tracer, studio: Studio, low: Floats, high: Floats, reach: float, cells: int
) -> Ground:
    size = high - low
    height = float(low[1] - 2e-3 * reach)
    across = max(float(size[0]), float(size[2]), 0.3 * float(size[1])) / 2
    half = across * 1.25 + 0.9 * min(float(size[1]), 2.2 * across)
    center = np.array([low[0] + size[0] / 2, low[2] + size[2] / 2], np.float32)
    row, column = np.divmod(np.arange(cells * cells), cells)
    steps = ((np.arange(cells) + 0.5) / cells * 2 - 1) * half
    points = np.stack(
        [center[0] + steps[column], np.full(len(row), height), center[1] + steps[row]], axis=1
    ).astype(np.float32)
    normals = np.broadcast_to(np.array([0, 1, 0], np.float32), points.shape)
    sets = cell(column.astype(np.int32), row.astype(np.int32))
    seen = visibility(tracer, studio, points, np.ascontiguousarray(normals), sets, reach)
    dark = 1 - (1 - _SKY_DEPTH * (1 - seen[:, 0])) * (1 - _KEY_DEPTH * (1 - seen[:, 1]))
    return Ground(height, center, half, _faded(_soft(dark.reshape(cells, cells))))


def _soft(values: Floats) -> Floats:
    """Boxes of 4 cells see every set of rays once; leaning once each way, nothing drifts."""
    for before, weights in ((1, (1, 1, 1, 1)), (2, (1, 1, 1, 1)), (1, (1, 2, 1))):
        for axis in (0, 1):
            values = _blurred(values, axis, before, weights)
    return values


def _blurred(values: Floats, axis: int, before: int, weights: tuple[int, ...]) -> Floats:
    padding = [(0, 0), (0, 0)]
    padding[axis] = (before, len(weights) - 1 - before)
    wide = np.pad(values, padding, mode="edge")
    places = np.arange(values.shape[axis])
    total = sum(np.take(wide, places + at, axis=axis) * weight for at, weight in enumerate(weights))
    return np.asarray(total / sum(weights), np.float32)


def _faded(values: Floats) -> Floats:
    """Nothing is left at the border of the grid."""
    place = np.abs((np.arange(len(values)) + 0.5) / len(values) * 2 - 1)
    away = np.sqrt((place[:, None] ** 4 + place[None, :] ** 4) ** 0.5)
    keep = np.clip((1 - away) / 0.35, 0, 1)
    return np.asarray(values * keep * keep * (3 - 2 * keep), np.float32)
