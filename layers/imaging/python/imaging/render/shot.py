"""One picture of a stage: light, opacity and floor shadow for every pixel."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any

import numpy as np

from imaging.render.camera import Camera
from imaging.render.lighting import Lighting
from imaging.render.occlusion import Shade, looked_up, shade
from imaging.render.planes import most, rows, taken
from imaging.render.slender import slender
from imaging.render.soup import Hits
from imaging.render.stage import Stage
from imaging.render.studio import Studio, backdrop, developed, to_srgb
from imaging.render.surface import Surfaces
from imaging.scene import Bools, Floats, Ints

_CHUNK = 1 << 16
_SEEN = 0.02  # of opacity
_LAYERS = 24  # surfaces a ray may pass: cut-outs, glass, backs of one-sided faces
_EDGE = 0.08  # difference between neighbours, in encoded values, that calls for more samples
_UNEVEN = 0.12  # difference between the samples of a pixel that calls for still more
_SLENDER = 300_000  # triangles of a model in which thin parts are looked for
_SPOTS = np.array([
    (0.0625, 0.4375), (0.1875, 0.8125), (0.3125, 0.1875), (0.4375, 0.6875),
    (0.5625, 0.0625), (0.6875, 0.9375), (0.8125, 0.3125), (0.9375, 0.5625),
], np.float32)  # fmt: skip


@dataclass(frozen=True)
class Window:
    """The part of a square picture in which the model can be seen, as rows and columns."""

    down: slice
    across: slice

    @property
    def shape(self) -> tuple[int, int]:
        return self.down.stop - self.down.start, self.across.stop - self.across.start

    @property
    def pixels(self) -> tuple[Floats, Floats]:
        """x and y of the upper left corner of each pixel."""
        y, x = np.mgrid[self.down, self.across].astype(np.float32)
        return x.ravel(), y.ravel()

    def of(self, values: Any) -> Any:
        """(k, n) for the pixels of this window, of (k, size, size)."""
        return values[:, self.down, self.across].reshape(len(values), -1)


@dataclass
class Exposure:
    """What a camera took: (4, size, size) light times opacity, then opacity, where the model is;
    (size, size) how dark the floor is.
    """

    samples: Floats
    darkness: Floats

    @property
    def shows_something(self) -> bool:
        return bool(self.samples[3].max() > _SEEN)

    def on_backdrop(self) -> Floats:
        """(3, size, size) as the screen wants it."""
        behind = backdrop(len(self.darkness)) * (1 - self.darkness)
        return to_srgb(self.samples[:3] + behind * (1 - self.samples[3]))

    def clear(self) -> Floats:
        """(4, size, size): the shadow becomes see-through black under the model."""
        alpha = self.samples[3] + (1 - self.samples[3]) * self.darkness
        color = to_srgb(self.samples[:3] / np.maximum(alpha, np.float32(1e-4)))
        return np.concatenate([color, alpha[None]])


class Shot:
    """A stage in front of a camera, ready to be sampled anywhere in the picture."""

    def __init__(
        self, stage: Stage, camera: Camera, *, grain: int, rounds: int, threads: int = 1
    ) -> None:
        """The light that arrives is measured once for each `grain` x `grain` pixels; edges take
        four more samples in each of up to two rounds.
        """
        self.stage, self.camera, self.threads = stage, camera, threads
        self.size, self.rounds = camera.size, rounds
        self.studio = Studio(camera)
        self.surfaces = Surfaces(stage.soup, stage.materials, stage.textures, camera.pixel)
        self.lighting = Lighting(
            stage.tracer, self.studio, stage.colors, stage.soup.materials, stage.reach
        )
        self.cull = self._cull()
        self.met = np.zeros(0, bool)
        self.shade = self._shade(self.size // grain)

    def take(self) -> Exposure:
        darkness = self._darkness()
        samples = np.zeros((4, self.size, self.size), np.float32)
        window = self._window()
        x, y = window.pixels
        once = np.zeros((4, len(x)), np.float32)
        near = self._near(x, y)
        once[:, near] = self._sampled(
            x.take(near) + np.float32(0.5), y.take(near) + np.float32(0.5)
        )
        behind = window.of(backdrop(self.size)) * (1 - window.of(darkness[None])[0])
        rough = self._rough(once, behind, window)
        total, count = taken(once, rough), 1
        for spots in (_SPOTS[::2], _SPOTS[1::2])[: self.rounds]:
            more = self._spotted(x.take(rough), y.take(rough), spots)
            count += len(spots)
            total += more.sum(axis=1)
            once[:, rough] = total / count
            uneven = np.flatnonzero(_spread(more) > _UNEVEN)
            rough, total = rough.take(uneven), taken(total, uneven)
        samples[:, window.down, window.across] = once.reshape(4, *window.shape)
        return Exposure(samples, darkness)

    def _darkness(self) -> Floats:
        ground = self.stage.floor.lit(self.studio)
        y, x = np.mgrid[0 : self.size, 0 : self.size].astype(np.float32) + np.float32(0.5)
        return ground.at(self.camera, x.ravel(), y.ravel()).reshape(self.size, self.size)

    def _window(self) -> Window:
        x, y = self.camera.seen_at(self.stage.corners)
        left, top = (int(np.clip(side.min() - 1, 0, self.size - 1)) for side in (x, y))
        right, bottom = (int(np.clip(side.max() + 2, 1, self.size)) for side in (x, y))
        return Window(slice(top, bottom), slice(left, right))

    def _near(self, x: Floats, y: Floats) -> Ints:
        """Pixels at or beside which the coarse grid met something."""
        side = self.shade.side
        wide = np.pad(self.met.reshape(side, side), 1)
        for axis in (0, 1):
            wide = wide | np.roll(wide, 1, axis) | np.roll(wide, -1, axis)
        scale = np.float32(side / self.size)
        row, column = (y * scale).astype(np.int64), (x * scale).astype(np.int64)
        return np.flatnonzero(wide.ravel().take((row + 1) * (side + 2) + column + 1))

    def _rough(self, once: Floats, behind: Floats, window: Window) -> Ints:
        """Pixels that need more than one sample."""
        shown = to_srgb(once[:3] + behind * (1 - once[3]))
        edges = _edges(np.concatenate([shown, once[3:]]).reshape(4, *window.shape)).ravel()
        if self.stage.soup.triangles.shape[1] <= _SLENDER:
            thin = slender(self.stage.soup, self.camera).reshape(1, self.size, self.size)
            edges |= window.of(thin)[0] & (once[3] < 1 - _SEEN)
        return np.flatnonzero(edges)

    def _spotted(self, x: Floats, y: Floats, spots: Floats) -> Floats:
        """(4, spots, n) samples at each of the spots within each pixel."""
        across, down = spots.T[..., None]
        return self._sampled((across + x).ravel(), (down + y).ravel()).reshape(4, len(spots), -1)

    def _sampled(self, x: Floats, y: Floats) -> Floats:
        """(4, n): developed light times opacity, opacity."""
        out = np.empty((4, len(x)), np.float32)

        def some(start: int) -> None:
            part = slice(start, start + _CHUNK)
            out[:, part] = self._some(x[part], y[part])

        starts = range(0, len(x), _CHUNK)
        if self.threads == 1 or len(starts) == 1:
            for start in starts:
                some(start)
            return out
        # numpy lets go of Python's lock while it computes, so two threads nearly halve the wait.
        with ThreadPoolExecutor(self.threads) as threads:
            list(threads.map(some, starts))
        return out

    def _some(self, x: Floats, y: Floats) -> Floats:
        directions = self.camera.directions(x, y)
        light = np.zeros((3, len(x)), np.float32)
        clear = np.ones(len(x), np.float32)
        for layer in self._layers(directions):
            hits = self._by_material(layer)
            seen = self.surfaces.at(hits, self.camera.eye[:, None], directions)
            width = hits.distance * np.float32(2 * self.camera.pixel)
            place = np.float32(1 / self.size)
            arrives = looked_up(
                self.shade, x.take(hits.ray) * place, y.take(hits.ray) * place,
                seen.position, seen.face, width,
            )  # fmt: skip
            seen.alpha = np.where(self._blended(hits), seen.alpha, 1).clip(0, 1)
            color, opacity = self.lighting.light(seen, arrives)
            through = clear.take(hits.ray)
            for axis in range(3):
                light[axis, hits.ray] += color[axis] * through
            clear[hits.ray] = through * (1 - opacity)
        opacity = 1 - clear
        shown = developed(light / np.maximum(opacity, np.float32(1e-4))) * opacity
        return np.concatenate([shown, opacity[None]])

    def _by_material(self, hits: Hits) -> Hits:
        numbers = self.stage.soup.materials.take(hits.triangle)
        if len(numbers) and (numbers == numbers[0]).all():
            return hits
        return hits.only(np.argsort(numbers.astype(np.int16), kind="stable"))

    def _blended(self, hits: Hits) -> Bools:
        return self.surfaces.blends.take(self.stage.soup.materials.take(hits.triangle))

    def _layers(self, directions: Floats) -> Iterator[Hits]:
        """What each ray meets, front to back, until something lets no light through."""
        ways = rows(directions)
        numbers = np.arange(len(ways))
        gone = np.zeros(len(ways), np.float32)
        for _ in range(_LAYERS):
            some = ways if len(numbers) == len(ways) else ways.take(numbers, axis=0)
            hits = self.stage.tracer.first(self.camera.eye + some * gone[numbers, None], some)
            hits.ray = numbers.take(hits.ray)
            hits.distance = hits.distance + gone.take(hits.ray)
            if not self.cull and not self.surfaces.see_through.any():
                yield hits
                return
            gone[hits.ray] = hits.distance + np.float32(1e-4 * self.stage.reach)
            alpha = self._alpha(hits, directions)
            if (alpha > 0).any():
                yield hits.only(alpha > 0)
            numbers = hits.ray[alpha < 0.995]
            if not len(numbers):
                return

    def _alpha(self, hits: Hits, directions: Floats) -> Floats:
        alpha = self.surfaces.alpha(hits)
        if self.cull:
            alpha[self.surfaces.back(hits, directions)] = 0
        return alpha

    def _cull(self) -> bool:
        """Backs are not drawn, unless the whole model is turned inside out."""
        if not self.surfaces.one_sided.any():
            return False
        directions = self._grid(min(self.size, 96))
        ways = rows(directions)
        hits = self.stage.tracer.first(np.broadcast_to(self.camera.eye, ways.shape).copy(), ways)
        backs = self.surfaces.back(hits, directions)
        return bool(backs.mean() < 0.5) if len(backs) else True

    def _grid(self, side: int) -> Floats:
        """(3, side * side) directions through the picture."""
        y, x = np.mgrid[0:side, 0:side].astype(np.float32).reshape(2, -1) + np.float32(0.5)
        step = np.float32(self.size / side)
        return self.camera.directions(x * step, y * step)

    def _shade(self, side: int) -> Shade:
        directions = self._grid(side)
        known, self.met = np.zeros(side * side, bool), np.zeros(side * side, bool)
        position = np.zeros((3, side * side), np.float32)
        normal = np.zeros((3, side * side), np.float32)
        for hits in self._layers(directions):
            self.met[hits.ray] = True
            new = hits.only(~known.take(hits.ray))
            place, face = self.surfaces.place(new, self.camera.eye[:, None], directions)
            position[:, new.ray], normal[:, new.ray] = place, face
            known[new.ray] = ~self._blended(new)
        stage = self.stage
        return shade(
            stage.tracer, self.studio, self.camera, position, normal, known, side, stage.reach
        )


def _spread(samples: Floats) -> Floats:
    """How far the (4, k, n) samples of each pixel lie apart, roughly as the eye sees it."""
    seen = np.sqrt(np.clip(samples, 0, 1))
    apart = seen.max(axis=1) - seen.min(axis=1)
    return np.asarray(np.maximum(most(apart), apart[3]))


def _edges(encoded: Floats) -> Bools:
    """(rows, columns) pixels that differ from a neighbour."""
    out = np.zeros(encoded.shape[1:], bool)
    across = np.abs(np.diff(encoded, axis=2)).max(axis=0) > _EDGE
    down = np.abs(np.diff(encoded, axis=1)).max(axis=0) > _EDGE
    out[:, 1:] |= across
    out[:, :-1] |= across
    out[1:] |= down
    out[:-1] |= down
    return out
