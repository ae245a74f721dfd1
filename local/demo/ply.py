"""Binary PLY with a normal and a colour at each vertex."""

import numpy as np

from local.demo.mesh import Mesh
from local.demo.vertices import indexed

_VERTEX = np.dtype([("place", "<f4", 3), ("normal", "<f4", 3), ("colour", "u1", 3)])
_FACE = np.dtype([("count", "u1"), ("corners", "<i4", 3)])
_HEADER = """ply
format binary_little_endian 1.0
comment {title}
element vertex {vertices}
property float x
property float y
property float z
property float nx
property float ny
property float nz
property uchar red
property uchar green
property uchar blue
element face {faces}
property list uchar int vertex_indices
end_header
"""


def ply(title: str, mesh: Mesh) -> bytes:
    """The mesh must have vertex colours."""
    layers, index = indexed(mesh)
    vertices = np.zeros(len(layers["POSITION"]), dtype=_VERTEX)
    vertices["place"], vertices["normal"] = layers["POSITION"], layers["NORMAL"]
    vertices["colour"] = np.clip(layers["COLOR_0"] * 255 + 0.5, 0, 255).astype(np.uint8)
    faces = np.zeros(len(index) // 3, dtype=_FACE)
    faces["count"], faces["corners"] = 3, index.reshape(-1, 3)
    header = _HEADER.format(title=title, vertices=len(vertices), faces=len(faces))
    return header.encode("ascii") + vertices.tobytes() + faces.tobytes()
