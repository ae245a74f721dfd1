"""OBJ to a scene: one part for each material."""

from collections.abc import Callable, Iterable

import numpy as np

from imaging import caps
from imaging.images import Images
from imaging.normals import creased
from imaging.obj.faces import damaged
from imaging.obj.lines import Lines, read
from imaging.obj.mtl import Library
from imaging.scene import Floats, Ints, Material, Part, Scene
from imaging.thinning import around, snapped, thin


def load_obj(
    blocks: Iterable[bytes], anywhere: Callable[[str], bytes | None], picture_size: int
) -> Scene:
    """`anywhere` finds a file uploaded beside this one by the last part of its name."""
    lines = read(blocks)
    notes: list[str] = []
    images = Images(notes, picture_size=picture_size)
    library = Library(images, anywhere, notes)
    for name in lines.libraries:
        library.read(name)
    scene = Scene([], [*library.materials(lines.names), Material()], images.loaded, notes=notes)
    scene.meshes = max(len(lines.groups), 1)
    scene.material_count = len(lines.names)
    scene.unique_triangles = lines.faces.count
    scene.vertices = lines.tables["v"].count
    scene.origin = lines.origin
    geometry = _Geometry(lines)
    painted = geometry.colors is not None
    scene.workflow = library.workflow if lines.names else "vertex-colors" if painted else "none"
    if lines.faces.count > caps.TRIANGLES:
        scene.triangles = lines.faces.count
        scene.box = geometry.thin()
    scene.parts = geometry.parts(plain=len(lines.names))
    return thin(scene)


class _Geometry:
    """Tables of numbers, and triangles whose corners are rows of them or -1."""

    def __init__(self, lines: Lines) -> None:
        self.positions, self.colors = _points(lines.tables["v"].all())
        self.coordinates = lines.tables["vt"].all()[:, :2]
        self.normals = lines.tables["vn"].all()[:, :3]
        corners, self.materials = lines.faces.all()
        self.corners = np.stack(corners, axis=2)  # (m, 3, v/vt/vn)
        for column, table in enumerate((self.positions, self.coordinates, self.normals)):
            if self.corners[..., column].max(initial=-1) >= len(table):
                raise damaged("a face has a corner that is not there")

    def thin(self) -> tuple[Floats, Floats]:
        """Fewer triangles, before each of their corners becomes a point; the box around all."""
        corners, kept, used = snapped(self.positions, self.corners[..., 0], caps.TRIANGLES)
        self.corners, self.materials = self.corners[kept], self.materials[kept]
        self.corners[..., 0] = corners
        return around(self.positions[used])

    def parts(self, plain: int) -> list[Part]:
        """Of one material each; `plain` is the number of the one for faces without."""
        found = []
        for number in np.unique(self.materials):
            part, complete = self._part(self.corners[self.materials == number])
            part.material = int(number) if number >= 0 else plain
            found.append(part if complete else creased(part))
        return found

    def _part(self, corners: Ints) -> tuple[Part, bool]:
        """One part, and whether it brings a normal for every corner."""
        unique, triangles = _distinct(corners)
        coordinates = []
        if len(self.coordinates) and (unique[:, 1] >= 0).any():
            uv = self.coordinates[unique[:, 1]]
            uv[:, 1] = 1 - uv[:, 1]
            coordinates = [uv]
        complete = bool(len(self.normals)) and bool((unique[:, 2] >= 0).all())
        return Part(
            positions=self.positions[unique[:, 0]],
            triangles=triangles,
            normals=self.normals[unique[:, 2]] if complete else None,
            coordinates=coordinates,
            colors=None if self.colors is None else self.colors[unique[:, 0]],
        ), complete


def _points(rows: Floats) -> tuple[Floats, Floats | None]:
    """Positions, and vertex colors where six numbers are given."""
    if np.abs(rows).max(initial=0) > caps.EXTENT:
        raise damaged("its points lie endlessly far away")
    positions = np.ascontiguousarray(rows[:, :3])
    if rows.shape[1] not in (6, 7):
        return positions, None
    shades = rows[:, 3:6].clip(0, 1) ** np.float32(2.2)
    return positions, np.concatenate([shades, np.ones((len(rows), 1), np.float32)], axis=1)


def _distinct(corners: Ints) -> tuple[Ints, Ints]:
    """The different corners, and (m, 3) where each of all is among them."""
    rows = corners.reshape(-1, 3)
    # A hash sorts several times faster than rows; no two corners of an honest file share one.
    keys = np.zeros(len(rows), np.uint64)
    for column, odd in enumerate((0x9E3779B97F4A7C15, 0xC2B2AE3D27D4EB4F, 0x165667B19E3779F9)):
        keys = (keys ^ (keys >> np.uint64(29)) ^ rows[:, column].astype(np.uint64)) * np.uint64(odd)
    _, first, inverse = np.unique(keys, return_index=True, return_inverse=True)
    return rows[first], inverse.reshape(-1, 3).astype(np.int32)
