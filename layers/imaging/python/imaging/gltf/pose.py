"""Put a primitive where its node or its skeleton wants it."""

from typing import Any

import numpy as np

from imaging import caps
from imaging.errors import Refused
from imaging.gltf.accessors import Accessors
from imaging.gltf.document import Document, damaged, place
from imaging.gltf.geometry import Geometry, Primitive
from imaging.gltf.nodes import Matrix, Placed
from imaging.scene import Floats, Part


class Skins:
    """Joint matrices of every skin, from the places of the nodes in the file's own pose."""

    def __init__(self, document: Document, accessors: Accessors, nodes: list[Placed]) -> None:
        self.document = document
        self.accessors = accessors
        self.worlds = {node.index: node.world for node in nodes}
        self._matrices: dict[int, Matrix] = {}

    def joints(self) -> int:
        """Different nodes that are a joint of some skin."""
        return len({joint for skin in self.document.list("skins") for joint in self._joints(skin)})

    def matrices(self, index: Any) -> Matrix:
        """(joints, 4, 4) from bind pose to world."""
        skin = self.document.pick("skins", index)
        if index not in self._matrices:
            joints = self._joints(skin)
            worlds = np.array([self.worlds.get(joint, np.eye(4)) for joint in joints])
            self._matrices[index] = worlds @ self._inverse_binds(skin, len(joints))
        return self._matrices[index]

    def _joints(self, skin: dict[str, Any]) -> list[int]:
        found = skin.get("joints")
        if not isinstance(found, list) or not found:
            raise damaged("a skin has no joints")
        nodes = self.document.list("nodes")
        return [place(joint, nodes, "nodes") for joint in found]

    def _inverse_binds(self, skin: dict[str, Any], count: int) -> Matrix:
        if "inverseBindMatrices" not in skin:
            return np.broadcast_to(np.eye(4), (count, 4, 4))
        found = self.accessors.floats(skin["inverseBindMatrices"], "inverse bind matrices", 16)
        if len(found) < count:
            raise damaged("a skin has fewer matrices than joints")
        return found[:count].astype(np.float64).reshape(-1, 4, 4).transpose(0, 2, 1)


def placed_part(
    geometry: Geometry, found: Primitive, weights: list[Any], world: Matrix, joints: Matrix | None
) -> Part:
    """The primitive as triangles in the world."""
    positions, normals = geometry.morphed(found, weights)
    if joints is not None and found.joints is not None and found.weights is not None:
        blend = _blend(found, joints, world)
        positions = np.einsum("nij,nj->ni", blend[:, :, :3], positions) + blend[:, :, 3]
        normals = None if normals is None else np.einsum("nij,nj->ni", blend[:, :, :3], normals)
        mirrored = False
    else:
        turn = world[:3, :3]
        positions = positions @ turn.T.astype(np.float32) + world[:3, 3].astype(np.float32)
        mirrored = bool(np.linalg.det(turn) < 0)
        normals = None if normals is None else normals @ _cofactors(turn).T.astype(np.float32)
    _check(positions)
    return Part(
        positions=np.ascontiguousarray(positions, np.float32),
        triangles=found.triangles[:, ::-1].copy() if mirrored else found.triangles,
        material=found.material,
        normals=normals,
        coordinates=found.coordinates,
        colors=found.colors,
    )


def _blend(found: Primitive, joints: Matrix, world: Matrix) -> Floats:
    """(n, 3, 4): each vertex's own mixture of its joints; its node's where it has none."""
    assert found.joints is not None and found.weights is not None  # noqa: S101, PT018
    if found.joints.size and int(found.joints[found.weights > 0].max(initial=0)) >= len(joints):
        raise damaged("a vertex hangs on a joint that is not there")
    total = found.weights.sum(axis=1)
    shares = found.weights / np.where(total > 0, total, 1)[:, None]
    indices = np.minimum(found.joints, len(joints) - 1).astype(np.int64)
    matrices = joints[:, :3, :].astype(np.float32)
    blend = np.zeros((len(indices), 3, 4), np.float32)
    for column in range(indices.shape[1]):
        blend += shares[:, column, None, None] * matrices[indices[:, column]]
    blend[total <= 0] = world[:3].astype(np.float32)
    return blend


def _cofactors(turn: Matrix) -> Matrix:
    """The inverse transpose up to a positive factor; it exists for flattened shapes too."""
    return np.array([
        np.cross(turn[1], turn[2]), np.cross(turn[2], turn[0]), np.cross(turn[0], turn[1])
    ]) * (1 if np.linalg.det(turn) >= 0 else -1)  # fmt: skip


def _check(positions: Floats) -> None:
    with np.errstate(invalid="ignore"):
        good = np.isfinite(positions).all() and np.abs(positions).max(initial=0) < caps.EXTENT
    if not good:
        raise Refused("damaged", "Points of this model lie nowhere, or endlessly far away.")
