"""A twisting puzzle cube, caught in the middle of a turn."""

import numpy as np

from local.demo.demo_model import DemoModel
from local.demo.gltf import Material, Part, glb
from local.demo.mesh import Mesh, merge
from local.demo.shapes import box, sphere
from local.demo.textures import metal_rough, noise

_COLOURS = {
    "White": "#f5f3ec", "Yellow": "#ffd21f", "Red": "#d3202c",
    "Orange": "#ff7a1a", "Blue": "#1457c9", "Green": "#149a4b",
}  # fmt: skip
_SIDES = (("y", 1), ("y", -1), ("x", 1), ("x", -1), ("z", 1), ("z", -1))


def puzzle_cube() -> bytes:
    grit = noise(256, 4, 0.8)
    satin = metal_rough(0, 0.3 + 0.15 * grit, 256)
    plastic = Material("Black plastic", "#17181b", metal_rough=satin)
    gloss = metal_rough(0, 0.16 + 0.1 * grit, 256)
    tiles = {name: Material(name, colour, metal_rough=gloss) for name, colour in _COLOURS.items()}
    order = list(_COLOURS)
    rng = np.random.default_rng(20)
    scrambled = [order[n // 9] for n in rng.permutation(54)]
    parts = [Part("Core", plastic, sphere(0.84, 32, 16))]
    for number, (x, y, z) in enumerate(
        (x, y, z) for x in (-1, 0, 1) for y in (-1, 0, 1) for z in (-1, 0, 1)
    ):
        if (x, y, z) == (0, 0, 0):
            continue
        name = f"Cubie {number + 1}"
        parts.append(
            Part(name, plastic, _turned(box(0.975, 0.975, 0.975, 0.1, 3).moved(x, y, z), y))
        )
        for axis, sign in _SIDES:
            if {"x": x, "y": y, "z": z}[axis] == sign:
                tile = _turned(_tile(axis, sign).moved(x, y, z), y)
                parts.append(Part(name, tiles[scrambled.pop()], tile))
    return glb([Part(p.name, p.material, p.mesh.turned("y", 8)) for p in parts], unit=0.019)


def _turned(mesh: Mesh, layer: int) -> Mesh:
    return mesh.turned("y", -32) if layer == 1 else mesh


def _tile(axis: str, sign: int) -> Mesh:
    """A cushioned tile on one side of a cubie."""
    tile = merge([box(0.83, 0.83, 0.08, 0.035, 2)]).shaped(_rounded).moved(0, 0, 0.478)
    if axis == "z":
        return tile if sign > 0 else tile.turned("y", 180)
    return tile.turned("y", 90 * sign) if axis == "x" else tile.turned("x", -90 * sign)


def _rounded(points: np.ndarray) -> np.ndarray:
    """Corners of the square pulled in to an arc."""
    far = np.clip(np.hypot(points[:, 0], points[:, 1]) - 0.5, 0, 1)
    shrink = 1 - 0.55 * far
    return np.stack([points[:, 0] * shrink, points[:, 1] * shrink, points[:, 2]], axis=1)


MODEL = DemoModel(
    "Twist Puzzle Cube",
    "A scrambled puzzle cube caught halfway through a turn, with cushioned tiles and softly "
    "rounded edges. All 26 cubies are separate, so you can solve it.",
    "Games",
    "Puzzles",
    499,
    ("cube", "puzzle", "toy", "colourful"),
    "twist-puzzle-cube.glb",
    puzzle_cube,
)
