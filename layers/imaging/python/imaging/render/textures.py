"""Texels for points of a surface: mip level by footprint, wrap, bilinear."""

import numpy as np

from imaging.images import Image
from imaging.render.planes import taken
from imaging.scene import Floats, Ints, Slot


class Texture:
    """All mip levels of an image behind each other, so that one look reaches any of them."""

    def __init__(self, image: Image) -> None:
        self._bands = image.levels[0].shape[2]
        self._flat = np.concatenate([level.ravel() for level in image.levels])
        shapes = np.array([level.shape[:2] for level in image.levels])
        self._height, self._width = shapes.T.astype(np.float32)
        sizes = shapes.prod(axis=1) * self._bands
        self._start = np.cumsum([0, *sizes[:-1]])
        self._side = np.float32((self._height[0] * self._width[0]) ** 0.5)
        # The image gives its pixels up to this chain, in which they are for the first time.
        image.levels = [
            self._flat[start : start + size].reshape(*shape, self._bands)
            for start, size, shape in zip(self._start, sizes, shapes, strict=True)
        ]

    def sample(self, slot: Slot, uv: Floats, density: Floats) -> Floats:
        """(4, n) values, as they are stored; uv is (2, n).

        `density` is how much of the 0..1 square one pixel covers, per side.
        """
        u, v = _laid_out(slot, uv)
        texels = density * (self._side * np.float32(abs(slot.scale[0] * slot.scale[1]) ** 0.5))
        level = np.log2(np.maximum(texels, np.float32(1e-6))) + np.float32(0.2)
        level = np.clip(level, 0, len(self._start) - 1).astype(np.int64)
        width, height = self._width.take(level), self._height.take(level)
        x, y = u * width - np.float32(0.5), v * height - np.float32(0.5)
        left, top = np.floor(x), np.floor(y)
        fx, fy = x - left, y - top
        columns = [_wrapped(left + step, width, slot.wrap[0]) for step in (0, 1)]
        rows = [_wrapped(top + step, height, slot.wrap[1]) * width for step in (0, 1)]
        start = self._start.take(level)
        places = [start + (row + column).astype(np.int64) * self._bands
                  for row in rows for column in columns]  # fmt: skip
        fy *= np.float32(1 / 255)
        gy = np.float32(1 / 255) - fy
        return self._mixed(places, [gy - gy * fx, gy * fx, fy - fy * fx, fy * fx])

    def _mixed(self, places: list[Ints], weights: list[Floats]) -> Floats:
        """As they are encoded; what the image has no band for is 1."""
        out = np.ones((4, len(weights[0])), np.float32)
        for band in range(self._bands):
            beside = self._flat[band:]
            out[band] = taken(beside, places[0]) * weights[0]
            for place, weight in zip(places[1:], weights[1:], strict=True):
                out[band] += taken(beside, place) * weight
        return out


def to_light(encoded: Floats) -> Floats:
    """sRGB to linear light, by a cubic that is right to a third of one of 256 shades."""
    return encoded * (encoded * (encoded * np.float32(0.305306011) + np.float32(0.682171111))
                      + np.float32(0.012522878))  # fmt: skip


def _laid_out(slot: Slot, uv: Floats) -> Floats:
    """KHR_texture_transform: scale, then rotate, then move."""
    if (slot.scale, slot.rotation, slot.offset) == ((1.0, 1.0), 0.0, (0.0, 0.0)):
        return np.asarray(np.clip(uv, -1e5, 1e5))
    u, v = uv[0] * np.float32(slot.scale[0]), uv[1] * np.float32(slot.scale[1])
    cos, sin = np.float32(np.cos(slot.rotation)), np.float32(np.sin(slot.rotation))
    moved = np.stack([
        cos * u + sin * v + np.float32(slot.offset[0]),
        cos * v - sin * u + np.float32(slot.offset[1]),
    ])  # fmt: skip
    return np.asarray(np.clip(moved, -1e5, 1e5))


def _wrapped(place: Floats, size: Floats, how: str) -> Floats:
    """Whole numbers below `size`, all of them as floats, which holds up to 2^24."""
    if how == "clamp":
        return np.clip(place, 0, size - 1)
    if how == "mirror":
        around = place - np.floor(place / (2 * size)) * (2 * size)
        return np.clip(np.minimum(around, 2 * size - 1 - around), 0, size - 1)
    return np.clip(place - np.floor(place / size) * size, 0, size - 1)
