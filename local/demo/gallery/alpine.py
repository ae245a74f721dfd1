"""A tile of mountain country with a lake, painted on the vertices."""

import numpy as np

from local.demo.demo_model import DemoModel
from local.demo.mesh import Array, Mesh, merge
from local.demo.ply import ply
from local.demo.shapes import grid, lathe
from local.demo.textures import blend, noise, ramp, rgb

_CELLS = 150
_LAKE = 0.11


def alpine_tile() -> bytes:
    height = _heights()
    ticks = np.linspace(-0.5, 0.5, _CELLS)
    x, z = np.meshgrid(ticks, -ticks)
    land = grid(np.stack([x, np.maximum(height, _LAKE), z], axis=2), 50)
    land = land.coloured(lambda points: _land_colours(points, height))
    return ply(
        "Alpine tile, metres", merge([land, _skirt(x, z, height), *_trees(height)]).scaled(2)
    )


def _heights() -> Array:
    """Ridged mountains at the back, a hollow for the lake in front."""
    broad = noise(256, 23, 2.1)[:_CELLS, :_CELLS]
    ridges = 1 - 2 * np.abs(noise(256, 12, 2.15)[:_CELLS, :_CELLS] - 0.5)
    fine = noise(256, 31, 1.5)[:_CELLS, :_CELLS]
    y, x = np.mgrid[0 : 1 : _CELLS * 1j, 0 : 1 : _CELLS * 1j]  # y = 0 is the front
    peak = np.exp(-(((x - 0.36) / 0.3) ** 2) - ((y - 0.66) / 0.26) ** 2)
    second = np.exp(-(((x - 0.85) / 0.2) ** 2) - ((y - 0.8) / 0.2) ** 2)
    rise = np.clip(0.1 + peak + 0.55 * second, 0, 1)
    hollow = np.exp(-(((x - 0.6) / 0.3) ** 2) - ((y - 0.2) / 0.2) ** 2)
    height: Array = 0.2 + rise * (0.12 + 0.3 * ridges**1.6) + 0.05 * broad + 0.03 * fine
    height += -0.06 - 0.13 * hollow
    return height


def _at(height: Array, x: Array, z: Array) -> Array:
    column = np.clip(((x + 0.5) * (_CELLS - 1)).round().astype(int), 0, _CELLS - 1)
    row = np.clip(((0.5 - z) * (_CELLS - 1)).round().astype(int), 0, _CELLS - 1)
    found: Array = height[row, column]
    return found


def _steepness(height: Array) -> Array:
    dy, dx = np.gradient(height, 1 / _CELLS)
    slope: Array = np.hypot(dx, dy)
    return slope


def _land_colours(points: Array, height: Array) -> Array:
    x, y, z = points.T
    steep, true = _at(_steepness(height), x, z), _at(height, x, z)
    patch = _at(noise(256, 77, 1.2)[:_CELLS, :_CELLS], x, z)
    level = np.clip((y - _LAKE) / 0.36 + 0.22 * (patch - 0.5), 0, 1)
    colours = ramp(level, "#8fae4b", "#5f8f3a", "#4b7434", "#6f7a4c", "#8b8577")
    rock = ramp(patch, "#5d564f", "#857b70", "#a89d8e")
    bare = np.clip((steep - 0.95) * 2.2, 0, 1)
    colours = colours + (rock - colours) * bare[:, None]
    snow = np.clip((y + 0.06 * (patch - 0.5) - 0.305) * 22, 0, 1) * np.clip(2.6 - steep, 0.2, 1)
    colours = blend(colours, "#fbfdff", snow)
    sand = np.clip(1 - (true - _LAKE) / 0.012, 0, 1) * (true > _LAKE)
    colours = blend(colours, "#e3cf98", sand)
    deep = np.clip((_LAKE - true) / 0.06, 0, 1)
    water = ramp(deep, "#7fd0cf", "#2f93b4", "#1b5f93")
    return np.where((true < _LAKE)[:, None], water, colours)


def _skirt(x: Array, z: Array, height: Array) -> Mesh:
    """The cut sides of the tile, in layers of earth and stone, and its floor."""
    top = np.stack([x, np.maximum(height, _LAKE), z], axis=2)
    edge = np.concatenate([top[0], top[1:, -1], top[-1, -2::-1], top[-2::-1, 0]])
    rows = [edge * [1, share, 1] for share in np.linspace(0, 1, 16)]
    floor = np.stack([rows[0] * 0, rows[0]])
    return merge([grid(np.stack(rows), 30), grid(floor)]).coloured(_strata)


def _strata(points: Array) -> Array:
    wave = 0.012 * np.sin(points[:, 0] * 9 + 1) + 0.012 * np.sin(points[:, 2] * 11)
    layer = ((points[:, 1] + wave) / 0.032).astype(int)
    tones = np.stack(
        [rgb(c) for c in ("#4a3527", "#5f4632", "#7a5a3e", "#6a4d37", "#8c6a49", "#75553b")]
    )
    chosen: Array = tones[layer % len(tones)]
    return chosen


def _trees(height: Array) -> list[Mesh]:
    rng = np.random.default_rng(9)
    steep, patches = _steepness(height), noise(256, 5, 1.9)[:_CELLS, :_CELLS]
    trees: list[Mesh] = []
    fir = merge(
        [
            lathe("0.011 0, 0 0.022", 7).moved(0, y).scaled(s, 1, s)
            for y, s in ((0.006, 1), (0.016, 0.78), (0.026, 0.52))
        ]
    )
    while len(trees) < 330:
        place = rng.uniform(-0.48, 0.48, 2)
        x, z = place[:1], place[1:]
        y, slope, patch = _at(height, x, z)[0], _at(steep, x, z)[0], _at(patches, x, z)[0]
        if not (_LAKE + 0.014 < y < 0.28 and slope < 1.3 and patch > 0.45 and z[0] < 0.33):
            continue
        green = rgb("#2c5a34") * rng.uniform(0.75, 1.35)
        size = rng.uniform(0.7, 1.3)
        tree = fir.scaled(size).coloured(lambda p, c=green, s=size: c * (0.75 + 10 / s * p[:, 1:2]))  # type: ignore[misc]
        trees.append(tree.moved(x[0], y - 0.003, z[0]))
    return trees


MODEL = DemoModel(
    "Alpine Lake Tile",
    "A square mile of mountain country with a snowy ridge, a fir forest and a clear lake, cut "
    "out like a slice of cake. Vertex colours only: one mesh and no textures to lose.",
    "Nature",
    "Terrain",
    1249,
    ("terrain", "mountain", "lake", "tile", "vertex colour"),
    "alpine-lake-tile.ply",
    alpine_tile,
)
