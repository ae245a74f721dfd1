"""The node tree: who stands where, with cycles and depth refused."""

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from imaging import caps
from imaging.errors import Refused
from imaging.gltf.document import Document, Json, damaged, numbers, place

Matrix = npt.NDArray[np.float64]

_IDENTITY = tuple(float(value) for value in np.eye(4).ravel())


@dataclass(frozen=True)
class Placed:
    """A node of the shown scene and its place in the world."""

    index: int
    node: Json
    world: Matrix


def local(node: Json) -> Matrix:
    """Column-vector 4x4 matrix of a node against its parent."""
    if "matrix" in node:
        return np.array(numbers(node["matrix"], "a matrix", _IDENTITY)).reshape(4, 4).T
    x, y, z, w = numbers(node.get("rotation"), "a rotation", (0.0, 0.0, 0.0, 1.0))
    length = np.sqrt(x * x + y * y + z * z + w * w) or 1.0
    x, y, z, w = x / length, y / length, z / length, w / length
    matrix = np.eye(4)
    matrix[:3, :3] = [
        [1 - 2 * (y * y + z * z), 2 * (x * y - z * w), 2 * (x * z + y * w)],
        [2 * (x * y + z * w), 1 - 2 * (x * x + z * z), 2 * (y * z - x * w)],
        [2 * (x * z - y * w), 2 * (y * z + x * w), 1 - 2 * (x * x + y * y)],
    ]
    matrix[:3, :3] *= numbers(node.get("scale"), "a scale", (1.0, 1.0, 1.0))
    matrix[:3, 3] = numbers(node.get("translation"), "a translation", (0.0, 0.0, 0.0))
    return matrix


def shown(document: Document) -> dict[int, int | None]:
    """Nodes of the default scene and the parent of each, parents first."""
    nodes = document.list("nodes")
    if len(nodes) > caps.NODES:
        raise Refused("too_complex", f"This file has more than {caps.NODES} nodes.")
    found: dict[int, int | None] = {}
    waiting: list[tuple[int, int | None, int]] = [(i, None, 0) for i in _roots(document, nodes)]
    while waiting:
        index, parent, depth = waiting.pop()
        if index in found:
            raise damaged("a node is its own ancestor, or has two parents")
        if depth > caps.DEPTH:
            raise Refused("too_complex", "The nodes of this file are nested too deeply.")
        found[index] = parent
        waiting += [(child, index, depth + 1) for child in _children(nodes, nodes[index])]
    return found


def placed(document: Document, parents: dict[int, int | None]) -> list[Placed]:
    """Each shown node with its world matrix."""
    nodes = document.list("nodes")
    worlds: dict[int, Matrix] = {}
    for index, parent in parents.items():
        matrix = local(nodes[index])
        worlds[index] = matrix if parent is None else worlds[parent] @ matrix
    return [Placed(index, nodes[index], worlds[index]) for index in sorted(worlds)]


def _roots(document: Document, nodes: list[Json]) -> list[int]:
    if document.list("scenes"):
        scene = document.pick("scenes", document.json.get("scene", 0))
        return _children(nodes, {"children": scene.get("nodes", [])})
    inner = {child for node in nodes for child in _children(nodes, node)}
    return [index for index in range(len(nodes)) if index not in inner]


def _children(nodes: list[Json], node: Json) -> list[int]:
    found: Any = node.get("children", [])
    if not isinstance(found, list):
        raise damaged("children is not a list")
    return [place(child, nodes, "nodes") for child in found]
