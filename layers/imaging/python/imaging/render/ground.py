"""The shadow a model casts on the floor, computed on a grid of the floor itself."""

from dataclasses import dataclass

import numpy as np

from imaging.render.camera import Camera
from imaging.render.occlusion import key_seen, sky_seen
from imaging.render.patterns import cell
from imaging.render.planes import smoothstep
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

    def at(self, camera: Camera, x: Floats, y: Floats) -> Floats:
        """Darkness of the floor that is seen at (x, y), in pixels; 0 where it is not."""
        ways = camera.directions(x, y)
        distance = np.float32(self.height - camera.eye[1]) / np.minimum(ways[1], np.float32(-1e-4))
        across = ways[0] * distance + np.float32(camera.eye[0] - self.center[0])
        along = ways[2] * distance + np.float32(camera.eye[2] - self.center[1])
        near = np.maximum(np.abs(across), np.abs(along)) < self.half
        inside = np.flatnonzero((ways[1] < -1e-3) & near)
        out = np.zeros(len(x), np.float32)
        out[inside] = self._between(across.take(inside), along.take(inside))
        return out

    def _between(self, x: Floats, z: Floats) -> Floats:
        count = len(self.darkness)
        scale = np.float32(0.5 * count / self.half)
        column = np.clip(x * scale + np.float32(0.5 * count - 0.5), 0, count - 1.001)
        row = np.clip(z * scale + np.float32(0.5 * count - 0.5), 0, count - 1.001)
        left, top = np.floor(column), np.floor(row)
        fx, fy = smoothstep(column - left), smoothstep(row - top)
        at = (top * count + left).astype(np.int64)
        dark = self.darkness.ravel()
        upper = dark.take(at) * (1 - fx) + dark.take(at + 1) * fx
        lower = dark.take(at + count) * (1 - fx) + dark.take(at + count + 1) * fx
        return np.asarray(upper * (1 - fy) + lower * fy)


class Floor:
    """The grid under a model. What of the sky it sees is the same from everywhere."""

    def __init__(self, tracer: Tracer, low: Floats, high: Floats, reach: float, cells: int) -> None:
        size = high - low
        self._tracer, self._cells, self._reach = tracer, cells, reach
        self._height = float(low[1] - 2e-3 * reach)
        across = max(float(size[0]), float(size[2]), 0.3 * float(size[1])) / 2
        self._half = across * 1.25 + 0.9 * min(float(size[1]), 2.2 * across) or 1.0
        self._center = np.array([low[0] + size[0] / 2, low[2] + size[2] / 2], np.float32)
        row, column = np.divmod(np.arange(cells * cells), cells)
        steps = ((np.arange(cells) + 0.5) / cells * 2 - 1) * self._half
        self._points = np.stack([
            self._center[0] + steps[column], np.full(len(row), self._height),
            self._center[1] + steps[row],
        ]).astype(np.float32)  # fmt: skip
        self._up = np.zeros_like(self._points)
        self._up[1] = 1
        self._sets = cell(column, row)
        self._sky = sky_seen(tracer, self._points, self._up, self._sets, reach)

    def lit(self, studio: Studio) -> Ground:
        """The floor under the lights of a studio."""
        key = key_seen(self._tracer, studio, self._points, self._up, self._sets, self._reach)
        dark = 1 - (1 - _SKY_DEPTH * (1 - self._sky)) * (1 - _KEY_DEPTH * (1 - key))
        soft = _soft(dark.reshape(self._cells, self._cells))
        return Ground(self._height, self._center, self._half, _faded(soft))


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
    return np.asarray(values * smoothstep(keep), np.float32)
