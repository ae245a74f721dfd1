"""A lighthouse and its keeper's cottage on a rock in the sea."""

import numpy as np

from local.demo.demo_model import DemoModel
from local.demo.fields import rugged, waves
from local.demo.gltf import Material, Part, glb
from local.demo.materials import IRON, boards
from local.demo.mesh import Array, Mesh, around, merge
from local.demo.shapes import (
    box,
    cone,
    curve,
    cylinder,
    extrude,
    icosphere,
    lathe,
    sphere,
    torus,
    tube,
)
from local.demo.textures import blend, mesh_of_pixels, noise, normal_map, picture, ramp, rgb, seams

_TOWER = "1.35 0, 1.3 0.5, 1.12 2.6, 0.96 5.2, 0.86 7.2"


def lighthouse() -> bytes:
    white = Material("Whitewash", "#f3efe6", rough=0.7)
    red = Material("Red paint", "#b9241f", rough=0.35)
    lamp = Material("Lamp", "#fff1c4", glow="#ffd98a", glow_strength=5)
    glass = Material("Glass", "#cfe8f0", rough=0.05, alpha=0.28)
    slate = Material("Slate", "#39485a", rough=0.55)
    window = Material("Lit window", "#2b2415", rough=0.2, glow="#ffbf55", glow_strength=1.6)
    tower = lathe(curve(_TOWER, 8), 64)
    parts = [
        Part("Sea", _water(), _sea()),
        Part("Rock", _rock_face(), _rock()),
        Part("Tower", _stripes(), tower.moved(0, 1)),
        Part("Tower", white, lathe(curve("1.5 0.8, 1.5 1.05, 1.36 1.15", 3), 48)),
        Part("Gallery", IRON, lathe("0 8.1, 0.9 8.1, 1.3 8.3, 1.3 8.42, 0 8.42", 48)),
        Part("Gallery", red, _railing().moved(0, 8.42)),
        Part("Lantern", red, cylinder(0.72, 0.35, 12).moved(0, 8.42)),
        Part("Lantern", red, around(box(0.05, 1.1, 0.05).moved(0, 9.3, 0.68), 8)),
        Part("Lantern", lamp, sphere(0.3, 24, 16).scaled(1, 1.35, 1).moved(0, 9.3)),
        Part("Lantern", IRON, cylinder(0.12, 0.3).moved(0, 8.75)),
        Part(
            "Dome",
            red,
            lathe(
                curve("0.86 9.82, 0.88 9.9, 0.7 10.2, 0.4 10.45, 0.12 10.6, 0.1 10.75, 0 10.8", 5),
                40,
            ),
        ),
        Part(
            "Dome",
            IRON,
            merge([sphere(0.11).moved(0, 10.85), cone(0.03, 0.012, 0.8, 8).moved(0, 10.9)]),
        ),
        Part("Windows", window, _windows(0.0)),
        Part("Windows", white, _windows(0.05)),
        Part(
            "Door",
            boards("Door", 5, "#20434d", "#3d7884", count=4),
            _arch(0.5, 1.0, 0.12).moved(0, 0.95, 1.33),
        ),
        Part("Door", white, _arch(0.68, 1.1, 0.08).moved(0, 0.93, 1.3)),
        Part("Cottage", white, _walls()),
        Part("Cottage", slate, _roof()),
        Part("Cottage", red, box(0.3, 0.75, 0.3, 0.02).moved(2.85, 2.5, -0.35)),
        Part(
            "Cottage",
            window,
            merge([box(0.34, 0.36, 0.04).moved(x, 1.5, 0.51) for x in (1.8, 2.9)]),
        ),
        Part(
            "Cottage",
            boards("Green door", 6, "#2b4a32", "#4f7a55", count=4),
            box(0.4, 0.75, 0.05).moved(2.35, 1.32, 0.51),
        ),
        Part("Glazing", glass, lathe("0.66 8.75, 0.66 9.85", 12, 1)),
    ]
    return glb(parts)


def _stripes() -> Material:
    size = 1024
    x, y = mesh_of_pixels(size)
    turn = (y * 2.5 + x) % 1
    stain = noise(size, 3, 1.5, (1, 6))
    paint = blend(np.ones((size, size, 3)) * rgb("#f5f0e6"), "#c22a22", turn < 0.5)
    paint *= (0.84 + 0.22 * stain)[..., None]
    courses = np.minimum(seams(y * 40, 0.1), seams(x * 20 + 0.5 * ((y * 40).astype(int) % 2), 0.05))
    paint *= (0.88 + 0.12 * courses)[..., None]
    return Material(
        "Striped paint", texture=picture(paint), normal=normal_map(courses, 2), rough=0.5
    )


def _water() -> Material:
    swell = noise(512, 12, 1.7)
    paint = ramp(swell, "#0a3148", "#135870", "#2a8291")
    return Material("Sea", texture=picture(paint), normal=normal_map(swell, 3), rough=0.3)


def _sea() -> Mesh:
    sea = lathe(curve("0 -0.6, 5.1 -0.6, 5.3 -0.5, 5.3 -0.05, 5.15 0, 4 0, 3 0, 2 0, 0 0", 5), 96)
    return sea.shaped(
        lambda p: p + np.array([0, 0.05, 0]) * (waves(p, 8, 1.3) * (p[:, 1] > -0.1))[:, None]
    ).box_mapped(0.22)


def _rock_face() -> Material:
    grit, broad = noise(512, 14, 1.0), noise(512, 15, 1.8)
    paint = ramp(0.5 * grit + 0.5 * broad, "#4b453f", "#847a6d", "#b3a692")
    return Material("Rock", texture=picture(paint), normal=normal_map(grit, 7), rough=0.9)


def _rock() -> Mesh:
    island = rugged(icosphere(3.6, 4), 7, 0.33, 0.5, 30).scaled(1, 0.45, 0.8)

    def levelled(points: Array) -> Array:
        top = np.minimum(points[:, 1], 0.95 + 0.04 * points[:, 1])
        return np.stack([points[:, 0] + 0.7, top, points[:, 2]], axis=1)

    boulders = [
        rugged(icosphere(size, 3), seed, 0.2 * size, 1 / size).moved(0, 0, away).turned("y", turn)
        for seed, size, away, turn in (
            (1, 0.5, 3.4, 10), (2, 0.35, 4.2, 35), (3, 0.6, 3.3, 80), (4, 0.4, 3.5, 300),
            (5, 0.55, 3.1, 235), (6, 0.3, 4.1, 325), (7, 0.7, 3.6, 160),
        )
    ]  # fmt: skip
    return merge([island.shaped(levelled, 30), *boulders]).box_mapped(0.35)


def _railing() -> Mesh:
    posts = around(cylinder(0.02, 0.5, 8).moved(1.22), 20)
    rails = [torus(1.22, 0.022, 64, 8).moved(0, y) for y in (0.28, 0.5)]
    return merge([posts, *rails])


def _arch(width: float, height: float, depth: float) -> Mesh:
    turn = np.linspace(0, np.pi, 13)
    top = np.stack([width / 2 * np.cos(turn), height + width / 2 * np.sin(turn)], axis=1)
    return extrude(np.concatenate([[[-width / 2, 0], [width / 2, 0]], top]), depth, 0.02)


def _windows(frame: float) -> Mesh:
    """Round the tower on three floors; with a frame, a little larger and further in."""
    profile = curve(_TOWER, 8)
    places = ((3.2, 40), (5.0, 15), (6.6, 60), (3.2, 200), (5.0, 250))
    windows = []
    for height, turn in places:
        radius = float(np.interp(height - 1, profile[:, 1], profile[:, 0]))
        window = _arch(0.3 + 2 * frame, 0.42 + frame, 0.12).turned("x", -4)
        windows.append(window.moved(0, height - frame / 2, radius - frame * 0.5).turned("y", turn))
    return merge(windows)


def _walls() -> Mesh:
    gable = [(-0.5, 0), (0.5, 0), (0.5, 0.95), (0, 1.6), (-0.5, 0.95)]
    return extrude(gable, 1.9).turned("y", 90).moved(2.3, 0.9)


def _roof() -> Mesh:
    slope = box(2.15, 0.07, 0.95, 0.02)
    front = slope.turned("x", 52).moved(2.3, 2.22, 0.32)
    back = slope.turned("x", -52).moved(2.3, 2.22, -0.32)
    ridge = tube([(1.22, 2.56, 0), (3.38, 2.56, 0)], 0.07, 10)
    return merge([front, back, ridge])


MODEL = DemoModel(
    "Harbour Lighthouse",
    "A striped lighthouse with gallery, glazed lantern and keeper's cottage on a weathered "
    "rock, set in its own patch of sea. A complete diorama in one file.",
    "Architecture",
    "Buildings",
    2199,
    ("lighthouse", "sea", "harbour", "diorama"),
    "harbour-lighthouse.glb",
    lighthouse,
)
