"""A Viking shield on two crossed axes."""

from dataclasses import replace

import numpy as np

from local.demo.demo_model import DemoModel
from local.demo.gltf import Material, Part, glb
from local.demo.materials import timber
from local.demo.mesh import Mesh, around, merge
from local.demo.shapes import curve, extrude, lathe, sphere, torus, tube
from local.demo.textures import (
    blend,
    mesh_of_pixels,
    metal_rough,
    noise,
    normal_map,
    picture,
    planks,
    ramp,
)


def viking_shield() -> bytes:
    iron = _forged()
    ash = timber("Ash", 8, "#5a3518", "#8f5f30", "#b98549", rings=4)
    steel = Material("Honed steel", "#cdd2d6", metal=1, rough=0.22)
    leather = Material("Leather", "#4d2a17", rough=0.75)
    face = _disc(0.46, 0.035)
    parts = [
        Part("Shield", _painted(), face),
        Part("Shield", iron, _rim()),
        Part(
            "Shield",
            iron,
            lathe(
                curve(
                    "0.15 0.018, 0.15 0.026, 0.115 0.03, 0.108 0.045, 0.09 0.075, 0.05 0.1, "
                    "0.02 0.108, 0.012 0.125, 0 0.13",
                    5,
                ),
                56,
            ).turned("x", 90),
        ),
        Part(
            "Shield", iron, around(sphere(0.011, 14, 8).moved(0, 0.028, 0.133), 8).turned("x", 90)
        ),
        Part(
            "Shield", iron, around(sphere(0.012, 14, 8).moved(0, 0.03, 0.452), 24).turned("x", 90)
        ),
    ]
    for sign in (1, -1):
        for material, mesh in (
            (ash, _haft()),
            (iron, _axe_head()),
            (steel, _edge()),
            (leather, _wrap()),
        ):
            axe = (mesh if sign > 0 else mesh.mirrored()).turned("z", -42 * sign)
            parts.append(Part("Axes", material, axe.moved(0, 0, -0.06 - 0.035 * (sign < 0))))
    return glb([Part(p.name, p.material, p.mesh.moved(0, 0.5)) for p in parts])


def _painted() -> Material:
    size = 1024
    x, y = mesh_of_pixels(size)
    _, height = planks(size, 5, "#000000", "#ffffff", boards=8)
    grain, worn = noise(size, 6, 0.9, (1, 14)), noise(size, 7, 1.5)
    u, v = x - 0.5, 0.5 - y
    radius, turn = np.hypot(u, v), np.arctan2(v, u)
    swirl = ((turn / (2 * np.pi) * 8 + radius * 3.2) % 2) < 1
    paint = np.where(
        swirl[..., None], ramp(grain, "#7d1a18", "#a92a22"), ramp(grain, "#d8c79f", "#efe3c4")
    )
    paint = blend(paint, "#1c2430", (np.abs(radius - 0.395) < 0.022) | (radius < 0.2))
    knot = np.abs(radius - 0.395 - 0.012 * np.sin(turn * 32)) < 0.0045
    paint = blend(paint, "#d9ab4e", knot | (np.abs(radius - 0.2) < 0.006))
    bare = np.clip((0.6 * worn + 0.4 * grain - 0.68) * 14, 0, 1)
    paint = blend(paint, ramp(grain, "#6d4a2a", "#a67c4e"), bare)
    paint *= (0.4 + 0.6 * height)[..., None]
    bump = normal_map(height + 0.25 * grain, 5)
    return Material("Painted planks", texture=picture(paint), normal=bump, rough=0.62)


def _disc(radius: float, thick: float) -> Mesh:
    disc = lathe(
        curve(
            [(0, -thick / 2), (radius, -thick / 2), (radius, thick / 2), (0, thick / 2 + 0.01)], 1
        ),
        96,
    )
    mesh = disc.turned("x", 90)
    return replace(
        mesh, uvs=np.stack([mesh.points[..., 0], -mesh.points[..., 1]], axis=2) / (2 * radius) + 0.5
    )


def _rim() -> Mesh:
    profile = "0.44 -0.02, 0.472 -0.026, 0.479 -0.014, 0.479 0.014, 0.472 0.03, 0.436 0.026"
    return lathe(profile, 96, 40).turned("x", 90)


def _forged() -> Material:
    dents, grit = noise(512, 21, 1.6), noise(512, 22, 0.9)
    paint = ramp(0.6 * dents + 0.4 * grit, "#34322f", "#5d5b58", "#85827d")
    rough = metal_rough(0.95, 0.34 + 0.25 * grit, 512)
    return Material(
        "Forged iron", texture=picture(paint), metal_rough=rough, normal=normal_map(dents, 5)
    )


def _haft() -> Mesh:
    path = curve("0 -0.62 0, 0.006 -0.3 0, 0 0.1 0, -0.006 0.4 0, 0 0.62 0", 8)
    oval = [(1.25 * np.cos(a), 0.8 * np.sin(a)) for a in np.linspace(0, 2 * np.pi, 17)[:-1]]
    return tube(
        path,
        np.interp(np.linspace(0, 1, len(path)), [0, 0.05, 0.12, 1], [0.019, 0.023, 0.016, 0.0155]),
        section=oval,
    )


_HEAD = (
    "-0.03 0.49, 0.03 0.485, 0.07 0.46, 0.135 0.40, 0.15 0.47, 0.155 0.53, "
    "0.15 0.6, 0.14 0.65, 0.1 0.6, 0.06 0.575, 0.03 0.57, -0.03 0.565"
)


def _axe_head() -> Mesh:
    def wedge(points: np.ndarray) -> np.ndarray:
        thin = np.interp(points[:, 0], [-0.03, 0.03, 0.15], [1, 0.9, 0.22])
        return np.stack([points[:, 0], points[:, 1], points[:, 2] * thin], axis=1)

    return extrude(curve(_HEAD, 3, closed=True)[:-1], 0.055, 0.008).shaped(wedge, 30).box_mapped(3)


def _edge() -> Mesh:
    outline = curve(
        "0.128 0.405, 0.14 0.395, 0.158 0.44, 0.166 0.53, 0.158 0.62, 0.146 0.66, "
        "0.132 0.645, 0.142 0.53",
        4,
        closed=True,
    )[:-1]
    return extrude(outline, 0.013, 0.004)


def _wrap() -> Mesh:
    turns = np.linspace(0, 2 * np.pi * 9, 200)
    height = np.linspace(-0.56, -0.38, 200)
    path = np.stack([0.024 * np.cos(turns), height, 0.0165 * np.sin(turns)], axis=1)
    return merge([tube(path, 0.006, 8), torus(0.02, 0.004, 20, 8).moved(0, -0.6)])


MODEL = DemoModel(
    "Viking Shield and Axes",
    "A round shield of painted, weathered planks with a forged boss and studded rim, mounted "
    "over two crossed bearded axes. Take it off the wall: every part is separate.",
    "Props",
    "Weapons",
    1599,
    ("viking", "shield", "axe", "medieval", "weapon"),
    "viking-shield-and-axes.glb",
    viking_shield,
)
