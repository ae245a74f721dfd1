"""A wooden sailing boat on a display stand."""

import numpy as np

from local.demo.demo_model import DemoModel
from local.demo.gltf import Material, Part, glb
from local.demo.materials import BRASS, boards, timber
from local.demo.mesh import Array, Mesh, merge
from local.demo.shapes import box, cone, curve, cylinder, extrude, grid, sphere, torus, tube
from local.demo.textures import mesh_of_pixels, noise, normal_map, picture, rgb, seams


def sailboat() -> bytes:
    """Measured in decimetres: the hull is 60 cm long, its bow towards +x."""
    mahogany = timber("Mahogany", 2, "#4a1a0c", "#7d3418", "#a4522a", rings=4, rough=0.25)
    deck = boards("Teak deck", 3, "#a87842", "#c99a5e", "#deb77d", count=12, along="x", rough=0.5)
    white, navy = (
        Material("White paint", "#f4f0e7", rough=0.3),
        Material("Navy paint", "#17294d", rough=0.25),
    )
    rope = Material("Rope", "#d8c8a0", rough=0.9)
    parts = [
        Part("Hull", navy, _hull(0.0, 0.55)),
        Part("Hull", white, _hull(0.55, 0.68)),
        Part("Hull", mahogany, _hull(0.68, 1.0)),
        Part("Hull", mahogany, _rail()),
        Part(
            "Hull",
            navy,
            extrude("-0.9 -0.1, -0.5 -1.1, 0.7 -1.1, 1.1 -0.1", 0.16, 0.05).moved(0, 0.55),
        ),
        Part("Deck", deck, _deck().box_mapped(0.55)),
        Part("Cabin", mahogany, _cabin()),
        Part("Cabin", white, box(1.5, 0.07, 0.86, 0.03).moved(-0.25, 2.02)),
        Part(
            "Cabin",
            BRASS,
            merge(
                [
                    torus(0.085, 0.022, 24, 8).turned("x", 90).moved(x, 1.82, 0.42 * s)
                    for x in (-0.65, -0.25, 0.15)
                    for s in (-1, 1)
                ]
            ),
        ),
        Part(
            "Cabin",
            Material("Porthole", "#20313c", rough=0.08),
            merge(
                [
                    sphere(0.08, 16, 10).scaled(1, 1, 0.3).moved(x, 1.82, 0.42 * s)
                    for x in (-0.65, -0.25, 0.15)
                    for s in (-1, 1)
                ]
            ),
        ),
        Part("Spars", mahogany, _spars()),
        Part("Spars", BRASS, _fittings()),
        Part("Mainsail", _sailcloth("Mainsail", "#f5ecd6", "#b5342b"), _mainsail()),
        Part("Jib", _sailcloth("Jib", "#f5ecd6", "#f5ecd6"), _jib()),
        Part("Pennant", Material("Pennant", "#c22f2b", rough=0.9, two_sided=True), _pennant()),
        Part("Rigging", rope, _rigging()),
        Part("Stand", mahogany, _stand()),
        Part("Stand", BRASS, merge([box(1.2, 0.3, 0.02, 0.008).moved(0, -1.17, 0.76)])),
    ]
    return glb(parts, unit=0.1)


def _breadth(x: Array) -> Array:
    """Half the beam along the hull, which reaches from -2.7 to 3.3."""
    return 0.92 * np.interp(
        x,
        [-2.7, -2.2, -1.2, 0.2, 1.4, 2.3, 2.9, 3.3],
        [0.62, 0.74, 0.93, 1.0, 0.86, 0.55, 0.26, 0.02],
    )


def _sheer(x: Array) -> Array:
    return 1.42 + 0.045 * (x - 0.2) ** 2 * np.where(x > 0, 1.3, 0.8)


def _section(x: float, t: Array) -> Array:
    """From the keel (t = 0) to the rail (t = 1) on one side."""
    keel = 0.35 + np.interp(x, [-2.7, -1.6, 1.8, 2.6, 3.3], [0.75, 0.12, 0.0, 0.28, 1.15])
    top, half = _sheer(np.array(x)), _breadth(np.array(x))
    fullness = np.sin(np.clip(t, 0, 1) * np.pi / 2) ** 0.72
    return np.stack([np.full_like(t, x), keel + (top - keel) * t**1.5, half * fullness], axis=1)


def _hull(low: float, high: float) -> Mesh:
    """The strakes between two shares of the height, on both sides, with the transom."""
    t = np.linspace(low, high, 14)
    smooth = curve([(x,) for x in np.linspace(-2.7, 3.3, 25)], 2)[:, 0]
    side = np.stack([_section(float(x), t) for x in smooth], axis=1)
    shell = grid(side, 50)
    last = side[:, 0]
    transom = grid(np.stack([last * [1, 1, -1], last], axis=1), 30)
    return merge([shell, shell.scaled(1, 1, -1), transom]).box_mapped(0.4)


def _rail() -> Mesh:
    x = np.linspace(-2.72, 3.32, 50)
    line = np.stack([x, _sheer(x) + 0.02, _breadth(x) + 0.005], axis=1)
    back = tube(np.array([line[0] * [1, 1, -1], line[0]]), 0.055, 10)
    side = tube(line, 0.055, 10)
    return merge([side, side.scaled(1, 1, -1), back])


def _deck() -> Mesh:
    x = np.linspace(-2.7, 3.28, 40)
    rim = np.stack([x, _sheer(x) - 0.1, _breadth(x) * 0.99], axis=1)
    return grid(np.stack([rim, rim * [1, 1, 0] + [0, 0.05, 0], rim * [1, 1, -1]]), 40)


def _cabin() -> Mesh:
    body = box(1.4, 0.55, 0.8, 0.08, 2).moved(-0.25, 1.75)
    hatch = box(0.5, 0.1, 0.5, 0.03).moved(1.35, 1.5)
    seats = [box(0.9, 0.14, 0.24, 0.03).moved(-1.6, 1.55, 0.45 * s) for s in (-1, 1)]
    tiller = tube(curve("-2.6 1.75 0, -2.2 1.85 0, -1.7 1.82 0", 5), 0.035, 10)
    rudder = extrude("-2.68 0.2, -2.68 1.8, -2.85 1.8, -3.0 0.9, -3.05 0.15", 0.08, 0.02)
    return merge([body, hatch, *seats, tiller, rudder]).box_mapped(0.4)


def _spars() -> Mesh:
    mast = cone(0.075, 0.035, 6.9, 20).moved(0.62, 1.3)
    boom = tube([(0.6, 2.45, 0), (-2.35, 2.55, 0.35)], np.array([0.05, 0.04]), 16)
    bowsprit = tube([(2.6, 1.75, 0), (4.1, 2.1, 0)], np.array([0.06, 0.035]), 14)
    return merge([mast, boom, bowsprit]).with_uvs([0.2, 2])


def _fittings() -> Mesh:
    cleats = [
        box(0.16, 0.05, 0.05, 0.015).moved(
            x, float(_sheer(np.array(x))) + 0.07, s * float(_breadth(np.array(x)))
        )
        for x in (-2.0, 1.6)
        for s in (-1, 1)
    ]
    return merge(
        [
            sphere(0.07).moved(0.62, 8.22),
            torus(0.085, 0.03, 20, 8).moved(0.62, 2.45),
            cylinder(0.1, 0.08, 20).moved(0.62, 1.5),
            *cleats,
        ]
    )


def _sailcloth(name: str, colour: str, accent: str) -> Material:
    size = 512
    x, y = mesh_of_pixels(size)
    folds = noise(size, len(name), 1.9)
    base = np.ones((size, size, 3)) * rgb(colour)
    stripe = (y > 0.56) & (y < 0.68) | (y > 0.72) & (y < 0.755)
    paint = np.where(stripe[..., None], rgb(accent), base) * (0.9 + 0.13 * folds)[..., None]
    panel = seams(y * 9 + 0.25 * x, 0.035)
    paint *= (0.82 + 0.18 * panel)[..., None]
    return Material(
        name,
        texture=picture(paint),
        normal=normal_map(folds + 0.1 * panel, 4),
        rough=0.85,
        two_sided=True,
    )


def _sail(corners: str, belly: Array, roach: float) -> Mesh:
    """A three-cornered sheet: foot at the mast, foot at the sheet, head; it bellies out."""
    tack, clew, head = curve(corners, 1)
    u, v = np.meshgrid(np.linspace(0, 1, 22), np.linspace(0, 1, 30))
    flat = tack + (clew - tack) * (u * (1 - v))[..., None] + (head - tack) * v[..., None]
    out = (
        np.sin(np.pi * np.clip(u, 0, 1)) ** 0.8 * np.sin(np.pi * np.clip(v * 0.85 + 0.12, 0, 1))
    )[..., None]
    leech = (u * np.sin(np.pi * v) * roach)[..., None] * (clew - tack) / np.linalg.norm(clew - tack)
    return grid(flat + out * belly + leech, 80)


def _mainsail() -> Mesh:
    return _sail("0.52 2.6 0, -2.3 2.68 0.35, 0.55 8.05 0", np.array([0.1, 0.0, 0.62]), 0.35)


def _jib() -> Mesh:
    return _sail("3.95 2.2 0, 0.95 2.35 0.42, 0.75 7.4 0", np.array([0.05, 0.0, 0.5]), -0.1)


def _pennant() -> Mesh:
    u = np.linspace(0, 1, 18)
    wave = 0.09 * np.sin(u * 8) * u
    rows = [
        np.stack([0.62 - 1.0 * u, 8.1 - s * 0.16 * (1 - u), 0.15 * u + wave], axis=1)
        for s in (1, -1)
    ]
    return grid(np.stack(rows), 80)


def _rigging() -> Mesh:
    lines = [
        ("0.66 8.0 0", "4.05 2.15 0"),
        ("0.58 8.1 0", "-2.7 1.85 0"),
        ("-2.2 2.5 0.33", "-1.9 1.75 0.1"),
    ]
    lines += [
        (f"0.62 6.9 {0.03 * side}", f"{x} 1.5 {0.9 * side}")
        for side in (-1, 1)
        for x in (0.25, 0.95)
    ]
    return merge(tube(curve(f"{a}, {b}", 1), 0.014, 6) for a, b in lines)


def _stand() -> Mesh:
    plinth = box(4.2, 0.28, 1.5, 0.07, 2).moved(0, -1.17)
    foot = box(4.4, 0.12, 1.7, 0.04).moved(0, -1.33)
    cradles = []
    for x in (-1.3, 1.3):
        section = _section(x, np.linspace(0.03, 0.42, 9))[:, [2, 1]]
        inside = np.concatenate([section[::-1] * [-1, 1], section])
        outline = np.concatenate(
            [
                inside,
                [
                    [0.95, float(section[-1, 1])],
                    [0.5, -1.1],
                    [-0.5, -1.1],
                    [-0.95, float(section[-1, 1])],
                ],
            ]
        )
        cradles.append(extrude(outline, 0.16, 0.02).turned("y", 90).moved(x))
    return merge([plinth, foot, *cradles]).box_mapped(0.5)


MODEL = DemoModel(
    "Model Sailing Sloop",
    "A mahogany sloop under full sail with planked deck, rigging and brass fittings, shown on "
    "its display stand. Take the stand away and put her to sea.",
    "Vehicles",
    "Boats",
    1949,
    ("boat", "sailing", "ship", "wood", "nautical"),
    "sailing-sloop.glb",
    sailboat,
)
