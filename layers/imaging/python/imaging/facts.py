"""What is in a scene, counted."""

from imaging.errors import Refused
from imaging.images import Image
from imaging.report import Box, Facts, TextureFacts
from imaging.scene import Scene
from imaging.thinning import box

_NOTES = 50
# An item of the table holds 400 KB, and facts are only a part of it.
_TEXTURES = 100
_NAME = 60  # characters


def facts(scene: Scene) -> Facts:
    """Counts of a scene; refuses one with nothing to see."""
    triangles = sum(len(part.triangles) for part in scene.parts)
    if not triangles:
        raise Refused("empty", "There is no geometry in this file: no triangle to show.")
    images = [image for image in scene.images if image and image.size]
    return Facts(
        triangles=scene.triangles or triangles,
        unique_triangles=scene.unique_triangles,
        vertices=scene.vertices,
        meshes=scene.meshes,
        materials=scene.material_count,
        textures=[_texture(image) for image in images[:_TEXTURES]],
        texture_count=len(images),
        texture_resolution=resolution(images),
        workflow=scene.workflow,
        skins=scene.skins,
        joints=scene.joints,
        animations=scene.animations,
        morphs=scene.morphs,
        uv_sets=max(len(part.coordinates) for part in scene.parts),
        is_rigged=scene.skins > 0,
        is_animated=scene.animations > 0,
        bounding_box=_box(scene),
        extensions=scene.extensions,
        notes=list(dict.fromkeys(scene.notes))[:_NOTES],
    )


def _texture(image: Image) -> TextureFacts:
    return TextureFacts(image.name[:_NAME], image.width, image.height, image.format, image.size)


def resolution(images: list[Image]) -> str:
    side = max((max(image.width, image.height) for image in images), default=0)
    if side == 0:
        return "None"
    # Each name reaches half way, by ratio, to the next.
    for name, limit in (("512", 724), ("1K", 1448), ("2K", 2896), ("4K", 5793), ("8K", 11585)):
        if side <= limit:
            return name
    return "16K"


def _box(scene: Scene) -> Box:
    low, high = scene.box or box(scene.parts)
    (x0, y0, z0), (x1, y1, z1) = (low + scene.origin).tolist(), (high + scene.origin).tolist()
    return Box((x0, y0, z0), (x1, y1, z1))
