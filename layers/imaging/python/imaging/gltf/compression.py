"""The two geometry codecs of glTF, with their promises checked before and after."""

from collections.abc import Callable
from typing import Any

import numpy as np
import numpy.typing as npt

from imaging import caps
from imaging.gltf.document import Json, damaged, whole

_FILTERS = {"OCTAHEDRAL": (4, 8), "QUATERNION": (8,)}


def meshopt(view: Json, source: bytes, spend: Callable[[int], None]) -> bytes:
    """Unpack a meshopt view into count x stride bytes."""
    stride = whole(view.get("byteStride"), "the stride of a compressed view", 256, least=1)
    count = whole(view.get("count"), "the count of a compressed view", caps.BUFFER_BYTES // stride)
    spend(count * stride)
    if not source:
        raise damaged("a compressed view is empty")
    try:
        return _meshopt(view, source, count, stride)
    except (RuntimeError, ValueError) as error:
        raise damaged("a compressed view cannot be unpacked") from error


def _meshopt(view: Json, source: bytes, count: int, stride: int) -> bytes:
    from meshoptimizer import decoder

    mode = view.get("mode")
    if mode == "ATTRIBUTES":
        rows = decoder.decode_vertex_buffer(count, stride, source, np.dtype(("u1", stride)))
        return _filtered(view, rows.reshape(count, stride), count, stride)
    if mode not in ("TRIANGLES", "INDICES") or stride not in (2, 4) or count % 3 and mode[0] == "T":
        raise damaged("a compressed view has an unknown mode")
    decode = decoder.decode_index_buffer if mode == "TRIANGLES" else decoder.decode_index_sequence
    # The binding always allocates four bytes an index, so it is always asked for four.
    return bytes(decode(count, 4, source).astype(f"<u{stride}").tobytes())


def _filtered(view: Json, rows: npt.NDArray[np.uint8], count: int, stride: int) -> bytes:
    from meshoptimizer import decoder

    name = view.get("filter", "NONE")
    if name == "NONE":
        return rows.tobytes()
    if stride not in _FILTERS.get(name, (stride,)) or stride % 4:
        raise damaged("a compressed view has a filter that does not fit it")
    apply = {
        "OCTAHEDRAL": decoder.decode_filter_oct,
        "QUATERNION": decoder.decode_filter_quat,
        "EXPONENTIAL": decoder.decode_filter_exp,
    }.get(name)
    if apply is None:
        raise damaged("a compressed view has an unknown filter")
    return bytes(apply(np.ascontiguousarray(rows), count, stride).tobytes())


def draco(source: bytes, attributes: Json) -> tuple[npt.NDArray[Any], dict[str, npt.NDArray[Any]]]:
    """Triangles (m, 3) and the attributes by name, as stored."""
    import DracoPy

    try:
        mesh = DracoPy.decode(source)
        faces = np.asarray(mesh.faces)
    except (DracoPy.FileTypeException, ValueError, RuntimeError, AttributeError) as error:
        raise damaged("its Draco geometry cannot be unpacked") from error
    by_id = {item["unique_id"]: np.asarray(item["data"]) for item in mesh.attributes}
    found: dict[str, npt.NDArray[Any]] = {}
    for name, identity in attributes.items():
        if identity not in by_id:
            raise damaged(f"its Draco geometry has no {name}")
        found[name] = by_id[identity]
    return faces.reshape(-1, 3), found
