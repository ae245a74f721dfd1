"""A cluster of glowing crystals on a piece of dark rock."""

import numpy as np

from local.demo.demo_model import DemoModel
from local.demo.fields import chipped
from local.demo.gltf import Material, Part, glb
from local.demo.mesh import HARD, Array, Mesh, merge, rotation
from local.demo.shapes import icosphere, lathe
from local.demo.textures import mesh_of_pixels, noise, normal_map, picture, ramp


def crystals() -> bytes:
    rng = np.random.default_rng(41)
    tall = _glowing("Amethyst", "#2a0f6b", "#7a35d8", "#d58cff", "#ffe3ff")
    small = _glowing("Aquamarine", "#0b3b66", "#1d8fc4", "#6fe6ee", "#e8ffff")
    parts = [Part("Rock", _basalt(), _rock())]
    for number in range(26):
        ring = np.sqrt(number / 26)
        height = (3.6 - 2.5 * ring) * rng.uniform(0.8, 1.15)
        lean = 8 + 46 * ring + rng.uniform(-6, 6)
        shard = _shard(rng, 0.27 * height**0.6, height).turned("y", rng.uniform(0, 60))
        turn = np.degrees(number * 2.39996) + rng.uniform(-12, 12)
        place = np.array([0, -0.45 - 0.2 * ring, 0.9 * ring])
        shard = shard.transformed(rotation("x", lean)).moved(*place).turned("y", turn)
        blue = number % 3 == 2
        parts.append(Part("Crystals", small if blue else tall, shard))
    return glb(parts, unit=0.1)


def _glowing(name: str, *colours: str) -> Material:
    size = 512
    x, y = mesh_of_pixels(size)
    cloud = noise(size, len(name), 1.5, (1, 2))
    height = np.clip(1 - y + 0.3 * (cloud - 0.5), 0, 1)
    facet = 0.8 + 0.35 * ((x * 6) % 1)
    paint = ramp(height, *colours) * facet[..., None]
    light = ramp(height**1.6, "#000000", colours[1], colours[2]) * (0.4 + 0.5 * cloud)[..., None]
    return Material(
        name, texture=picture(paint), rough=0.07, glow="#ffffff", glow_texture=picture(light)
    )


def _shard(rng: np.random.Generator, radius: float, height: float) -> Mesh:
    """A six-sided prism, its sides uneven, with an off-centre point."""
    mesh = lathe([(0, 0), (radius * 0.8, 0), (radius, height * 0.72), (0, height)], 6, HARD)
    wide, tip = rng.uniform(0.75, 1.2), rng.uniform(-0.4, 0.4, 2) * radius

    def uneven(points: Array) -> Array:
        top = np.clip(points[:, 1] / height - 0.72, 0, 1) / 0.28
        x = points[:, 0] * wide + tip[0] * top
        y = points[:, 1] + (points[:, 1] > height * 0.6) * points[:, 0] * 0.35
        return np.stack([x, y, points[:, 2] / wide + tip[1] * top], axis=1)

    return mesh.shaped(uneven, HARD)


def _basalt() -> Material:
    grit, veins = noise(512, 8, 1.1), noise(512, 9, 1.7)
    paint = ramp(0.6 * grit + 0.4 * veins, "#17151f", "#35323f", "#5d5866")
    vein = np.exp(-(((veins - 0.5) / 0.012) ** 2))
    light = picture(vein[..., None] * np.array([0.55, 0.2, 0.9]))
    return Material(
        "Basalt", texture=picture(paint), normal=normal_map(grit, 6), rough=0.8,
        glow="#ffffff", glow_texture=light,
    )  # fmt: skip


def _rock() -> Mesh:
    rng = np.random.default_rng(5)
    ball = icosphere(1, 3)
    lumps = [chipped(ball, 2).scaled(2.3, 0.95, 2.2).moved(0, -0.75)]
    for seed, turn in enumerate((5, 62, 118, 170, 236, 290, 335)):
        size = rng.uniform(0.55, 0.95)
        lump = chipped(ball, seed + 10).scaled(size, size * 0.75, size * 1.1)
        lumps.append(lump.moved(0, -1.05, rng.uniform(1.75, 2.15)).turned("y", turn))
    return merge(lumps).shaped(lambda p: np.maximum(p, [-9, -1.4, -9]), 14).box_mapped(0.5)


MODEL = DemoModel(
    "Amethyst Crystal Cluster",
    "Faceted amethyst and aquamarine shards that glow from within, on veined basalt. Emissive "
    "maps are included: drop it into a cave and let it light the scene.",
    "Nature",
    "Rocks",
    999,
    ("crystal", "gem", "cave", "emissive", "fantasy"),
    "amethyst-crystals.glb",
    crystals,
)
