"""A mesh as loose triangles, so that parts can be moved, joined and shaded without book-keeping.

Lengths are metres, y is up and a model looks towards +z. Texture coordinates start at the top left.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import ArrayLike, NDArray

type Array = NDArray[np.float64]
type Points = str | Sequence[Sequence[float]] | Array  # in a text: "x y, x y, x y"

_WELD = 1e5  # points closer than 1/100 mm are one vertex
SMOOTH, HARD = 40.0, 1.0


@dataclass(frozen=True, eq=False)
class Mesh:
    """n triangles; every attribute has the shape (n, 3 corners, its width)."""

    points: Array
    uvs: Array
    normals: Array
    colours: Array | None = None
    joints: Array | None = None
    weights: Array | None = None

    def moved(self, x: float = 0, y: float = 0, z: float = 0) -> "Mesh":
        return replace(self, points=self.points + np.array([x, y, z]))

    def turned(self, axis: str, degrees: float) -> "Mesh":
        return self.transformed(rotation(axis, degrees))

    def scaled(self, x: float, y: float | None = None, z: float | None = None) -> "Mesh":
        return self.transformed(np.diag([x, x if y is None else y, x if z is None else z]))

    def transformed(self, matrix: Array) -> "Mesh":
        normals = unit(self.normals @ np.linalg.inv(matrix))
        mesh = replace(self, points=self.points @ matrix.T, normals=normals)
        return mesh.flipped_order() if np.linalg.det(matrix) < 0 else mesh

    def flipped_order(self) -> "Mesh":
        optional = (self.colours, self.joints, self.weights)
        colours, joints, weights = (None if a is None else a[:, ::-1] for a in optional)
        return Mesh(
            self.points[:, ::-1], self.uvs[:, ::-1], self.normals[:, ::-1], colours, joints, weights
        )

    def inside_out(self) -> "Mesh":
        return replace(self.flipped_order(), normals=-self.normals[:, ::-1])

    def shaped(self, bend: Callable[[Array], Array], crease: float = SMOOTH) -> "Mesh":
        """Every point sent through `bend`, which gets and returns an (m, 3) array."""
        points = bend(self.points.reshape(-1, 3)).reshape(self.points.shape)
        return replace(self, points=points).shaded(crease)

    def shaded(self, crease: float) -> "Mesh":
        """Smooth where neighbouring faces meet at less than `crease` degrees, sharp elsewhere."""
        return replace(self, normals=corner_normals(self.points, crease))

    def with_uvs(self, scale: ArrayLike = 1, offset: ArrayLike = 0) -> "Mesh":
        return replace(self, uvs=self.uvs * np.asarray(scale) + np.asarray(offset))

    def box_mapped(self, scale: float = 1) -> "Mesh":
        """Texture coordinates projected along the axis each face looks to, in 1/scale metres."""
        facing = np.abs(_face_normals(self.points)).argmax(axis=1)
        columns = np.array([[2, 1], [0, 2], [0, 1]])[facing]
        uvs = np.take_along_axis(self.points, columns[:, None, :], axis=2) * scale
        uvs[..., 1] *= -1
        return replace(self, uvs=uvs)

    def coloured(self, paint: Callable[[Array], Array]) -> "Mesh":
        """Vertex colours (linear 0 to 1) from the points, both as (m, 3) arrays."""
        colours = paint(self.points.reshape(-1, 3)).reshape(self.points.shape)
        return replace(self, colours=colours)

    def mirrored(self) -> "Mesh":
        return self.scaled(-1, 1, 1)


def merge(meshes: Iterable[Mesh]) -> Mesh:
    """One mesh of many; colours and weights are kept when every mesh has them."""
    parts = list(meshes)

    def joined(name: str) -> Array | None:
        arrays = [getattr(part, name) for part in parts]
        return None if any(a is None for a in arrays) else np.concatenate(arrays)

    points, uvs, normals = (
        np.concatenate([getattr(part, name) for part in parts])
        for name in ("points", "uvs", "normals")
    )
    return Mesh(points, uvs, normals, joined("colours"), joined("joints"), joined("weights"))


def around(mesh: Mesh, count: int, start: float = 0) -> Mesh:
    """`count` copies in a circle about the y axis."""
    return merge(mesh.turned("y", start + 360 * i / count) for i in range(count))


def from_triangles(points: Array, uvs: Array, crease: float) -> Mesh:
    """Triangles without an area are dropped."""
    area = np.linalg.norm(
        np.cross(points[:, 1] - points[:, 0], points[:, 2] - points[:, 0]), axis=1
    )
    solid = area > 1e-12
    points, uvs = points[solid], uvs[solid]
    return Mesh(points, uvs, corner_normals(points, crease))


def corner_normals(points: Array, crease: float) -> Array:
    """Normals weighted by area and corner angle, over the faces that meet within the crease."""
    faces = _face_normals(points)
    weighted = (_corner_angles(points)[..., None] * faces[:, None, :] * _areas(points)).reshape(
        -1, 3
    )
    corner, other = _corners_at_one_place(points)
    together = (faces[corner // 3] * faces[other // 3]).sum(axis=1) > np.cos(np.radians(crease))
    corner, other = corner[together], other[together]
    sums = [np.bincount(corner, weighted[other, axis], len(weighted)) for axis in range(3)]
    return unit(np.stack(sums, axis=1)).reshape(points.shape)


def _corners_at_one_place(points: Array) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """All ordered pairs of corners that share a place, each with itself too."""
    keys = row_keys(np.round(points.reshape(-1, 3) * _WELD))
    _, vertex, counts = np.unique(keys, return_inverse=True, return_counts=True)
    order = np.argsort(vertex, kind="stable")
    first = np.concatenate([[0], np.cumsum(counts)[:-1]])
    repeats = counts[vertex]
    corner = np.repeat(np.arange(len(vertex)), repeats)
    within = np.arange(len(corner)) - np.repeat(np.cumsum(repeats) - repeats, repeats)
    return corner, order[first[vertex[corner]] + within]


def row_keys(rows: Array) -> NDArray[np.uint64]:
    """One number per row of whole numbers; equal rows, and only they, get the same."""
    odd = np.random.default_rng(1).integers(2**62, size=rows.shape[1], dtype=np.uint64) * 2 + 1
    return rows.astype(np.int64).view(np.uint64) @ odd


def _face_normals(points: Array) -> Array:
    return unit(np.cross(points[:, 1] - points[:, 0], points[:, 2] - points[:, 0]))


def _areas(points: Array) -> Array:
    cross = np.cross(points[:, 1] - points[:, 0], points[:, 2] - points[:, 0])
    return np.linalg.norm(cross, axis=1)[:, None, None]


def _corner_angles(points: Array) -> Array:
    ahead = unit(np.roll(points, -1, axis=1) - points)
    behind = unit(np.roll(points, 1, axis=1) - points)
    return np.arccos(np.clip((ahead * behind).sum(axis=2), -1, 1))


def unit(vectors: Array) -> Array:
    length = np.linalg.norm(vectors, axis=-1, keepdims=True)
    return np.divide(vectors, np.maximum(length, 1e-20))


def stretched(
    points: Array, x: Array | float = 1, y: Array | float = 1, z: Array | float = 1
) -> Array:
    """Points times a factor per axis, or per point and axis."""
    return np.stack([points[:, 0] * x, points[:, 1] * y, points[:, 2] * z], axis=1)


def rotation(axis: str, degrees: float) -> Array:
    """A right-handed turn about "x", "y" or "z" as a 3 by 3 matrix."""
    c, s = np.cos(np.radians(degrees)), np.sin(np.radians(degrees))
    i, j = {"x": (1, 2), "y": (2, 0), "z": (0, 1)}[axis]
    matrix = np.eye(3)
    matrix[[i, i, j, j], [i, j, i, j]] = c, -s, s, c
    return matrix


def vectors(rows: Points) -> Array:
    if isinstance(rows, str):
        return np.array([[float(number) for number in row.split()] for row in rows.split(",")])
    return np.asarray(rows, dtype=np.float64)
