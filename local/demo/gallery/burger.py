"""A cheeseburger on a wooden board."""

import numpy as np

from local.demo.demo_model import DemoModel
from local.demo.gltf import Material, Part, glb
from local.demo.mesh import Array, Mesh, around, merge, rotation, stretched
from local.demo.shapes import (
    curve,
    cylinder,
    grid,
    lathe,
    superellipsoid,
    torus,
)
from local.demo.textures import (
    mesh_of_pixels,
    noise,
    normal_map,
    picture,
    planks,
    ramp,
)


def burger() -> bytes:
    """A cheeseburger, about twelve centimetres wide."""
    crust = noise(512, 3, 1.6)
    _, y = mesh_of_pixels(512)
    baked = np.clip(1.15 - y * 1.25 + 0.25 * (crust - 0.5), 0, 1)
    bun_paint = ramp(baked, "#f1d09a", "#dd9a4b", "#b8651f")
    bun = Material("Brioche", texture=picture(bun_paint), normal=normal_map(crust, 2), rough=0.32)
    char = noise(512, 4, 0.9)
    meat = Material(
        "Beef",
        texture=picture(ramp(char, "#1e0d07", "#4a2413", "#6f3a20")),
        normal=normal_map(char, 14),
        rough=0.6,
    )
    leaf_noise = noise(256, 5, 1.4)
    lettuce = Material(
        "Lettuce",
        texture=picture(ramp(leaf_noise, "#4f9a2c", "#8cc63e", "#c3e07a")),
        rough=0.4,
        two_sided=True,
    )
    cheese = Material("Cheddar", "#f7a81b", rough=0.3)
    tomato = Material("Tomato", "#cf2b1d", rough=0.15)
    onion = Material("Red onion", "#a34a86", rough=0.25)
    seed = Material("Sesame", "#f6e7c3", rough=0.4)
    top = lathe(curve("0 0, 5.4 0, 6.1 0.5, 6.05 1.4, 5.2 2.8, 3.4 3.9, 1.5 4.35, 0 4.45", 5), 64)
    base = lathe(curve("0 0, 5.5 0, 6.0 0.5, 6.05 1.3, 5.7 1.6, 0 1.6", 4), 64)
    patty = lathe(curve("0 0, 5.6 0, 6.2 0.6, 6.1 1.3, 5.5 1.7, 0 1.7", 4), 64).shaped(_lumpy)
    slice_ = lathe(curve("0 0, 2.7 0, 2.95 0.25, 2.7 0.5, 0 0.5", 3), 32).turned("x", 4)
    slices = around(slice_.moved(0, 4.75, 2.9), 4, 20)
    rings = around(torus(2.3, 0.28, 40, 10).scaled(1, 0.8, 1).moved(0, 5.55, 2.6), 4, 65)
    wood_board = _board()
    parts = [
        Part("Bottom bun", bun, base.with_uvs([1, -1], [0, 1])),
        Part("Patty", meat, patty.with_uvs([3, 0.7]).moved(0, 2.6)),
        Part("Cheese", cheese, _cheese().moved(0, 4.3)),
        Part("Lettuce", lettuce, _lettuce(3).moved(0, 1.75)),
        Part("Tomato", tomato, slices),
        Part("Onion", onion, rings),
        Part("Lettuce", lettuce, _lettuce(9).scaled(0.97).moved(0, 5.75)),
        Part("Top bun", bun, top.moved(0, 6.1)),
        Part("Sesame", seed, _sesame().moved(0, 6.1)),
        Part("Board", wood_board, cylinder(8.2, 0.9, 72, 0.25).box_mapped(0.06).moved(0, -0.9)),
    ]
    return glb(parts, unit=0.01)


def _board() -> Material:
    paint, height = planks(512, 21, "#7a4a25", "#a8713f", "#c99058", boards=4)
    return Material("Walnut board", texture=picture(paint), normal=normal_map(height, 2), rough=0.5)


def _lumpy(points: Array) -> Array:
    turn = np.arctan2(points[:, 0], points[:, 2])
    swell = (
        1 + 0.018 * np.sin(turn * 7 + points[:, 1]) + 0.014 * np.sin(turn * 17 + 3 * points[:, 1])
    )
    return stretched(points, swell, 1, swell)


def _cheese() -> Mesh:
    """A square slice whose corners hang over the patty's round edge."""
    ticks = np.linspace(-1, 1, 41) * 5.5
    x, z = np.meshgrid(ticks, -ticks)
    across = np.hypot(x, z)
    bend = np.clip((across - 5.7) / 0.8, 0, 1.25)  # radians round an edge of 8 mm
    fallen = np.maximum(across - 6.7, 0)
    reach = np.minimum(across, 5.7) + 0.8 * np.sin(bend) + 0.31 * fallen
    y = 0.8 * (np.cos(bend) - 1) - 0.95 * fallen
    pull = reach / np.maximum(across, 1e-6)
    top, under = (
        np.stack([x * pull * wide, y + lift, z * pull * wide], axis=2)
        for wide, lift in ((1.02, 0.22), (0.99, 0.0))
    )
    rim = [
        np.concatenate([m[0], m[1:, -1], m[-1, -2::-1], m[-2:0:-1, 0], m[:1, 0]])
        for m in (under, top)
    ]
    return merge([grid(top), grid(under[:, ::-1]), grid(np.stack(rim))])


def _lettuce(seed: int) -> Mesh:
    turn = np.linspace(-np.pi, np.pi, 241)
    phase = np.random.default_rng(seed).uniform(0, 6, 3)
    rows = []
    for t in np.linspace(0, 1, 12):
        wave = t**2.2 * (0.42 * np.sin(turn * 19 + phase[0]) + 0.22 * np.sin(turn * 31 + phase[1]))
        radius = (
            0.5 + t * (5.95 + 0.35 * np.sin(turn * 5 + phase[2])) + 0.3 * t**3 * np.cos(turn * 23)
        )
        rows.append(
            np.stack(
                [radius * np.sin(turn), 0.25 + wave - 0.5 * t**4, radius * np.cos(turn)], axis=1
            )
        )
    return grid(np.stack(rows)[::-1], 80).with_uvs([6, 1])


def _sesame() -> Mesh:
    rng = np.random.default_rng(5)
    profile = curve("6.05 1.4, 5.2 2.8, 3.4 3.9, 1.5 4.35, 0 4.45", 5)
    seeds = []
    for number in range(80):
        radius = 5.0 * np.sqrt((number + 0.5) / 80)
        turn = number * 2.39996 + rng.normal(0, 0.12)
        y = float(np.interp(radius, profile[::-1, 0], profile[::-1, 1]))
        slope = np.degrees(np.arctan2(radius * 0.62, 5.2))
        one = superellipsoid(0.26, 0.14, 0.42, 0.9, 10, 6).turned("y", rng.uniform(0, 180))
        one = one.transformed(rotation("y", np.degrees(turn)) @ rotation("x", slope))
        seeds.append(one.moved(radius * np.sin(turn), y, radius * np.cos(turn)))
    return merge(seeds)


MODEL = DemoModel(
    "Classic Cheeseburger",
    "A toasted sesame bun over crisp lettuce, tomato, red onion, melted cheddar and a charred "
    "patty. Each layer is its own mesh, so you can stack, animate or eat it as you like.",
    "Food",
    "Fast Food",
    899,
    ("burger", "fast food", "restaurant", "layers"),
    "classic-cheeseburger.glb",
    burger,
)
