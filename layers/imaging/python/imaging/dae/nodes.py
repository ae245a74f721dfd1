"""The nodes of a COLLADA scene and where they stand."""

from xml.etree.ElementTree import Element

import numpy as np

from imaging import caps
from imaging.dae.document import Document, Matrix, damaged, floats
from imaging.errors import Refused
from imaging.scene import Floats


class Nodes:
    """`placed` are the shown nodes with their matrices; one that is used twice is there twice."""

    def __init__(self, document: Document) -> None:
        self.document = document
        self.placed: list[tuple[Element, Matrix]] = []
        for node in _roots(document):
            self._place(node, document.world(), 0)

    def _place(self, node: Element, outer: Matrix, depth: int) -> None:
        if depth > caps.DEPTH // 2 or len(self.placed) >= caps.PLACED:
            raise Refused("too_complex", "The nodes of this DAE are nested too deeply, or endless.")
        with np.errstate(over="ignore", invalid="ignore"):
            world = outer @ local(node)
        self.placed.append((node, world))
        for child in node:
            if child.tag == "node":
                self._place(child, world, depth + 1)
            elif child.tag == "instance_node":
                self._place(self.document.meant(child), world, depth + 1)


def _roots(document: Document) -> list[Element]:
    instance = document.root.find("scene/instance_visual_scene")
    scene = (
        document.meant(instance) if instance is not None
        else document.root.find("library_visual_scenes/visual_scene")
    )  # fmt: skip
    if scene is None:
        raise Refused("empty", "There is no scene in this DAE: nothing to show.")
    return scene.findall("node")


def local(node: Element) -> Matrix:
    """Its transforms in the order they are written, for column vectors."""
    matrix: Matrix = np.eye(4)
    for child in node:
        match child.tag:
            case "matrix":
                matrix = matrix @ floats(child, 16).reshape(4, 4)
            case "translate":
                step = np.eye(4)
                step[:3, 3] = floats(child, 3)
                matrix = matrix @ step
            case "scale":
                matrix = matrix @ np.diag([*floats(child, 3), 1.0])
            case "rotate":
                matrix = matrix @ _turned(floats(child, 4))
            case "lookat" | "skew":
                raise damaged("a node is placed in a way we do not know")
    return matrix


def _turned(given: Floats) -> Matrix:
    axis, angle = given[:3], np.radians(given[3])
    length = np.linalg.norm(axis)
    if not length:
        return np.eye(4)
    x, y, z = axis / length
    cross = np.array([[0, -z, y], [z, 0, -x], [-y, x, 0]])
    out = np.eye(4)
    out[:3, :3] += np.sin(angle) * cross + (1 - np.cos(angle)) * (cross @ cross)
    return out
