"""One picture of a scene: light, opacity and floor shadow for every pixel."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import numpy as np

from imaging.errors import Refused
from imaging.images import Image
from imaging.render import camera as cameras
from imaging.render.camera import Camera
from imaging.render.ground import Ground, ground
from imaging.render.lighting import Lighting
from imaging.render.occlusion import Shade, looked_up, shade
from imaging.render.slender import slender
from imaging.render.soup import Hits, Tracer, soup
from imaging.render.studio import Studio, backdrop, developed, to_srgb
from imaging.render.surface import Surfaces
from imaging.render.textures import FROM_SRGB
from imaging.scene import Bools, Floats, Material, Scene
from imaging.vectors import most

_CHUNK = 1 << 17
_THREADS = 2
_SEEN = 0.02  # of opacity
_LAYERS = 24  # surfaces a ray may pass: cut-outs, glass, backs of one-sided faces
_EDGE = 0.08  # difference between neighbours, in encoded values, that calls for more samples
_UNEVEN = 0.12  # difference between the samples of a pixel that calls for still more
_SPOTS = np.array([
    (0.0625, 0.4375), (0.1875, 0.8125), (0.3125, 0.1875), (0.4375, 0.6875),
    (0.5625, 0.0625), (0.6875, 0.9375), (0.8125, 0.3125), (0.9375, 0.5625),
], np.float32)  # fmt: skip


@dataclass
class Still:
    """Encoded sRGB (size, size, 3) with the backdrop, and (size, size, 4) without."""

    full: Floats
    clear: Floats


class Photographer:
    """A scene in its studio, ready to be sampled anywhere in the picture."""

    def __init__(self, scene: Scene, size: int) -> None:
        found = soup(scene)
        self.size = size
        shown = found.shown()
        low, high = shown.min(axis=0), shown.max(axis=0)
        self.camera: Camera = cameras.frame(shown, size, *cameras.angles(high - low))
        self.studio = Studio(self.camera)
        self.tracer = Tracer(found, scene.materials)
        self.surfaces = Surfaces(found, scene.materials, scene.images, self.camera.pixel)
        self.reach = float(np.linalg.norm(high - low)) / 2 or 1.0
        colors = _mean_colors(scene.materials, scene.images)
        self.slender = slender(found, self.camera)
        self.lighting = Lighting(self.tracer, self.studio, colors, found.materials, self.reach)
        self.ground: Ground = ground(self.tracer, self.studio, low, high, self.reach, _cells(size))
        self.wall = backdrop(size).reshape(-1, 3)
        self.cull = self._cull()
        self.shade = self._shade(size // 2)

    def take(self) -> Still:
        y, x = np.divmod(np.arange(self.size * self.size), self.size)
        once = self._sampled(x + np.float32(0.5), y + np.float32(0.5))
        missed = self.slender & (once[:, 3] < 1 - _SEEN)
        rough = np.flatnonzero(_edges(self._on_backdrop(once), once, self.size) | missed)
        taken = 1
        total = once[rough]
        for spots in (_SPOTS[::2], _SPOTS[1::2]):
            more = [self._sampled(x[rough] + dx, y[rough] + dy) for dx, dy in spots]
            taken += len(spots)
            total = total + np.sum(more, axis=0)
            once[rough] = total / np.float32(taken)
            uneven = _spread(more) > _UNEVEN
            rough, total = rough[uneven], total[uneven]
        if once[:, 3].max() < _SEEN:
            raise Refused("empty", "Nothing of this model can be seen: it is flat, or clear.")
        full = to_srgb(self._on_backdrop(once)).reshape(self.size, self.size, 3)
        return Still(full, self._clear(once).reshape(self.size, self.size, 4))

    def _on_backdrop(self, samples: Floats) -> Floats:
        behind = self.wall * (1 - samples[:, 4:5])
        return samples[:, :3] + behind * (1 - samples[:, 3:4])

    def _clear(self, samples: Floats) -> Floats:
        """The shadow becomes see-through black under the model."""
        alpha = samples[:, 3] + (1 - samples[:, 3]) * samples[:, 4]
        color = samples[:, :3] / np.maximum(alpha, 1e-4)[:, None]
        return np.concatenate([to_srgb(color), alpha[:, None]], axis=1)

    def _sampled(self, x: Floats, y: Floats) -> Floats:
        """(n, 5): developed light times opacity, opacity, darkness of the floor."""
        out = np.empty((len(x), 5), np.float32)

        def some(start: int) -> None:
            part = slice(start, start + _CHUNK)
            out[part] = self._some(x[part].astype(np.float32), y[part].astype(np.float32))

        # numpy lets go of Python's lock while it computes, so two threads nearly halve the wait.
        with ThreadPoolExecutor(_THREADS) as threads:
            list(threads.map(some, range(0, len(x), _CHUNK)))
        return out

    def _some(self, x: Floats, y: Floats) -> Floats:
        origins, directions = self.camera.rays(x, y)
        light = np.zeros((len(x), 3), np.float32)
        clear = np.ones(len(x), np.float32)
        for hits in self._layers(origins, directions):
            seen = self.surfaces.at(hits, origins, directions)
            width = hits.distance * np.float32(2 * self.camera.pixel)
            at_x, at_y = x[hits.ray] / self.size, y[hits.ray] / self.size
            arrives = looked_up(self.shade, at_x, at_y, seen.position, seen.face, width)
            seen.alpha = np.where(self._blended(hits), seen.alpha, 1).clip(0, 1)
            color, opacity = self.lighting.light(seen, arrives)
            light[hits.ray] += color * clear[hits.ray, None]
            clear[hits.ray] *= 1 - opacity
        opacity = 1 - clear
        shown = developed(light / np.maximum(opacity, 1e-4)[:, None]) * opacity[:, None]
        dark = self.ground.at(origins, directions)
        return np.concatenate([shown, opacity[:, None], dark[:, None]], axis=1)

    def _blended(self, hits: Hits) -> Bools:
        return np.asarray(self.surfaces.blends[self.surfaces.soup.materials[hits.triangle]])

    def _layers(self, origins: Floats, directions: Floats) -> list[Hits]:
        """What each ray meets, front to back, until something lets no light through."""
        found: list[Hits] = []
        rays = np.arange(len(origins))
        gone = np.zeros(len(origins), np.float32)
        for _ in range(_LAYERS):
            starts = origins[rays] + directions[rays] * gone[rays, None]
            hits = self.tracer.first(starts, directions[rays])
            hits.ray = rays[hits.ray]
            hits.distance = hits.distance + gone[hits.ray]
            gone[hits.ray] = hits.distance + np.float32(1e-4 * self.reach)
            alpha = self._alpha(hits, directions)
            if (alpha > 0).any():
                found.append(hits.only(alpha > 0))
            rays = hits.ray[alpha < 0.995]
            if not len(rays):
                break
        return found

    def _alpha(self, hits: Hits, directions: Floats) -> Floats:
        alpha = self.surfaces.alpha(hits)
        if self.cull:
            alpha[self.surfaces.back(hits, directions)] = 0
        return alpha

    def _cull(self) -> bool:
        """Backs are not drawn, unless the whole model is turned inside out."""
        if not self.surfaces.one_sided.any():
            return False
        side = min(self.size, 96)
        y, x = np.divmod(np.arange(side * side), side)
        step = np.float32(self.size / side)
        origins, directions = self.camera.rays((x + 0.5) * step, (y + 0.5) * step)
        hits = self.tracer.first(origins, directions)
        backs = self.surfaces.back(hits, directions)
        return bool(backs.mean() < 0.5) if len(backs) else True

    def _shade(self, side: int) -> Shade:
        y, x = np.divmod(np.arange(side * side), side)
        step = np.float32(self.size / side)
        origins, directions = self.camera.rays((x + 0.5) * step, (y + 0.5) * step)
        known = np.zeros(side * side, bool)
        position = np.zeros((side * side, 3), np.float32)
        normal = np.zeros((side * side, 3), np.float32)
        for hits in self._layers(origins, directions):
            new = hits.only(~known[hits.ray])
            seen = self.surfaces.at(new, origins, directions)
            position[new.ray], normal[new.ray] = seen.position, seen.face
            known[new.ray] = ~self._blended(new)
        return shade(
            self.tracer, self.studio, self.camera, position, normal, known, side, self.reach
        )


def _spread(samples: list[Floats]) -> Floats:
    """How far the samples of each pixel lie apart, roughly as the eye sees it."""
    seen = np.sqrt(np.stack(samples)[..., :4].clip(0, 1))
    return most(seen.max(axis=0) - seen.min(axis=0))


def _cells(size: int) -> int:
    return min(max(size // 6, 40), 176)


def _edges(shown: Floats, samples: Floats, size: int) -> Bools:
    """Pixels that differ from a neighbour."""
    encoded = np.concatenate([to_srgb(shown), samples[:, 3:4]], axis=1).reshape(size, size, 4)
    out = np.zeros((size, size), bool)
    across = most(np.abs(np.diff(encoded, axis=1))) > _EDGE
    down = most(np.abs(np.diff(encoded, axis=0))) > _EDGE
    out[:, 1:] |= across
    out[:, :-1] |= across
    out[1:] |= down
    out[:-1] |= down
    return out.ravel()


def _mean_colors(materials: list[Material], images: list[Image | None]) -> Floats:
    colors = np.array([material.base[:3] for material in materials], np.float32)
    for number, material in enumerate(materials):
        image = images[material.base_slot.image] if material.base_slot else None
        if image and image.levels:
            colors[number] *= FROM_SRGB[image.levels[-1][..., :3]].reshape(-1, 3).mean(axis=0)
    return colors
