"""Mesh prims: polygons cut into triangles, with what their corners carry."""

from dataclasses import dataclass, field

import numpy as np

from imaging import caps
from imaging.errors import Refused
from imaging.polygons import fans, total
from imaging.scene import Bools, Floats, Ints
from imaging.thinning import snapped
from imaging.usd import values
from imaging.usd.text import Prim, damaged

_SETS = 2
_FLAT_WIDTHS = {
    "texCoord2f[]": 2,
    "float2[]": 2,
    "texCoord2d[]": 2,
    "double2[]": 2,
    "texCoord2h[]": 2,
}


@dataclass
class Mesh:
    """Three rows of `corners` (vertex numbers) are a triangle; `faces` is the polygon of each."""

    positions: Floats
    corners: Ints
    faces: Ints
    normals: Floats | None = None  # (corners, 3)
    coordinates: dict[str, Floats] = field(default_factory=dict)  # (corners, 2) by name
    colors: Floats | None = None  # (corners, 4)
    double_sided: bool = True
    points: int = 0
    count: int = 0  # of triangles in the file
    used: Bools | None = None  # which positions those have, if there are fewer here


def read(prim: Prim) -> Mesh:
    positions = values.floats(prim, "points", 3)
    sizes = values.integers(prim, "faceVertexCounts")
    indices = values.integers(prim, "faceVertexIndices")
    if positions is None or sizes is None or indices is None or not len(sizes):
        return Mesh(np.zeros((0, 3)), np.zeros(0, np.int64), np.zeros(0, np.int64))
    if total(sizes, len(indices)) > len(indices):
        raise damaged("its polygons do not have as many corners as they say")
    count = int(np.maximum(sizes - 2, 0).sum())
    if len(positions) > caps.READ_VERTICES or count > caps.READ_TRIANGLES:
        raise too_many()
    if indices.size and (indices.min() < 0 or indices.max() >= len(positions)):
        raise damaged("a polygon has a corner that is not there")
    order, face = fans(np.cumsum(sizes) - sizes, sizes)
    if values.word(prim, "orientation") == "leftHanded":
        order = order[:, ::-1]
    points: Ints = indices[order]
    used: Bools | None = None
    if count > caps.TRIANGLES:
        points, left, used = snapped(positions, points, caps.TRIANGLES)
        order, face = order[left], face[left]
    corners = _Corners(indices, order.ravel(), np.repeat(face, 3))
    made = Mesh(positions, points.ravel(), face, points=len(positions), count=count, used=used)
    return _dressed(prim, made, corners)


def too_many() -> Refused:
    return Refused(
        "too_complex", f"This USD file draws more than {caps.READ_TRIANGLES:,} triangles."
    )


@dataclass
class _Corners:
    """Triangles' corners: their place in the file's list of corners, and their polygons."""

    indices: Ints
    order: Ints
    face: Ints

    def spread(self, prim: Prim, name: str, width: int) -> Floats | None:
        """A primvar at every corner, whatever its interpolation; None if it does not fit."""
        found = values.floats(prim, name, width)
        if found is None or not len(found):
            return None
        if (chosen := values.integers(prim, f"{name}:indices")) is not None:
            if chosen.size and (chosen.min() < 0 or chosen.max() >= len(found)):
                raise damaged(f"an index of {name[:50]!r} is out of range")
            found = found[chosen]
        written = prim.properties[name].metadata.get("interpolation", "").strip("\"'")
        for how in (written, *self._guesses(len(found))):
            places = self._places(how)
            if places is not None and (not len(places) or places.max() < len(found)):
                return found[places]
        return None

    def _guesses(self, count: int) -> list[str]:
        sizes = {len(self.indices): "faceVarying", 1: "constant"}
        return [sizes.get(count, "vertex")]

    def _places(self, how: str) -> Ints | None:
        match how:
            case "faceVarying":
                return self.order
            case "vertex" | "varying":
                return self.indices[self.order]
            case "uniform":
                return self.face
            case "constant":
                return np.zeros_like(self.order)
        return None


def _dressed(prim: Prim, made: Mesh, corners: _Corners) -> Mesh:
    normals = "primvars:normals" if "primvars:normals" in prim.properties else "normals"
    made.normals = corners.spread(prim, normals, 3)
    for name, found in prim.properties.items():
        if name.startswith("primvars:") and found.type in _FLAT_WIDTHS and len(
            made.coordinates) < _SETS:  # fmt: skip
            spread = corners.spread(prim, name, 2)
            if spread is not None:
                made.coordinates[name.removeprefix("primvars:")] = _v_down(spread)
    made.colors = _colors(prim, corners)
    made.double_sided = values.raw(prim, "doubleSided") not in ("0", "false", "")
    return made


def _v_down(coordinates: Floats) -> Floats:
    flipped = coordinates * np.array([1, -1]) + np.array([0, 1])
    return np.asarray(flipped, np.float32)


def _colors(prim: Prim, corners: _Corners) -> Floats | None:
    shades = corners.spread(prim, "primvars:displayColor", 3)
    if shades is None:
        return None
    clear = corners.spread(prim, "primvars:displayOpacity", 1)
    alpha = np.ones((len(shades), 1)) if clear is None else clear
    return np.concatenate([shades, alpha], axis=1).clip(0, 1).astype(np.float32)
