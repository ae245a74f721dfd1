"""Three fly agarics on a mossy mound."""

import numpy as np

from local.demo.demo_model import DemoModel
from local.demo.fields import rugged, waves
from local.demo.gltf import Material, Part, glb
from local.demo.mesh import Array, Mesh, merge, rotation, stretched
from local.demo.shapes import curve, grid, icosphere, lathe, tube
from local.demo.textures import mesh_of_pixels, noise, normal_map, picture, ramp

_CAP = "3.0 -0.75, 3.1 -0.55, 3.02 0.1, 2.55 1.1, 1.7 1.85, 0.8 2.2, 0 2.3"


def mushrooms() -> bytes:
    cap, gills, stem = _cap_skin(), _gills(), _stem_skin()
    wart = Material("Warts", "#fbf3df", rough=0.8)
    parts = [Part("Mound", _moss(), _mound()), Part("Stones", _stone(), _stones())]
    plants = (
        (1.1, (-0.9, 7.2, -0.6), 6, 3),
        (0.72, (3.4, 4.6, 1.2), -14, 5),
        (0.44, (0.2, 2.6, 3.9), 10, 8),
    )
    for size, place, lean, seed in plants:
        turn = rotation("z", lean) @ rotation("x", lean / 2)
        at = np.array(place)
        dome = lathe(curve(_CAP, 5), 56).scaled(size).transformed(turn).moved(*at)
        under = lathe(curve("0.4 -0.25, 2.2 -0.55, 3.0 -0.75", 4), 56)
        under = under.inside_out().scaled(size).transformed(turn).moved(*at)
        parts += [
            Part("Caps", cap, dome),
            Part("Gills", gills, under),
            Part("Stems", stem, _stem(size, at, lean)),
            Part("Warts", wart, _warts(seed).scaled(size).transformed(turn).moved(*at)),
        ]
    parts.append(Part("Grass", Material("Grass", "#7fae3a", rough=0.7, two_sided=True), _grass()))
    return glb(parts, unit=0.02)


def _cap_skin() -> Material:
    size = 512
    _, y = mesh_of_pixels(size)
    blush = noise(size, 3, 1.7)
    paint = ramp(np.clip(1.1 - y + 0.35 * (blush - 0.5), 0, 1), "#f08a3c", "#d92e1c", "#b4160f")
    return Material("Red cap", texture=picture(paint), normal=normal_map(blush, 2), rough=0.22)


def _gills() -> Material:
    x, y = mesh_of_pixels(512)
    fold = np.abs(np.sin(x * np.pi * 90))
    paint = ramp(0.35 + 0.65 * fold * (0.6 + 0.4 * y), "#a98d68", "#fbf0d8")
    return Material("Gills", texture=picture(paint), normal=normal_map(fold, 3), rough=0.8)


def _stem_skin() -> Material:
    fibre = noise(512, 9, 1.1, (1, 12))
    paint = ramp(fibre, "#cdb893", "#f6ecd6", "#fffaf0")
    return Material("Stem", texture=picture(paint), normal=normal_map(fibre, 3), rough=0.7)


def _stem(size: float, top: Array, lean: float) -> Mesh:
    away = np.array([np.sin(np.radians(lean)), 0, -np.sin(np.radians(lean / 2))]) * top[1] * 0.9
    foot = np.array([top[0] + away[0], -0.2, top[2] + away[2]])
    into_cap = top + np.array([0, 0.6 * size, 0])
    middle = (foot + top) / 2 + away * -0.12
    path = curve(np.stack([foot, (foot + middle) / 2, middle, into_cap]), 6)
    radius = size * np.interp(
        np.linspace(0, 1, len(path)), [0, 0.12, 0.4, 1], [1.05, 1.0, 0.66, 0.55]
    )
    skirt = lathe(curve("0.55 0, 0.8 -0.15, 1.15 -0.6, 1.25 -0.62, 0.9 0, 0.55 0.2", 4), 40)
    skirt = skirt.shaped(_frilled).transformed(rotation("z", lean)).scaled(size)
    ring = path[int(len(path) * 0.72)]
    return merge([tube(path, radius, 28), skirt.moved(*ring)])


def _frilled(points: Array) -> Array:
    turn = np.arctan2(points[:, 0], points[:, 2])
    wave = 0.09 * np.sin(turn * 13) * np.clip(np.hypot(points[:, 0], points[:, 2]) - 0.6, 0, 1)
    return points + np.stack([wave * 0, wave, wave * 0], axis=1)


def _warts(seed: int) -> Mesh:
    rng = np.random.default_rng(seed)
    profile = curve(_CAP, 8)
    warts = []
    for number in range(34):
        t = np.sqrt((number + 0.6) / 34) * 0.97
        turn = np.degrees(number * 2.39996 + rng.normal(0, 0.15))
        row = int((1 - t) * (len(profile) - 12)) + 8
        (r, y), (dr, dy) = profile[row], profile[row + 1] - profile[row - 1]
        tilt = np.degrees(np.arctan2(-dy, -dr)) * -1
        lump = rugged(icosphere(1, 1), int(rng.integers(99)), 0.12, 1.2, 60)
        size = rng.uniform(0.16, 0.36)
        lump = lump.scaled(size, size * 0.5, size * rng.uniform(0.8, 1.3)).turned("x", tilt)
        warts.append(lump.moved(0, y, r).turned("y", turn))
    return merge(warts)


def _moss() -> Material:
    fine, broad = noise(256, 21, 0.7), noise(256, 22, 1.8)
    paint = ramp(0.5 * fine + 0.5 * broad, "#26380f", "#4f7a1f", "#86ad36", "#b5c95a")
    return Material("Moss", texture=picture(paint), normal=normal_map(fine, 9), rough=0.95)


def _mound() -> Mesh:
    body = lathe(curve("0 -2.2, 2.5 -2.1, 5.2 -1.5, 6.2 -0.7, 5.4 0.1, 3 0.5, 0 0.6", 7), 72)

    def lumpy(points: Array) -> Array:
        wide = 1 + 0.06 * waves(points, 4, 0.5)
        uneven = stretched(points, wide, 1, wide)
        uneven[:, 1] += 0.16 * waves(points, 5, 0.6)
        return uneven

    return body.shaped(lumpy).with_uvs([4, 2])


def _stone() -> Material:
    grit = noise(256, 31, 1.1)
    paint = ramp(grit, "#5d6168", "#8d9197", "#b9b9b2")
    return Material("Stone", texture=picture(paint), normal=normal_map(grit, 4), rough=0.85)


def _stones() -> Mesh:
    rng = np.random.default_rng(12)
    stones = []
    for turn in (15, 65, 130, 205, 262, 318):
        size = rng.uniform(0.45, 0.95)
        stone = rugged(icosphere(1, 3), int(turn), 0.16, 0.7, 35).scaled(
            size, size * 0.65, size * 1.15
        )
        stones.append(stone.moved(0, -0.25, rng.uniform(4.3, 5.2)).turned("y", turn))
    return merge(stones)


def _grass() -> Mesh:
    rng = np.random.default_rng(6)
    blades = []
    for _ in range(150):
        height, bend = rng.uniform(0.8, 2.2), rng.uniform(0.2, 0.9)
        t = np.linspace(0, 1, 5)
        spine = np.stack([np.zeros(5), height * t, bend * t**2], axis=1)
        side = 0.11 * (1 - t**1.5)[:, None] * np.array([1.0, 0, 0])
        blade = grid(np.stack([spine - side, spine + side], axis=1))
        turn, radius = rng.uniform(0, 360), rng.uniform(2.2, 5.4)
        blades.append(
            blade.turned("y", rng.uniform(0, 360))
            .moved(0, 0.15 - radius * 0.05, radius)
            .turned("y", turn)
        )
    return merge(blades)


MODEL = DemoModel(
    "Fly Agaric Cluster",
    "Three red toadstools with raised warts and proper gills, growing from a mossy mound with "
    "grass and stones. Use it as a hero prop or scatter it through an enchanted forest.",
    "Nature",
    "Plants",
    1199,
    ("mushroom", "toadstool", "forest", "fantasy"),
    "fly-agaric-cluster.glb",
    mushrooms,
)
