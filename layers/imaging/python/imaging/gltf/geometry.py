"""Primitives of a mesh: read once, then morphed, skinned and placed for each node."""

from dataclasses import dataclass, field
from typing import Any

import numpy as np

from imaging import caps
from imaging.errors import Refused
from imaging.gltf import compression
from imaging.gltf.accessors import Accessors, Array, as_floats
from imaging.gltf.document import Json, damaged, extension, items, number, table, whole
from imaging.scene import Floats, Ints

TRIANGLES, STRIP, FAN = 4, 5, 6


@dataclass
class Primitive:
    """Geometry as the file has it, before any pose."""

    positions: Floats
    triangles: Ints
    material: int
    normals: Floats | None = None
    coordinates: list[Floats] = field(default_factory=list)
    colors: Floats | None = None
    joints: Array | None = None  # (n, 4 or 8)
    weights: Floats | None = None
    targets: list[Json] = field(default_factory=list)  # morphs, read if their weight is not 0


class Geometry:
    def __init__(self, accessors: Accessors, materials: int) -> None:
        self.accessors = accessors
        self.materials = materials
        self._morphed = 0

    def triangles(self, primitive: Json) -> int:
        """How many triangles a primitive says it has, without reading them."""
        mode = primitive.get("mode", TRIANGLES)
        if mode not in (TRIANGLES, STRIP, FAN):
            return 0
        source = primitive.get("indices")
        if source is None:
            source = table(primitive, "attributes").get("POSITION")
        count = self.accessors.count(source)
        return count // 3 if mode == TRIANGLES else max(count - 2, 0)

    def vertices(self, primitive: Json) -> int:
        """How many vertices a primitive says it has, without reading them."""
        names = table(primitive, "attributes")
        return self.accessors.count(names["POSITION"]) if "POSITION" in names else 0

    def read(self, primitive: Json) -> Primitive:
        packed = extension(primitive, "KHR_draco_mesh_compression")
        names = table(primitive, "attributes")
        stored, triangles = self._draco(packed) if packed else ({}, None)
        read = _Reader(self.accessors, names, stored)
        positions = read.floats("POSITION", 3)
        if positions is None:
            raise damaged("a mesh has no positions")
        if len(positions) > caps.READ_VERTICES:
            raise Refused("too_complex", "This file has more vertices than we take.")
        if triangles is None:
            triangles = self._indices(primitive, len(positions))
        if triangles.size and (int(triangles.max()) >= len(positions) or triangles.min() < 0):
            raise damaged("a triangle has a corner that is not there")
        found = Primitive(positions, triangles.astype(np.int32), self._material(primitive))
        found.normals = read.floats("NORMAL", 3)
        found.coordinates = read.series("TEXCOORD_", 2)
        found.colors = _color(read.floats("COLOR_0"))
        self._skin(found, read)
        found.targets = items(primitive, "targets")
        return found

    def _material(self, primitive: Json) -> int:
        index = primitive.get("material")
        if index is None:
            return self.materials
        return whole(index, "an index into materials", self.materials - 1)

    def _draco(self, packed: Json) -> tuple[dict[str, Array], Ints]:
        source = bytes(self.accessors.document.view(packed.get("bufferView")))
        triangles, stored = compression.draco(source, table(packed, "attributes"))
        if len(triangles) > caps.READ_TRIANGLES:
            raise Refused("too_complex", "This file has more triangles than we take.")
        return stored, triangles.astype(np.int32)

    def _indices(self, primitive: Json, vertices: int) -> Array:
        index = primitive.get("indices")
        if index is None:
            corners = np.arange(vertices, dtype=np.int64)
        else:
            stored = self.accessors.raw(index, "indices", 1)
            if stored.dtype.kind != "u":
                raise damaged("indices are not whole numbers")
            corners = stored[:, 0].astype(np.int64)
        return _triangles(corners, primitive.get("mode", TRIANGLES))

    def _skin(self, found: Primitive, read: "_Reader") -> None:
        joints, weights = read.whole_series("JOINTS_", 4), read.series("WEIGHTS_", 4)
        if joints and len(joints) == len(weights):
            found.joints = np.concatenate(joints, axis=1)
            found.weights = np.concatenate(weights, axis=1)

    def morphed(self, found: Primitive, weights: list[Any]) -> tuple[Floats, Floats | None]:
        """Positions and normals with these weights of the morph targets."""
        positions, normals = found.positions, found.normals
        for target, weight in zip(found.targets, weights, strict=False):
            amount = np.float32(number(weight, "a morph weight", 0.0))
            move, turn = self._target(target, found) if amount else (None, None)
            if move is not None:
                positions = positions + amount * move
            if turn is not None and normals is not None:
                normals = normals + amount * turn
        return positions, normals

    def _target(self, target: Json, found: Primitive) -> tuple[Floats | None, Floats | None]:
        self._morphed += found.positions.size
        if self._morphed > caps.MORPHED_VALUES:
            raise Refused("too_complex", "This file has more morph targets than we take.")
        read = _Reader(self.accessors, target, {}, len(found.positions))
        return read.floats("POSITION", 3), read.floats("NORMAL", 3)


class _Reader:
    """Attributes of one primitive, from Draco where it has them, from accessors otherwise."""

    def __init__(
        self, accessors: Accessors, names: Json, stored: dict[str, Array], count: int | None = None
    ) -> None:
        self.accessors = accessors
        self.names = names
        self.stored = stored
        self.count = count

    def raw(self, name: str, width: int | None) -> Array | None:
        if name not in self.names:
            return None
        if name in self.stored:
            values = self.stored[name]
            values = values.reshape(len(values), -1)
        else:
            values = self.accessors.raw(self.names[name], name, width)
        if (width and values.shape[1] != width) or len(values) != (self.count or len(values)):
            raise damaged(f"{name} does not fit its mesh")
        self.count = len(values)
        return values

    def floats(self, name: str, width: int | None = None) -> Floats | None:
        values = self.raw(name, width)
        if values is None:
            return None
        accessor = self.accessors.document.pick("accessors", self.names[name])
        return as_floats(values, accessor, name)

    def series(self, prefix: str, width: int) -> list[Floats]:
        found: list[Floats] = []
        while (values := self.floats(f"{prefix}{len(found)}", width)) is not None:
            found.append(values)
        return found[:8]

    def whole_series(self, prefix: str, width: int) -> list[Array]:
        found: list[Array] = []
        while (values := self.raw(f"{prefix}{len(found)}", width)) is not None:
            found.append(values)
        return found[:8]


def _color(values: Floats | None) -> Floats | None:
    if values is None or values.shape[1] not in (3, 4):
        return None
    if values.shape[1] == 3:
        values = np.concatenate([values, np.ones((len(values), 1), np.float32)], axis=1)
    return values.clip(0, 1)


def _triangles(corners: Array, mode: Any) -> Array:
    if mode == TRIANGLES:
        return corners[: len(corners) // 3 * 3].reshape(-1, 3)
    if len(corners) < 3:
        return np.zeros((0, 3), np.int64)
    if mode == FAN:
        first = np.full(len(corners) - 2, corners[0])
        return np.stack([first, corners[1:-1], corners[2:]], axis=1)
    found = np.stack([corners[:-2], corners[1:-1], corners[2:]], axis=1)
    found[1::2] = found[1::2, [1, 0, 2]]
    return found
