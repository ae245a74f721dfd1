"""How much sky and key light reach the model: few rays on a coarse grid, made smooth.

Neighbouring points of the grid take different rays of one even set, so averaging over a
neighbourhood that lies on the same surface removes the grain and keeps the edges.
"""

from dataclasses import dataclass

import numpy as np

from imaging.render.camera import Camera
from imaging.render.patterns import SETS, cell, hemisphere, spread
from imaging.render.planes import dot, fourth, frames, rows, taken
from imaging.render.soup import CHUNK, Tracer
from imaging.render.studio import Studio
from imaging.scene import Bools, Floats, Ints

SKY_RAYS = 8
KEY_RAYS = 4


@dataclass
class Shade:
    """Values in 0..1 on a (side, side) grid over the picture, with where they were taken."""

    side: int
    known: Bools
    position: Floats  # (3, side * side)
    normal: Floats
    light: Floats  # (2, side * side): sky, key


def sky_seen(
    tracer: Tracer, points: Floats, normals: Floats, sets: Ints, reach: float
) -> Floats:  # fmt: skip
    """(n,) the share of the sky that each of (3, n) points sees."""
    rays = hemisphere(spread(SKY_RAYS))
    starts = rows(_lifted(points, normals, reach))
    out = np.empty(len(sets), np.float32)
    step = CHUNK // SKY_RAYS
    for start in range(0, len(sets), step):
        part = slice(start, start + step)
        first, second = frames(normals[:, part])
        ways = np.empty((len(sets[part]), SKY_RAYS, 3), np.float32)
        x, y, z = (ray.take(sets[part], axis=0) for ray in rays)
        for axis in range(3):
            ways[..., axis] = (x * first[axis, :, None] + y * second[axis, :, None]
                               + z * normals[axis, part, None])  # fmt: skip
        out[part] = _seen(tracer, starts[part], ways, 0.7 * reach)
    return out


def key_seen(
    tracer: Tracer, studio: Studio, points: Floats, normals: Floats, sets: Ints, reach: float
) -> Floats:
    """(n,) the share of the key light that each of (3, n) points sees."""
    rays = rows(studio.key_rays(spread(KEY_RAYS).reshape(2, -1))).reshape(SETS, KEY_RAYS, 3)
    starts = rows(_lifted(points, normals, reach))
    out = np.zeros(len(sets), np.float32)
    lit = np.flatnonzero(dot(normals, studio.key) > -0.3)
    step = CHUNK // KEY_RAYS
    for start in range(0, len(lit), step):
        part = lit[start : start + step]
        ways = rays.take(sets.take(part), axis=0)
        out[part] = _seen(tracer, starts.take(part, axis=0), ways, 4 * reach)
    return out


def _lifted(points: Floats, normals: Floats, reach: float) -> Floats:
    return points + normals * np.float32(reach * 2e-3)


def _seen(tracer: Tracer, points: Floats, ways: Floats, reach: float) -> Floats:
    count = ways.shape[1]
    starts = np.repeat(points, count, axis=0)
    blocked = tracer.blocked(starts, ways.reshape(-1, 3), reach)
    free = count - np.count_nonzero(blocked.reshape(-1, count), axis=1)
    return np.asarray(free / np.float32(count), np.float32)


def shade(
    tracer: Tracer, studio: Studio, camera: Camera, position: Floats, normal: Floats,
    known: Bools, side: int, reach: float,
) -> Shade:  # fmt: skip
    """Visibility at the known points of a grid, smoothed along surfaces."""
    at = np.flatnonzero(known)
    sets = cell(at % side, at // side)
    points, normals = taken(position, at), taken(normal, at)
    light = np.ones((2, side * side), np.float32)
    light[0, at] = sky_seen(tracer, points, normals, sets, reach)
    light[1, at] = key_seen(tracer, studio, points, normals, sets, reach)
    found = Shade(side, known, position, normal, light)
    away = position - camera.eye[:, None]
    width = np.sqrt(dot(away, away)) * np.float32(camera.pixel * camera.size / side)
    for step in (1, 2):
        found.light = _smoothed(found, width, step)
    return found


def _smoothed(found: Shade, width: Floats, step: int) -> Floats:
    """Each point's light mixed with that of 24 around it, by how much they are one surface."""
    side, margin = found.side, 2 * step
    grid = (side, side)
    low, high = _window(found.known.reshape(grid))
    inner = tuple(slice(a, b) for a, b in zip(low, high, strict=True))
    values = np.concatenate([found.position, found.normal, found.light, found.known[None]])
    wide = np.pad(values.reshape(-1, *grid)[:, *inner], [(0, 0), (margin,) * 2, (margin,) * 2])
    size = (high[0] - low[0], high[1] - low[1])

    def beside(down: int, across: int) -> Floats:
        y, x = margin + down, margin + across
        return np.asarray(wide[:, y : y + size[0], x : x + size[1]], np.float32)

    own = beside(0, 0)
    sharp = 2 / (step * width.reshape(grid)[inner])
    total, weights = np.zeros((2, *size), np.float32), np.zeros(size, np.float32)
    for down in range(-margin, margin + 1, step):
        for across in range(-margin, margin + 1, step):
            other = beside(down, across)
            alike = np.maximum(dot(own[3:6], other[3:6]), 0)
            apart = dot(own[3:6], other[:3] - own[:3]) * sharp
            weight = fourth(alike) * other[8] / (1 + fourth(apart))
            total += weight * other[6:8]
            weights += weight
    light = found.light.reshape(2, *grid).copy()
    light[:, *inner] = np.where(weights > 1e-3, total / np.maximum(weights, 1e-3), own[6:8])
    return light.reshape(2, -1)


def _window(known: Bools) -> tuple[tuple[int, int], tuple[int, int]]:
    """The rows and columns between which all known points lie."""
    lines, columns = (np.flatnonzero(known.any(axis=axis)) for axis in (1, 0))
    if not len(lines):
        return (0, 0), (1, 1)
    return (int(lines[0]), int(columns[0])), (int(lines[-1]) + 1, int(columns[-1]) + 1)


def looked_up(found: Shade, x: Floats, y: Floats, position: Floats, normal: Floats,
              width: Floats) -> Floats:  # fmt: skip
    """(2, n) for points of the surface seen at (x, y), both 0..1 over the picture."""
    side = found.side
    column, row = x * side - np.float32(0.5), y * side - np.float32(0.5)
    left, top = np.floor(column), np.floor(row)
    fx, fy = column - left, row - top
    sharp = 1 / width
    total = np.full((2, len(x)), 1e-6, np.float32)
    weights = np.full(len(x), 1e-6, np.float32)
    for down, share_y in ((0, 1 - fy), (1, fy)):
        lines = np.clip(top + down, 0, side - 1).astype(np.int64) * side
        for across, share_x in ((0, 1 - fx), (1, fx)):
            other = lines + np.clip(left + across, 0, side - 1).astype(np.int64)
            alike = fourth(np.maximum(dot(normal, taken(found.normal, other)), np.float32(0.02)))
            apart = dot(normal, taken(found.position, other) - position) * sharp
            share = share_x * share_y + np.float32(0.02)
            weight = share * alike * found.known.take(other) / (1 + fourth(apart))
            total += weight * taken(found.light, other)
            weights += weight
    return total / weights
