"""A retro rocket of about six metres on three fins."""

import numpy as np
from PIL import Image

from local.demo.demo_model import DemoModel
from local.demo.gltf import Material, Part, glb
from local.demo.mesh import Array, Mesh, around, merge
from local.demo.shapes import (
    cone,
    curve,
    extrude,
    lathe,
    sphere,
    torus,
)
from local.demo.textures import (
    blend,
    mesh_of_pixels,
    metal_rough,
    noise,
    normal_map,
    picture,
    rgb,
    seams,
)


def rocket() -> bytes:
    """A retro rocket of about six metres on three fins."""
    hull = curve(
        "0.62 0.75, 0.86 1.3, 1.05 2.2, 1.02 3.3, 0.78 4.5, 0.42 5.5, 0.1 6.15",
        6,
    )
    paint, height, rough = _hull_paint()
    skin = Material(
        "Painted hull", texture=paint, normal=height, metal_rough=metal_rough(0.0, rough, 1024)
    )
    coral = Material("Coral paint", "#e2492f", rough=0.28)
    brass = Material("Brass", "#e6b65a", metal=1, rough=0.28)
    steel = Material("Steel", "#6d747c", metal=1, rough=0.38)
    glass = Material("Porthole", "#123247", rough=0.08, glow="#5cc9e8", glow_strength=1.4)
    parts = [
        Part("Hull", skin, lathe(hull, 72)),
        Part("Nose", brass, lathe(curve("0.11 6.13, 0.1 6.2, 0.03 6.32", 4), 24)),
        Part(
            "Nose",
            brass,
            merge([cone(0.018, 0.01, 0.5, 12), sphere(0.055).moved(0, 0.5)]).moved(0, 6.28),
        ),
        Part("Fins", coral, around(_fin(), 3)),
        Part("Fins", brass, around(_fin_foot(), 3)),
        Part(
            "Engine",
            steel,
            lathe(curve("0.3 0.9, 0.42 0.6, 0.62 0.32, 0.56 0.32, 0.36 0.62, 0 0.85", 5)[::1], 40),
        ),
        Part("Engine", brass, torus(0.62, 0.06, 48, 12).moved(0, 0.78)),
    ]
    for y, size in ((3.6, 0.3), (2.55, 0.24)):
        radius = float(np.interp(y, hull[:, 1], hull[:, 0]))
        rim = (
            torus(size, 0.07, 36, 12)
            .turned("x", 90 - (8 if y > 3 else 0))
            .moved(0, y, radius - 0.02)
        )
        pane = sphere(size).scaled(1, 1, 0.35).moved(0, y, radius - 0.06)
        rivets = around(sphere(0.022, 8, 6).moved(0, 0.06, size + 0.005), 12)
        rivets = rivets.turned("x", 90).moved(0, y, radius)
        parts += [
            Part("Portholes", brass, rim.turned("y", 35)),
            Part("Portholes", glass, pane.turned("y", 35)),
            Part("Portholes", brass, rivets.turned("y", 35)),
        ]
    return glb(parts)


def _fin() -> Mesh:
    outline = curve(
        "0.75 2.3, 0.62 1.5, 0.55 0.95, 0.95 0.85, 1.38 0.5, 1.52 0.06, 1.8 0.06, 1.86 0.9, "
        "1.45 1.75, 1.0 2.35",
        4,
        closed=True,
    )[:-1]
    return extrude(outline, 0.16, 0.05)


def _fin_foot() -> Mesh:
    return lathe(curve("0.0 0, 0.2 0.0, 0.2 0.06, 0.1 0.12, 0.06 0.3", 3), 24).moved(1.66)


def _hull_paint() -> tuple[Image.Image, Image.Image, Array]:
    size = 1024
    x, y = mesh_of_pixels(size)
    cream = np.ones((size, size, 3)) * rgb("#f3e7cd")
    colours = blend(cream, "#e2492f", (y < 0.27))
    colours = blend(colours, "#1f6f78", ((y > 0.735) & (y < 0.80)))
    colours = blend(
        colours, "#f0b23c", ((np.abs(y - 0.815) < 0.008) | (np.abs(y - 0.28) < 0.008)) * 1.0
    )
    check = ((x * 16).astype(int) + (y * 32).astype(int)) % 2
    colours = blend(colours, "#2a3440", ((y > 0.84) & (check == 1)))
    seam = np.minimum(seams(x * 8, 0.012), seams(y * 8, 0.012))
    rivet = _rivets(x, y)
    grime = noise(size, 5, 1.9)
    colours *= (0.72 + 0.28 * seam)[..., None] * (0.9 + 0.14 * grime)[..., None]
    return picture(colours), normal_map(seam * 0.6 + rivet * 0.5, 3), 0.25 + 0.25 * grime


def _rivets(x: Array, y: Array) -> Array:
    u, v = x * 128 % 1 - 0.5, (y * 8 % 1)
    near = np.minimum(np.abs(v - 0.04), np.abs(v - 0.96)) * 16
    bumps: Array = np.clip(1.2 - 3.2 * np.hypot(u, near), 0, 1)
    return bumps


MODEL = DemoModel(
    "Moonshot Rocket",
    "A retro rocket in cream and coral with brass portholes, riveted panels and three swept "
    "fins. It stands on its own feet and looks good on a launch pad, a desk or a title screen.",
    "Vehicles",
    "Spacecraft",
    1499,
    ("rocket", "retro", "space", "stylised"),
    "moonshot-rocket.glb",
    rocket,
)
