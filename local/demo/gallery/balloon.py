"""A hot-air balloon with a striped envelope and a wicker basket."""

import numpy as np
from PIL import Image

from local.demo.demo_model import DemoModel
from local.demo.gltf import Material, Part, glb
from local.demo.mesh import Array, Mesh, around, merge, stretched
from local.demo.shapes import (
    box,
    cone,
    curve,
    lathe,
    sphere,
    torus,
    tube,
)
from local.demo.textures import (
    blend,
    brushed,
    mesh_of_pixels,
    noise,
    normal_map,
    picture,
    rgb,
    seams,
    weave,
)


def balloon() -> bytes:
    """A hot-air balloon with a striped envelope and a wicker basket."""
    stripes, cloth = _envelope_paint()
    silk = Material("Silk", texture=stripes, normal=cloth, rough=0.55, two_sided=True)
    profile = curve(
        "0.75 3.2, 1.25 4.1, 2.35 5.6, 3.05 7.2, 3.1 8.4, 2.55 9.8, 1.4 10.75, 0.02 11.05", 6
    )
    envelope = lathe(profile, 96).shaped(_pillowed, 60)
    wicker = _wicker()
    leather = Material("Leather", "#6b3519", rough=0.5)
    rope = Material("Rope", "#cbb58a", rough=0.9)
    steel = Material("Burner steel", "#9aa3ab", metal=1, rough=0.3)
    flame = Material("Flame", "#ffb347", rough=1, glow="#ff9a2e", glow_strength=3)
    basket = box(1.3, 0.95, 1.3, 0.16, 3).shaped(
        lambda p: p * (1 + 0.08 * p[:, 1:2] * np.array([1, 0, 1]))
    )
    lines = [
        tube([(0.6 * i, 0.95, 0.6 * k), (0.72 * i, 3.3, 0.72 * k)], 0.022, 8)
        for i in (-1, 1) for k in (-1, 1)
    ]  # fmt: skip
    return glb([
        Part("Envelope", silk, envelope),
        Part("Envelope", leather, torus(0.76, 0.05, 64, 10).moved(0, 3.2)),
        Part("Basket", wicker, basket.box_mapped(1.1).moved(0, 0.48)),
        Part("Basket", leather, tube(_rounded_square(0.66, 0.95), 0.075, 12, closed=True)),
        Part("Basket", leather, tube(_rounded_square(0.66, 0.06), 0.06, 12, closed=True)),
        Part("Ropes", rope, merge(lines)),
        Part("Ropes", rope, around(tube([(0.74, 3.22, 0), (1.27, 4.12, 0)], 0.012, 6), 24)),
        Part("Sandbags", Material("Canvas", "#b7773f", rough=0.9), _sandbags()),
        Part("Burner", steel, cone(0.22, 0.16, 0.3, 24, 0.02).moved(0, 2.15)),
        Part("Burner", steel, torus(0.3, 0.03).moved(0, 2.2)),
        Part("Burner", steel, around(tube([(0.3, 2.2, 0), (0.66, 2.35, 0)], 0.02, 8), 4, 45)),
        Part("Burner", flame, lathe(curve("0.12 2.45, 0.17 2.65, 0.09 3.0, 0.01 3.4", 5), 20)),
    ])  # fmt: skip


def _pillowed(points: Array) -> Array:
    """The cloth bulges between 16 tapes."""
    angle = np.arctan2(points[:, 0], points[:, 2])
    bulge = 1 + 0.045 * np.abs(np.sin(angle * 8))
    return stretched(points, bulge, 1, bulge)


def _envelope_paint() -> tuple[Image.Image, Image.Image]:
    size = 1024
    x, y = mesh_of_pixels(size)
    colours = ["#d8372f", "#f4a72c", "#f7ead0", "#1d7f8c"]
    gore = (x * 16).astype(int) % 4
    paint = np.stack([rgb(c) for c in colours])[gore]
    navy = ((y > 0.44) & (y < 0.60)) * 1.0
    paint = blend(paint, "#1c2f57", navy)
    u, v = (x * 16) % 1 - 0.5, (y - 0.52) * 14
    star = np.abs(u) + np.abs(v) < 0.42
    paint = blend(paint, "#f7c948", star)
    edge = ((np.abs(y - 0.44) < 0.006) | (np.abs(y - 0.60) < 0.006)) * 1.0
    paint = blend(paint, "#f7ead0", edge)
    folds = noise(size, 8, 1.8, (1, 4))
    tapes = seams(x * 16, 0.05)
    paint *= (0.85 + 0.15 * tapes)[..., None] * (0.9 + 0.16 * folds)[..., None]
    return picture(paint), normal_map(folds + seams(y * 24, 0.06) * 0.15, 6)


def _wicker() -> Material:
    height = weave(512, 16)
    shade = 0.45 + 0.6 * height + 0.15 * (brushed(512, 3) - 0.5)
    paint = picture(shade[..., None] * rgb("#c98f4e"))
    return Material("Wicker", texture=paint, normal=normal_map(height, 5), rough=0.8)


def _rounded_square(half: float, y: float) -> Array:
    turn = np.linspace(0, 2 * np.pi, 65)
    c, s = np.cos(turn), np.sin(turn)
    x, z = np.sign(c) * np.abs(c) ** 0.35, np.sign(s) * np.abs(s) ** 0.35
    return np.stack([half * x, np.full_like(x, y), half * z], axis=1)


def _sandbags() -> Mesh:
    bag = sphere(0.15, 20, 14).scaled(1, 1.35, 0.8)
    knot = cone(0.05, 0.07, 0.1, 12).moved(0, 0.18)
    one = merge([bag, knot]).moved(0, 0.52, 0.79)
    return around(merge([one.moved(-0.3), one.moved(0.3)]), 4)


MODEL = DemoModel(
    "Hot-Air Balloon",
    "A sixteen-gore balloon with pillowed silk, a woven wicker basket, sandbags and a burner "
    "whose flame really glows. Float it over any landscape that needs a bit of wonder.",
    "Vehicles",
    "Aircraft",
    1799,
    ("balloon", "aircraft", "travel", "wicker"),
    "hot-air-balloon.glb",
    balloon,
)
