"""All triangles of a scene in a few flat arrays, and the rays that meet them."""

from dataclasses import dataclass

import numpy as np
from embreex.mesh_construction import TriangleMesh  # type: ignore[import-untyped]
from embreex.rtcore_scene import EmbreeScene  # type: ignore[import-untyped]

from imaging import normals
from imaging.render.planes import dot, planes, rows, taken
from imaging.scene import Bools, Floats, Ints, Material, Part, Scene

CHUNK = 1 << 19


@dataclass
class Soup:
    """Planes: one row for each number of a point or corner."""

    positions: Floats  # (3, v)
    normals: Floats  # (3, v)
    triangles: Ints  # (3, m)
    materials: Ints  # (m,)
    coordinates: list[Floats]  # of (2, v)
    colors: Floats | None  # (4, v)

    def center(self) -> None:
        """Move the middle of what is shown to the origin."""
        shown = self.shown()
        self.positions -= ((shown.min(axis=1) + shown.max(axis=1)) / 2)[:, None]

    def shown(self) -> Floats:
        """(3, k) positions that some triangle uses."""
        used = np.zeros(self.positions.shape[1], bool)
        used[self.triangles] = True
        return taken(self.positions, np.flatnonzero(used))


def soup(scene: Scene) -> Soup:
    """Join the parts around the origin, where floats are finest; flat normals where none are."""
    parts = [part if part.normals is not None else normals.flat(part) for part in scene.parts]
    starts = np.cumsum([0, *(len(part.positions) for part in parts)])
    sets = min(max((len(part.coordinates) for part in parts), default=0), 2)
    found = Soup(
        positions=np.concatenate([planes(part.positions) for part in parts], axis=1),
        normals=np.concatenate([_normals(part) for part in parts], axis=1),
        triangles=np.concatenate(
            [part.triangles.T + start for part, start in zip(parts, starts, strict=False)], axis=1
        ).astype(np.int32, order="C"),
        materials=np.concatenate(
            [np.full(len(part.triangles), part.material, np.int32) for part in parts]
        ),
        coordinates=[
            np.concatenate([_set(part, at) for part in parts], axis=1) for at in range(sets)
        ],
        colors=_colors(parts),
    )
    found.center()
    return found


def _normals(part: Part) -> Floats:
    """Of one length, whatever their file or the scale of their node made of them."""
    found = np.nan_to_num(planes(np.asarray(part.normals)), nan=0.0, posinf=0.0, neginf=0.0)
    length = np.sqrt(dot(found, found))
    return np.asarray(found / np.where(length > 0, length, 1), np.float32)


def _set(part: Part, at: int) -> Floats:
    if at < len(part.coordinates):
        return planes(part.coordinates[at])
    return np.zeros((2, len(part.positions)), np.float32)


def _colors(parts: list[Part]) -> Floats | None:
    if all(part.colors is None for part in parts):
        return None
    return np.concatenate([
        np.ones((4, len(part.positions)), np.float32) if part.colors is None
        else planes(part.colors)
        for part in parts
    ], axis=1)  # fmt: skip


@dataclass
class Hits:
    """Where rays met the surface; `ray` numbers the ray of each hit."""

    ray: Ints
    triangle: Ints
    u: Floats
    v: Floats
    distance: Floats

    def only(self, keep: Bools | Ints) -> "Hits":
        at = np.flatnonzero(keep) if keep.dtype == bool else keep
        return Hits(*(values.take(at, mode="clip") for values in vars(self).values()))


class Tracer:
    """Embree over a soup: `first` sees every triangle, `blocked` not those of glass.

    Rays are rows, (n, 3).
    """

    def __init__(self, found: Soup, materials: list[Material]) -> None:
        positions, triangles = rows(found.positions), np.ascontiguousarray(found.triangles.T)
        self._scene = EmbreeScene()
        self._mesh = TriangleMesh(self._scene, positions, triangles)
        solid = np.array([material.alpha != "blend" for material in materials])[found.materials]
        self._solid, self._solid_mesh = self._scene, self._mesh
        if not solid.all() and solid.any():
            self._solid = EmbreeScene()
            self._solid_mesh = TriangleMesh(self._solid, positions, triangles[solid])
        self._none_solid = not solid.any()

    def first(self, origins: Floats, directions: Floats) -> Hits:
        found = self._scene.run(origins, directions, output=True)
        ray = np.flatnonzero(found["primID"] >= 0)
        names = ("primID", "u", "v", "tfar")
        return Hits(ray, *(found[name].take(ray, mode="clip") for name in names))

    def blocked(self, origins: Floats, directions: Floats, reach: float) -> Bools:
        """Whether something solid lies within `reach` of each origin."""
        if self._none_solid:
            return np.zeros(len(origins), bool)
        limits = np.full(len(origins), reach, np.float32)
        found = self._solid.run(origins, directions, dists=limits, query="OCCLUDED")
        return np.asarray(found >= 0)
