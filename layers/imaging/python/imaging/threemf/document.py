"""One .model document of a 3MF package, read as a stream into flat arrays."""

from array import array
from collections.abc import Iterable
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from imaging import caps, markup
from imaging.errors import Refused
from imaging.scene import Floats

Attributes = dict[str, str]
Rows = npt.NDArray[np.int32]
Matrix = tuple[float, ...]  # 12 numbers, rows of a 4 x 3 matrix for row vectors

ROW = 7  # numbers of a triangle: v1 v2 v3 group p1 p2 p3
IDENTITY: Matrix = (1, 0, 0, 0, 1, 0, 0, 0, 1, 0, 0, 0)
_UNITS = {
    "micron": 1e-6, "millimeter": 1e-3, "centimeter": 1e-2, "inch": 0.0254, "foot": 0.3048,
    "meter": 1.0,
}  # fmt: skip
_GROUPS = {
    "basematerials": "base", "colorgroup": "color", "texture2dgroup": "tex2coord",
    "compositematerials": "composite", "multiproperties": "multi",
}  # fmt: skip


def damaged(what: str) -> Refused:
    return Refused("damaged", f"This 3MF is damaged: {what}.")


@dataclass
class Use:
    """An object placed by a component or by the build; `path` where it is in another document."""

    object: str
    path: str | None
    transform: Matrix


@dataclass
class Object:
    """A mesh, or uses of other objects; -1 stands for no group and no entry of one."""

    group: int
    entry: int
    points: array[float] = field(default_factory=lambda: array("d"))
    triangles: array[int] = field(default_factory=lambda: array("i"))
    components: list[Use] = field(default_factory=list)

    @property
    def count(self) -> int:
        return len(self.triangles) // ROW

    def tables(self) -> tuple[Floats, Rows]:
        """(n, 3) points, and (m, ROW) triangles of points that are there."""
        points = np.asarray(self.points, np.float64).reshape(-1, 3)
        rows = np.asarray(self.triangles, np.int32).reshape(-1, ROW)
        if not np.isfinite(points).all():
            raise damaged("its points are not finite numbers")
        if rows[:, :3].min(initial=0) < 0 or rows[:, :3].max(initial=-1) >= len(points):
            raise damaged("a triangle has a corner that is not there")
        return points, rows


@dataclass
class Group:
    """Properties that triangles choose from: base materials, colors or texture coordinates."""

    kind: str
    entries: list[Attributes] = field(default_factory=list)
    texture: str = ""


@dataclass
class Model:
    """A document; groups are numbered in the order of the file."""

    scale: float = 1e-3
    objects: dict[str, Object] = field(default_factory=dict)
    groups: list[Group] = field(default_factory=list)
    textures: dict[str, Attributes] = field(default_factory=dict)
    build: list[Use] = field(default_factory=list)


def read(blocks: Iterable[bytes]) -> Model:
    reader = _Reader()
    try:
        markup.walk(blocks, "3MF", reader.start, lambda _: None)
    except (KeyError, ValueError, OverflowError) as error:
        raise damaged("a value is missing, or is not a number it can be") from error
    return reader.model


class _Reader:
    def __init__(self) -> None:
        self.model = Model()
        self.numbers: dict[str, int] = {}
        self.object = Object(-1, -1)
        self.read = 0
        self.handlers = {
            "model": self._model, "object": self._object, "vertex": self._vertex,
            "triangle": self._triangle, "component": self._component, "item": self._item,
            "texture2d": self._texture,
        }  # fmt: skip
        self.handlers |= dict.fromkeys(_GROUPS.values(), self._entry)

    def start(self, name: str, given: Attributes) -> None:
        if handler := self.handlers.get(name):
            handler(given)
        elif name in _GROUPS:
            self._group(name, given)

    def _model(self, given: Attributes) -> None:
        unit = given.get("unit", "millimeter").lower()
        if unit not in _UNITS:
            raise damaged("its unit is unknown")
        self.model.scale = _UNITS[unit]

    def _group(self, name: str, given: Attributes) -> None:
        self.numbers[given["id"]] = len(self.model.groups)
        self.model.groups.append(Group(name, texture=given.get("texid", "")))

    def _entry(self, given: Attributes) -> None:
        if not self.model.groups:
            raise damaged("a color belongs to no group")
        self.model.groups[-1].entries.append(given)

    def _texture(self, given: Attributes) -> None:
        self.model.textures[given["id"]] = given

    def _object(self, given: Attributes) -> None:
        self.object = Object(self._chosen(given), int(given.get("pindex", -1)))
        self.model.objects[given["id"]] = self.object

    def _chosen(self, given: Attributes) -> int:
        return self.numbers.get(given.get("pid", ""), -1)

    def _vertex(self, given: Attributes) -> None:
        self.object.points.extend((float(given["x"]), float(given["y"]), float(given["z"])))
        self._spend()

    def _triangle(self, given: Attributes) -> None:
        corners = (int(given["v1"]), int(given["v2"]), int(given["v3"]))
        if "pid" in given or "p1" in given:
            first = int(given.get("p1", -1))
            group = self._chosen(given) if "pid" in given else self.object.group
            chosen = (group, first, int(given.get("p2", first)), int(given.get("p3", first)))
        else:
            chosen = (self.object.group, *(self.object.entry,) * 3)
        self.object.triangles.extend(corners + chosen)
        self._spend()

    def _spend(self) -> None:
        self.read += 1
        if self.read > caps.READ_VERTICES + caps.READ_TRIANGLES:
            raise Refused("too_complex", "This 3MF has more triangles than we take.")

    def _component(self, given: Attributes) -> None:
        self.object.components.append(_use(given))

    def _item(self, given: Attributes) -> None:
        self.model.build.append(_use(given))


def _use(given: Attributes) -> Use:
    path = next((value for name, value in given.items() if name.endswith(":path")), None)
    words = given.get("transform", "").split()
    matrix = tuple(float(word) for word in words) if words else IDENTITY
    if len(matrix) != len(IDENTITY) or not np.isfinite(matrix).all():
        raise damaged("a transform does not have 12 numbers")
    return Use(given["objectid"], path, matrix)
