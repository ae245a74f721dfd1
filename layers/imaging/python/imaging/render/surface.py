"""What a ray finds where it hits: place, normal and material of each point."""

from dataclasses import dataclass

import numpy as np

from imaging.images import Image
from imaging.render.soup import Hits, Soup
from imaging.render.textures import sample
from imaging.scene import Bools, Floats, Ints, Material, Slot
from imaging.vectors import dot, unit


@dataclass
class Surface:
    """n points, seen along `view` (unit, towards the eye)."""

    position: Floats
    view: Floats
    face: Floats  # geometric normal, towards the eye
    normal: Floats  # shading normal
    base: Floats  # (n, 3) linear
    alpha: Floats
    metallic: Floats
    roughness: Floats
    emissive: Floats
    occlusion: Floats
    unlit: Bools


class Surfaces:
    """Looks up points of one soup."""

    def __init__(
        self, soup: Soup, materials: list[Material], images: list[Image | None], pixel: float
    ) -> None:
        self.soup = soup
        self.materials = materials
        self.images = images
        self.pixel = pixel
        self.see_through = np.array([material.alpha != "opaque" for material in materials])
        self.one_sided = np.array([not material.double_sided for material in materials])
        self.blends = np.array([material.alpha == "blend" for material in materials])

    def back(self, hits: Hits, directions: Floats) -> Bools:
        """Hits on the side of a one-sided material that is not drawn."""
        chosen = self.one_sided[self.soup.materials[hits.triangle]]
        out = np.zeros(len(hits.ray), bool)
        a, b, c = (self.soup.positions[self.soup.triangles[hits.triangle[chosen], corner]]
                   for corner in range(3))  # fmt: skip
        out[chosen] = dot(np.cross(b - a, c - a), directions[hits.ray[chosen]]) > 0
        return out

    def alpha(self, hits: Hits) -> Floats:
        """Opacity of hits: 0 or 1 for masks, anything between for blends."""
        out = np.ones(len(hits.ray), np.float32)
        for number, chosen in self._by_material(hits, self.see_through):
            material = self.materials[number]
            some = hits.only(chosen)
            shape = _Shape(self.soup, some)
            values = shape.color()[:, 3] * material.base[3]
            if (texels := self._texels(material.base_slot, shape, some)) is not None:
                values = values * texels[:, 3]
            mask = material.alpha == "mask"
            out[chosen] = (values >= material.cutoff) if mask else np.clip(values, 0, 1)
        return out

    def at(self, hits: Hits, origins: Floats, directions: Floats) -> Surface:
        """Everything the lighting needs to know about the hits."""
        shape = _Shape(self.soup, hits)
        towards = directions[hits.ray]
        position = origins[hits.ray] + towards * hits.distance[:, None]
        face = _facing(unit(shape.cross), towards)
        normal = shape.normal(face)
        color = shape.color()
        count = len(hits.ray)
        found = Surface(
            position, -towards, face, normal, color[:, :3].copy(), color[:, 3].copy(),
            np.zeros(count, np.float32), np.ones(count, np.float32),
            np.zeros((count, 3), np.float32), np.ones(count, np.float32), np.zeros(count, bool),
        )  # fmt: skip
        every = np.ones(len(self.materials), bool)
        for number, chosen in self._by_material(hits, every):
            self._dress(found, chosen, self.materials[number], hits)
        found.normal = _towards_eye(found.normal, found.face, found.view)
        return found

    def _dress(self, found: Surface, chosen: Ints, material: Material, hits: Hits) -> None:
        some = hits.only(chosen)
        shape = _Shape(self.soup, some)
        found.base[chosen] *= np.array(material.base[:3], np.float32)
        found.alpha[chosen] *= np.float32(material.base[3])
        if (texels := self._texels(material.base_slot, shape, some)) is not None:
            found.base[chosen] *= texels[:, :3]
            found.alpha[chosen] *= texels[:, 3]
        found.metallic[chosen], found.roughness[chosen] = material.metallic, material.roughness
        if (texels := self._texels(material.surface_slot, shape, some, color=False)) is not None:
            found.metallic[chosen] *= texels[:, 2]
            found.roughness[chosen] *= texels[:, 1]
        found.emissive[chosen] = material.emissive
        if (texels := self._texels(material.emissive_slot, shape, some)) is not None:
            found.emissive[chosen] *= texels[:, :3]
        slot = material.occlusion_slot
        if slot and (texels := self._texels(slot, shape, some, color=False)) is not None:
            found.occlusion[chosen] = 1 + np.float32(slot.strength) * (texels[:, 0] - 1)
        slot = material.normal_slot
        if slot and (texels := self._texels(slot, shape, some, color=False)) is not None:
            found.normal[chosen] = shape.bent(found.normal[chosen], slot, texels)
        found.unlit[chosen] = material.unlit

    def _texels(
        self, slot: Slot | None, shape: "_Shape", hits: Hits, *, color: bool = True
    ) -> Floats | None:
        image = self.images[slot.image] if slot else None
        if slot is None or image is None or not image.levels:
            return None
        uv, density = shape.uv(slot.coordinates, hits.distance * np.float32(self.pixel))
        return None if uv is None else sample(image, slot, uv, density, color=color)

    def _by_material(self, hits: Hits, wanted: Bools) -> list[tuple[int, Ints]]:
        numbers = self.soup.materials[hits.triangle]
        order = np.argsort(numbers, kind="stable")
        found, starts = np.unique(numbers[order], return_index=True)
        slices = np.split(order, starts[1:])
        return [(int(n), s) for n, s in zip(found, slices, strict=False) if wanted[n]]


class _Shape:
    """The triangles of some hits and how far into each the hits lie."""

    def __init__(self, soup: Soup, hits: Hits) -> None:
        self.soup = soup
        self.corner = soup.triangles[hits.triangle]
        self.u, self.v = hits.u[:, None], hits.v[:, None]
        a, b, c = (soup.positions[self.corner[:, at]] for at in range(3))
        self.edges = b - a, c - a
        self.cross = np.cross(*self.edges)

    def mix(self, values: Floats) -> Floats:
        a, b, c = (values[self.corner[:, at]] for at in range(3))
        return a + (b - a) * self.u + (c - a) * self.v

    def color(self) -> Floats:
        if self.soup.colors is None:
            return np.ones((len(self.corner), 4), np.float32)
        return self.mix(self.soup.colors)

    def normal(self, face: Floats) -> Floats:
        mixed = self.mix(self.soup.normals)
        short = dot(mixed, mixed) < 1e-8
        mixed[short] = face[short]
        mixed = unit(mixed)
        return np.where(dot(mixed, face)[:, None] < 0, -mixed, mixed)

    def uv(self, at: int, footprint: Floats) -> tuple[Floats | None, Floats]:
        """Texture coordinates, and how much of them a pixel spans."""
        if at >= len(self.soup.coordinates):
            return None, footprint
        found = self.soup.coordinates[at]
        a, b, c = (found[self.corner[:, corner]] for corner in range(3))
        one, two = b - a, c - a
        area = np.abs(one[:, 0] * two[:, 1] - one[:, 1] * two[:, 0])
        real = np.sqrt(dot(self.cross, self.cross))
        return self.mix(found), footprint * np.sqrt(area / np.maximum(real, 1e-20))

    def bent(self, normal: Floats, slot: Slot, texels: Floats) -> Floats:
        """The normal bent by a normal map, along the directions its coordinates run."""
        if slot.coordinates >= len(self.soup.coordinates):
            return normal
        found = self.soup.coordinates[slot.coordinates]
        a, b, c = (found[self.corner[:, corner]] for corner in range(3))
        one, two = b - a, c - a
        area = one[:, 0] * two[:, 1] - one[:, 1] * two[:, 0]
        sign = np.where(area < 0, np.float32(-1), np.float32(1))[:, None]
        along = (self.edges[0] * two[:, 1:] - self.edges[1] * one[:, 1:]) * sign
        down = (self.edges[1] * one[:, :1] - self.edges[0] * two[:, :1]) * sign
        level = unit(along - normal * dot(normal, along)[:, None])
        side = np.cross(normal, level).astype(normal.dtype)
        side *= np.where(dot(side, down) < 0, np.float32(-1), np.float32(1))[:, None]
        x = (texels[:, :1] * 2 - 1) * np.float32(slot.strength)
        y = (texels[:, 1:2] * 2 - 1) * np.float32(slot.strength)
        # In glTF green points up the picture, and v runs down it.
        bent = unit(level * x - side * y + normal * np.maximum(texels[:, 2:3] * 2 - 1, 0.05))
        return np.where((np.abs(area) < 1e-14)[:, None], normal, bent)


def _facing(normal: Floats, towards: Floats) -> Floats:
    return np.where(dot(normal, towards)[:, None] > 0, -normal, normal)


def _towards_eye(normal: Floats, face: Floats, view: Floats) -> Floats:
    """Bend normals that look away from the eye just back into view."""
    cosine = dot(normal, view)[:, None]
    bent = unit(normal - view * np.minimum(cosine - 0.03, 0))
    return np.where(dot(bent, face)[:, None] < 0, face, bent)
