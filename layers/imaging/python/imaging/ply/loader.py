"""PLY to a scene: one part, painted by its vertices where they have colors."""

import numpy as np

from imaging import caps
from imaging.errors import Refused
from imaging.files import Data
from imaging.normals import creased
from imaging.placing import origin
from imaging.ply import binary, header, text
from imaging.ply.header import Values, damaged
from imaging.scene import Floats, Material, Part, Scene
from imaging.thinning import thin

_CLAY = Material("", (0.62, 0.64, 0.67, 1.0), roughness=0.6)
_PAINTED = Material("", (1.0, 1.0, 1.0, 1.0), roughness=0.65)
_SOME = 10_000  # points tell where all are


def load_ply(data: Data) -> Scene:
    """PLY has no unit and no up; metres and y up, as most scanners and tools write it."""
    order, elements, at = header.read(data)
    if order == "=":
        found = text.read(data, at, elements)
    else:
        found = binary.read(data, at, order, elements)
    vertices, away = found.tables.get("vertex", {}), found.origin
    triangles = np.concatenate(found.triangles or [np.zeros((0, 3), np.int64)])
    del found
    part, more = _part(vertices, triangles)
    painted, unique = part.colors is not None, len(part.triangles)
    scene = Scene([part], [_PAINTED if painted else _CLAY], [], meshes=1)
    scene.origin = away + more
    del part
    scene.parts = [
        each if each.normals is not None else creased(each, 50.0) for each in thin(scene).parts
    ]
    scene.vertices = len(vertices.get("x", ()))
    scene.unique_triangles = unique
    scene.workflow = "vertex-colors" if painted else "none"
    return scene


def _part(vertices: dict[str, Values], triangles: Values) -> tuple[Part, Floats]:
    """The part, and where its origin is."""
    if not {"x", "y", "z"} <= vertices.keys():
        raise damaged("its vertices have no x, y and z")
    positions, away = _points([vertices[axis] for axis in "xyz"])
    with np.errstate(invalid="ignore"):
        if not np.isfinite(positions).all() or np.abs(positions).max(initial=0) > caps.EXTENT:
            raise damaged("its points are not finite numbers")
    if not len(triangles):
        raise Refused("unsupported", "This PLY is a cloud of points; only surfaces can be shown.")
    if triangles.min() < 0 or triangles.max() >= len(positions):
        raise damaged("a face has a corner that is not there")
    part = Part(positions, triangles.astype(np.int32), colors=_colors(vertices))
    if {"nx", "ny", "nz"} <= vertices.keys():
        part.normals = np.nan_to_num(_columns(vertices, ("nx", "ny", "nz")))
    return part, away


def _points(columns: list[Values]) -> tuple[Floats, Floats]:
    step = max(len(columns[0]) // _SOME, 1)
    away = origin(np.stack([column[::step] for column in columns], axis=1))
    near = [column - far if far else column for column, far in zip(columns, away, strict=True)]
    return np.stack([column.astype(np.float32) for column in near], axis=1), away


def _columns(vertices: dict[str, Values], names: tuple[str, ...]) -> Floats:
    return np.stack([vertices[name].astype(np.float32) for name in names], axis=1)


def _colors(vertices: dict[str, Values]) -> Floats | None:
    for names in (("red", "green", "blue"), ("r", "g", "b"),
                  ("diffuse_red", "diffuse_green", "diffuse_blue")):  # fmt: skip
        if set(names) <= vertices.keys():
            shades = _columns(vertices, names)
            shades = shades / np.float32(255) if shades.max(initial=0) > 1 else shades
            shades = np.nan_to_num(shades).clip(0, 1) ** np.float32(2.2)
            return np.concatenate([shades, np.ones((len(shades), 1), np.float32)], axis=1)
    return None
