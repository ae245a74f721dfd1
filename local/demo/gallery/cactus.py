"""A potted saguaro in flower."""

import numpy as np

from local.demo.demo_model import DemoModel
from local.demo.fields import rugged
from local.demo.gltf import Material, Part, glb
from local.demo.mesh import Array, Mesh, merge, rotation, unit
from local.demo.shapes import curve, icosphere, lathe, sphere, tube
from local.demo.textures import blend, mesh_of_pixels, noise, normal_map, picture, ramp

_RIBS = 11


def cactus() -> bytes:
    flesh = _flesh()
    arms = [
        (curve("0 0 0, 0 3 0, 0 6.5 0, 0 9.3 0", 14), 1.75),
        (curve("0.6 4.2 0.2, 2.5 4.2 0.6, 3.5 5 0.8, 3.6 6.4 0.8, 3.55 7.6 0.8", 8), 0.85),
        (curve("-0.6 3.0 0, -2.3 3.0 0.2, -3.2 3.8 0.3, -3.3 5 0.3, -3.3 5.6 0.3", 8), 0.8),
    ]
    pot, glaze = _pot()
    parts = [
        Part("Pot", glaze, pot),
        Part(
            "Soil", Material("Soil", "#3b2a1e", rough=1), lathe("3.3 3.3, 0 3.5", 40).moved(0, 0.3)
        ),
        Part("Pebbles", Material("Pebbles", "#d9cdb8", rough=0.8), _pebbles()),
    ]
    spine = Material("Spines", "#f4e7c0", rough=0.6)
    for number, (path, radius) in enumerate(arms):
        parts.append(Part("Cactus", flesh, _ribbed(path, radius).moved(0, 3.6)))
        parts.append(Part("Spines", spine, _spines(path, radius, number).moved(0, 3.6)))
    pink = Material("Petals", "#f0508f", rough=0.5, two_sided=True)
    yolk = Material("Stamens", "#ffd34d", rough=0.7)
    for x, y, z, lean, size in (
        (0.3, 13.1, 0.2, 12, 1.25),
        (-0.7, 12.85, 0.5, 55, 0.7),
        (3.55, 11.25, 0.8, 10, 0.9),
    ):
        turn = rotation("y", 40) @ rotation("x", lean)
        petals, stamens = _flower()
        parts.append(Part("Flowers", pink, petals.scaled(size).transformed(turn).moved(x, y, z)))
        parts.append(Part("Flowers", yolk, stamens.scaled(size).transformed(turn).moved(x, y, z)))
    return glb(parts, unit=0.015)


def _flesh() -> Material:
    x, _ = mesh_of_pixels(512)
    groove = np.abs(np.cos(x * np.pi * _RIBS))
    patch = noise(512, 4, 1.6)
    paint = ramp(0.62 * groove + 0.38 * patch, "#1d4a2c", "#38804a", "#6db16a", "#9dd08c")
    return Material("Cactus", texture=picture(paint), normal=normal_map(patch, 3), rough=0.55)


def _taper(path: Array, radius: float) -> Array:
    """The radius along the path, rounded off at its end."""
    along = np.concatenate([[0], np.cumsum(np.linalg.norm(np.diff(path, axis=0), axis=1))])
    rest = along[-1] - along
    size = radius * np.sqrt(np.clip(1 - (1 - np.minimum(rest / (radius * 1.2), 1)) ** 2, 0.0004, 1))
    swell: Array = size * (0.86 + 0.14 * np.sin(np.clip(along / along[-1], 0, 1) * np.pi))
    return swell


def _ribbed(path: Array, radius: float) -> Mesh:
    turn = np.linspace(0, 2 * np.pi, _RIBS * 6, endpoint=False)
    size = 0.86 + 0.16 * np.abs(np.cos(turn * _RIBS / 2))
    section = np.stack([size * np.cos(turn), size * np.sin(turn)], axis=1)
    return tube(path, _taper(path, radius), section=section, crease=70).with_uvs([1, 1])


def _spines(path: Array, radius: float, seed: int) -> Mesh:
    rng = np.random.default_rng(seed)
    size = _taper(path, radius)
    needle = lathe("0.028 0, 0.003 0.5", 3)
    spines = []
    for row in range(2, len(path) - 1, 3):
        ahead = unit(path[row + 1] - path[row - 1])
        side = unit(np.cross(ahead, [0.3, 0.2, 1.0]))
        for rib in range(_RIBS):
            angle = 2 * np.pi * rib / _RIBS
            out = side * np.cos(angle) + np.cross(ahead, side) * np.sin(angle)
            for _ in range(2):
                aim = unit(out + rng.normal(0, 0.45, 3))
                spines.append(_aimed(needle, aim).moved(*(path[row] + out * size[row] * 0.95)))
    return merge(spines)


def _aimed(mesh: Mesh, up: Array) -> Mesh:
    side = unit(np.cross(up, [0.31, 0.11, 0.95]))
    return mesh.transformed(np.stack([side, up, np.cross(side, up)], axis=1))


def _pot() -> tuple[Mesh, Material]:
    size = 512
    x, y = mesh_of_pixels(size)
    grain = noise(size, 6, 1.3)
    paint = ramp(grain, "#a8512c", "#c8693c", "#dd8a5c")
    zigzag = np.abs((x * 14) % 1 - 0.5) * 0.16
    for centre, colour in ((0.42, "#f6ead2"), (0.50, "#1f6f78"), (0.58, "#f6ead2")):
        paint = blend(paint, colour, np.abs(y - centre - zigzag + 0.04) < 0.022)
    clay = Material("Terracotta", texture=picture(paint), normal=normal_map(grain, 2), rough=0.75)
    outer = (
        "2.5 0, 2.65 0.1, 3.1 1.6, 3.45 3.1, 3.5 3.2, 3.85 3.25, 3.95 3.4, 4 4.3, "
        "3.9 4.4, 3.6 4.4, 3.5 4.3, 3.4 3.4"
    )
    saucer = lathe(curve("0 -0.4, 3.2 -0.4, 3.7 0.2, 3.55 0.25, 3.1 -0.1, 0 -0.1", 3), 56)
    return merge([lathe(curve(outer, 3), 64), saucer.with_uvs([1, 0.1])]), clay


def _pebbles() -> Mesh:
    rng = np.random.default_rng(2)
    stones = []
    for number in range(46):
        size = rng.uniform(0.25, 0.5)
        stone = rugged(icosphere(1, 2), number, 0.12, 0.8, 60).scaled(size, size * 0.6, size * 0.85)
        stones.append(
            stone.turned("y", rng.uniform(0, 360))
            .moved(0, 3.78, rng.uniform(1.9, 3.1))
            .turned("y", number * 137.5)
        )
    return merge(stones)


def _flower() -> tuple[Mesh, Mesh]:
    petals = []
    for ring, (count, lean, size) in enumerate(((9, 62, 1.0), (8, 38, 0.85), (6, 18, 0.65))):
        petal = sphere(0.5, 12, 10).scaled(0.42, 1.0, 0.09).moved(0, 0.5).scaled(size)
        petal = petal.shaped(
            lambda p: (
                p
                + np.stack(
                    [p[:, 0] * 0, p[:, 1] * 0, 0.35 * p[:, 0] ** 2 + 0.12 * p[:, 1] ** 2], axis=1
                )
            )
        )
        petals += [
            petal.turned("x", lean).turned("y", 360 * k / count + ring * 20) for k in range(count)
        ]
    rng = np.random.default_rng(1)
    dots = [
        sphere(0.05, 8, 6).moved(*(rng.normal(0, 0.12, 2)[0], 0.42, rng.normal(0, 0.12)))
        for _ in range(16)
    ]
    return merge(petals), merge(dots)


MODEL = DemoModel(
    "Flowering Saguaro",
    "A ribbed cactus in full pink bloom, in a hand-painted terracotta pot topped with pebbles. "
    "It never needs watering and brightens any windowsill.",
    "Nature",
    "Plants",
    699,
    ("cactus", "plant", "pot", "desert"),
    "flowering-saguaro.glb",
    cactus,
)
