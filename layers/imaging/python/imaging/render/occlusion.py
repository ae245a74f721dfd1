"""How much sky and key light reach the model: few rays on a coarse grid, made smooth.

Neighbouring points of the grid take different rays of one even set, so averaging over a
neighbourhood that lies on the same surface removes the grain and keeps the edges.
"""

from dataclasses import dataclass

import numpy as np

from imaging.render.camera import Camera
from imaging.render.patterns import cell, hemisphere, spread
from imaging.render.soup import CHUNK, Tracer
from imaging.render.studio import Studio
from imaging.scene import Bools, Floats, Ints
from imaging.vectors import dot, fourth, frames

SKY_RAYS = 16
KEY_RAYS = 8


@dataclass
class Shade:
    """Values in 0..1 on a (side, side) grid over the picture, with where they were taken."""

    side: int
    known: Bools
    position: Floats
    normal: Floats
    light: Floats  # (side * side, 2): sky, key


def visibility(
    tracer: Tracer, studio: Studio, points: Floats, normals: Floats, sets: Ints, reach: float
) -> Floats:
    """(n, 2): the share of the sky and of the key light that each point sees."""
    offset = points + normals * np.float32(reach * 2e-3)
    sky, key = hemisphere(spread(SKY_RAYS)), spread(KEY_RAYS)
    key = studio.key_rays(key.reshape(-1, 2)).reshape(*key.shape[:2], 3)
    out = np.empty((len(points), 2), np.float32)
    step = max(CHUNK // (SKY_RAYS + KEY_RAYS), 1)
    for start in range(0, len(points), step):
        part = slice(start, start + step)
        first, second = frames(normals[part])
        turned = sky[sets[part]]
        rays = (
            turned[..., :1] * first[:, None] + turned[..., 1:2] * second[:, None]
            + turned[..., 2:] * normals[part][:, None]
        )  # fmt: skip
        out[part, 0] = _seen(tracer, offset[part], rays, 0.7 * reach)
        facing = dot(normals[part], np.broadcast_to(studio.key, normals[part].shape)) > -0.3
        lit = np.flatnonzero(facing)
        out[part, 1] = 0
        out[start + lit, 1] = _seen(tracer, offset[part][lit], key[sets[part][lit]], 4 * reach)
    return out


def _seen(tracer: Tracer, points: Floats, rays: Floats, reach: float) -> Floats:
    count = rays.shape[1]
    starts = np.repeat(points, count, axis=0)
    blocked = tracer.blocked(starts, np.ascontiguousarray(rays.reshape(-1, 3)), reach)
    return 1 - blocked.reshape(-1, count).mean(axis=1, dtype=np.float32)


def shade(
    tracer: Tracer, studio: Studio, camera: Camera, position: Floats, normal: Floats,
    known: Bools, side: int, reach: float,
) -> Shade:  # fmt: skip
    """Visibility at the known points of a grid, smoothed along surfaces."""
    at = np.flatnonzero(known)
    sets = cell((at % side).astype(np.int32), (at // side).astype(np.int32))
    light = np.ones((side * side, 2), np.float32)
    light[at] = visibility(tracer, studio, position[at], normal[at], sets, reach)
    found = Shade(side, known, position, normal, light)
    away = np.sqrt(((position - camera.eye) ** 2).sum(axis=1))
    width = away * np.float32(camera.pixel * camera.size / side)
    for step in (1, 2):
        found.light = _smoothed(found, width, step)
    return found


def _smoothed(found: Shade, width: Floats, step: int) -> Floats:
    side, reach = found.side, 2 * step
    at = np.flatnonzero(found.known)
    row, column = at // side, at % side
    total = np.zeros((len(at), 2), np.float32)
    weights = np.zeros(len(at), np.float32)
    position, normal, sharp = found.position[at], found.normal[at], 2 / (step * width[at])
    for down in range(-reach, reach + 1, step):
        for across in range(-reach, reach + 1, step):
            y, x = np.clip(row + down, 0, side - 1), np.clip(column + across, 0, side - 1)
            other = y * side + x
            alike = fourth(dot(normal, found.normal[other]).clip(0, 1))
            apart = np.abs(dot(normal, found.position[other] - position)) * sharp
            weight = alike * alike * found.known[other] / (1 + fourth(apart))
            total += weight[:, None] * found.light[other]
            weights += weight
    light = found.light.copy()
    good = weights > 1e-3
    light[at[good]] = total[good] / weights[good, None]
    return light


def looked_up(found: Shade, x: Floats, y: Floats, position: Floats, normal: Floats,
              width: Floats) -> Floats:  # fmt: skip
    """(n, 2) for points of the surface seen at (x, y), both 0..1 over the picture."""
    side = found.side
    column, row = x * side - 0.5, y * side - 0.5
    fx, fy = column - np.floor(column), row - np.floor(row)
    left, top = np.floor(column).astype(np.int32), np.floor(row).astype(np.int32)
    total = np.full((len(x), 2), 1e-6, np.float32)
    weights = np.full(len(x), 1e-6, np.float32)
    for down, share_y in ((0, 1 - fy), (1, fy)):
        for across, share_x in ((0, 1 - fx), (1, fx)):
            other = np.clip(top + down, 0, side - 1) * side + np.clip(left + across, 0, side - 1)
            alike = fourth(dot(normal, found.normal[other]).clip(0.02, 1))
            apart = np.abs(dot(normal, found.position[other] - position)) / width
            weight = (share_x * share_y + 0.02) * alike * found.known[other] / (1 + fourth(apart))
            weight = weight.astype(np.float32)
            total += weight[:, None] * found.light[other]
            weights += weight
    return total / weights[:, None]
