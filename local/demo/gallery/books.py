"""A stack of old books with a candle on top."""

from dataclasses import replace

import numpy as np
from PIL import Image

from local.demo.demo_model import DemoModel
from local.demo.gltf import Material, Part, glb
from local.demo.materials import BRASS
from local.demo.mesh import Array, Mesh, merge
from local.demo.shapes import box, curve, cylinder, extrude, lathe, sphere, tube
from local.demo.textures import blend, mesh_of_pixels, noise, normal_map, picture, ramp, rgb, seams

# colour, (width, height, depth) in centimetres, turn about the stack
_BOOKS = (
    ("Oxblood", "#6d1a1e", (25, 4.6, 18.0), 4, 1),
    ("Bottle green", "#1e4632", (23.5, 3.6, 17), -7, 2),
    ("Ochre", "#b57a1f", (22, 2.8, 16), 6, 3),
    ("Navy", "#1d2f55", (21, 4.0, 15), -3, 4),
    ("Plum", "#4d2350", (18.5, 2.6, 13.2), 13, 5),
)


def books() -> bytes:
    pages, grain = _pages(), noise(512, 1, 0.9)
    bumps = normal_map(grain, 5)
    parts = []
    floor = 0.0
    for name, colour, (wide, high, deep), turn, seed in _BOOKS:
        leather = _leather(f"{name} leather", colour, seed, grain, bumps)
        cover, spine, block = _book(wide, high, deep)
        for material, mesh in (
            (leather, cover),
            (_spine(f"{name} spine", colour, seed), spine),
            (pages, block),
        ):
            parts.append(Part(name, material, mesh.turned("y", turn).moved(0, floor)))
        floor += high
    parts += [Part("Candle", material, mesh.moved(2.4, floor, 0.4)) for material, mesh in _candle()]
    parts += [Part("Glasses", BRASS, _glasses().turned("y", 28).moved(-4.6, floor + 0.25, 1.2))]
    return glb(parts, unit=0.01)


def _leather(name: str, colour: str, seed: int, grain: Array, bumps: Image.Image) -> Material:
    wear = noise(512, seed + 40, 1.8)
    paint = rgb(colour) * (0.72 + 0.35 * grain + 0.25 * wear)[..., None]
    return Material(name, texture=picture(paint), normal=bumps, rough=0.5)


def _spine(name: str, colour: str, seed: int) -> Material:
    """Gilt rules, and a panel with ornaments where a title would be; v runs along the spine."""
    size = 512
    x, y = mesh_of_pixels(size)
    paint = (
        np.ones((size, size, 3)) * rgb(colour) * (0.75 + 0.4 * noise(size, seed, 1.0))[..., None]
    )
    rules = np.zeros((size, size))
    for place in (0.05, 0.07, 0.2, 0.22, 0.78, 0.8, 0.93, 0.95):
        rules = np.maximum(rules, np.abs(x - place) < 0.006)
    panel = (x > 0.3) & (x < 0.7) & (y > 0.2) & (y < 0.8)
    paint = blend(paint, np.array([0.1, 0.07, 0.06]), panel * 0.75)
    frame = panel & ((np.abs(x - 0.5) > 0.19) | (np.abs(y - 0.5) > 0.25))
    u, v = (x - 0.5) * 6 * 2.2, (y - 0.5) * 3
    flower = panel & (
        np.hypot(u % 1.2 - 0.6, v) < 0.3 + 0.14 * np.cos(5 * np.arctan2(v, u % 1.2 - 0.6))
    )
    star = ((x < 0.2) | (x > 0.8)) & (
        np.abs(np.abs(x - 0.5) - 0.365) * 8 + np.abs(y - 0.5) * 2.4 < 0.32
    )
    gilt = np.clip(rules + frame + flower + star, 0, 1)
    shine = np.stack([gilt * 0 + 1, 0.55 - 0.3 * gilt, gilt], axis=-1)
    return Material(
        name, texture=picture(blend(paint, "#e9bd62", gilt)), metal_rough=picture(shine)
    )


def _pages() -> Material:
    x, y = mesh_of_pixels(512)
    leaf = np.repeat(np.random.default_rng(2).random(128), 4)[:, None] * np.ones((1, 512))
    stain = noise(512, 77, 1.8)
    paint = ramp(0.6 * leaf + 0.4 * stain, "#b59a6a", "#dcc79c", "#f0e2c2")
    paint *= (0.75 + 0.25 * seams(y * 32 + 0 * x, 0.3))[..., None]
    return Material("Pages", texture=picture(paint), rough=0.95)


def _book(wide: float, high: float, deep: float) -> tuple[Mesh, Mesh, Mesh]:
    """Lying flat: two boards, the rounded spine towards +z, and the pages between."""
    board = 0.32
    covers = [box(wide, board, deep, 0.1).moved(0, y, -0.2) for y in (board / 2, high - board / 2)]
    half = high / 2
    turn = np.linspace(-np.pi / 2, np.pi / 2, 13)
    outer = np.stack([deep / 2 - 0.3 + 0.75 * np.cos(turn), half + half * np.sin(turn)], axis=1)
    inner = np.stack(
        [deep / 2 - 0.45 + 0.5 * np.cos(turn), half + (half - 0.25) * np.sin(turn)], axis=1
    )
    spine = extrude(np.concatenate([outer, inner[::-1]]), wide, 0.08, 60).turned("y", -90)
    uvs = np.stack([spine.points[..., 0] / wide + 0.5, 1 - spine.points[..., 1] / high], axis=2)
    proud = outer + np.array([0.08, 0])
    ridges = [
        extrude(np.concatenate([proud, inner[::-1]]), 0.35, 0.1, 60)
        .turned("y", -90)
        .moved(x * wide)
        for x in (-0.36, -0.24, 0.24, 0.36)
    ]
    block = box(wide - 0.8, high - 2 * board, deep - 0.5).box_mapped(0.25).moved(0, half, -0.1)
    return merge([*covers, *ridges]).box_mapped(0.09), replace(spine, uvs=uvs), block


def _candle() -> list[tuple[Material, Mesh]]:
    wax = Material("Wax", "#f5e9cf", rough=0.45, glow="#2e1c08")
    flame = Material("Flame", "#ffd27a", glow="#ffb03a", glow_strength=6)
    wick = Material("Wick", "#2a211c", rough=1)
    dish = lathe(
        curve(
            "0 0, 2.6 0, 3.4 0.5, 3.7 1.0, 3.55 1.05, 2.6 0.4, 1.5 0.35, 1.45 1.5, 1.3 1.6, 0 1.6",
            4,
        ),
        56,
    )
    handle = tube(
        curve(
            [
                (3.5 + 0.9 - 0.9 * np.cos(a), 0.8 + 0.9 * np.sin(a), 0)
                for a in np.linspace(-0.6, 5.6, 16)
            ],
            3,
        ),
        0.2,
        10,
    )
    body = lathe(curve("1.2 1.2, 1.22 4, 1.15 7, 1.25 7.4, 1.1 7.6, 0.7 7.35, 0 7.25", 5), 40)
    drips = [
        tube(
            curve(
                [(1.12, 7.5, 0), (1.3, 7.0, 0), (1.3, 7.0 - length / 2, 0), (1.3, 7.0 - length, 0)],
                4,
            ),
            np.array([0.16] * 9 + [0.2, 0.24, 0.22, 0.06]),
            12,
        ).turned("y", turn)
        for length, turn in ((2.4, 20), (1.3, 75), (3.2, 310), (1.0, 190), (1.8, 255))
    ]
    teardrop = lathe(curve("0 7.8, 0.3 8.1, 0.42 8.6, 0.3 9.3, 0.12 10, 0 10.5", 5), 24)
    return [
        (BRASS, merge([dish, handle.turned("y", -40)])),
        (wax, merge([body, *drips])),
        (wick, cylinder(0.07, 0.8, 8).moved(0, 7.2)),
        (flame, teardrop),
    ]


def _glasses() -> Mesh:
    turn = np.linspace(0, 2 * np.pi, 41)
    ring = np.stack([2.1 * np.cos(turn), 1.7 * np.sin(turn), turn * 0], axis=1)
    lenses = [
        tube(ring, 0.14, 10, closed=True).turned("x", -78).moved(x, 0.1, 0) for x in (-2.6, 2.6)
    ]
    bridge = tube(curve("-0.6 0.3 0, 0 0.75 -0.1, 0.6 0.3 0", 6), 0.14, 10)
    arms = [
        tube(
            curve([(x, 0.1, 0), (x * 1.02, 0.25, -4), (x * 0.96, 0.1, -7), (x * 0.9, -0.1, -8)], 5),
            0.12,
            8,
        )
        for x in (-4.65, 4.65)
    ]
    return merge(
        [*lenses, bridge, *arms, sphere(0.18).moved(4.65, 0.1), sphere(0.18).moved(-4.65, 0.1)]
    )


MODEL = DemoModel(
    "Candlelit Books",
    "Five leather-bound volumes with gilded spines under a dripping candle and a pair of brass "
    "spectacles. Instant atmosphere for a library, a study or a spell.",
    "Props",
    "Books",
    1149,
    ("books", "candle", "library", "antique"),
    "candlelit-books.glb",
    books,
)
