"""From loose triangles to shared vertices, with the tangents normal maps need."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from local.demo.mesh import Array, Mesh, row_keys, unit


def indexed(
    mesh: Mesh, *, tangents: bool = False
) -> tuple[dict[str, NDArray[Any]], NDArray[np.int64]]:
    """Equal corners become one vertex: the attributes by glTF name, and three indices a face."""
    layers: dict[str, NDArray[Any]] = {
        "POSITION": mesh.points.astype(np.float32),
        "NORMAL": mesh.normals.astype(np.float32),
        "TEXCOORD_0": mesh.uvs.astype(np.float32),
    }
    for name, values, kind in (
        ("COLOR_0", mesh.colours, np.float32),
        ("JOINTS_0", mesh.joints, np.uint8),
        ("WEIGHTS_0", mesh.weights, np.float32),
    ):
        if values is not None:
            layers[name] = values.astype(kind)
    flat = {name: values.reshape(-1, values.shape[-1]) for name, values in layers.items()}
    handed = _handedness(mesh)[:, None] if tangents else np.zeros((len(flat["POSITION"]), 1))
    keys = np.concatenate([np.round(values * 1e5) for values in flat.values()] + [handed], axis=1)
    _, first, index = np.unique(row_keys(keys), return_index=True, return_inverse=True)
    order = np.argsort(first, kind="stable")  # vertices in the order the faces meet them
    place = np.empty_like(order)
    place[order] = np.arange(len(order))
    index = place[index]
    vertices = {name: values[first[order]] for name, values in flat.items()}
    if tangents:
        along = _tangents(mesh, index, vertices["NORMAL"])
        sign = handed[first[order]]
        vertices["TANGENT"] = np.concatenate([along, sign], axis=1).astype(np.float32)
    return vertices, index


def _handedness(mesh: Mesh) -> Array:
    """Per corner, -1 where the texture is mirrored."""
    a, b = mesh.uvs[:, 1] - mesh.uvs[:, 0], mesh.uvs[:, 2] - mesh.uvs[:, 0]
    area = a[:, 0] * b[:, 1] - a[:, 1] * b[:, 0]
    return np.repeat(np.where(area > 0, -1.0, 1.0), 3)  # v runs down: a plain texture is area < 0


def _tangents(mesh: Mesh, index: NDArray[np.int64], normals: NDArray[Any]) -> Array:
    """The direction in which u grows, per vertex, square to its normal."""
    p, q = mesh.points[:, 1] - mesh.points[:, 0], mesh.points[:, 2] - mesh.points[:, 0]
    a, b = mesh.uvs[:, 1] - mesh.uvs[:, 0], mesh.uvs[:, 2] - mesh.uvs[:, 0]
    area = a[:, 0] * b[:, 1] - a[:, 1] * b[:, 0]
    along = np.where(area < 0, -1, 1)[:, None] * unit(p * b[:, 1:] - q * a[:, 1:])
    each = np.repeat(along, 3, axis=0)
    total = np.stack([np.bincount(index, each[:, i], len(normals)) for i in range(3)], axis=1)
    total -= normals * (total * normals).sum(axis=1, keepdims=True)
    spare = np.cross(normals, np.eye(3)[np.abs(normals).argmin(axis=1)])
    lost = np.linalg.norm(total, axis=1) < 1e-6
    return unit(np.where(lost[:, None], spare, total))
