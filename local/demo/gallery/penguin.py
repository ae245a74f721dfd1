"""A penguin in a knitted hat and scarf, on an ice floe."""

import numpy as np
from PIL import Image

from local.demo.demo_model import DemoModel
from local.demo.fields import chipped, waves
from local.demo.gltf import Material, Part, glb
from local.demo.mesh import Array, Mesh, merge
from local.demo.shapes import cone, curve, icosphere, lathe, sphere, superellipsoid, torus, tube
from local.demo.textures import blend, mesh_of_pixels, noise, normal_map, picture, ramp, rgb

_PROFILE = (
    "0 0.02, 1.2 0.05, 1.95 0.5, 2.3 1.5, 2.2 2.8, 1.75 3.9, 1.5 4.5, 1.62 5.2, "
    "1.5 6.0, 0.95 6.65, 0 6.85"
)


def penguin() -> bytes:
    """Measured in decimetres."""
    orange = Material("Beak", "#f28a1c", rough=0.35)
    black = Material("Eyes", "#0d0d10", rough=0.05)
    white = Material("Eye light", "#ffffff", glow="#bbbbbb")
    wool, stripes = (
        _knit("Red wool", "#c8302c", "#c8302c"),
        _knit("Striped wool", "#c8302c", "#f4ead6"),
    )
    wing = Material("Wing", texture=_plumage("#1d2733", "#33475c", 5), rough=0.6)
    parts = [
        Part("Body", _coat(), lathe(curve(_PROFILE, 8), 96).scaled(1, 1, 0.92)),
        Part("Wings", wing, merge([_wing(), _wing().mirrored()])),
        Part("Beak", orange, _beak()),
        Part("Feet", orange, merge([_foot(), _foot().mirrored()])),
        Part("Eyes", black, merge([_eye(0.25, 0), _eye(0.25, 0).mirrored()])),
        Part("Eyes", white, merge([_eye(0.08, 0.1), _eye(0.08, 0.1).moved(-1.02)])),
        Part("Scarf", stripes, _scarf()),
        Part(
            "Hat",
            stripes,
            lathe(curve("1.58 6.1, 1.6 6.45, 1.45 7.0, 0.95 7.55, 0.3 7.8, 0 7.83", 6), 64)
            .scaled(1, 1, 0.95)
            .with_uvs([10, 4]),
        ),
        Part(
            "Hat",
            wool,
            torus(1.5, 0.27, 64, 16).scaled(1, 1.25, 0.95).moved(0, 6.15).with_uvs([20, 2]),
        ),
        Part(
            "Hat", Material("Pompom", texture=_plumage("#e8dcc2", "#fffaf0", 9), rough=1), _pompom()
        ),
        Part("Floe", _ice(), _floe()),
    ]
    return glb(
        [
            Part(p.name, p.material, p.mesh.turned("y", 14) if p.name != "Floe" else p.mesh)
            for p in parts
        ],
        unit=0.1,
    )


def _plumage(dark: str, light: str, seed: int) -> Image.Image:
    return picture(ramp(noise(256, seed, 0.9, (1, 4)), dark, light))


def _coat() -> Material:
    """Dark back and head, white belly and face, a golden cheek; u = 0.5 is the front."""
    size = 1024
    x, y = mesh_of_pixels(size)
    down, fray = noise(size, 3, 0.8, (1, 4)), noise(size, 4, 1.4)
    u, h = (x - 0.5) * 2 * np.pi, 1 - y
    soft = 0.05 * (fray - 0.5)
    belly = np.hypot(u / 1.12, (h - 0.36) / 0.30) + soft
    face = (
        np.minimum(
            np.hypot((u - 0.45) / 0.5, (h - 0.755) / 0.075),
            np.hypot((u + 0.45) / 0.5, (h - 0.755) / 0.075),
        )
        + soft
    )
    white = np.clip((1 - np.minimum(belly, face)) * 30, 0, 1)
    gold = np.exp(-(((np.abs(u) - 1.0) / 0.28) ** 2) - ((h - 0.655) / 0.04) ** 2)
    paint = ramp(down, "#141b25", "#27384b", "#3d5268")
    paint = blend(paint, ramp(down, "#dfe3e4", "#fbfbf7"), white)
    paint = blend(paint, "#f6b73c", np.clip(gold * 1.3 - 0.15, 0, 1))
    return Material("Coat", texture=picture(paint), normal=normal_map(down[::2, ::2], 2), rough=0.6)


def _knit(name: str, colour: str, other: str) -> Material:
    x, y = mesh_of_pixels(512)
    stitch = np.abs(np.sin(np.pi * (y * 16 + 1.2 * np.abs((x * 8) % 1 - 0.5)))) ** 0.7
    rib = np.abs(np.sin(np.pi * x * 8)) ** 0.5
    height = 0.6 * stitch + 0.4 * rib
    base = np.where(((y * 2).astype(int) % 2 == 0)[..., None], rgb(colour), rgb(other))
    paint = base * (0.6 + 0.42 * height)[..., None]
    return Material(name, texture=picture(paint), normal=normal_map(height, 8), rough=0.95)


def _wing() -> Mesh:
    wing = superellipsoid(0.5, 3.0, 1.5, 0.9, 32, 24).moved(0, -1.4)

    def shape(points: Array) -> Array:
        down = np.clip(-points[:, 1] / 3, 0, 1)
        return np.stack(
            [
                points[:, 0] * (1 - 0.5 * down) + 0.7 * down**2,
                points[:, 1],
                points[:, 2] * (1 - 0.35 * down) - 0.5 * down,
            ],
            axis=1,
        )

    return wing.shaped(shape).turned("z", 26).turned("x", -8).moved(1.75, 4.15, 0.05)


def _beak() -> Mesh:
    upper = (
        cone(0.42, 0.04, 1.0, 28)
        .scaled(1, 1, 0.62)
        .shaped(lambda p: p + np.stack([p[:, 0] * 0, p[:, 1] * 0, 0.22 * p[:, 1] ** 2], axis=1))
    )
    return upper.turned("x", 92).moved(0, 5.22, 1.3)


def _eye(size: float, forward: float) -> Mesh:
    return sphere(size, 24, 16).moved(0.52 + forward * 0.6, 5.48 + forward, 1.32 + forward * 1.6)


def _foot() -> Mesh:
    toes = [
        tube(
            curve([(0, 0.22, 0), (0, 0.2, 0.5), (0, 0.12, 1.0)], 5),
            np.array([0.2, 0.21, 0.22, 0.22, 0.22, 0.22, 0.21, 0.19, 0.16, 0.1, 0.03]),
            14,
        ).turned("y", turn)
        for turn in (-24, 0, 24)
    ]
    pad = superellipsoid(0.75, 0.3, 0.9, 0.9, 24, 12).moved(0, 0.15, 0.25)
    return merge([pad, *toes]).turned("y", 14).moved(0.85, 0.0, 1.35)


def _scarf() -> Mesh:
    turn = np.linspace(0, 2 * np.pi, 97)
    ring = np.stack(
        [1.66 * np.sin(turn), 4.42 + 0.06 * np.cos(turn * 2), 1.54 * np.cos(turn)], axis=1
    )
    oval = [(0.36 * np.cos(a), 0.24 * np.sin(a)) for a in np.linspace(0, 2 * np.pi, 25)[:-1]]
    loop = tube(ring, 1.0, closed=True, section=[(a, b) for b, a in oval]).with_uvs([2, 18])
    flat = [
        (0.14 * np.cos(a), 0.48 * np.sign(np.sin(a)) * np.abs(np.sin(a)) ** 0.5)
        for a in np.linspace(0, 2 * np.pi, 25)[:-1]
    ]
    tail = tube(
        curve("0.75 4.45 1.55, 0.95 3.9 1.95, 1.05 3.1 2.2, 1.0 2.3 2.3", 8),
        1.0,
        section=[(b, a) for a, b in flat],
    )
    knot = superellipsoid(0.75, 0.7, 0.5, 0.8, 24, 16).moved(0.75, 4.4, 1.55)
    fringe = [
        tube(
            [(0.62 + 0.13 * k, 2.32, 2.3), (0.6 + 0.14 * k, 1.95, 2.36)],
            np.array([0.055, 0.035]),
            8,
        )
        for k in range(7)
    ]
    return merge([loop, knot.with_uvs([4, 2]), tail.with_uvs([4, 8]), *fringe])


def _pompom() -> Mesh:
    ball = icosphere(0.62, 4)
    return ball.shaped(lambda p: p * (1 + 0.07 * waves(p, 3, 5, 3))[:, None], 60).moved(0, 8.1)


def _ice() -> Material:
    crack, cloud = noise(512, 33, 1.4), noise(512, 34, 1.9)
    paint = ramp(0.5 * crack + 0.5 * cloud, "#8fc7de", "#c5e6f0", "#f4fbfd")
    return Material("Ice", texture=picture(paint), normal=normal_map(crack, 5), rough=0.25)


def _floe() -> Mesh:
    slab = chipped(icosphere(1, 4), 21, 18, (0.8, 0.9)).scaled(4.6, 1.4, 4.2)
    slab = slab.shaped(lambda p: np.clip(p, [-9, -1.0, -9], [9, 0, 9]), 14)
    return slab.box_mapped(0.15)


MODEL = DemoModel(
    "Winter Penguin",
    "A round-bellied penguin in a hand-knitted hat and scarf, standing on a small ice floe. "
    "Cheerful enough for a greeting card, tidy enough for a game.",
    "Characters",
    "Animals",
    1299,
    ("penguin", "animal", "winter", "cute", "mascot"),
    "winter-penguin.glb",
    penguin,
)
