"""A crooked wizard's tower with lit windows."""

import numpy as np

from local.demo.demo_model import DemoModel
from local.demo.fields import rugged, waves
from local.demo.gltf import Material, Part, glb
from local.demo.materials import GOLD, IRON, boards, masonry
from local.demo.mesh import Array, Mesh, around, merge
from local.demo.shapes import box, cone, curve, extrude, icosphere, lathe, sphere, tube
from local.demo.textures import blocks, noise, normal_map, picture, ramp

_GLOW = Material("Candle light", "#3a2408", rough=0.3, glow="#ffb84d", glow_strength=1.5)


def wizard_tower() -> bytes:
    stone = masonry("Stone", 3, "#6f675c", "#77716a", "#a59c8d", "#c6bca8", columns=10, rows=14)
    roof = _shingles()
    oak = boards("Oak", 4, "#4a2c17", "#7d5130", count=3)
    parts = [
        Part("Hill", _turf(), _hill()),
        Part("Hill", Material("Path", "#a99270", rough=0.95), _path()),
        Part("Tower", stone, _shaft().with_uvs([1, 1.3])),
        Part("Tower", stone, lathe(curve("1.3 5.5, 1.85 6.1, 1.95 6.3, 1.95 8.0", 4), 48, 30)),
        Part("Beams", oak, around(box(0.14, 1.75, 0.14, 0.02).moved(0, 7.15, 1.93), 12)),
        Part("Beams", oak, _hoop(1.95, 6.3, 0.13)),
        Part("Beams", oak, _hoop(1.98, 8.0, 0.15)),
        Part("Brackets", oak, around(_bracket(), 12, 15)),
        Part("Roof", roof, _roof(2.5, 4.6).moved(0, 7.9).with_uvs([2, 2])),
        Part("Roof", GOLD, _finial().moved(0.42, 12.45)),
        Part("Turret", stone, _turret()),
        Part("Turret", roof, _roof(0.95, 2.1).moved(1.72, 5.35, 0.55)),
        Part("Turret", GOLD, _finial().scaled(0.55).moved(1.9, 7.4, 0.55)),
        Part("Door", oak, _arch(0.8, 1.1, 0.14).box_mapped(1.2).moved(0, 0.55, 1.62)),
        Part("Door", stone, _arch(1.12, 1.2, 0.2).box_mapped(0.8).moved(0, 0.5, 1.52)),
        Part("Door", IRON, sphere(0.06).moved(0.26, 1.2, 1.72)),
        Part("Windows", _GLOW, _windows(0)),
        Part("Windows", oak, _windows(0.09)),
    ]
    return glb(
        [
            Part(p.name, p.material, p.mesh.shaped(_lean, 35) if p.name != "Hill" else p.mesh)
            for p in parts
        ]
    )


def _lean(points: Array) -> Array:
    """The whole tower bows a little as it rises."""
    bow = 0.35 * np.sin(np.clip(points[:, 1], 0, 13) / 13 * 2.6)
    return points - np.stack([bow, bow * 0, bow * 0.3], axis=1)


def _shingles() -> Material:
    size = 512
    tone, height = blocks(size, 9, 20, 24, 0.16)
    grit = noise(size, 10, 1.2)
    paint = ramp(0.75 * tone + 0.25 * grit, "#2d1f58", "#4a3690", "#6f57bd")
    paint *= (0.45 + 0.55 * height)[..., None]
    return Material("Shingles", texture=picture(paint), normal=normal_map(height, 7), rough=0.6)


def _turf() -> Material:
    fine, broad = noise(512, 31, 0.8), noise(512, 32, 1.8)
    paint = ramp(0.45 * fine + 0.55 * broad, "#2f4a17", "#56822a", "#86ac45")
    return Material("Turf", texture=picture(paint), normal=normal_map(fine, 6), rough=0.95)


def _hill() -> Mesh:
    hill = lathe(curve("0 -1.2, 2 -1.1, 3.8 -0.6, 4.1 -0.2, 3.2 0.25, 2.2 0.45, 0 0.6", 6), 64)
    lift = np.array([0, 0.12, 0])
    hill = hill.shaped(lambda p: p * [1.05, 1, 1] + lift * waves(p, 3, 0.7)[:, None])
    return hill.box_mapped(0.35)


def _path() -> Mesh:
    stones = []
    rng = np.random.default_rng(4)
    for step in range(7):
        stone = rugged(icosphere(0.3, 2), step, 0.05, 2, 30).scaled(1.1, 0.25, 0.75)
        x, z = 0.5 * np.sin(step * 0.75) + rng.normal(0, 0.05), 1.95 + step * 0.33
        stones.append(
            stone.moved(x, float(np.interp(z, [1.9, 2.3, 3.3, 4.1], [0.5, 0.48, 0.24, -0.12])), z)
        )
    return merge(stones)


def _shaft() -> Mesh:
    return lathe(curve("1.75 0.2, 1.6 0.8, 1.42 2, 1.28 3.6, 1.2 5, 1.3 5.6", 6), 48)


def _hoop(radius: float, height: float, size: float) -> Mesh:
    square = [(1, 1), (-1, 1), (-1, -1), (1, -1)]
    turn = np.linspace(0, 2 * np.pi, 49)
    ring = np.stack([radius * np.sin(turn), np.full(49, height), radius * np.cos(turn)], axis=1)
    return tube(ring, size / 2, closed=True, section=square)


def _bracket() -> Mesh:
    wedge = extrude("0 0, 0.62 0.6, 0.62 0.75, 0 0.75", 0.14, 0.02)
    return wedge.turned("y", -90).moved(0, 5.45, 1.22)


def _roof(radius: float, height: float) -> Mesh:
    profile = curve(
        [(radius * 0.9, 0), (radius, -0.12), (radius * 0.98, 0.02), (radius * 0.62, height * 0.26),
         (radius * 0.3, height * 0.6), (0.03, height)], 5,
    )  # fmt: skip

    def crook(points: Array) -> Array:
        bend = np.clip(points[:, 1] / height, 0, 1) ** 2 * height * 0.1
        return points + np.stack([bend, bend * 0, bend * 0], axis=1)

    return lathe(profile, 48, 50).shaped(crook, 50)


def _finial() -> Mesh:
    moon = np.linspace(0.35, 2 * np.pi - 0.35, 25)
    outer = np.stack([0.28 * np.cos(moon), 0.28 * np.sin(moon)], axis=1)
    inner = np.stack([0.07 + 0.2 * np.cos(moon[::-1]), 0.2 * np.sin(moon[::-1])], axis=1)
    crescent = extrude(np.concatenate([outer, inner]), 0.07, 0.015).turned("z", 30)
    return merge([cone(0.05, 0.03, 0.5, 12), sphere(0.09).moved(0, 0.12), crescent.moved(0, 0.72)])


def _turret() -> Mesh:
    profile = curve("0.02 3.2, 0.3 3.5, 0.62 4.1, 0.68 4.4, 0.68 5.4", 5)
    return lathe(profile, 32).with_uvs([0.5, 0.5]).moved(1.72, 0, 0.55)


def _arch(width: float, height: float, depth: float) -> Mesh:
    turn = np.linspace(0, np.pi, 11)
    top = np.stack([width / 2 * np.cos(turn), height + width * 0.62 * np.sin(turn)], axis=1)
    return extrude(np.concatenate([[[-width / 2, 0], [width / 2, 0]], top]), depth, 0.02)


def _windows(frame: float) -> Mesh:
    """With a frame they are a little larger and sit deeper."""
    small = _arch(0.36 + 2 * frame, 0.5 + frame, 0.16)
    bars = merge(
        [box(0.04, 0.85, 0.05).moved(0, 0.35, 0.09), box(0.4, 0.04, 0.05).moved(0, 0.32, 0.09)]
    )
    window = merge([small.moved(0, -frame, -frame * 0.6), bars]) if frame else small
    places = [(2.6, 1.4, 48), (4.2, 1.24, 8), (3.4, 1.3, 300)]
    low = [window.moved(0, y, r).turned("y", turn) for y, r, turn in places]
    high = [
        window.scaled(1.2).moved(0, 6.8, 1.95).turned("y", 30 * k) for k in (0, 1, 2, 3, 10, 11)
    ]
    turret = window.scaled(0.85).moved(0, 4.55, 0.68).turned("y", 40).moved(1.72, 0, 0.55)
    return merge([*low, *high, turret])


MODEL = DemoModel(
    "Crooked Wizard's Tower",
    "A leaning stone tower under a purple shingle roof, with lit windows, a side turret and a "
    "golden moon on top. A finished landmark for any small fantasy world.",
    "Architecture",
    "Fantasy",
    2799,
    ("tower", "wizard", "fantasy", "castle", "medieval"),
    "wizards-tower.glb",
    wizard_tower,
)
