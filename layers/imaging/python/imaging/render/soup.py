"""All triangles of a scene in a few flat arrays, and the rays that meet them."""

from dataclasses import dataclass

import numpy as np
from embreex.mesh_construction import TriangleMesh  # type: ignore[import-untyped]
from embreex.rtcore_scene import EmbreeScene  # type: ignore[import-untyped]

from imaging import normals
from imaging.scene import Bools, Floats, Ints, Material, Part, Scene

CHUNK = 1 << 19


@dataclass
class Soup:
    positions: Floats  # (v, 3)
    normals: Floats  # (v, 3)
    triangles: Ints  # (m, 3)
    materials: Ints  # (m,)
    coordinates: list[Floats]  # of (v, 2)
    colors: Floats | None  # (v, 4)
    smooth: bool = True

    def center(self) -> None:
        """Move the middle of what is shown to the origin."""
        shown = self.shown()
        self.positions -= (shown.min(axis=0) + shown.max(axis=0)) / 2

    def shown(self) -> Floats:
        """Positions that some triangle uses."""
        used = np.zeros(len(self.positions), bool)
        used[self.triangles] = True
        return self.positions[used]


def soup(scene: Scene) -> Soup:
    """Join the parts around the origin, where floats are finest; flat normals where none are."""
    parts = [part if part.normals is not None else normals.flat(part) for part in scene.parts]
    starts = np.cumsum([0, *(len(part.positions) for part in parts)])
    sets = min(max((len(part.coordinates) for part in parts), default=0), 2)
    found = Soup(
        positions=np.concatenate([part.positions for part in parts]).astype(np.float32),
        normals=np.concatenate([_normals(part) for part in parts]),
        triangles=np.concatenate(
            [part.triangles + start for part, start in zip(parts, starts, strict=False)]
        ).astype(np.int32),
        materials=np.concatenate(
            [np.full(len(part.triangles), part.material, np.int32) for part in parts]
        ),
        coordinates=[np.concatenate([_set(part, at) for part in parts]) for at in range(sets)],
        colors=_colors(parts),
    )
    found.center()
    return found


def _normals(part: Part) -> Floats:
    found = np.asarray(part.normals, np.float32)
    return np.nan_to_num(found, nan=0.0, posinf=0.0, neginf=0.0)


def _set(part: Part, at: int) -> Floats:
    if at < len(part.coordinates):
        return part.coordinates[at]
    return np.zeros((len(part.positions), 2), np.float32)


def _colors(parts: list[Part]) -> Floats | None:
    if all(part.colors is None for part in parts):
        return None
    white = np.ones((1, 4), np.float32)
    return np.concatenate([
        np.broadcast_to(white, (len(part.positions), 4)) if part.colors is None else part.colors
        for part in parts
    ])  # fmt: skip


@dataclass
class Hits:
    """Where rays met the surface; `ray` numbers the ray of each hit."""

    ray: Ints
    triangle: Ints
    u: Floats
    v: Floats
    distance: Floats

    def only(self, keep: Bools | Ints) -> "Hits":
        return Hits(self.ray[keep], self.triangle[keep], self.u[keep], self.v[keep],
                    self.distance[keep])  # fmt: skip


class Tracer:
    """Embree over a soup: `first` sees every triangle, `blocked` not those of glass."""

    def __init__(self, found: Soup, materials: list[Material]) -> None:
        self._scene = EmbreeScene()
        self._mesh = TriangleMesh(self._scene, found.positions, found.triangles)
        solid = np.array([material.alpha != "blend" for material in materials])[found.materials]
        self._solid, self._solid_mesh = self._scene, self._mesh
        if not solid.all() and solid.any():
            self._solid = EmbreeScene()
            self._solid_mesh = TriangleMesh(self._solid, found.positions, found.triangles[solid])
        self._none_solid = not solid.any()

    def first(self, origins: Floats, directions: Floats) -> Hits:
        found = self._scene.run(origins, directions, output=True)
        ray = np.flatnonzero(found["primID"] >= 0)
        return Hits(ray, found["primID"][ray], found["u"][ray], found["v"][ray],
                    found["tfar"][ray])  # fmt: skip

    def blocked(self, origins: Floats, directions: Floats, reach: float) -> Bools:
        """Whether something solid lies within `reach` of each origin."""
        if self._none_solid:
            return np.zeros(len(origins), bool)
        limits = np.full(len(origins), reach, np.float32)
        found = self._solid.run(origins, directions, dists=limits, query="OCCLUDED")
        return np.asarray(found >= 0)
