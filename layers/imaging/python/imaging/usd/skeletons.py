"""Skeletons: where the joints stand at the start, and the meshes that hang on them."""

import numpy as np

from imaging.scene import Floats
from imaging.usd import values
from imaging.usd.stage import Stage
from imaging.usd.text import Prim, damaged
from imaging.usd.transforms import turned
from imaging.usd.values import Matrix


class Skeletons:
    def __init__(self, stage: Stage) -> None:
        self.stage = stage
        self._posed: dict[str, tuple[list[str], Matrix]] = {}

    def deformed(self, mesh: Prim, skeleton: str, source: str, positions: Floats) -> Floats | None:
        """Positions in the skeleton's own space; None where the mesh hangs on nothing."""
        prim = self.stage.find(skeleton) if skeleton else None
        indices = values.integers(mesh, "primvars:skel:jointIndices")
        weights = values.floats(mesh, "primvars:skel:jointWeights")
        if prim is None or prim.type != "Skeleton" or indices is None or weights is None:
            return None
        if skeleton not in self._posed:
            self._posed[skeleton] = self._pose(prim, source)
        names, matrices = self._posed[skeleton]
        matrices = self._chosen(mesh, names, matrices)
        count = max(1, len(indices) // max(len(positions), 1))
        if len(indices) != len(weights) or len(indices) not in (count * len(positions), count):
            raise damaged("the weights of a skin do not fit its mesh")
        if len(indices) and (indices.min() < 0 or indices.max() >= len(matrices)):
            raise damaged("a vertex hangs on a joint that is not there")
        bound = values.matrices(mesh, "primvars:skel:geomBindTransform")
        return _blended(
            positions, np.broadcast_to(indices.reshape(-1, count), (len(positions), count)),
            np.broadcast_to(weights.reshape(-1, count), (len(positions), count)),
            matrices if bound is None or not len(bound) else matrices @ bound[0],
        )  # fmt: skip

    def _chosen(self, mesh: Prim, names: list[str], matrices: Matrix) -> Matrix:
        """In the order of the mesh's own list of joints, if it has one."""
        own = values.words(values.raw(mesh, "skel:joints"))
        if not own:
            return matrices
        if any(name not in names for name in own):
            raise damaged("a mesh hangs on a joint that is not there")
        return matrices[[names.index(name) for name in own]]

    def _pose(self, prim: Prim, source: str) -> tuple[list[str], Matrix]:
        """(joints, 4, 4) from the bound pose to the one the file starts with."""
        names = values.words(values.raw(prim, "joints"))
        binds = values.matrices(prim, "bindTransforms")
        if binds is None or len(binds) < len(names):
            raise damaged("a skeleton has fewer matrices than joints")
        rests = values.matrices(prim, "restTransforms")
        locals_ = None if rests is None or len(rests) < len(names) else rests[: len(names)].copy()
        animation = self.stage.find(values.target(prim, "skel:animationSource") or source or "/")
        if animation is not None and animation.type == "SkelAnimation":
            locals_ = _animated(animation, names, locals_)
        if locals_ is None:
            return names, np.broadcast_to(np.eye(4), (len(names), 4, 4))
        places = _stacked(names, locals_)
        return names, places @ np.linalg.pinv(binds[: len(names)])


def _animated(animation: Prim, names: list[str], rests: Matrix | None) -> Matrix | None:
    joints = values.words(values.raw(animation, "joints"))
    moves = values.floats(animation, "translations", 3)
    turns = values.floats(animation, "rotations", 4)
    sizes = values.floats(animation, "scales", 3)
    if moves is None or turns is None or min(len(moves), len(turns)) < len(joints):
        return rests
    matrices = np.tile(np.eye(4), (len(names), 1, 1)) if rests is None else rests
    own = np.tile(np.eye(4), (len(joints), 1, 1))
    own[:, :3, :3] = turned(turns[: len(joints)])
    if sizes is not None and len(sizes) >= len(joints):
        own[:, :3, :3] *= sizes[: len(joints), None, :]
    own[:, :3, 3] = moves[: len(joints)]
    order = {name: number for number, name in enumerate(names)}
    for name, matrix in zip(joints, own, strict=True):
        if name in order:
            matrices[order[name]] = matrix
    return matrices


def _stacked(names: list[str], locals_: Matrix) -> Matrix:
    """Each joint after the ones its path goes through."""
    worlds: dict[str, Matrix] = {}
    for name, own in sorted(zip(names, locals_, strict=True), key=lambda pair: pair[0].count("/")):
        above = worlds.get(name.rpartition("/")[0])
        worlds[name] = own if above is None else above @ own
    return np.array([worlds[name] for name in names]).reshape(-1, 4, 4)


def _blended(positions: Floats, indices: Matrix, weights: Floats, matrices: Matrix) -> Floats:
    total = weights.sum(axis=1)
    shares = weights / np.where(total > 0, total, 1)[:, None]
    blend = np.zeros((len(positions), 3, 4))
    for column in range(indices.shape[1]):
        blend += shares[:, column, None, None] * matrices[indices[:, column], :3]
    blend[total <= 0] = np.eye(4)[:3]
    return np.asarray(np.einsum("nij,nj->ni", blend[:, :, :3], positions) + blend[:, :, 3])
