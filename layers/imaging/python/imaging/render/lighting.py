"""Light off a surface towards the eye: matt part, glossy part, its own glow."""

import numpy as np

from imaging.render import studio as lights
from imaging.render.planes import dot, most, rows, taken
from imaging.render.soup import Tracer
from imaging.render.studio import Studio
from imaging.render.surface import Surface
from imaging.scene import Floats, Ints

_MIRRORED = 0.55  # rougher surfaces show no reflection of the model itself


class Lighting:
    def __init__(
        self, tracer: Tracer, studio: Studio, colors: Floats, materials: Ints, reach: float
    ) -> None:
        """`colors` are the mean colors of the materials, `materials` those of the triangles."""
        self.tracer = tracer
        self.studio = studio
        self.colors = colors
        self.materials = materials
        self.reach = np.float32(reach)

    def light(self, seen: Surface, shade: Floats) -> tuple[Floats, Floats]:
        """(3, n) light and (n,) opacity; `shade` is (2, n), the sky and key light that arrive."""
        sky, key = shade[0] * seen.occlusion, shade[1]
        matt = self._matt(seen, sky, key)
        glossy = self._glossy(seen, matt, sky, key)
        dull = (1 - seen.metallic) * np.float32(0.96) * seen.alpha
        out = seen.base * dull * matt + glossy + seen.emissive
        shine = most(glossy)
        if seen.unlit.any():
            at = np.flatnonzero(seen.unlit)
            flat = (np.float32(0.78) + np.float32(0.22) * sky) * seen.alpha
            out[:, at] = taken(seen.base * flat, at)
            shine[at] = 0
        return out, np.clip(np.maximum(seen.alpha, np.minimum(shine, np.float32(0.9))), 0, 1)

    def _matt(self, seen: Surface, sky: Floats, key: Floats) -> Floats:
        studio, normal = self.studio, seen.normal
        around = studio.ambient(normal) * _bounced(sky, seen.base)
        direct = lights.KEY * key * np.maximum(dot(normal, studio.key), 0)
        direct += lights.RIM * sky * np.maximum(dot(normal, studio.rim), 0)
        direct += lights.FILL * sky * np.maximum(dot(normal, studio.fill) * 0.7 + 0.3, 0)
        return np.asarray(around + direct, np.float32)

    def _glossy(self, seen: Surface, matt: Floats, sky: Floats, key: Floats) -> Floats:
        facing = np.clip(dot(seen.normal, seen.view), 1e-3, 1)
        rough = np.clip(seen.roughness, 0.045, 1)
        mirror = 2 * facing * seen.normal - seen.view
        strength = seen.base * seen.metallic + np.float32(0.04) * (1 - seen.metallic)
        scale, bias = _fresnel(rough, facing)
        arriving = self.studio.reflected(mirror, rough)
        open_sky = np.clip((facing + sky) ** np.exp2(-16 * rough - 1) - 1 + sky, 0, 1)
        lit = (np.float32(0.4) + np.float32(0.6) * key) * open_sky
        # The rougher, the more of the studio each point mirrors at once, until it is all of it.
        dull = rough * rough * rough
        light = arriving * lit * (1 - dull) + matt * dull
        self._see_itself(seen, mirror, rough, light, arriving)
        return np.asarray(light * (strength * scale + bias))

    def _see_itself(
        self, seen: Surface, mirror: Floats, rough: Floats, light: Floats, arriving: Floats
    ) -> None:
        """One ray into the mirror direction, for surfaces smooth enough to show what it meets."""
        sharp = np.maximum(1 - rough / np.float32(_MIRRORED), 0)
        at = np.flatnonzero((sharp > 0.05) & (dot(mirror, seen.face) > 0))
        if not len(at):
            return
        start = taken(seen.position, at) + taken(seen.face, at) * (np.float32(2e-3) * self.reach)
        hits = self.tracer.first(rows(start), rows(taken(mirror, at)))
        share, before = sharp.take(at), taken(light, at)
        clear = before + (arriving.take(at) * np.float32(0.95) - before) * share
        met = taken(self.colors, self.materials.take(hits.triangle)) * np.float32(0.42)
        old = taken(before, hits.ray)
        clear[:, hits.ray] = old + (met - old) * share.take(hits.ray)
        light[:, at] = clear


def _bounced(sky: Floats, base: Floats) -> Floats:
    """Occlusion of a colored surface, brightened by its own light (Jimenez et al. 2016)."""
    a, b, c = (np.float32(slope) * base + np.float32(start) for slope, start in (
        (2.0404, -0.3324), (-4.7951, 0.6417), (2.7552, 0.6903)))  # fmt: skip
    return np.asarray(np.maximum(sky, ((sky * a + b) * sky + c) * sky))


def _fresnel(rough: Floats, facing: Floats) -> tuple[Floats, Floats]:
    """Scale and bias of the reflectance (Karis' fit of the split sum)."""
    x, y = 1 - rough, 0.0425 - 0.0275 * rough
    z, w = 1.04 - 0.572 * rough, 0.022 * rough - 0.04
    low = np.minimum(x * x, np.exp2(-9.28 * facing)) * x + y
    return -1.04 * low + z, 1.04 * low + w
