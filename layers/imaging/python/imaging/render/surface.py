"""What a ray finds where it hits: place, normal and material of each point."""

from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from imaging.render.planes import cross, dot, taken, toward, unit
from imaging.render.soup import Hits, Soup
from imaging.render.textures import Texture, to_light
from imaging.scene import Bools, Floats, Ints, Material, Slot


@dataclass
class Surface:
    """n points, seen along `view` (unit, towards the eye); vectors are (3, n)."""

    position: Floats
    view: Floats
    face: Floats  # geometric normal, towards the eye
    normal: Floats  # shading normal
    base: Floats  # linear
    alpha: Floats
    metallic: Floats
    roughness: Floats
    emissive: Floats
    occlusion: Floats
    unlit: Bools


class Surfaces:
    """Looks up points of one soup."""

    def __init__(
        self, soup: Soup, materials: list[Material], textures: list[Texture | None], pixel: float
    ) -> None:
        self.soup = soup
        self.materials = materials
        self.textures = textures
        self.pixel = np.float32(pixel)
        self.see_through = np.array([material.alpha != "opaque" for material in materials])
        self.one_sided = np.array([not material.double_sided for material in materials])
        self.blends = np.array([material.alpha == "blend" for material in materials])

    def back(self, hits: Hits, directions: Floats) -> Bools:
        """Hits on the side of a one-sided material that is not drawn."""
        out = self.one_sided.take(self.soup.materials.take(hits.triangle))
        chosen = np.flatnonzero(out)
        some = hits.only(chosen)
        across = Shape(self.soup, some).cross
        out[chosen] = dot(across, taken(directions, some.ray)) > 0
        return np.asarray(out)

    def alpha(self, hits: Hits) -> Floats:
        """Opacity of hits: 0 or 1 for masks, anything between for blends."""
        out = np.ones(len(hits.ray), np.float32)
        numbers = self.soup.materials.take(hits.triangle)
        for number in np.flatnonzero(self.see_through):
            chosen = np.flatnonzero(numbers == number)
            if not len(chosen):
                continue
            material, some = self.materials[number], hits.only(chosen)
            shape = Shape(self.soup, some)
            values = shape.color()[3] * np.float32(material.base[3])
            if (texels := self._texels(material.base_slot, shape, slice(None))) is not None:
                values = values * texels[3]
            mask = material.alpha == "mask"
            out[chosen] = (values >= material.cutoff) if mask else np.clip(values, 0, 1)
        return out

    def place(self, hits: Hits, origin: Floats, directions: Floats) -> tuple[Floats, Floats]:
        """Where the hits are, and their geometric normals towards the eye."""
        towards = taken(directions, hits.ray)
        face = -toward(unit(Shape(self.soup, hits).cross), towards)
        return origin + towards * hits.distance, face

    def at(self, hits: Hits, origin: Floats, directions: Floats) -> Surface:
        """Everything the lighting needs to know about the hits, which come by material."""
        shape = Shape(self.soup, hits)
        towards = taken(directions, hits.ray)
        position = origin + towards * hits.distance
        face = -toward(unit(shape.cross), towards)
        color = shape.color()
        count = len(hits.ray)
        found = Surface(
            position, -towards, face, shape.normal(face), color[:3].copy(), color[3].copy(),
            np.empty(count, np.float32), np.empty(count, np.float32),
            np.empty((3, count), np.float32), np.ones(count, np.float32), np.zeros(count, bool),
        )  # fmt: skip
        for number, part in runs(self.soup.materials.take(hits.triangle)):
            self._dress(found, part, self.materials[number], shape)
        found.normal = _towards_eye(found.normal, found.face, found.view)
        return found

    def _dress(self, found: Surface, part: slice, material: Material, shape: "Shape") -> None:
        known: dict[Slot, Floats | None] = {}

        def texels(slot: Slot | None) -> Floats | None:
            """One look for the slots that share an image, as roughness and occlusion do."""
            if slot is None:
                return None
            if slot not in known:
                known[slot] = self._texels(slot, shape, part)
            return known[slot]

        found.base[:, part] *= np.array(material.base[:3], np.float32)[:, None]
        found.alpha[part] *= np.float32(material.base[3])
        if (values := texels(material.base_slot)) is not None:
            found.base[:, part] *= to_light(values[:3])
            found.alpha[part] *= values[3]
        found.metallic[part], found.roughness[part] = material.metallic, material.roughness
        if (values := texels(material.surface_slot)) is not None:
            found.metallic[part] *= values[2]
            found.roughness[part] *= values[1]
        found.emissive[:, part] = np.array(material.emissive, np.float32)[:, None]
        if any(material.emissive) and (values := texels(material.emissive_slot)) is not None:
            found.emissive[:, part] *= to_light(values[:3])
        slot = material.occlusion_slot
        if slot and (values := texels(_plain(slot))) is not None:
            found.occlusion[part] = 1 + np.float32(slot.strength) * (values[0] - 1)
        slot = material.normal_slot
        if slot and (values := texels(slot)) is not None:
            found.normal[:, part] = shape.bent(found.normal[:, part], slot, values, part)
        found.unlit[part] = material.unlit

    def _texels(self, slot: Slot | None, shape: "Shape", part: slice) -> Floats | None:
        texture = self.textures[slot.image] if slot else None
        if slot is None or texture is None or slot.coordinates >= len(self.soup.coordinates):
            return None
        uv, density = shape.uv(slot.coordinates)
        return texture.sample(slot, uv[:, part], density[part] * self.pixel)


def _plain(slot: Slot) -> Slot:
    return Slot(slot.image, slot.coordinates, slot.wrap, slot.offset, slot.rotation, slot.scale)


def runs(numbers: Ints) -> list[tuple[int, slice]]:
    """Stretches of equal numbers, of which each comes once."""
    if not len(numbers):
        return []
    edges = [0, *(np.flatnonzero(np.diff(numbers)) + 1).tolist(), len(numbers)]
    return [(int(numbers[a]), slice(a, b)) for a, b in pairwise(edges)]


class Shape:
    """The triangles of some hits and how far into each the hits lie."""

    def __init__(self, soup: Soup, hits: Hits) -> None:
        self.soup = soup
        self.corners = [corner.take(hits.triangle, mode="clip") for corner in soup.triangles]
        self.u, self.v, self.distance = hits.u, hits.v, hits.distance
        a, b, c = (taken(soup.positions, corner) for corner in self.corners)
        self.edges = b - a, c - a
        self.cross = cross(*self.edges)
        self._uvs: dict[int, tuple[Floats, Floats]] = {}
        self._ways: dict[int, tuple[Floats, Floats]] = {}

    def mix(self, values: Floats) -> Floats:
        a, b, c = (taken(values, corner) for corner in self.corners)
        return a + (b - a) * self.u + (c - a) * self.v

    def color(self) -> Floats:
        if self.soup.colors is None:
            return np.ones((4, len(self.u)), np.float32)
        return self.mix(self.soup.colors)

    def normal(self, face: Floats) -> Floats:
        mixed = self.mix(self.soup.normals)
        short = np.flatnonzero(dot(mixed, mixed) < 1e-8)
        mixed[:, short] = face[:, short]
        return toward(unit(mixed), face)

    def uv(self, at: int) -> tuple[Floats, Floats]:
        """Texture coordinates, and how much of them a pixel spans at distance 1."""
        if at not in self._uvs:
            a, b, c = (taken(self.soup.coordinates[at], corner) for corner in self.corners)
            one, two = b - a, c - a
            area = one[0] * two[1] - one[1] * two[0]
            real = np.sqrt(dot(self.cross, self.cross))
            density = self.distance * np.sqrt(np.abs(area) / np.maximum(real, np.float32(1e-20)))
            self._uvs[at] = a + one * self.u + two * self.v, density
            self._ways[at] = one, two
        return self._uvs[at]

    def bent(self, normal: Floats, slot: Slot, texels: Floats, part: slice) -> Floats:
        """The normal bent by a normal map, along the directions its coordinates run."""
        one, two = (way[:, part] for way in self._ways[slot.coordinates])
        first, second = (edge[:, part] for edge in self.edges)
        area = one[0] * two[1] - one[1] * two[0]
        sign = np.copysign(np.float32(1), area)
        along = (first * two[1] - second * one[1]) * sign
        down = (second * one[0] - first * two[0]) * sign
        level = unit(along - normal * dot(normal, along))
        side = toward(cross(normal, level), down)
        x = (texels[0] * 2 - 1) * np.float32(slot.strength)
        y = (texels[1] * 2 - 1) * np.float32(slot.strength)
        # In glTF green points up the picture, and v runs down it.
        bent = unit(level * x - side * y + normal * np.maximum(texels[2] * 2 - 1, np.float32(0.05)))
        flat = np.flatnonzero(np.abs(area) < 1e-14)
        bent[:, flat] = normal[:, flat]
        return bent


def _towards_eye(normal: Floats, face: Floats, view: Floats) -> Floats:
    """Bend normals that look away from the eye just back into view."""
    away = np.minimum(dot(normal, view) - np.float32(0.03), 0)
    if away.any():
        normal = unit(normal - view * away)
    wrong = np.flatnonzero(dot(normal, face) < 0)
    normal[:, wrong] = face[:, wrong]
    return normal
