"""Numbers out of buffers: strided, sparse, quantised; Draco and meshopt undone on the way."""

from typing import Any

import numpy as np
import numpy.typing as npt

from imaging import caps
from imaging.errors import Refused
from imaging.gltf import compression
from imaging.gltf.document import Document, Json, damaged, extension, table, whole
from imaging.scene import Floats

_TYPES = {5120: "<i1", 5121: "<u1", 5122: "<i2", 5123: "<u2", 5125: "<u4", 5126: "<f4"}
_WIDTHS = {"SCALAR": 1, "VEC2": 2, "VEC3": 3, "VEC4": 4, "MAT2": 4, "MAT3": 9, "MAT4": 16}
_LARGEST = {5120: 127.0, 5121: 255.0, 5122: 32767.0, 5123: 65535.0, 5125: 4294967295.0}

Array = npt.NDArray[Any]


class Accessors:
    """Reads accessors of one document, each compressed view once."""

    def __init__(self, document: Document) -> None:
        self.document = document
        self._views: dict[int, bytes] = {}
        self._unpacked = 0

    def count(self, index: Any) -> int:
        accessor = self.document.pick("accessors", index)
        return whole(accessor.get("count"), "the count of an accessor", caps.BUFFER_BYTES)

    def raw(self, index: Any, what: str, width: int | None = None) -> Array:
        """(count, width) numbers as they are stored."""
        accessor = self.document.pick("accessors", index)
        kind, dtype = self._shape(accessor, what)
        if width is not None and kind != width:
            raise damaged(f"{what} have {kind} numbers each instead of {width}")
        most = caps.BUFFER_BYTES // (kind * dtype.itemsize)
        count = whole(accessor.get("count"), f"the count of {what}", most)
        view = accessor.get("bufferView")
        if view is None:
            self._spend(count * kind * dtype.itemsize)
            values = np.zeros((count, kind), dtype)
        else:
            values = self._strided(view, accessor, count, kind, dtype, what)
        return self._sparse(accessor, values, what) if "sparse" in accessor else values

    def floats(self, index: Any, what: str, width: int | None = None) -> Floats:
        """(count, width) finite floats, with normalized integers spread to 0..1 or -1..1."""
        accessor = self.document.pick("accessors", index)
        return as_floats(self.raw(index, what, width), accessor, what)

    def _shape(self, accessor: Json, what: str) -> tuple[int, np.dtype[Any]]:
        component, kind = accessor.get("componentType"), accessor.get("type")
        if component not in list(_TYPES) or kind not in list(_WIDTHS):  # it may be no key at all
            raise damaged(f"{what} have an unknown type")
        return _WIDTHS[kind], np.dtype(_TYPES[component])

    def _strided(
        self, view: Any, accessor: Json, count: int, kind: int, dtype: np.dtype[Any], what: str
    ) -> Array:
        data = self._bytes(view)
        start = whole(accessor.get("byteOffset", 0), f"the start of {what}", len(data))
        row = kind * dtype.itemsize
        stride = self.document.pick("bufferViews", view).get("byteStride") or row
        stride = whole(stride, f"the stride of {what}", 4096, least=row)
        if count and start + stride * (count - 1) + row > len(data):
            raise damaged(f"{what} reach past the end of their buffer")
        rows = np.ndarray((count, kind), dtype, data, start, (stride, dtype.itemsize))
        return rows if stride == row else rows.copy()

    def _bytes(self, index: Any) -> bytes | memoryview:
        view = self.document.pick("bufferViews", index)
        packed = extension(view, "EXT_meshopt_compression") or extension(
            view, "KHR_meshopt_compression"
        )
        if packed is None:
            return self.document.view(index)
        if index not in self._views:
            source = self.document.part(packed, "a compressed view")
            self._views[index] = compression.meshopt(packed, bytes(source), self._spend)
        return self._views[index]

    def _sparse(self, accessor: Json, values: Array, what: str) -> Array:
        sparse = table(accessor, "sparse")
        count = whole(sparse.get("count"), f"the sparse count of {what}", len(values))
        places, replaced = table(sparse, "indices"), table(sparse, "values")
        if places.get("componentType") not in (5121, 5123, 5125):
            raise damaged(f"the sparse indices of {what} have an unknown type")
        at = self._strided(
            places.get("bufferView"), places, count, 1, np.dtype(_TYPES[places["componentType"]]),
            what,
        )[:, 0].astype(np.int64)  # fmt: skip
        if count and at.max() >= len(values):
            raise damaged(f"the sparse indices of {what} are out of range")
        values = values.copy()
        values[at] = self._strided(
            replaced.get("bufferView"), replaced, count, values.shape[1], values.dtype, what
        )
        return values

    def _spend(self, size: int) -> None:
        self._unpacked += size
        if self._unpacked > caps.BUFFER_BYTES:
            raise Refused("too_complex", "This file unpacks to more data than we take.")


def as_floats(values: Array, accessor: Json, what: str) -> Floats:
    floats = values.astype(np.float32)
    if accessor.get("normalized") and accessor.get("componentType") in _LARGEST:
        floats = np.maximum(floats / np.float32(_LARGEST[accessor["componentType"]]), -1.0)
    if not np.isfinite(floats).all():
        raise damaged(f"{what} hold numbers that are not finite")
    return floats
