"""An open treasure chest, overflowing."""

import numpy as np

from local.demo.demo_model import DemoModel
from local.demo.gltf import Material, Part, glb
from local.demo.materials import GOLD, boards
from local.demo.mesh import HARD, Mesh, merge, rotation
from local.demo.shapes import box, curve, extrude, grid, lathe, sphere, torus
from local.demo.textures import metal_rough, noise, normal_map, picture, ramp

_WIDE, _DEEP, _HIGH = 1.3, 0.86, 0.62
_RADIUS = _DEEP / 2


def treasure_chest() -> bytes:
    oak = boards("Oak", 3, "#3f210f", "#6d3f1e", "#93602f", count=4, along="x")
    iron = _worn_iron()
    velvet = Material("Velvet", "#5c1020", rough=0.95)
    lid = merge([_lid()])
    parts = [
        Part("Chest", oak, _body()),
        Part("Chest", velvet, box(_WIDE - 0.1, 0.02, _DEEP - 0.1).moved(0, 0.3)),
        Part("Chest", iron, _body_bands()),
        Part("Chest", GOLD, _lock()),
        Part("Lid", oak, _open(lid)),
        Part("Lid", velvet, _open(_arc(_RADIUS - 0.05, _WIDE - 0.08).inside_out())),
        Part("Lid", iron, _open(merge([_band(x, 0.14) for x in (-0.62, 0, 0.62)]))),
        Part("Coins", GOLD, _coins()),
        Part("Pearls", Material("Pearl", "#f6efe6", rough=0.12, metal=0.1), _pearls()),
    ]
    parts += [Part("Gems", material, mesh) for material, mesh in _gems()]
    parts += [Part("Goblet", GOLD, _goblet())]
    return glb(parts)


def _worn_iron() -> Material:
    rust = noise(512, 8, 1.4)
    paint = ramp(rust, "#2b2724", "#4a4644", "#6a6663")
    rough = metal_rough(0.85, 0.35 + 0.35 * rust, 512)
    return Material("Iron", texture=picture(paint), metal_rough=rough, normal=normal_map(rust, 3))


def _body() -> Mesh:
    wall = 0.07
    front = box(_WIDE, _HIGH, wall, 0.015).box_mapped(1.4)
    side = box(wall, _HIGH, _DEEP - wall, 0.015).box_mapped(1.4)
    return merge([
        front.moved(0, _HIGH / 2, _DEEP / 2),
        front.with_uvs(1, 0.4).moved(0, _HIGH / 2, -_DEEP / 2),
        side.moved(_WIDE / 2 - wall / 2, _HIGH / 2),
        side.moved(-_WIDE / 2 + wall / 2, _HIGH / 2),
        box(_WIDE - 0.02, 0.08, _DEEP - 0.02).moved(0, 0.05),
    ])  # fmt: skip


def _body_bands() -> Mesh:
    bands = []
    for x in (-0.62, 0.62):
        bands += [
            box(0.13, _HIGH + 0.02, 0.035, 0.008).moved(x, _HIGH / 2, side * (_DEEP / 2 + 0.035))
            for side in (1, -1)
        ]
        bands += [box(0.13, 0.035, _DEEP + 0.1, 0.008).moved(x, 0.0)]
    for x in (-1, 1):
        for z in (-0.36, 0.36):
            bands.append(
                box(0.035, _HIGH + 0.02, 0.13, 0.008).moved(x * (_WIDE / 2 + 0.012), _HIGH / 2, z)
            )
        ring = torus(0.1, 0.018, 28, 10).turned("z", 90).moved(x * (_WIDE / 2 + 0.05), 0.36)
        bands += [ring, box(0.05, 0.07, 0.14, 0.01).moved(x * (_WIDE / 2 + 0.02), 0.46)]
    for y in (0.06, _HIGH - 0.05):
        bands += [
            box(_WIDE + 0.06, 0.1, 0.03, 0.008).moved(0, y, side * (_DEEP / 2 + 0.032))
            for side in (1, -1)
        ]
    rivets = [
        sphere(0.018, 10, 6).moved(x, y, _DEEP / 2 + 0.05)
        for x in (-0.62, -0.31, 0.31, 0.62) for y in (0.06, _HIGH - 0.05)
    ]  # fmt: skip
    return merge([*bands, *rivets])


def _arc(radius: float, width: float) -> Mesh:
    turn = np.linspace(0, np.pi, 25)
    edge = np.stack([np.zeros(25), radius * np.sin(turn), radius * np.cos(turn)], axis=1)
    half = np.array([width / 2, 0, 0])
    return grid(np.stack([edge - half, edge + half], axis=1))


def _lid() -> Mesh:
    turn = np.linspace(0, np.pi, 25)
    outer = np.stack([_RADIUS * np.cos(turn), _RADIUS * np.sin(turn)], axis=1)
    inner = outer[::-1] * (1 - 0.05 / _RADIUS)
    shell = extrude(np.concatenate([outer, inner]), _WIDE, 0.01).turned("y", 90)
    end = extrude(outer, 0.06, 0.01).turned("y", 90)
    shell = shell.with_uvs(1.4)
    curved = _arc(_RADIUS + 0.003, _WIDE).with_uvs([1.4, 1.6])
    return merge([shell, curved, end.moved(_WIDE / 2 - 0.03), end.moved(-_WIDE / 2 + 0.03)])


def _band(x: float, width: float) -> Mesh:
    turn = np.linspace(0, np.pi, 25)
    inner = np.stack([_RADIUS * np.cos(turn), _RADIUS * np.sin(turn)], axis=1)
    hoop = extrude(np.concatenate([inner * 1.07, inner[::-1] * 0.99]), width, 0.008)
    rivets = [
        sphere(0.018, 10, 6).moved(0, _RADIUS * 1.07 * np.sin(a), _RADIUS * 1.07 * np.cos(a))
        for a in np.radians([25, 60, 120, 155])
    ]
    return merge([hoop.turned("y", 90), *rivets]).moved(x)


def _open(mesh: Mesh) -> Mesh:
    """About the hinge at the back, from closed to wide open."""
    return mesh.moved(0, 0, _RADIUS).turned("x", -105).moved(0, _HIGH + 0.02, -_RADIUS - 0.03)


def _lock() -> Mesh:
    plate = extrude(
        curve("-0.1 -0.12, 0.1 -0.12, 0.12 0.06, 0 0.12, -0.12 0.06", 4, closed=True)[:-1],
        0.03,
        0.008,
    )
    hasp = torus(0.05, 0.015, 24, 10).turned("x", 90).moved(0, -0.02, 0.03)
    return merge([plate, hasp]).moved(0, _HIGH - 0.12, _DEEP / 2 + 0.06)


def _coin() -> Mesh:
    return lathe(
        "0 -0.007, 0.048 -0.007, 0.055 -0.004, 0.055 0.004, 0.048 0.007, 0.043 0.004, 0 0.004", 14
    )


def _heap(x: float, z: float) -> float:
    return _HIGH - 0.08 + 0.24 * float(np.exp(-((x / 0.5) ** 2) - (z / 0.32) ** 2))


def _coins() -> Mesh:
    rng = np.random.default_rng(17)
    coin = _coin()
    heap = _heap_surface()
    coins = [heap]
    for _ in range(215):
        x, z = rng.uniform(-0.56, 0.56), rng.uniform(-0.36, 0.36)
        tilt = rotation("y", rng.uniform(0, 360)) @ rotation("x", rng.normal(0, 24))
        coins.append(coin.transformed(tilt).moved(x, _heap(x, z) + rng.uniform(-0.01, 0.035), z))
    for x, z, pile in (
        (0.62, 0.72, 5),
        (0.82, 0.6, 2),
        (-0.3, 0.78, 3),
        (0.25, 0.86, 1),
        (-0.72, 0.66, 1),
        (0.95, 0.25, 4),
        (-0.1, 0.66, 1),
    ):
        for level in range(pile):
            dx, dz = rng.normal(0, 0.006, 2)
            coins.append(coin.moved(x + dx, -0.01 + 0.0145 * level, z + dz))
    coins.append(coin.turned("x", 72).moved(-0.28, 0.055, 0.72))
    coins.append(coin.turned("x", 65).turned("y", 50).moved(0.74, 0.05, 0.74))
    return merge(coins)


def _heap_surface() -> Mesh:
    x, z = np.meshgrid(np.linspace(-0.58, 0.58, 14), np.linspace(0.38, -0.38, 10))
    y = np.array(
        [[_heap(a, b) - 0.02 for a, b in zip(*row, strict=True)] for row in zip(x, z, strict=True)]
    )
    return grid(np.stack([x, y, z], axis=2))


def _pearls() -> Mesh:
    path = curve(
        "-0.45 0.66 0.1, -0.42 0.74 0.3, -0.38 0.67 0.47, -0.36 0.52 0.5, "
        "-0.28 0.44 0.5, -0.2 0.52 0.5, -0.16 0.67 0.46, -0.05 0.76 0.3",
        12,
    )
    steps = np.concatenate([[0], np.cumsum(np.linalg.norm(np.diff(path, axis=0), axis=1))])
    places = np.arange(0, steps[-1], 0.046)
    beads = np.stack([np.interp(places, steps, path[:, i]) for i in range(3)], axis=1)
    return merge(sphere(0.023, 14, 8).moved(*bead) for bead in beads)


def _gem(sides: int) -> Mesh:
    return lathe("0 -0.09, 0.085 0.015, 0.055 0.05, 0 0.05", sides, HARD)


def _gems() -> list[tuple[Material, Mesh]]:
    rng = np.random.default_rng(3)
    colours = [
        ("Ruby", "#d0102f"),
        ("Emerald", "#0f9d58"),
        ("Sapphire", "#1c4fd6"),
        ("Amethyst", "#8d36d1"),
    ]
    materials = [
        Material(name, colour, rough=0.04, glow=colour, glow_strength=0.35)
        for name, colour in colours
    ]
    places = [
        (0.1, 0.1),
        (-0.2, 0.25),
        (0.3, 0.2),
        (0.42, -0.05),
        (-0.1, -0.1),
        (0.0, 0.33),
        (0.5, 0.28),
        (-0.48, -0.1),
    ]
    gems = []
    for number, (x, z) in enumerate(places):
        turn = rotation("y", rng.uniform(0, 360)) @ rotation("x", rng.uniform(-50, 50))
        gem = _gem(6 + 2 * (number % 2)).scaled(rng.uniform(0.85, 1.25)).transformed(turn)
        gems.append((materials[number % 4], gem.moved(x, _heap(x, z) + 0.075, z)))
    gems.append((materials[0], _gem(8).turned("x", 35).moved(0.42, 0.05, 0.82)))
    gems.append((materials[2], _gem(6).turned("z", 40).moved(-0.55, 0.05, 0.8)))
    return gems


def _goblet() -> Mesh:
    cup = lathe(
        curve(
            "0.1 0, 0.11 0.015, 0.04 0.04, 0.022 0.09, 0.03 0.17, 0.022 0.19, 0.06 0.23, "
            "0.11 0.32, 0.115 0.42, 0.105 0.42, 0.095 0.33, 0 0.25",
            4,
        ),
        32,
    )
    return cup.turned("z", -22).turned("y", 20).moved(0.28, _HIGH + 0.02, -0.16)


MODEL = DemoModel(
    "Pirate's Treasure Chest",
    "An open oak chest bound in iron, heaped with gold coins, gems, pearls and a goblet. "
    "Chest, lid and treasure are separate meshes, so you can close it or fill it yourself.",
    "Props",
    "Containers",
    1899,
    ("treasure", "chest", "pirate", "gold", "fantasy"),
    "treasure-chest.glb",
    treasure_chest,
)
