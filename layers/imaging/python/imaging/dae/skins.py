"""What bends the meshes of a COLLADA file: skins, morphs; and whether anything moves."""

from collections.abc import Callable
from xml.etree.ElementTree import Element

import numpy as np

from imaging.dae.document import (
    Document,
    Matrix,
    Numbers,
    damaged,
    floats,
    inputs,
    integers,
    whole,
)
from imaging.dae.geometry import Mesh
from imaging.dae.nodes import Nodes
from imaging.polygons import total
from imaging.scene import Floats


class Skins:
    """Poses meshes by where the joints stand in the scene."""

    def __init__(self, document: Document, nodes: Nodes) -> None:
        self.document = document
        self.worlds: dict[str, Matrix] = {}
        for node, world in nodes.placed:
            for name in (node.get("sid"), node.get("id"), node.get("name")):
                if name:
                    self.worlds.setdefault(name, world)

    def joints(self) -> int:
        """Different joints of all skins."""
        skins = self.document.root.iter("skin")
        return len({name for skin in skins for name in self._names(skin)})

    def _names(self, skin: Element) -> list[str]:
        joints = skin.find("joints")
        found = inputs(joints, "JOINT") if joints is not None else []
        return self.document.names(found[0].get("source")) if found else []

    def posed(self, skin: Element, positions: Floats, world: Matrix) -> Floats:
        """Each point at the mixture of its joints; with its node where it has none."""
        shape = skin.find("bind_shape_matrix")
        bound = floats(shape, 16).reshape(4, 4) if shape is not None else np.eye(4)
        matrices = self._matrices(skin) @ bound
        vertex, joint, weight = self._weights(skin, len(positions), len(matrices))
        with np.errstate(over="ignore", invalid="ignore"):
            sums = np.bincount(vertex, weight, len(positions))
            blend = np.zeros((len(positions), 3, 4))
            np.add.at(blend, vertex, weight[:, None, None] * matrices[joint, :3])
            blend /= np.where(sums > 0, sums, 1)[:, None, None]
            blend[sums <= 0] = world[:3]
            return np.asarray(np.einsum("nij,nj->ni", blend[:, :, :3], positions) + blend[:, :, 3])

    def _matrices(self, skin: Element) -> Matrix:
        """(joints, 4, 4) from the bound pose to the world."""
        names, joints = self._names(skin), skin.find("joints")
        inverse = inputs(joints, "INV_BIND_MATRIX") if joints is not None else []
        if not names or not inverse:
            raise damaged("a skin has no joints")
        back = self.document.source(inverse[0].get("source"))
        if len(back) < len(names) or back.shape[1] != 16:
            raise damaged("a skin has fewer matrices than joints")
        worlds = np.array([self.worlds.get(name, np.eye(4)) for name in names])
        return worlds @ back[: len(names)].reshape(-1, 4, 4)

    def _weights(self, skin: Element, points: int, joints: int) -> tuple[Numbers, Numbers, Floats]:
        """For every influence its vertex, its joint and its weight."""
        listed = skin.find("vertex_weights")
        if listed is None:
            raise damaged("a skin has no weights")
        named, weighed = inputs(listed, "JOINT"), inputs(listed, "WEIGHT")
        if not named or not weighed:
            raise damaged("a skin has no weights")
        joint, weight = named[0], weighed[0]
        stride = 1 + max(whole(each, "offset") for each in listed.findall("input"))
        counts, rows = integers(listed.find("vcount")), integers(listed.find("v"))
        if len(counts) != points or total(counts, len(rows)) * stride != len(rows):
            raise damaged("the weights of a skin do not fit its mesh")
        rows = rows.reshape(-1, stride)
        values = self.document.source(weight.get("source"))[:, 0]
        which, share = rows[:, whole(joint, "offset")], rows[:, whole(weight, "offset")]
        if len(rows) and (share.min() < 0 or share.max() >= len(values) or which.max() >= joints):
            raise damaged("a vertex hangs on a joint that is not there")
        vertex = np.repeat(np.arange(points), counts)
        kept = which >= 0  # -1 is the shape itself
        return vertex[kept], which[kept], values[share[kept]].clip(0, None)


def morphed(
    document: Document, morph: Element, positions: Floats, mesh: Callable[[Element], Mesh]
) -> Floats:
    """The mesh with the weights of its targets as the file has them."""
    targets = morph.find("targets")
    named = inputs(targets, "MORPH_TARGET") if targets is not None else []
    weighed = inputs(targets, "MORPH_WEIGHT") if targets is not None else []
    if not named or not weighed:
        return positions
    weights = document.source(weighed[0].get("source"))[:, 0]
    relative, moved = morph.get("method") == "RELATIVE", positions
    for name, weight in zip(document.names(named[0].get("source")), weights, strict=False):
        target = document.ids.get(name)
        shape = mesh(target).positions if target is not None and weight else None
        if shape is not None and shape.shape == positions.shape:
            moved = moved + weight * (shape if relative else shape - positions)
    return moved


def animations(document: Document) -> int:
    """Clips, or one for all where there are none; 0 when no keys differ."""
    outputs = [each for sampler in document.root.iter("sampler")
               for each in inputs(sampler, "OUTPUT")]  # fmt: skip
    if not any(_moves(document, each.get("source")) for each in outputs):
        return 0
    return max(1, len(document.root.findall("library_animation_clips/animation_clip")))


def _moves(document: Document, url: str | None) -> bool:
    holder = document.named(url)
    if holder is None or holder.find("float_array") is None:
        return False
    keys = document.source(url)
    return len(keys) > 1 and bool((keys != keys[0]).any())
