"""Textures painted by arithmetic. All of them tile; values are 0 to 1, colours are sRGB."""

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageColor

from local.demo.mesh import Array

type Colour = str | Sequence[float]
type Mask = NDArray[np.floating[Any]] | NDArray[np.bool_]


def rgb(colour: Colour) -> Array:
    """`#rrggbb`, or three numbers, as sRGB 0 to 1."""
    if isinstance(colour, str):
        return np.array(ImageColor.getrgb(colour)[:3], dtype=np.float64) / 255
    return np.asarray(colour, dtype=np.float64)


def linear(colour: Colour) -> Array:
    c = rgb(colour)
    return np.where(c <= 0.04045, c / 12.92, ((c + 0.055) / 1.055) ** 2.4)


def picture(values: Array) -> Image.Image:
    """(rows, columns[, 3 or 4]) of 0 to 1 as an image."""
    pixels: NDArray[np.uint8] = (np.clip(values, 0, 1) * 255 + 0.5).astype(np.uint8)
    return Image.fromarray(pixels)


def ramp(values: Array, *colours: Colour) -> Array:
    """0 to 1 sent through evenly spaced colours."""
    stops = np.linspace(0, 1, len(colours))
    table = np.array([rgb(colour) for colour in colours])
    return np.stack([np.interp(values, stops, table[:, i]) for i in range(3)], axis=-1)


def blend(under: Array, over: Colour | Array, amount: Mask) -> Array:
    top = rgb(over) if isinstance(over, str) else np.asarray(over)
    return under + (top - under) * amount.astype(np.float64)[..., None]


def noise(
    size: int, seed: int, beta: float = 1.6, stretch: tuple[float, float] = (1, 1), low: float = 0
) -> Array:
    """Cloudy noise, spread evenly over 0 to 1. A larger `beta` is softer; `stretch` makes it
    longer along x and y; waves longer than size/`low` are left out."""
    rng = np.random.default_rng(seed)
    fy = np.fft.fftfreq(size)[:, None] * size * stretch[1]
    fx = np.fft.rfftfreq(size)[None, :] * size * stretch[0]
    frequency = np.hypot(fx, fy)
    spectrum = np.where(frequency > low, np.maximum(frequency, 1) ** -beta, 0)
    spectrum[0, 0] = 0
    phase = np.exp(2j * np.pi * rng.random(spectrum.shape))
    field = np.fft.irfft2(spectrum * phase, s=(size, size))
    levels = (field - field.mean()) / (field.std() * 3.2)
    return np.clip(levels + 0.5, 0, 1)


def mesh_of_pixels(size: int) -> tuple[Array, Array]:
    """x and y of the pixel centres, 0 to 1."""
    ticks = (np.arange(size) + 0.5) / size
    return np.meshgrid(ticks, ticks)[0], np.meshgrid(ticks, ticks)[1]


def wood(size: int, seed: int, *colours: Colour, rings: float = 7, along: str = "y") -> Array:
    """Grain with rings and pores; `along` is the direction the fibres run in."""
    stretch = (1.0, 9.0) if along == "y" else (9.0, 1.0)
    x, y = mesh_of_pixels(size)
    across = x if along == "y" else y
    warp = noise(size, seed, 2.2, stretch)
    bands = 0.5 + 0.5 * np.sin(2 * np.pi * (np.round(rings) * across + 2.2 * warp))
    fibres = noise(size, seed + 1, 0.7, (stretch[0] * 1.0, stretch[1] * 3))
    return ramp(np.clip(0.5 * bands**1.6 + 0.3 * warp + 0.35 * fibres - 0.08, 0, 1), *colours)


def planks(
    size: int, seed: int, *colours: Colour, boards: int = 5, along: str = "y", gap: float = 0.012
) -> tuple[Array, Array]:
    """Boards side by side; returns the colours and the height."""
    rng = np.random.default_rng(seed)
    x, y = mesh_of_pixels(size)
    across = (x if along == "y" else y) * boards
    board = across.astype(int) % boards
    grain = wood(size, seed, *colours, rings=boards, along=along)
    rolled = grain.copy()
    for number in range(boards):
        axis, chosen = (0 if along == "y" else 1), board == number
        rolled[chosen] = np.roll(grain, int(rng.integers(size)), axis=axis)[chosen]
    tone = rng.uniform(0.72, 1.12, boards)[board][..., None]
    edge = np.minimum(across % 1, 1 - across % 1) / boards
    height = np.clip(edge / gap, 0, 1)
    return rolled * tone * (0.35 + 0.65 * height[..., None]), height


def blocks(
    size: int, seed: int, columns: int, rows: int, joint: float = 0.08
) -> tuple[Array, Array]:
    """Masonry: a random tone per block, and the height (0 in the joints), rows shifted by half."""
    rng = np.random.default_rng(seed)
    x, y = mesh_of_pixels(size)
    wobble = (noise(size, seed, 1.8) - 0.5) * 0.1
    row = (y * rows).astype(int)
    u = (x * columns + 0.5 * (row % 2) + wobble) % columns
    v = (y * rows + wobble) % 1
    tone = rng.random((rows, columns))[row, u.astype(int) % columns]
    inside_u = np.minimum(u % 1, 1 - u % 1) / columns * rows
    edge = np.minimum(inside_u, np.minimum(v, 1 - v))
    return tone, np.clip(edge / joint, 0, 1)


def brushed(size: int, seed: int, along: str = "x") -> Array:
    """Fine scratches in one direction, around 0.5."""
    stretch = (30.0, 1.0) if along == "x" else (1.0, 30.0)
    return noise(size, seed, 0.6, stretch)


def weave(size: int, threads: int) -> Array:
    """The height of a plain cloth."""
    x, y = mesh_of_pixels(size)
    over = np.abs(np.sin(np.pi * x * threads)) * np.abs(np.cos(np.pi * y * threads / 2))
    under = np.abs(np.sin(np.pi * y * threads)) * np.abs(np.sin(np.pi * x * threads / 2))
    height: Array = np.maximum(over, under)
    return height


def spots(size: int, seed: int, count: int, radius: tuple[float, float]) -> Array:
    """Round spots that keep off each other, 1 inside."""
    rng = np.random.default_rng(seed)
    found = np.zeros((0, 3))
    mask = np.zeros((size, size))
    for spot in rng.uniform((0, 0, radius[0]), (1, 1, radius[1]), (count * 12, 3)):
        apart = np.abs(found[:, :2] - spot[:2])
        apart = np.hypot(*np.minimum(apart, 1 - apart).T)
        if len(found) < count and (apart > 1.25 * (found[:, 2] + spot[2])).all():
            found = np.concatenate([found, spot[None]])
            _stamp(mask, *spot)
    return mask


def _stamp(mask: Array, x: float, y: float, radius: float) -> None:
    """A soft-edged disc, carried over the edges so that the texture tiles."""
    size = len(mask)
    reach = np.arange(-int(radius * size) - 2, int(radius * size) + 3)
    column, row = int(x * size) + reach, int(y * size) + reach
    dx, dy = (column + 0.5) / size - x, (row + 0.5) / size - y
    disc = np.clip((radius - np.hypot(dx[None, :], dy[:, None])) * size / 2, 0, 1)
    place = np.ix_(row % size, column % size)
    mask[place] = np.maximum(mask[place], disc)


def normal_map(height: Array, strength: float) -> Image.Image:
    """Tangent space, +y up, from a height of 0 to 1; `strength` is the height in pixels."""
    dx = (np.roll(height, -1, axis=1) - np.roll(height, 1, axis=1)) * strength / 2
    dy = (np.roll(height, -1, axis=0) - np.roll(height, 1, axis=0)) * strength / 2
    normal = np.stack([-dx, dy, np.ones_like(height)], axis=-1)
    normal /= np.linalg.norm(normal, axis=-1, keepdims=True)
    return picture(normal * 0.5 + 0.5)


def metal_rough(metal: Array | float, rough: Array | float, size: int) -> Image.Image:
    """As glTF packs them: roughness in green, metalness in blue."""
    flat = np.ones((size, size))
    return picture(np.stack([flat, flat * rough, flat * metal], axis=-1))


def seams(value: Array, width: float) -> Array:
    """0 on every whole number, rising to 1 within `width`."""
    return np.clip(np.minimum(value % 1, 1 - value % 1) / width, 0, 1)
