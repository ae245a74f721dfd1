"""A bonsai in a glazed pot; its leaves are cut out of textured cards."""

from dataclasses import replace

import numpy as np

from local.demo.demo_model import DemoModel
from local.demo.fields import chipped, waves
from local.demo.gltf import Material, Part, glb
from local.demo.mesh import Array, Mesh, from_triangles, merge, unit
from local.demo.shapes import box, curve, grid, icosphere, superellipsoid, tube
from local.demo.textures import mesh_of_pixels, noise, normal_map, picture, ramp

_TRUNK = "0 5 0, -1.2 7.5 0.4, -0.6 10.5 0.9, 2.0 13.0 0.6, 2.6 15.8 -0.2, 1.2 18.6 -0.4, 0.6 21 0"
_BRANCHES = (  # from, to, thickness, then the pad's size
    ("0.5 11.6 0.8, -2.6 12.6 1.4, -6.0 12.2 1.8", 0.75, (5.4, 1.7, 4.2)),
    ("2.3 13.8 0.5, 5.2 14.2 1.6, 8.0 13.4 2.2", 0.7, (4.8, 1.6, 4.0)),
    ("2.6 15.8 -0.2, 0.2 16.9 1.2, -2.8 17.2 2.2", 0.55, (4.2, 1.5, 3.6)),
    ("2.3 16.6 -0.3, 4.4 18.0 -1.2, 6.2 18.2 -1.6", 0.5, (3.8, 1.5, 3.2)),
    ("2.0 13.0 0.6, 1.4 14.0 -2.2, 0.6 14.4 -4.6", 0.55, (4.4, 1.6, 3.4)),
    ("1.2 18.6 -0.4, 0.9 20 0.2, 0.6 21.2 0.4", 0.5, (4.6, 2.2, 4.0)),
)


def bonsai() -> bytes:
    bark, leaves = _bark(), _leaves()
    trunk = curve(_TRUNK, 8)
    taper = 1.75 * (1 - np.linspace(0, 1, len(trunk))) ** 0.75 + 0.28
    taper[:8] += np.linspace(1.3, 0, 8) ** 2
    wood = [_knotty(tube(trunk, taper, 28), 0.16)]
    cards = []
    for number, (path, thick, pad) in enumerate(_BRANCHES):
        line = curve(path, 8)
        wood.append(_knotty(tube(line, np.linspace(thick, thick * 0.35, len(line)), 14), 0.06))
        cards.append(_pad(number, np.array(pad)).moved(*(line[-1] + [0, pad[1] * 0.35, 0])))
    pot = Material(
        "Blue glaze",
        texture=picture(ramp(noise(512, 8, 1.7), "#12304f", "#1d4f77", "#3a7fa0")),
        rough=0.14,
    )
    parts = [
        Part("Pot", pot, _pot()),
        Part("Soil", _moss(), _soil()),
        Part(
            "Stone",
            Material(
                "Stone",
                texture=picture(ramp(noise(256, 9, 1.2), "#5c5f63", "#8f9294", "#c0bfb8")),
                rough=0.9,
            ),
            _stone(),
        ),
        Part("Tree", bark, merge([*wood, *_roots()]).with_uvs([3, 5])),
        Part("Leaves", leaves, merge(cards)),
    ]
    return glb(parts, unit=0.01)


def _bark() -> Material:
    fissure = noise(512, 14, 1.3, (1, 3))
    paint = ramp(fissure, "#2c1d14", "#5e4330", "#8b6a4d", "#b39674")
    return Material("Bark", texture=picture(paint), normal=normal_map(fissure, 12), rough=0.9)


def _knotty(mesh: Mesh, amount: float) -> Mesh:
    return mesh.shaped(
        lambda p: p + amount * waves(p, 3, 0.55)[:, None] * unit(p * [1, 0, 1] + 1e-6), 60
    )


def _leaves() -> Material:
    """A sprig of nine leaves on a clear ground."""
    size = 256
    x, y = mesh_of_pixels(size)
    rng = np.random.default_rng(4)
    mask, tone = np.zeros((size, size)), np.full((size, size), 0.3)
    for number in range(9):
        turn, away = number * 0.698, 0.24 if number % 2 else 0.3
        u = (x - 0.5 - away * np.cos(turn)) * np.cos(turn) + (
            y - 0.5 - away * np.sin(turn)
        ) * np.sin(turn)
        v = (y - 0.5 - away * np.sin(turn)) * np.cos(turn) - (
            x - 0.5 - away * np.cos(turn)
        ) * np.sin(turn)
        leaf = (u / 0.19) ** 2 + (v / (0.095 * (1 - 1.6 * u))) ** 2 < 1
        shade = rng.uniform(0.25, 0.9) - 0.5 * np.exp(-((v / 0.008) ** 2)) * 0.5
        tone, mask = np.where(leaf, shade, tone), np.where(leaf, 1.0, mask)
    paint = ramp(tone, "#1f4d1e", "#3d7a2a", "#6fa63a", "#a6cf5c")
    image = picture(np.concatenate([paint, mask[..., None]], axis=2))
    return Material("Leaves", texture=image, rough=0.55, cut_out=True, two_sided=True)


def _pad(seed: int, size: Array) -> Mesh:
    """Cards scattered over a flat cloud, shaded as if they were its surface."""
    rng = np.random.default_rng(seed)
    count = int(90 + 14 * size[0] * size[2])
    out = unit(rng.normal(size=(count, 3)))
    out[:, 1] = np.where(out[:, 1] < -0.25, -out[:, 1], out[:, 1])
    depth = rng.uniform(0.72, 1.0, (count, 1)) * (1 + 0.13 * waves(out, seed, 1.2)[:, None])
    centre = out * size * depth
    facing = unit(out / size + rng.normal(0, 0.16, (count, 3)))
    side = unit(np.cross(facing, rng.normal(size=(count, 3))))
    up = np.cross(facing, side)
    half = rng.uniform(0.6, 0.95, (count, 1))
    a, b, c, d = (
        centre + half * (i * side + j * up) for i, j in ((-1, -1), (1, -1), (1, 1), (-1, 1))
    )
    points = np.concatenate([np.stack([a, b, c], axis=1), np.stack([a, c, d], axis=1)])
    corner = np.array([[0, 1], [1, 1], [1, 0], [0, 0]], dtype=np.float64)
    uvs = np.concatenate(
        [np.tile(corner[[0, 1, 2]], (count, 1, 1)), np.tile(corner[[0, 2, 3]], (count, 1, 1))]
    )
    mesh = from_triangles(points, uvs, 1)
    soft = unit(mesh.points / size**1.2 + np.array([0, 0.35, 0]))
    return replace(mesh, normals=soft)


def _pot() -> Mesh:
    """An oval tray with a lip, on four feet."""
    turn = np.linspace(-np.pi, np.pi, 97)
    x = np.sign(np.sin(turn)) * np.abs(np.sin(turn)) ** 0.55
    z = np.sign(np.cos(turn)) * np.abs(np.cos(turn)) ** 0.55
    profile = curve(
        "0 0.6, 6.8 0.6, 7.4 0.9, 8.1 3.2, 8.3 4.2, 8.9 4.35, 9.0 4.9, 8.8 5.1, "
        "8.0 5.05, 7.8 4.6, 7.6 3.6",
        4,
    )
    rows = [np.stack([r * x, np.full(97, y), r * 0.68 * z], axis=1) for r, y in profile]
    feet = [
        box(2.6, 0.9, 1.8, 0.2, 2).moved(5.0 * i, 0.45, 3.2 * k) for i in (-1, 1) for k in (-1, 1)
    ]
    return merge([grid(np.stack(rows), 35).with_uvs([2, 1]), *feet])


def _moss() -> Material:
    fine, broad = noise(256, 17, 0.7), noise(256, 18, 1.7)
    paint = ramp(0.4 * fine + 0.6 * broad, "#2f3d16", "#58772a", "#8aa548")
    return Material("Moss", texture=picture(paint), normal=normal_map(fine, 6), rough=1)


def _soil() -> Mesh:
    mound = superellipsoid(15.8, 2.4, 10.6, 0.75, 64, 24).moved(0, 4.2)
    return mound.shaped(
        lambda p: p + np.array([0, 0.16, 0]) * waves(p, 4, 0.35)[:, None]
    ).box_mapped(0.2)


def _stone() -> Mesh:
    small = chipped(icosphere(1, 3), 8).scaled(1.1, 0.8, 0.9).moved(-3.2, 5.3, 3.0)
    return merge(
        [chipped(icosphere(1, 3), 5).scaled(1.9, 1.5, 1.3).moved(-5.0, 5.6, 1.4), small]
    ).box_mapped(0.3)


def _roots() -> list[Mesh]:
    roots = []
    for turn, reach in ((20, 3.4), (95, 2.8), (160, 3.6), (230, 2.9), (300, 3.8)):
        path = curve(
            [(0, 6.4, 0.6), (0, 5.7, 1.6), (0, 5.3, reach * 0.75), (0, 4.7, reach + 0.4)], 5
        )
        roots.append(
            _knotty(tube(path, np.linspace(0.85, 0.2, len(path)), 12), 0.05).turned("y", turn)
        )
    return roots


MODEL = DemoModel(
    "Maple Bonsai",
    "A gnarled little maple in a blue glazed tray, with moss, stones and thousands of leaves "
    "cut from a single small texture. Calm on a shelf, and light enough for the web.",
    "Nature",
    "Trees",
    1999,
    ("bonsai", "tree", "plant", "japanese", "zen"),
    "maple-bonsai.glb",
    bonsai,
)
