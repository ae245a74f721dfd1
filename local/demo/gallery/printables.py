"""Shapes for a 3D printer: a planetary gear set and a knot."""

import numpy as np

from local.demo.demo_model import DemoModel
from local.demo.mesh import Array, Mesh, merge
from local.demo.shapes import curve, cylinder, extrude, grid, tube
from local.demo.stl import stl

_MODULE, _SUN, _PLANET = 2.0, 16, 14
_RING = _SUN + 2 * _PLANET
_THICK = 12.0


def planetary_gears() -> bytes:
    """Sun, four planets and a ring with herringbone teeth on a flanged base; 140 mm wide."""
    sun = _gear(_teeth(_SUN, -0.12), 7, 9)
    arm = _MODULE * (_SUN + _PLANET) / 2
    parts = [sun, _ring(), _base(), _hexagon_shaft()]
    for number in range(4):
        planet = _gear(_teeth(_PLANET, -0.12), 5, -9 * _SUN / _PLANET)
        planet = planet.turned("y", 180 / _PLANET)  # a gap faces the sun's tooth
        parts.append(merge([planet, _pin()]).moved(0, 0, arm).turned("y", 90 * number))
    return stl("Planetary gear set, millimetres", merge(parts))


def _teeth(count: int, clearance: float) -> Array:
    """One outline in the plane, six points a tooth; the first tooth is at +y of it."""
    pitch = _MODULE * count / 2
    root, tip = pitch - 1.2 * _MODULE, pitch + 0.95 * _MODULE + clearance
    step = 2 * np.pi / count
    shape = [
        (-0.30, root),
        (-0.235, pitch - 0.5),
        (-0.11, tip),
        (0.11, tip),
        (0.235, pitch - 0.5),
        (0.30, root),
    ]
    points = [
        (radius * np.sin(step * (k + offset)), radius * np.cos(step * (k + offset)))
        for k in range(count) for offset, radius in shape
    ]  # fmt: skip
    return np.array(points)


def _gear(outline: Array, bore: float, twist: float) -> Mesh:
    """A herringbone body with a chamfer, a recess on top and a bore."""
    size = np.hypot(*outline.T)
    levels = [(0, 0.98), (0.08, 1), (0.5, 1), (0.92, 1), (1, 0.98)]
    rows = [
        _twisted(outline * shrink, t * _THICK, twist * (1 - abs(2 * t - 1))) for t, shrink in levels
    ]
    hub, web = size.min() * 0.86, size.min() * 0.8
    turn = np.arctan2(outline[:, 0], outline[:, 1])
    circle = np.stack([np.sin(turn), np.cos(turn)], axis=1)
    top = [
        _twisted(circle * r, y, 0)
        for r, y in (
            (hub, _THICK),
            (web, _THICK - 2),
            (bore + 4, _THICK - 2),
            (bore + 3.4, _THICK + 2),
            (bore, _THICK + 2),
            (bore, 0.0),
        )
    ]
    return grid(_closed([*rows, *top, rows[0]]), 35)


def _twisted(outline: Array, y: float, degrees: float) -> Array:
    angle = np.radians(degrees)
    x, z = outline.T
    return np.stack(
        [
            x * np.cos(angle) + z * np.sin(angle),
            np.full_like(x, y),
            z * np.cos(angle) - x * np.sin(angle),
        ],
        axis=1,
    )


def _closed(rows: list[Array]) -> Array:
    loops = np.stack(rows)
    return np.concatenate([loops, loops[:, :1]], axis=1)


def _ring() -> Mesh:
    """The annulus outside: teeth inside, a smooth wall outside."""
    teeth = _teeth(_RING, 0.0)
    radius = np.hypot(*teeth.T)
    pitch = _MODULE * _RING / 2
    teeth = teeth * ((2 * pitch - radius + 0.3) / radius)[:, None]
    turn = np.arctan2(teeth[:, 0], teeth[:, 1])
    wall = (pitch + 9) * np.stack([np.sin(turn), np.cos(turn)], axis=1)
    rows = [
        _twisted(teeth, t * _THICK, -9 * (1 - abs(2 * t - 1)) * _SUN / _RING)
        for t in (1, 0.92, 0.5, 0.08, 0)
    ]
    outside = [
        _twisted(wall * s, y, 0)
        for s, y in ((0.97, 0.0), (1, 1.5), (1, _THICK - 1.5), (0.97, _THICK))
    ]
    return grid(_closed([*rows, *outside, rows[0]]), 35)


def _base() -> Mesh:
    turn = np.linspace(0, 2 * np.pi, 121)[:-1]
    lobes = _MODULE * _RING / 2 + 13 + 2.5 * np.cos(8 * turn)
    plate = extrude(np.stack([lobes * np.cos(turn), lobes * np.sin(turn)], axis=1), 5, 1)
    return plate.turned("x", -90).moved(0, -3.5)


def _pin() -> Mesh:
    return cylinder(4.6, _THICK + 7, 32, 0.8).moved(0, -1)


def _hexagon_shaft() -> Mesh:
    turn = np.radians(np.arange(0, 360, 60))
    shaft = extrude(np.stack([6.6 * np.cos(turn), 6.6 * np.sin(turn)], axis=1), 34, 1)
    return shaft.turned("x", -90).moved(0, 14)


def knot() -> bytes:
    """A (3, 2) torus knot of a fluted ribbon, on a plinth; 120 mm tall."""
    t = np.linspace(0, 2 * np.pi, 271)
    radius = 32 + 13 * np.cos(3 * t)
    path = np.stack([radius * np.cos(2 * t), radius * np.sin(2 * t), 15 * np.sin(3 * t)], axis=1)
    around = np.linspace(0, 2 * np.pi, 48, endpoint=False)
    flute = 7.6 + 1.3 * np.cos(8 * around)
    section = np.stack([flute * np.cos(around), flute * np.sin(around)], axis=1)
    sculpture = tube(path, 1.0, section=section, closed=True, crease=60)
    turn = np.linspace(0, 2 * np.pi, 97)[:-1]
    foot = extrude(30 * np.stack([np.cos(turn), np.sin(turn)], axis=1), 10, 2).turned("x", -90)
    step = extrude(24 * np.stack([np.cos(turn), np.sin(turn)], axis=1), 8, 2).turned("x", -90)
    neck = tube(curve("0 8 0, 0 14 0, 0 22 0", 4), np.linspace(9, 5, 9), 32)
    return stl(
        "Torus knot, millimetres",
        merge([sculpture.moved(0, 68), foot.moved(0, 5), step.moved(0, 13), neck]),
    )


GEARS = DemoModel(
    "Planetary Gear Set",
    "A herringbone planetary gearbox with sun, four planets and ring on a lobed base, drawn in "
    "millimetres for a desktop printer. A fine desk toy and a better lesson.",
    "3D Printing",
    "Mechanical",
    0,
    ("gears", "mechanical", "printable", "engineering"),
    "planetary-gear-set.stl",
    planetary_gears,
)

KNOT = DemoModel(
    "Torus Knot Sculpture",
    "A fluted ribbon tied into a trefoil on a stepped plinth, 120 millimetres tall. Prints "
    "beautifully in a single colour and never looks the same from two sides.",
    "3D Printing",
    "Art",
    449,
    ("sculpture", "knot", "printable", "mathematics"),
    "torus-knot-sculpture.stl",
    knot,
)
