"""The meshes of a COLLADA file: lists of polygons with an index for each kind of number."""

from dataclasses import dataclass
from xml.etree.ElementTree import Element

import numpy as np

from imaging import caps
from imaging.dae.document import Document, Numbers, damaged, inputs, integers, whole
from imaging.errors import Refused
from imaging.polygons import fans, total
from imaging.scene import Bools, Floats, Ints
from imaging.thinning import snapped

_SHAPES = ("triangles", "polylist", "polygons", "tristrips", "trifans")
_UNSHOWN = ("lines", "linestrips")


@dataclass
class Primitive:
    """Triangles of one material; every three corners are one."""

    symbol: str
    points: Ints  # (n,) which position each corner has
    count: int  # of triangles in the file
    used: Bools | None  # which positions those have, if there are fewer here
    normals: Floats | None
    coordinates: list[Floats]
    colors: Floats | None


@dataclass
class Mesh:
    positions: Floats
    primitives: list[Primitive]

    @property
    def triangles(self) -> int:
        return sum(each.count for each in self.primitives)


def read(document: Document, geometry: Element, notes: list[str]) -> Mesh:
    mesh = geometry.find("mesh")
    vertices = mesh.find("vertices") if mesh is not None else None
    if mesh is None or vertices is None:
        notes.append("Curves and surfaces without a mesh are not shown.")
        return Mesh(np.zeros((0, 3)), [])
    if any(mesh.find(name) is not None for name in _UNSHOWN):
        notes.append("Points and lines of the model are not shown.")
    places = inputs(vertices, "POSITION")
    if not places:
        raise damaged("a mesh has no positions")
    positions = _wide(document.source(places[0].get("source")), 3)
    found = Mesh(positions, [])
    for element in mesh:
        if element.tag in _SHAPES:
            found.primitives.append(_primitive(document, element, vertices, positions))
            if found.triangles > caps.READ_TRIANGLES:
                raise _too_many()
    return found


def _too_many() -> Refused:
    return Refused("too_complex", f"This DAE has more than {caps.READ_TRIANGLES:,} triangles.")


def _wide(values: Floats, width: int) -> Floats:
    if values.shape[1] < width:
        raise damaged("a source has too few numbers for each point")
    return values[:, :width]


def _primitive(
    document: Document, element: Element, vertices: Element, positions: Floats
) -> Primitive:
    stride = 1 + max((whole(each, "offset") for each in element.findall("input")), default=0)
    if stride > 64:
        raise damaged("a list of corners is laid out in an unknown way")
    corners = _corners(element, stride)
    read = _Reader(document, element, vertices, corners)
    points = read.indices("VERTEX")
    if points is None:
        raise damaged("a list of corners has no vertices")
    if points.size and (points.min() < 0 or points.max() >= len(positions)):
        raise damaged("a triangle has a corner that is not there")
    count = len(points) // 3
    used: Bools | None = None
    if count > caps.TRIANGLES:
        rows, left, used = snapped(positions, points.reshape(-1, 3), caps.TRIANGLES)
        points = rows.ravel()
        read.corners = corners.reshape(-1, 3, stride)[left].reshape(-1, stride)
    coordinates = read.values("TEXCOORD", 2)
    flip = np.array([1, -1]), np.array([0, 1])  # v runs up in COLLADA
    normals, colors = read.values("NORMAL", 3), read.values("COLOR", 3)
    return Primitive(
        element.get("material", ""),
        points,
        count,
        used,
        normals[0] if normals else None,
        [(each * flip[0] + flip[1]).astype(np.float32) for each in coordinates[:2]],
        _opaque(colors[0]) if colors else None,
    )


def _opaque(colors: Floats) -> Floats:
    shades = colors.clip(0, 1) ** 2.2
    return np.concatenate([shades, np.ones((len(shades), 1))], axis=1).astype(np.float32)


def _corners(element: Element, stride: int) -> Numbers:
    """(corners, stride) rows of indices, three rows to a triangle."""
    lists = [integers(each) for each in element.findall("p")]
    for each in element.findall("p"):
        each.text = None  # it takes more memory than its numbers
    if any(len(each) % stride for each in lists):
        raise damaged("a list of corners does not end where it should")
    rows = [each.reshape(-1, stride) for each in lists if len(each)]
    if not rows:
        return np.zeros((0, stride), np.int64)
    every = np.concatenate(rows)
    if element.tag == "triangles":
        return every[: len(every) // 3 * 3]
    if element.tag == "tristrips":
        return np.concatenate([_strip(each) for each in rows])
    sizes = (
        integers(element.find("vcount")) if element.tag == "polylist"
        else np.array([len(each) for each in rows], np.int64)
    )  # fmt: skip
    if total(sizes, len(every)) != len(every):
        raise damaged("its polygons do not have as many corners as they say")
    if int(np.maximum(sizes - 2, 0).sum()) > caps.READ_TRIANGLES:
        raise _too_many()
    order, _ = fans(np.cumsum(sizes) - sizes, sizes)
    return every[order.ravel()]


def _strip(rows: Numbers) -> Numbers:
    if len(rows) < 3:
        return rows[:0]
    found = np.stack([rows[:-2], rows[1:-1], rows[2:]], axis=1)
    found[1::2] = found[1::2, [1, 0, 2]]
    return found.reshape(-1, rows.shape[1])


class _Reader:
    """Numbers of the corners by meaning, whether listed for corners or for vertices."""

    def __init__(
        self, document: Document, element: Element, vertices: Element, corners: Ints
    ) -> None:
        self.document = document
        self.element = element
        self.vertices = vertices
        self.corners = corners

    def indices(self, semantic: str) -> Ints | None:
        found = inputs(self.element, semantic)
        return self.corners[:, whole(found[0], "offset")] if found else None

    def values(self, semantic: str, width: int) -> list[Floats]:
        """For every set, (corners, width)."""
        own = [(each, self.corners[:, whole(each, "offset")])
               for each in inputs(self.element, semantic)]  # fmt: skip
        points = self.indices("VERTEX")
        shared = [(each, points) for each in inputs(self.vertices, semantic) if points is not None]
        found = []
        for each, places in (own or shared)[:8]:
            values = _wide(self.document.source(each.get("source")), width)
            if places.size and (places.min() < 0 or places.max() >= len(values)):
                raise damaged(f"a corner has a {semantic} that is not there")
            found.append(values[places].astype(np.float32))
        return found
