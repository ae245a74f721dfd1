"""An antique globe in a brass meridian on a turned stand."""

import numpy as np
from PIL import Image

from local.demo.demo_model import DemoModel
from local.demo.fields import waves
from local.demo.gltf import Material, Part, glb
from local.demo.materials import BRASS, timber
from local.demo.mesh import Array, Mesh, around, merge
from local.demo.shapes import cone, curve, cylinder, lathe, sphere, torus, tube
from local.demo.textures import blend, mesh_of_pixels, metal_rough, noise, picture, ramp, seams

_TILT = 23.4


def globe() -> bytes:
    walnut = timber("Walnut", 6, "#2e150a", "#5a2d17", "#83502c", rings=4, rough=0.3)
    centre = 0.36
    arc = _meridian().turned("z", -_TILT).moved(0, centre)
    parts = [
        Part(
            "Globe",
            _map(),
            sphere(0.15, 96, 64).turned("y", 205).turned("z", -_TILT).moved(0, centre),
        ),
        Part("Meridian", BRASS, arc),
        Part("Meridian", BRASS, _pivots().turned("z", -_TILT).moved(0, centre)),
        Part("Stand", walnut, _column()),
        Part("Stand", walnut, around(_foot(), 3, 30)),
        Part(
            "Stand", BRASS, merge([torus(0.0225, 0.005, 36, 12).moved(0, y) for y in (0.155, 0.07)])
        ),
        Part("Stand", BRASS, around(sphere(0.012, 16, 10).moved(0, 0.008, 0.137), 3, 30)),
        Part(
            "Horizon",
            walnut,
            lathe(
                "0.172 0.352, 0.215 0.352, 0.218 0.356, 0.218 0.364, 0.215 0.368, "
                "0.172 0.368, 0.172 0.352",
                96,
                30,
            ),
        ),
        Part("Horizon", BRASS, torus(0.205, 0.0022, 96, 8).moved(0, 0.368)),
        Part("Arms", walnut, around(_arm(), 4, 45)),
    ]
    return glb(parts)


def _map() -> Material:
    size = 1024
    x, y = mesh_of_pixels(size)
    relief = np.asarray(Image.fromarray(_relief(size // 2)).resize((size, size)), dtype=np.float64)
    paper, stain = noise(size, 3, 1.2), noise(size, 4, 1.9)
    sea = ramp(np.clip(0.5 - relief * 0.5, 0, 1), "#a9c8b8", "#6fa3a3", "#3f7c8a")
    land = ramp(np.clip(relief * 1.5, 0, 1), "#e9cf8f", "#d3a860", "#b07a3e", "#8c5527")
    paint = np.where((relief > 0)[..., None], land, sea)
    shallow = np.abs((np.clip(-relief, 0, 0.16) / 0.04) % 1 - 0.5) < 0.14
    paint = blend(paint, "#5b7c7a", 0.5 * (shallow & (relief < 0) & (relief > -0.15)))
    lines = np.minimum(seams(x * 24, 0.018), seams(y * 12, 0.012))
    paint = blend(paint, "#6b4a2a", 0.45 * (1 - lines))
    paint = blend(paint, "#4a2e18", np.clip(1 - np.abs(relief) / 0.018, 0, 1))
    paint = blend(
        paint, "#8d2f23", (np.abs(y - 0.5) < 0.003) | (np.abs(np.abs(y - 0.5) - 0.13) < 0.0015)
    )
    paint *= (0.78 + 0.16 * paper + 0.16 * stain)[..., None]
    return Material(
        "Map", texture=picture(paint), metal_rough=metal_rough(0, 0.28 + 0.2 * stain, size)
    )


def _relief(size: int) -> Array:
    """Heights of an invented world, a third of it land, on a plate carrée."""
    x, y = mesh_of_pixels(size)
    lon, lat = (x - 0.5) * 2 * np.pi, (0.5 - y) * np.pi
    places = np.stack([np.cos(lat) * np.sin(lon), np.sin(lat), np.cos(lat) * np.cos(lon)], axis=-1)
    height = waves(places.reshape(-1, 3), 33, 1.15, 6).reshape(size, size)
    return (height - np.quantile(height, 0.66)).astype(np.float32)


def _meridian() -> Mesh:
    turn = np.linspace(-np.pi, np.pi, 97)
    ring = np.stack([0.162 * np.sin(turn), 0.162 * np.cos(turn), turn * 0], axis=1)
    flat = [(0.0035, 0.007), (-0.0035, 0.007), (-0.0035, -0.007), (0.0035, -0.007)]
    return tube(ring, 1, closed=True, section=[(b, a) for a, b in flat])


def _pivots() -> Mesh:
    pin = merge(
        [
            cylinder(0.004, 0.03, 16).moved(0, 0.145),
            lathe(curve("0.008 0.166, 0.011 0.172, 0.006 0.182, 0.008 0.187, 0 0.192", 4), 24),
        ]
    )
    return merge([pin, pin.turned("z", 180)])


def _column() -> Mesh:
    profile = (
        "0.045 0.035, 0.05 0.045, 0.03 0.06, 0.02 0.072, 0.03 0.09, 0.034 0.105, 0.024 0.125, "
        "0.017 0.14, 0.024 0.155, 0.04 0.168, 0.045 0.178, 0.03 0.188, 0 0.19"
    )
    return lathe(curve(profile, 4), 48).with_uvs([0.6, 0.5])


def _foot() -> Mesh:
    path = curve("0 0.06 0.02, 0 0.062 0.06, 0 0.045 0.1, 0 0.022 0.125, 0 0.018 0.145", 6)
    return tube(path, np.linspace(0.02, 0.011, len(path)), 20).with_uvs([0.3, 0.4])


def _arm() -> Mesh:
    path = curve("0 0.176 0.03, 0 0.185 0.08, 0 0.225 0.145, 0 0.29 0.185, 0 0.355 0.194", 7)
    knob = cone(0.013, 0.009, 0.02, 20, 0.003).moved(0, 0.366, 0.194)
    return merge([tube(path, np.linspace(0.0115, 0.008, len(path)), 16).with_uvs([0.2, 0.6]), knob])


MODEL = DemoModel(
    "Captain's Antique Globe",
    "An old world nobody has sailed yet, drawn on parchment under a brass meridian and carried "
    "by a turned walnut stand. Spin the globe on its own axis: it is a separate mesh.",
    "Props",
    "Decor",
    1699,
    ("globe", "antique", "map", "brass", "explorer"),
    "antique-globe.glb",
    globe,
)
