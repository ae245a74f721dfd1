"""Light off a surface towards the eye: matt part, glossy part, its own glow."""

import numpy as np

from imaging.render import studio as lights
from imaging.render.soup import Tracer
from imaging.render.studio import Studio
from imaging.render.surface import Surface
from imaging.scene import Floats, Ints
from imaging.vectors import dot, most

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
        self.reach = reach

    def light(self, seen: Surface, shade: Floats) -> tuple[Floats, Floats]:
        """(n, 3) light and (n,) opacity; `shade` is (n, 2), the sky and key light that arrive."""
        sky, key = shade[:, 0] * seen.occlusion, shade[:, 1]
        matt = self._matt(seen, sky, key)
        glossy = self._glossy(seen, matt, sky, key)
        dull = (1 - seen.metallic)[:, None] * 0.96
        out = seen.base * dull * matt * seen.alpha[:, None] + glossy + seen.emissive
        flat = seen.base * (0.78 + 0.22 * sky)[:, None] * seen.alpha[:, None]
        out = np.where(seen.unlit[:, None], flat, out)
        shine = np.where(seen.unlit, 0, most(glossy))
        return out, np.clip(np.maximum(seen.alpha, np.minimum(shine, 0.9)), 0, 1)

    def _matt(self, seen: Surface, sky: Floats, key: Floats) -> Floats:
        studio, normal = self.studio, seen.normal
        around = studio.ambient(normal)[:, None] * _bounced(sky, seen.base)
        direct = lights.KEY * key * np.clip(dot(normal, studio.key), 0, None)
        direct += lights.RIM * sky * np.clip(dot(normal, studio.rim), 0, None)
        direct += lights.FILL * sky * np.clip(dot(normal, studio.fill) * 0.7 + 0.3, 0, None)
        return np.asarray(around + direct[:, None], np.float32)

    def _glossy(self, seen: Surface, matt: Floats, sky: Floats, key: Floats) -> Floats:
        facing = np.clip(dot(seen.normal, seen.view), 1e-3, 1)
        rough = np.clip(seen.roughness, 0.045, 1)
        mirror = 2 * facing[:, None] * seen.normal - seen.view
        strength = seen.base * seen.metallic[:, None] + 0.04 * (1 - seen.metallic)[:, None]
        scale, bias = _fresnel(rough, facing)
        arriving = self.studio.reflected(mirror, rough)
        open_sky = np.clip((facing + sky) ** np.exp2(-16 * rough - 1) - 1 + sky, 0, 1)
        lit = (0.4 + 0.6 * key) * open_sky
        # The rougher, the more of the studio each point mirrors at once, until it is all of it.
        dull = (rough**3)[:, None]
        light = (arriving * lit)[:, None] * (1 - dull) + matt * dull
        self._see_itself(seen, mirror, rough, light, arriving)
        return light * (strength * scale[:, None] + bias[:, None])

    def _see_itself(
        self, seen: Surface, mirror: Floats, rough: Floats, light: Floats, arriving: Floats
    ) -> None:
        """One ray into the mirror direction, for surfaces smooth enough to show what it meets."""
        sharp = np.clip(1 - rough / _MIRRORED, 0, 1)
        at = np.flatnonzero((sharp > 0.05) & (dot(mirror, seen.face) > 0))
        if not len(at):
            return
        start = seen.position[at] + seen.face[at] * np.float32(2e-3 * self.reach)
        hits = self.tracer.first(start, np.ascontiguousarray(mirror[at]))
        share = sharp[at][:, None]
        clear = light[at] + (arriving[at][:, None] * 0.95 - light[at]) * share
        met = self.colors[self.materials[hits.triangle]] * np.float32(0.42)
        clear[hits.ray] = light[at[hits.ray]] + (met - light[at[hits.ray]]) * share[hits.ray]
        light[at] = clear


def _bounced(sky: Floats, base: Floats) -> Floats:
    """Occlusion of a colored surface, brightened by its own light (Jimenez et al. 2016)."""
    s = sky[:, None]
    a, b, c = 2.0404 * base - 0.3324, -4.7951 * base + 0.6417, 2.7552 * base + 0.6903
    return np.asarray(np.maximum(s, ((s * a + b) * s + c) * s))


def _fresnel(rough: Floats, facing: Floats) -> tuple[Floats, Floats]:
    """Scale and bias of the reflectance (Karis' fit of the split sum)."""
    x, y = 1 - rough, 0.0425 - 0.0275 * rough
    z, w = 1.04 - 0.572 * rough, 0.022 * rough - 0.04
    low = np.minimum(x * x, np.exp2(-9.28 * facing)) * x + y
    return -1.04 * low + z, 1.04 * low + w
