"""A storm lantern, lit."""

import numpy as np

from local.demo.demo_model import DemoModel
from local.demo.gltf import Material, Part, glb
from local.demo.materials import BRASS, STEEL
from local.demo.mesh import Mesh, around, merge
from local.demo.shapes import box, cone, curve, cylinder, lathe, sphere, torus, tube
from local.demo.textures import blend, metal_rough, noise, normal_map, picture, rgb


def lantern() -> bytes:
    """Measured in centimetres."""
    enamel = _enamel()
    glass = Material("Glass", "#fff1d6", rough=0.04, alpha=0.22)
    flame = Material("Flame", "#ffc45e", glow="#ff9d2e", glow_strength=6)
    core = Material("Flame core", "#fff2c4", glow="#ffe39a", glow_strength=8)
    tank = "0 0, 6.6 0, 7.2 0.3, 7.3 1.0, 7.3 3.2, 7.0 4.1, 5.6 5.0, 3.6 5.4, 3.3 5.8, 3.3 6.4"
    globe = "3.2 8.0, 4.6 9.6, 5.3 12.0, 5.0 14.6, 3.9 17.2, 3.5 18.6"
    parts = [
        Part("Tank", enamel, lathe(curve(tank, 4), 64, 30)),
        Part(
            "Tank",
            BRASS,
            merge(
                [
                    torus(7.28, 0.16, 72, 8).moved(0, 1.15),
                    cylinder(1.1, 0.8, 24, 0.15).moved(4.6, 4.8),
                    around(box(0.12, 0.55, 0.16).moved(0, 5.2, 1.1), 18).moved(4.6),
                ]
            ),
        ),
        Part(
            "Burner",
            BRASS,
            lathe(
                curve("3.3 6.3, 3.6 6.6, 3.8 7.4, 3.5 8.0, 2.2 8.3, 1.2 9.0, 0.9 9.4, 0 9.4", 4), 48
            ),
        ),
        Part(
            "Burner",
            BRASS,
            merge(
                [
                    cylinder(0.14, 4.2, 12).turned("z", -90).moved(3.0, 7.0),
                    cylinder(0.75, 0.3, 20, 0.08).turned("z", -90).moved(7.0, 7.0),
                ]
            ),
        ),
        Part(
            "Flame",
            flame,
            lathe(curve("0 9.3, 0.8 9.8, 1.15 10.9, 0.8 12.4, 0.3 13.8, 0 14.6", 6), 28).scaled(
                1, 1, 0.75
            ),
        ),
        Part(
            "Flame",
            core,
            lathe(curve("0 9.3, 0.5 9.8, 0.65 10.6, 0.4 11.5, 0 12.2", 5), 20)
            .scaled(1, 1, 0.85)
            .moved(0, 0, 0.2),
        ),
        Part("Globe", glass, lathe(curve(globe, 6), 56)),
        Part("Guard", STEEL, merge([*_guard(), torus(3.6, 0.2, 48, 8).moved(0, 8.05)])),
        Part("Frame", enamel, merge([_side_tube(), _side_tube().mirrored()])),
        Part(
            "Hood",
            enamel,
            lathe(
                curve(
                    "3.7 18.4, 4.5 18.6, 4.6 19.0, 3.9 19.6, 3.0 21.0, 2.8 22.4, 3.3 22.7, "
                    "3.4 23.0, 2.4 23.8, 1.0 24.4, 0 24.6",
                    4,
                ),
                56,
                30,
            ),
        ),
        Part(
            "Hood",
            BRASS,
            merge(
                [
                    torus(0.75, 0.14, 28, 10).turned("x", 90).moved(0, 25.3),
                    torus(4.55, 0.14, 56, 8).moved(0, 18.8),
                ]
            ),
        ),
        Part(
            "Hood",
            Material("Vents", "#15110f", rough=0.9),
            around(box(0.5, 1.0, 0.15).moved(0, 21.6, 2.92), 12),
        ),
        Part("Handle", STEEL, _handle()),
        Part("Handle", Material("Grip", "#7a4526", rough=0.6), _grip()),
    ]
    return glb(parts, unit=0.01)


def _enamel() -> Material:
    size = 512
    worn, speck = noise(size, 12, 1.5), noise(size, 13, 0.9)
    chips = np.clip((0.65 * worn + 0.35 * speck - 0.735) * 25, 0, 1)
    rust = rgb("#5b3a28") * (0.7 + 0.6 * speck)[..., None]
    paint = blend(
        np.ones((size, size, 3)) * rgb("#a8231c") * (0.86 + 0.2 * worn)[..., None], rust, chips
    )
    surface = metal_rough(0.4 * chips, 0.28 + 0.5 * chips, size)
    return Material(
        "Red enamel", texture=picture(paint), metal_rough=surface, normal=normal_map(1 - chips, 2)
    )


def _guard() -> list[Mesh]:
    bars = []
    for height, radius in ((11.0, 5.55), (14.2, 5.5)):
        bars.append(torus(radius, 0.1, 64, 8).moved(0, height))
    curve_out = curve("0 8.0 3.6, 0 9.8 5.1, 0 12.2 5.75, 0 14.8 5.4, 0 17.0 4.4, 0 18.6 3.9", 5)
    return [*bars, around(tube(curve_out, 0.09, 8), 4, 45)]


def _side_tube() -> Mesh:
    """From the tank up the side to the hood."""
    path = curve(
        "5.4 4.6 0, 7.6 5.6 0, 8.3 8 0, 8.2 13 0, 7.9 17 0, 6.8 19.6 0, 4.6 20.8 0, 2.6 21.0 0", 7
    )
    clamp = merge(
        [cone(0.95, 0.85, 0.7, 20, 0.12).moved(8.28, 8.4), sphere(0.35).moved(7.8, 17.6, 0.6)]
    )
    return merge([tube(path, 0.72, 20).with_uvs([0.3, 2]), clamp])


def _handle() -> Mesh:
    turn = np.linspace(-0.12, np.pi + 0.12, 41)
    arch = np.stack([8.3 * np.cos(turn), 17.4 + 13.5 * np.sin(turn), -3.2 * np.sin(turn)], axis=1)
    eyes = [torus(0.5, 0.14, 20, 8).turned("z", 90).moved(8.2 * s, 16.0) for s in (-1, 1)]
    return merge([tube(arch, 0.15, 10), *eyes])


def _grip() -> Mesh:
    turn = np.linspace(np.pi / 2 - 0.3, np.pi / 2 + 0.3, 13)
    arch = np.stack([8.3 * np.cos(turn), 17.4 + 13.5 * np.sin(turn), -3.2 * np.sin(turn)], axis=1)
    return tube(
        arch, np.interp(np.linspace(0, 1, 13), [0, 0.15, 0.85, 1], [0.4, 0.62, 0.62, 0.4]), 18
    )


MODEL = DemoModel(
    "Storm Lantern",
    "A red enamelled storm lantern with chipped paint, a wire guard and real glass around a "
    "burning flame. Hang it from its handle or leave it on a doorstep.",
    "Props",
    "Lighting",
    1099,
    ("lantern", "lamp", "glass", "rustic", "light"),
    "storm-lantern.glb",
    lantern,
)
