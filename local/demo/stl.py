"""Binary STL: bare triangles."""

import numpy as np

from local.demo.mesh import Mesh

_TRIANGLE = np.dtype([("normal", "<f4", 3), ("corners", "<f4", (3, 3)), ("attributes", "<u2")])


def stl(title: str, mesh: Mesh) -> bytes:
    """Millimetres, z up, as slicers expect: one unit of the mesh is one millimetre."""
    points = mesh.turned("x", 90).points
    triangles = np.zeros(len(points), dtype=_TRIANGLE)
    cross = np.cross(points[:, 1] - points[:, 0], points[:, 2] - points[:, 0])
    triangles["normal"] = cross / np.maximum(np.linalg.norm(cross, axis=1, keepdims=True), 1e-20)
    triangles["corners"] = points
    header = title.encode("ascii").ljust(80)[:80]
    return header + np.uint32(len(points)).tobytes() + triangles.tobytes()
