"""Finishes that several models share."""

from local.demo.gltf import Material
from local.demo.textures import (
    Colour,
    blocks,
    brushed,
    metal_rough,
    noise,
    normal_map,
    picture,
    planks,
    ramp,
    rgb,
    weave,
    wood,
)  # fmt: skip

BRASS = Material("Brass", "#e3b65c", metal=1, rough=0.27)
GOLD = Material("Gold", "#ffc94d", metal=1, rough=0.22)
STEEL = Material("Steel", "#c3c8ce", metal=1, rough=0.28)
IRON = Material("Dark iron", "#4c5157", metal=1, rough=0.48)
COPPER = Material("Copper", "#d98255", metal=1, rough=0.3)
RUBBER = Material("Rubber", "#1c1d20", rough=0.75)


def timber(
    name: str, seed: int, *colours: Colour, rings: float = 5, rough: float = 0.5
) -> Material:
    """Plain wood, its fibres along v; one tile is as large as a texture coordinate of 1."""
    return Material(name, texture=picture(wood(512, seed, *colours, rings=rings)), rough=rough)


def boards(
    name: str, seed: int, *colours: Colour, count: int = 5, along: str = "y", rough: float = 0.6
) -> Material:
    paint, height = planks(512, seed, *colours, boards=count, along=along)
    return Material(name, texture=picture(paint), normal=normal_map(height, 4), rough=rough)


def masonry(
    name: str, seed: int, joint: Colour, *stones: Colour, columns: int = 6, rows: int = 10
) -> Material:
    size = 512
    tone, height = blocks(size, seed, columns, rows, 0.1)
    grit = noise(size, seed + 1, 1.1)
    face = ramp(0.75 * tone + 0.25 * grit, *stones) * (0.82 + 0.3 * grit)[..., None]
    paint = rgb(joint) + (face - rgb(joint)) * height[..., None]
    bump = normal_map(height * (0.8 + 0.2 * tone) + 0.25 * grit, 7)
    return Material(name, texture=picture(paint), normal=bump, rough=0.88)


def brushed_metal(name: str, seed: int, colour: Colour, along: str = "x") -> Material:
    scratch = brushed(512, seed, along)
    paint = picture(rgb(colour) * (0.88 + 0.2 * scratch)[..., None])
    return Material(name, texture=paint, metal_rough=metal_rough(1.0, 0.22 + 0.3 * scratch, 512))


def cloth(name: str, colour: Colour, threads: int = 48) -> Material:
    height = weave(512, threads)
    paint = picture(rgb(colour) * (0.72 + 0.34 * height)[..., None])
    return Material(name, texture=paint, normal=normal_map(height, 3), rough=0.9)
