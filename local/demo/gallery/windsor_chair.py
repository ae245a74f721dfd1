"""A Windsor chair, as an OBJ with its textures."""

import numpy as np

from local.demo.demo_model import DemoModel
from local.demo.gltf import Material, Part
from local.demo.materials import timber
from local.demo.mesh import Array, Mesh, merge, unit, vectors
from local.demo.obj import obj_zip
from local.demo.shapes import curve, grid, lathe, tube
from local.demo.textures import picture, wood

_SEAT = 0.45
_LEG = (
    "0.012 0, 0.016 0.1, 0.014 0.24, 0.02 0.27, 0.014 0.3, 0.022 0.4, 0.026 0.5, 0.018 0.58, "
    "0.024 0.6, 0.018 0.63, 0.026 0.74, 0.024 0.85, 0.016 0.95, 0.014 1"
)


def windsor_chair() -> bytes:
    oak = timber("Oak", 3, "#7a441c", "#a9692f", "#cf9550", rings=6, rough=0.4)
    seat_wood = Material(
        "Elm seat",
        texture=picture(wood(512, 9, "#8a5226", "#b97a3d", "#dba868", rings=5)),
        rough=0.4,
    )
    return obj_zip(
        "windsor-chair",
        [
            Part("Seat", seat_wood, _seat()),
            Part("Legs", oak, _legs()),
            Part("Stretchers", oak, _stretchers()),
            Part("Bow", oak, _bow()),
            Part("Spindles", oak, _spindles()),
            Part("Arms", oak, _arms()),
        ],
    )


def _between(start: Array, end: Array, profile: str, thick: float = 1.0) -> Mesh:
    """A turned piece, its profile's height 0 to 1 laid from `start` to `end`."""
    line = curve(profile, 3)
    length = float(np.linalg.norm(end - start))
    mesh = lathe(np.stack([line[:, 0] * thick, line[:, 1] * length], axis=1), 18)
    up = unit(end - start)
    side = unit(np.cross(up, [0.01, 0.02, 1.0]))
    turn = np.stack([side, up, np.cross(side, up)], axis=1)
    return mesh.with_uvs([0.4, length]).transformed(turn).moved(*start)


def _seat() -> Mesh:
    """A saddled plank: a shield's outline, hollowed where one sits."""
    turn = np.linspace(-np.pi, np.pi, 73)
    wide = 0.235 + 0.02 * np.cos(turn)
    x = wide * np.sign(np.sin(turn)) * np.abs(np.sin(turn)) ** 0.75
    z = 0.225 * np.sign(np.cos(turn)) * np.abs(np.cos(turn)) ** 0.85
    rim = np.stack([x, z], axis=1)
    rows = []
    for size, y in (
        (0.0, -0.035),
        (0.5, -0.035),
        (0.93, -0.035),
        (0.985, -0.028),
        (1, -0.016),
        (1, -0.006),
        (0.985, 0.0),
        (0.95, 0.0),
        (0.85, 0.0),
        (0.7, 0.0),
        (0.5, 0.0),
        (0.3, 0.0),
        (0.12, 0),
        (0.0, 0.0),
    ):
        ring = rim * size
        hollow = -0.02 * np.clip(1 - size**2.5, 0, 1) if y == 0 else 0.0
        ridge = (
            0.012
            * np.exp(-((ring[:, 0] / 0.035) ** 2))
            * (ring[:, 1] > 0)
            * (y == 0)
            * (size > 0)
            * np.clip(ring[:, 1] / 0.12, 0, 1)
        )
        rows.append(np.stack([ring[:, 0], _SEAT + y + hollow + ridge, ring[:, 1]], axis=1))
    return grid(np.stack(rows), 50).box_mapped(2.2)


def _foot(x: float, z: float) -> tuple[Array, Array]:
    top = np.array([x * 0.155, _SEAT - 0.03, z * 0.145 - 0.005])
    return np.array([x * 0.225, 0, z * 0.215 - 0.01]), top


def _legs() -> Mesh:
    return merge(_between(*_foot(x, z), _LEG) for x in (-1, 1) for z in (-1, 1))


def _stretchers() -> Mesh:
    bulge = "0.008 0, 0.011 0.2, 0.017 0.5, 0.011 0.8, 0.008 1"

    def point(x: float, z: float) -> Array:
        low, high = _foot(x, z)
        return low + (high - low) * 0.42

    sides = [_between(point(x, -1), point(x, 1), bulge) for x in (-1, 1)]
    middles = [(point(x, -1) + point(x, 1)) / 2 for x in (-1, 1)]
    return merge([*sides, _between(middles[0], middles[1], bulge)])


def _bow_line() -> Array:
    return curve(
        "-0.185 0.44 -0.155, -0.205 0.6 -0.185, -0.215 0.78 -0.23, -0.185 0.92 -0.265, "
        "-0.1 0.995 -0.285, 0 1.015 -0.29, 0.1 0.995 -0.285, 0.185 0.92 -0.265, "
        "0.215 0.78 -0.23, 0.205 0.6 -0.185, 0.185 0.44 -0.155",
        5,
    )


def _bow() -> Mesh:
    return tube(_bow_line(), 0.0125, 16).with_uvs([0.3, 2])


def _spindles() -> Mesh:
    bow = _bow_line()
    top = bow[bow[:, 1] > 0.75]
    swell = "0.006 0, 0.0085 0.15, 0.0095 0.35, 0.0075 0.6, 0.006 0.8, 0.005 1"
    spindles = []
    for share in np.linspace(-1, 1, 9):
        place = np.interp(share * 0.175, top[:, 0], np.arange(len(top)))
        end = np.array([np.interp(place, np.arange(len(top)), top[:, i]) for i in range(3)])
        depth = -0.165 - 0.03 * (1 - share**2)
        spindles.append(_between(np.array([share * 0.15, _SEAT - 0.015, depth]), end, swell))
    return merge(spindles)


def _arms() -> Mesh:
    """A bent rail round the back at elbow height, on turned posts in front."""
    rail = curve(
        "-0.265 0.675 0.13, -0.275 0.68 0.02, -0.262 0.68 -0.1, -0.19 0.68 -0.195, "
        "-0.08 0.68 -0.233, 0 0.68 -0.24, 0.08 0.68 -0.233, 0.19 0.68 -0.195, 0.262 0.68 -0.1, "
        "0.275 0.68 0.02, 0.265 0.675 0.13",
        5,
    )
    width = np.interp(
        np.linspace(0, 1, len(rail)),
        [0, 0.06, 0.2, 0.5, 0.8, 0.94, 1],
        [1.5, 2.0, 1.2, 1.1, 1.2, 2.0, 1.5],
    )
    flat = vectors("1 0.3, 0.7 0.5, -0.7 0.5, -1 0.3, -1 -0.3, -0.7 -0.5, 0.7 -0.5, 1 -0.3")
    arm = tube(rail, width * 0.016, section=flat)
    post = "0.009 0, 0.013 0.15, 0.019 0.45, 0.012 0.62, 0.016 0.7, 0.011 0.8, 0.01 1"
    posts = [
        _between(np.array([x * 0.205, 0.43, z - 0.01]), np.array([x * 0.272, 0.675, z]), post)
        for x in (-1, 1)
        for z in (0.09, -0.02)
    ]
    return merge([arm.with_uvs([0.3, 2]), *posts])


MODEL = DemoModel(
    "Windsor Armchair",
    "A bow-back Windsor with turned legs, slender spindles and a saddled elm seat. Delivered "
    "as OBJ with wood textures, true to scale in metres.",
    "Furniture",
    "Seating",
    1399,
    ("chair", "windsor", "wood", "interior"),
    "windsor-armchair.zip",
    windsor_chair,
)
