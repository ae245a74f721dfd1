"""A second reading of the GLB files, which shares no code with their writer."""

import json
import struct
from typing import Any

import numpy as np
from numpy.typing import NDArray

_TYPES = {5121: "<u1", 5123: "<u2", 5125: "<u4", 5126: "<f4"}
_WIDTHS = {"SCALAR": 1, "VEC2": 2, "VEC3": 3, "VEC4": 4, "MAT4": 16}


class Glb:
    def __init__(self, data: bytes) -> None:
        magic, version, length = struct.unpack_from("<4sII", data)
        assert (magic, version, length) == (b"glTF", 2, len(data))
        size, kind = struct.unpack_from("<I4s", data, 12)
        assert (kind, size % 4) == (b"JSON", 0)
        self.json: dict[str, Any] = json.loads(data[20 : 20 + size])
        rest, kind = struct.unpack_from("<I4s", data, 20 + size)
        assert kind == b"BIN\0"
        self.binary = data[28 + size : 28 + size + rest]

    def read(self, number: int) -> NDArray[Any]:
        """The accessor as (count, width)."""
        accessor = self.json["accessors"][number]
        view = self.json["bufferViews"][accessor["bufferView"]]
        width = _WIDTHS[accessor["type"]]
        values = np.frombuffer(
            self.binary,
            _TYPES[accessor["componentType"]],
            accessor["count"] * width,
            view["byteOffset"],
        )
        assert values.nbytes <= view["byteLength"]
        return values.reshape(-1, width)

    def primitives(self) -> list[dict[str, Any]]:
        return [p for mesh in self.json["meshes"] for p in mesh["primitives"]]

    def triangles(self) -> int:
        accessors = self.json["accessors"]
        return sum(int(accessors[p["indices"]]["count"]) // 3 for p in self.primitives())

    def check_views_lie_in_the_buffer(self) -> None:
        for view in self.json["bufferViews"]:
            assert view["byteOffset"] % 4 == 0
            assert view["byteOffset"] + view["byteLength"] <= len(self.binary)

    def check_indices_are_in_range(self) -> None:
        for primitive in self.primitives():
            counts = {self.json["accessors"][n]["count"] for n in primitive["attributes"].values()}
            assert len(counts) == 1
            assert self.read(primitive["indices"]).max() < counts.pop()
            assert primitive["material"] < len(self.json["materials"])

    def check_bounds_are_true(self) -> None:
        for primitive in self.primitives():
            number = primitive["attributes"]["POSITION"]
            accessor, places = self.json["accessors"][number], self.read(number)
            assert np.isfinite(places).all()
            assert accessor["min"] == places.min(axis=0).tolist()
            assert accessor["max"] == places.max(axis=0).tolist()

    def check_weights_sum_to_one(self) -> None:
        for primitive in self.primitives():
            weights = self.read(primitive["attributes"]["WEIGHTS_0"])
            assert np.allclose(weights.sum(axis=1), 1, atol=1e-4)

    def check_joints_are_bones(self) -> None:
        bones = len(self.json["skins"][0]["joints"])
        for primitive in self.primitives():
            assert self.read(primitive["attributes"]["JOINTS_0"]).max() < bones
