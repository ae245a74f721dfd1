"""A racing car of the thirties, as an OBJ with its textures."""

import numpy as np
from PIL import Image

from local.demo.demo_model import DemoModel
from local.demo.gltf import Material, Part
from local.demo.mesh import Array, Mesh, around, merge
from local.demo.obj import obj_zip
from local.demo.shapes import (
    box,
    cone,
    curve,
    cylinder,
    extrude,
    grid,
    lathe,
    superellipsoid,
    torus,
    tube,
)
from local.demo.textures import blend, brushed, mesh_of_pixels, noise, picture, rgb, seams

_FRONT, _BACK, _TRACK = 1.35, -1.2, 0.78
_BODY = (  # z, half width, top, bottom
    "-2.1 0.03 0.62 0.56, -1.9 0.16 0.78 0.42, -1.5 0.31 0.94 0.32, -1.0 0.42 1.02 0.28, "
    "-0.5 0.46 0.98 0.27, 0.1 0.44 0.93 0.27, 0.8 0.39 0.90 0.28, 1.4 0.33 0.87 0.30, "
    "1.75 0.29 0.83 0.33, 1.86 0.25 0.79 0.37"
)


def racer() -> bytes:
    chrome = Material("Chrome", "#c9ccd0", rough=0.15, metal=1)
    rubber = Material("Tyre rubber", texture=_tread(), rough=0.8)
    dark = Material("Cockpit", "#1a1512", rough=0.9)
    leather = Material(
        "Tan leather",
        texture=picture(rgb("#9a5a2b") * (0.75 + 0.35 * noise(256, 7, 1.1))[..., None]),
        rough=0.6,
    )
    steel = Material(
        "Brushed steel",
        texture=picture(rgb("#8d9297") * (0.8 + 0.35 * brushed(256, 4))[..., None]),
        rough=0.35,
        metal=1,
    )
    glass = Material("Aero screen", "#9db8c2", rough=0.1)
    wheels = [(x, z) for z in (_FRONT, _BACK) for x in (_TRACK, -_TRACK)]
    tyre, wheel = _tyre(), _spokes()
    spokes = (wheel.mirrored(), wheel)
    parts = [
        Part("Body", Material("Racing paint", texture=_livery(), rough=0.2), _body()),
        Part("Grille", dark, _grille()),
        Part("Grille bars", chrome, _grille_bars()),
        Part("Cockpit", dark, superellipsoid(0.56, 0.2, 0.98, 0.9, 40, 16).moved(0, 0.965, -0.52)),
        Part("Cockpit trim", leather, _cockpit_trim()),
        Part("Seat", leather, _seat()),
        Part("Steering", dark, _steering(torus(0.15, 0.018, 36, 10))),
        Part("Steering spokes", chrome, _steering(around(tube("0 0 0, 0.15 0 0", 0.01, 8), 4))),
        Part("Screen", glass, _screen()),
        Part("Exhaust", steel, _exhaust()),
        Part("Straps", leather, merge([_strap(z) for z in (0.5, 1.25)])),
        Part("Filler caps", chrome, _filler_caps()),
        Part("Suspension", steel, _suspension()),
        Part("Tyres", rubber, merge(tyre.moved(x, 0.42, z) for x, z in wheels)),
        Part("Wheels", chrome, merge(spokes[x > 0].moved(x, 0.42, z) for x, z in wheels)),
    ]
    return obj_zip("scarlet-racer", parts)


def _livery() -> Image.Image:
    """Seen from the side: red, a cream belt, a white roundel with an 8, louvres and rivets."""
    size = 1024
    x, y = mesh_of_pixels(size)
    metal = (
        rgb("#b5161b") * (0.92 + 0.04 * brushed(size, 9) + 0.08 * noise(size, 2, 1.8))[..., None]
    )
    belt = np.abs(y - 0.60) < 0.06
    paint = blend(metal, "#f1e6cf", belt | (np.abs(y - 0.71) < 0.012))
    u, v = (x - 0.285) * 4.2, (y - 0.44) * 1.0
    roundel = np.hypot(u, v)
    paint = blend(paint, "#f6f2e6", np.clip((0.30 - roundel) * 90, 0, 1))
    paint = blend(paint, "#1b1c1f", np.clip((0.016 - np.abs(roundel - 0.3)) * 90, 0, 1))
    for centre, radius in ((-0.083, 0.075), (0.083, 0.09)):
        ring = np.abs(np.hypot(u, v - centre) - radius)
        paint = blend(paint, "#1b1c1f", np.clip((0.028 - ring) * 90, 0, 1))
    louvres = (x > 0.56) & (x < 0.78) & (np.abs(y - 0.40) < 0.09) & ((x * 60) % 1 < 0.45)
    paint = blend(paint, "#3a0a0c", louvres * 0.85)
    for seam in (0.5, 0.83):
        paint = blend(paint, "#5d0c10", np.abs(x - seam) < 0.0018)
    rivets = np.hypot(seams(x * 60, 0.5) - 0, (np.abs(y - 0.26) * 60)) < 0.32
    return picture(blend(paint, "#6d0f13", rivets * 0.8))


def _tread() -> Image.Image:
    x, y = mesh_of_pixels(256)
    groove = np.minimum(seams(x * 40 + 1.5 * np.abs(y * 4 % 1 - 0.5), 0.3), seams(y * 12, 0.2))
    return picture(rgb("#26262a") * (0.55 + 0.5 * groove)[..., None])


def _body() -> Mesh:
    z, half, top, bottom = curve(_BODY, 5).T
    turn = np.linspace(-np.pi, np.pi, 57)[None, :]
    x = half[:, None] * np.sign(np.sin(turn)) * np.abs(np.sin(turn)) ** 0.82
    middle, tall = (top + bottom)[:, None] / 2, (top - bottom)[:, None] / 2
    y = middle + tall * np.sign(np.cos(turn)) * np.abs(np.cos(turn)) ** 0.82
    rows = np.stack([x, y, np.broadcast_to(z[:, None], x.shape)], axis=2)[:, ::-1]
    u = np.broadcast_to(((z + 2.1) / 4.0)[:, None], x.shape)
    v = 0.5 - (y - middle) / (2.1 * tall.max())
    skin = grid(rows, 60, np.stack([u, v], axis=2))
    tail = lathe("0.12 0, 0.06 0.05, 0 0.06", 20).turned("x", -90).scaled(0.3, 0.5, 1)
    fin = extrude(
        curve("-1.05 0.98, -1.3 1.32, -1.75 1.1, -2.08 0.64, -1.6 0.8", 4, closed=True)[:-1],
        0.16,
        0.06,
    )
    fin = fin.turned("y", -90).with_uvs(0.05, [0.02, 0.1])
    return merge([skin, tail.with_uvs(0.02, 0.05).moved(0, 0.59, -2.09), fin])


def _ring_at(z: float, grow: float) -> Array:
    profile = curve(_BODY, 5)
    half, top, bottom = (float(np.interp(z, profile[:, 0], profile[:, i])) for i in (1, 2, 3))
    turn = np.linspace(0, 2 * np.pi, 57)
    x = (half + grow) * np.sign(np.sin(turn)) * np.abs(np.sin(turn)) ** 0.82
    y = (top + bottom) / 2 + ((top - bottom) / 2 + grow) * np.sign(np.cos(turn)) * np.abs(
        np.cos(turn)
    ) ** 0.82
    return np.stack([x, y, np.full(57, z)], axis=1)


def _grille() -> Mesh:
    ring = _ring_at(1.86, 0.0)
    middle = ring.mean(axis=0) + np.array([0, 0, 0.01])
    return grid(np.stack([ring, np.broadcast_to(middle, ring.shape)])[:, ::-1], 60)


def _grille_bars() -> Mesh:
    rim = tube(_ring_at(1.865, 0.0), 0.035, 12, closed=True)
    bars = [
        tube([(x, 0.58 - h, 1.885), (x, 0.58 + h, 1.885)], 0.011, 8)
        for x in np.linspace(-0.2, 0.2, 9)
        for h in [0.19 * np.sqrt(1 - (x / 0.26) ** 2)]
    ]
    return merge([rim, *bars])


def _oval(wide: float, long: float) -> Array:
    turn = np.linspace(0, 2 * np.pi, 49)
    return np.stack([wide * np.sin(turn), 0.03 * np.cos(2 * turn), long * np.cos(turn)], axis=1)


def _cockpit_trim() -> Mesh:
    return tube(_oval(0.3, 0.5), 0.04, 12, closed=True).moved(0, 1.0, -0.52)


def _seat() -> Mesh:
    return superellipsoid(0.44, 0.4, 0.2, 0.6, 32, 20).turned("x", -14).moved(0, 1.12, -0.93)


def _steering(mesh: Mesh) -> Mesh:
    return mesh.turned("x", 66).moved(0, 1.13, -0.28)


def _filler_caps() -> Mesh:
    tank = cone(0.075, 0.06, 0.07, 28, 0.015).moved(0, 1.0, -1.3)
    return merge([tank, cone(0.05, 0.04, 0.05, 24, 0.01).moved(0, 0.86, 1.66)])


def _screen() -> Mesh:
    turn = np.linspace(-1.25, 1.25, 21)
    low = np.stack([0.33 * np.sin(turn), 0.98 + turn * 0, -0.25 + 0.3 * np.cos(turn)], axis=1)
    high = low + np.stack([turn * 0, 0.2 * np.cos(turn * 0.9), -0.12 + turn * 0], axis=1)
    sheet = grid(np.stack([low, high]), 60)
    return merge([sheet, sheet.inside_out().moved(0, 0, -0.008)])


def _exhaust() -> Mesh:
    pipe = curve(
        "0.47 0.56 0.95, 0.56 0.5 0.6, 0.57 0.46 0, 0.56 0.46 -1, 0.58 0.48 -1.7, 0.62 0.5 -2.05", 8
    )
    stubs = [
        tube(curve(f"0.36 0.68 {z}, 0.5 0.66 {z - 0.03}, 0.565 0.5 {z - 0.14}", 5), 0.032, 12)
        for z in (1.0, 0.8, 0.6, 0.4)
    ]
    return merge([tube(pipe, 0.055, 18).with_uvs([0.3, 2]), *stubs])


def _strap(z: float) -> Mesh:
    line = _ring_at(z, 0.006)
    over = line[(line[:, 1] > 0.5)]
    over = over[np.argsort(np.arctan2(over[:, 0], over[:, 1] - 0.5))]
    return tube(
        over, 1, section=[(0.012, 0.035), (-0.012, 0.035), (-0.012, -0.035), (0.012, -0.035)]
    )


def _suspension() -> Mesh:
    parts = [tube([(-_TRACK, 0.42, z), (_TRACK, 0.42, z)], 0.04, 14) for z in (_FRONT, _BACK)]
    for z in (_FRONT, _BACK):
        for side in (-1, 1):
            parts.append(
                tube(
                    curve(
                        [
                            (side * 0.3, 0.36, z - 0.5),
                            (side * 0.5, 0.3, z),
                            (side * 0.3, 0.36, z + 0.4),
                        ],
                        6,
                    ),
                    0.022,
                    8,
                )
            )
            parts.append(cylinder(0.075, 0.08, 20, 0.015).turned("z", 90).moved(side * 0.6, 0.5, z))
    return merge([*parts, box(0.5, 0.06, 0.06, 0.02).moved(0, 0.36, _FRONT)])


def _tyre() -> Mesh:
    profile = (
        "0.29 -0.085, 0.34 -0.105, 0.39 -0.1, 0.42 -0.06, 0.425 0, 0.42 0.06, "
        "0.39 0.1, 0.34 0.105, 0.29 0.085"
    )
    return lathe(curve(profile, 3), 64).with_uvs([3, 1]).turned("z", -90)


def _spokes() -> Mesh:
    rim = lathe("0.3 -0.085, 0.27 -0.08, 0.265 0, 0.27 0.08, 0.3 0.085", 56, 40)
    both = merge([rim, rim.inside_out()])
    hub = lathe(curve("0 -0.1, 0.06 -0.1, 0.07 0, 0.06 0.11, 0.045 0.14, 0 0.15", 3), 28)
    wires = [
        around(tube([(0.06, y, 0.0), (0.27, -y * 0.4, 0.05 * s)], 0.0055, 5), 20, 9 * k)
        for k, (y, s) in enumerate(((0.09, 1), (0.09, -1), (-0.06, 1)))
    ]
    knock_off = merge([box(0.2, 0.025, 0.05, 0.01).moved(0, 0.14)])
    return merge([both, hub, *wires, knock_off]).turned("z", -90)


MODEL = DemoModel(
    "Scarlet Grand Prix Racer",
    "A thirties racing car with wire wheels, leather bonnet straps, side exhausts and a proud "
    "number eight. Delivered as OBJ with painted PNG textures that are easy to repaint.",
    "Vehicles",
    "Cars",
    3499,
    ("car", "racing", "vintage", "grand prix"),
    "scarlet-racer.zip",
    racer,
)
