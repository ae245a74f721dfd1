"""Normals for geometry that brings none."""

import numpy as np

from imaging.scene import Floats, Ints, Part
from imaging.vectors import dot, unit

_ROUNDS = 64
_DENSE = 400_000  # triangles


def face_normals(positions: Floats, triangles: Ints) -> Floats:
    """(m, 3) normals as long as twice each triangle's area."""
    a, b, c = (positions[triangles[:, corner]] for corner in range(3))
    return np.cross(b - a, c - a)


def flat(part: Part) -> Part:
    """Every triangle with its own corners and one normal."""
    normals = np.repeat(unit(face_normals(part.positions, part.triangles)), 3, axis=0)
    return _split(part, normals)


def creased(part: Part, degrees: float = 35.0) -> Part:
    """Smooth across edges that bend less than `degrees`, sharp across the others."""
    directions = unit(face_normals(part.positions, part.triangles))
    vertices = welded(part.positions, part.triangles)
    weights = _angles(part)[:, :, None] * directions[:, None, :]
    least = float(np.cos(np.radians(degrees)))
    if len(directions) > _DENSE:
        return _split(part, _near(vertices, weights, directions, least))
    groups = _groups(vertices, directions, least)
    return _split(part, _summed(groups, weights)[groups])


def _near(vertices: Ints, weights: Floats, directions: Floats, least: float) -> Floats:
    """For dense meshes, whose edges hardly bend: the mean of all faces around, if it is near."""
    mean = _summed(vertices.ravel(), weights)[vertices]
    alike = dot(mean, directions[:, None]) > least
    return np.where(alike[..., None], mean, directions[:, None]).reshape(-1, 3)


def _summed(groups: Ints, weights: Floats) -> Floats:
    """The direction of each group's sum."""
    sums = [np.bincount(groups, weights[:, :, axis].ravel()) for axis in range(3)]
    return unit(np.stack(sums, axis=1).astype(np.float32))


def _split(part: Part, normals: Floats) -> Part:
    corners = part.triangles.ravel()
    return Part(
        positions=part.positions[corners],
        triangles=np.arange(len(corners), dtype=np.int32).reshape(-1, 3),
        material=part.material,
        normals=normals,
        coordinates=[found[corners] for found in part.coordinates],
        colors=None if part.colors is None else part.colors[corners],
    )


def welded(positions: Floats, triangles: Ints) -> Ints:
    """Triangles over positions that are equal bit for bit."""
    plain = np.ascontiguousarray(positions, np.float32) + np.float32(0)  # -0.0 becomes 0.0
    words = plain.view(np.uint32).astype(np.uint64)
    # A hash sorts several times faster than rows; should two points ever share one, they only
    # share a normal.
    keys = words[:, 0] * np.uint64(0x9E3779B97F4A7C15)
    for axis, odd in ((1, 0xC2B2AE3D27D4EB4F), (2, 0x165667B19E3779F9)):
        keys = (keys ^ (keys >> np.uint64(29)) ^ words[:, axis]) * np.uint64(odd)
    _, inverse = np.unique(keys, return_inverse=True)
    return np.asarray(inverse[triangles], np.int32)


def _angles(part: Part) -> Floats:
    """(m, 3) the angle of each triangle at each of its corners."""
    points = part.positions[part.triangles]
    sides = unit(np.roll(points, -1, axis=1) - points)
    return np.arccos(np.clip(-dot(sides, np.roll(sides, 1, axis=1)), -1, 1))


def _groups(triangles: Ints, directions: Floats, least: float) -> Ints:
    """A label for each corner; corners that share a smooth edge share a label."""
    starts, ends = triangles, np.roll(triangles, -1, axis=1)
    low, high = np.minimum(starts, ends).ravel(), np.maximum(starts, ends).ravel()
    edges = low.astype(np.int64) << 32 | high
    order = np.argsort(edges)
    edges = edges[order]
    same = edges[1:] == edges[:-1]
    left, right = order[:-1][same], order[1:][same]
    smooth = dot(directions[left // 3], directions[right // 3]) > least
    return _components(triangles.ravel(), left[smooth], right[smooth])


def _components(vertices: Ints, left: Ints, right: Ints) -> Ints:
    def following(corner: Ints) -> Ints:
        return corner // 3 * 3 + (corner + 1) % 3

    crossed = vertices[left] != vertices[right]
    other, after = np.where(crossed, following(right), right), following(right)
    opposite = np.where(crossed, right, after)
    one = np.concatenate([left, following(left)])
    two = np.concatenate([other, opposite])
    labels = np.arange(len(vertices))
    for _ in range(_ROUNDS):
        least = np.minimum(labels[one], labels[two])
        changed = labels.copy()
        np.minimum.at(changed, one, least)
        np.minimum.at(changed, two, least)
        changed = changed[changed]
        if np.array_equal(changed, labels):
            break
        labels = changed
    return labels
