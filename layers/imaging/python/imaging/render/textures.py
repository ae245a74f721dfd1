"""Texels for points of a surface: mip level by footprint, wrap, bilinear."""

import numpy as np

from imaging.images import Bytes, Image
from imaging.scene import Floats, Slot

LINEAR = (np.arange(256) / 255.0).astype(np.float32)
FROM_SRGB = np.where(
    LINEAR <= 0.04045, LINEAR / 12.92, ((LINEAR + 0.055) / 1.055) ** 2.4
).astype(np.float32)  # fmt: skip


def sample(image: Image, slot: Slot, uv: Floats, density: Floats, *, color: bool) -> Floats:
    """(n, 4) values; `density` is how much of the 0..1 square one pixel covers, per side."""
    laid = _laid_out(slot, uv)
    height, width = image.levels[0].shape[:2]
    scale = abs(slot.scale[0] * slot.scale[1]) ** 0.5
    texels = density * np.float32((width * height) ** 0.5 * scale)
    level = np.log2(np.maximum(texels, 1e-6)) + 0.2
    level = np.clip(level, 0, len(image.levels) - 1).astype(np.int32)
    out = np.ones((len(uv), 4), np.float32)
    for number in np.unique(level):
        chosen = np.flatnonzero(level == number)
        pixels = image.levels[number]
        out[chosen, : pixels.shape[2]] = _bilinear(pixels, slot.wrap, laid[chosen], color=color)
    return out


def _laid_out(slot: Slot, uv: Floats) -> Floats:
    """KHR_texture_transform: scale, then rotate, then move."""
    u, v = uv[:, 0] * np.float32(slot.scale[0]), uv[:, 1] * np.float32(slot.scale[1])
    cos, sin = np.float32(np.cos(slot.rotation)), np.float32(np.sin(slot.rotation))
    moved = np.stack([cos * u + sin * v + slot.offset[0], cos * v - sin * u + slot.offset[1]], 1)
    return np.clip(moved, -1e5, 1e5).astype(np.float32)


def _bilinear(pixels: Bytes, wrap: tuple[str, str], uv: Floats, *, color: bool) -> Floats:
    height, width, bands = pixels.shape
    x, y = uv[:, 0] * width - 0.5, uv[:, 1] * height - 0.5
    left, top = np.floor(x), np.floor(y)
    fx, fy = (x - left)[:, None], (y - top)[:, None]
    columns = [_wrapped(left + step, width, wrap[0]) for step in (0, 1)]
    rows = [_wrapped(top + step, height, wrap[1]) * width for step in (0, 1)]
    flat = pixels.reshape(-1, bands)
    a, b, c, d = (_values(flat[row + column], color=color) for row in rows for column in columns)
    upper, lower = a + (b - a) * fx, c + (d - c) * fx
    return np.asarray(upper + (lower - upper) * fy)


def _values(texels: Bytes, *, color: bool) -> Floats:
    if not color:
        return LINEAR[texels]
    values = FROM_SRGB[texels]
    if texels.shape[1] == 4:
        values[:, 3] = LINEAR[texels[:, 3]]
    return values


def _wrapped(place: Floats, size: int, how: str) -> np.ndarray[tuple[int], np.dtype[np.int32]]:
    number = place.astype(np.int32)
    if how == "clamp":
        return np.clip(number, 0, size - 1)
    if how == "mirror":
        around = number % (2 * size)
        return np.minimum(around, 2 * size - 1 - around)
    return number % size
