"""A stoneware mug of coffee with a running glaze."""

from dataclasses import replace

import numpy as np

from local.demo.demo_model import DemoModel
from local.demo.fields import chipped, waves
from local.demo.gltf import Material, Part, glb
from local.demo.mesh import Array, Mesh, merge, rotation
from local.demo.shapes import (
    curve,
    grid,
    icosphere,
    lathe,
    tube,
)
from local.demo.textures import (
    blend,
    mesh_of_pixels,
    metal_rough,
    noise,
    normal_map,
    picture,
    ramp,
    spots,
)


def mug() -> bytes:
    """A stoneware mug with a running glaze, full of coffee."""
    size = 1024
    _, y = mesh_of_pixels(size)
    speck = spots(256, 4, 150, (0.002, 0.006)).repeat(4, axis=0).repeat(4, axis=1)
    cloud = noise(size, 6, 1.7)
    clay = blend(ramp(cloud, "#b98f68", "#d6b48c"), "#4c3323", speck * 0.8)
    runs = noise(size, 9, 2.2, (1, 30))[size // 2][None, :]
    level = 0.47 + 0.2 * (runs - 0.5)
    amount = np.clip((level - y) * 40, 0, 1)
    depth = np.clip((level - y) * 2.9 + 0.35 * (cloud - 0.5), 0, 1)
    glaze = ramp(depth, "#0c3b4d", "#1b7f8e", "#46b3ac", "#9fd8c6")
    paint = blend(clay, glaze, amount)
    bump = amount * 0.6 + cloud * 0.1
    stone = Material(
        "Glazed stoneware", texture=picture(paint), normal=normal_map(bump, 5),
        metal_rough=metal_rough(0.0, 0.75 - 0.63 * amount, size),
    )  # fmt: skip
    inside = Material("White glaze", "#efe6d6", rough=0.12)
    coffee_noise = noise(256, 2, 1.9)
    froth = picture(
        ramp(
            np.clip(_swirl(256) * 0.75 + coffee_noise * 0.35, 0, 1),
            "#2a1209",
            "#5b2f14",
            "#c08a4c",
            "#ecd2a2",
        )
    )
    coffee = Material("Coffee", texture=froth, rough=0.12)
    outer = curve("3.2 0, 3.55 0.12, 3.9 0.6, 4.15 2.2, 4.2 5, 4.1 7.6, 4.15 9.2", 5)
    lip = curve("4.15 9.2, 4.08 9.38, 3.92 9.36, 3.85 9.1", 4)
    well = curve("3.85 9.1, 3.85 6, 3.8 2, 0 1.2", 4)
    handle = curve("3.9 0 7.9, 5.6 0 8.3, 6.8 0 7.2, 6.9 0 5.2, 6.0 0 3.2, 3.95 0 2.3", 6)
    path = handle[:, [0, 2, 1]]
    section = [(0.42 * np.cos(a), 0.72 * np.sin(a)) for a in np.linspace(0, 2 * np.pi, 17)[:-1]]
    grip = tube(
        path,
        np.interp(np.linspace(0, 1, len(path)), [0, 0.2, 0.8, 1], [1.25, 0.95, 0.95, 1.35]),
        section=section,
    )
    surface = grid(
        np.stack(
            [
                np.stack([r * np.sin(t), np.zeros_like(t), r * np.cos(t)], axis=1)
                for t in [np.linspace(-np.pi, np.pi, 65)]
                for r in (3.86, 0.0)
            ]
        )
    )
    flat = surface.points[..., [0, 2]] / 7.72 + 0.5
    surface = replace(surface, uvs=flat).moved(0, 8.95)
    saucer = lathe(
        curve("0 0, 3.6 0, 4.2 0.25, 7.2 1.05, 7.6 1.3, 7.5 1.42, 5 0.75, 4 0.5, 0 0.5", 4), 72
    )
    dough = picture(ramp(noise(256, 14, 1.2), "#a9692c", "#cf9450", "#e2b272"))
    crumb = Material("Biscuit", texture=dough, rough=0.9)
    chocolate = Material("Chocolate", "#3a1c0e", rough=0.35)
    biscuit, chips = _biscuit()
    lean, place = rotation("y", -8) @ rotation("x", 62), (-0.9, 2.5, 5.35)
    parts = [
        Part("Mug", stone, lathe(np.concatenate([[[0, 0]], outer]), 72)),
        Part("Mug", inside, lathe(np.concatenate([lip, well]), 72)),
        Part("Mug", stone, grip.with_uvs([0.15, 0.5], [0.4, 0.05])),
        Part("Coffee", coffee, surface),
        Part("Saucer", stone, saucer.with_uvs([1, 0.32], [0, 0.08]).moved(0, -0.5)),
        Part("Biscuit", crumb, biscuit.transformed(lean).moved(*place).box_mapped(0.2)),
        Part("Biscuit", chocolate, chips.transformed(lean).moved(*place)),
    ]
    return glb(parts, unit=0.01)


def _swirl(size: int) -> Array:
    x, y = mesh_of_pixels(size)
    dx, dy = x - 0.5, y - 0.5
    radius, turn = np.hypot(dx, dy), np.arctan2(dy, dx)
    rosette = 0.5 + 0.5 * np.sin(26 * radius + 3 * np.cos(turn) + 1.5)
    cream: Array = np.clip(rosette * np.clip(1.25 - 2.6 * radius, 0, 1), 0, 1) ** 0.8
    return cream


def _biscuit() -> tuple[Mesh, Mesh]:
    """The biscuit and its chocolate chips."""
    rng = np.random.default_rng(8)
    disc = lathe(curve("0 -0.4, 1.9 -0.4, 2.2 -0.1, 2.15 0.2, 1.7 0.42, 0 0.5", 4), 48)
    disc = disc.shaped(lambda p: p * (1 + 0.035 * waves(p, 3, 0.6))[:, None])
    chips = []
    for number in range(15):
        radius, turn = 1.85 * np.sqrt((number + 0.5) / 15), number * 2.4
        chip = chipped(icosphere(1, 2), number, 8).scaled(rng.uniform(0.2, 0.34))
        chips.append(chip.moved(radius * np.sin(turn), 0.4 - 0.05 * radius, radius * np.cos(turn)))
    return disc, merge(chips)


MODEL = DemoModel(
    "Stoneware Coffee Mug",
    "A studio-pottery mug whose turquoise glaze runs down over bare speckled clay, filled with "
    "coffee and served with a chocolate-chip biscuit. The glaze shines, the clay does not.",
    "Food",
    "Drinks",
    599,
    ("mug", "coffee", "ceramic", "kitchen"),
    "stoneware-coffee-mug.glb",
    mug,
)
