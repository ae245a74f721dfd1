"""A glazed ring with sprinkles on a plate."""

import numpy as np

from local.demo.demo_model import DemoModel
from local.demo.gltf import Material, Part, glb
from local.demo.mesh import Array, Mesh
from local.demo.shapes import (
    curve,
    grid,
    lathe,
    superellipsoid,
    torus,
)
from local.demo.textures import (
    blend,
    mesh_of_pixels,
    noise,
    normal_map,
    picture,
    ramp,
)


def donut() -> bytes:
    """A glazed ring with sprinkles on a plate, thirty centimetres across."""
    rng = np.random.default_rng(7)
    crumb = noise(512, 1, 1.2)
    _, y = mesh_of_pixels(512)
    belt = np.exp(-(((y - 0.5) / 0.06) ** 2))
    dough_paint = blend(ramp(0.25 + 0.5 * crumb, "#a85f22", "#d9944a"), "#f0cd92", belt * 0.9)
    dough = Material("Dough", texture=picture(dough_paint), normal=normal_map(crumb, 4), rough=0.75)
    icing = Material("Strawberry icing", "#f2739b", rough=0.18)
    sugar = tuple(_SUGAR)
    porcelain = Material("Porcelain", "#f4efe6", rough=0.15)
    rim = Material("Blue rim", "#2c5b8f", rough=0.2)
    parts = [
        Part("Donut", dough, torus(0.1, 0.056, 72, 32).scaled(1, 0.86, 1).moved(0, 0.066)),
        Part("Icing", icing, _icing().moved(0, 0.066)),
        Part(
            "Plate",
            porcelain,
            lathe(
                curve(
                    "0 0.002, 0.1 0.002, 0.105 0, 0.17 0.012, 0.214 0.03, 0.216 0.034, 0.17 0.02, "
                    "0.12 0.012, 0 0.012",
                    4,
                ),
                80,
            ),
        ),
        Part("Plate", rim, torus(0.2155, 0.0028, 80, 8).moved(0, 0.0325)),
    ]
    for number in range(130):
        colour = sugar[number % len(sugar)]
        parts.append(Part("Sprinkles", _SUGAR[colour], _sprinkle(rng)))
    return glb(parts)


_SUGAR = {
    colour: Material(f"Sugar {colour}", colour, rough=0.3)
    for colour in ("#ffffff", "#ffd23f", "#3fb8e0", "#7ac74f", "#8a4fd0", "#ff6b35")
}


def _icing_edge(turn: Array) -> Array:
    """How far down the icing runs, in radians from the top, on the outside."""
    return (
        1.55
        + 0.22 * np.sin(turn * 5 + 0.6)
        + 0.16 * np.sin(turn * 9 + 2)
        + 0.08 * np.sin(turn * 17)
    )


def _icing() -> Mesh:
    turn = np.linspace(-np.pi, np.pi, 145)
    rows = []
    for t in np.concatenate([np.linspace(0, 1, 25), [1.0]]):
        inner, outer = -1.5 - 0.15 * np.sin(turn * 6), _icing_edge(turn)
        angle = inner + (outer - inner) * (1 - t)
        bead = 0.0055 * np.clip(np.minimum(t, 1 - t) * 14, 0, 1) ** 0.5
        radius = 0.0555 + bead + 0.0012 * np.sin(turn * 7 + angle * 3)
        rows.append(_on_ring(turn, angle, radius))
    return grid(np.stack(rows), 60)


def _on_ring(turn: Array, angle: Array, radius: Array | float) -> Array:
    away = 0.1 + radius * np.sin(angle)
    return np.stack(
        [away * np.sin(turn), 0.86 * radius * np.cos(angle), away * np.cos(turn)], axis=-1
    )


def _sprinkle(rng: np.random.Generator) -> Mesh:
    turn = rng.uniform(-np.pi, np.pi)
    angle = rng.uniform(-1.1, 1.15)
    place = _on_ring(np.array(turn), np.array(angle), 0.0625)
    rod = superellipsoid(0.0052, 0.019, 0.0052, 0.8, 8, 6).turned("x", 90)
    rod = rod.turned("y", rng.uniform(0, 360)).turned("x", np.degrees(angle) * 0.9)
    return rod.turned("y", np.degrees(turn)).moved(place[0], place[1] + 0.066, place[2])


MODEL = DemoModel(
    "Strawberry Donut",
    "A glossy strawberry glaze, 130 hand-strewn sprinkles and a soft golden crumb, served on "
    "a porcelain plate. Light enough for a phone, tempting enough for a poster.",
    "Food",
    "Sweets",
    0,
    ("donut", "dessert", "sprinkles", "bakery"),
    "strawberry-donut.glb",
    donut,
)
