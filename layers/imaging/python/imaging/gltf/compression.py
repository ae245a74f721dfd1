"""The two geometry codecs of glTF, with their promises checked before and after."""

from collections.abc import Callable
from typing import Any

import numpy as np
import numpy.typing as npt

from imaging import caps
from imaging.gltf.document import Json, damaged, whole


def meshopt(view: Json, source: bytes, spend: Callable[[int], None]) -> bytes:
    """Unpack a meshopt view into count x stride bytes."""
    stride = whole(view.get("byteStride"), "the stride of a compressed view", 256, least=1)
    count = whole(view.get("count"), "the count of a compressed view", caps.BUFFER_BYTES // stride)
    spend(count * stride)
    mode, filtered = view.get("mode"), view.get("filter", "NONE")
    try:
        import meshopt as codec  # type: ignore[import-untyped]

        return bytes(codec.decode_gltf_buffer(source, count, stride, mode, filtered).tobytes())
    except (RuntimeError, ValueError, TypeError, OverflowError) as error:
        raise damaged("a compressed view cannot be unpacked") from error


def draco(source: bytes, attributes: Json) -> tuple[npt.NDArray[Any], dict[str, npt.NDArray[Any]]]:
    """Triangles (m, 3) and the attributes by name, as stored."""
    import DracoPy  # type: ignore[import-not-found]

    try:
        mesh = DracoPy.decode(source)
        faces = np.asarray(mesh.faces)
    except (DracoPy.FileTypeException, ValueError, RuntimeError, AttributeError) as error:
        raise damaged("its Draco geometry cannot be unpacked") from error
    by_id = {item["unique_id"]: np.asarray(item["data"]) for item in mesh.attributes}
    found: dict[str, npt.NDArray[Any]] = {}
    for name, identity in attributes.items():
        if identity not in list(by_id):
            raise damaged(f"its Draco geometry has no {name}")
        found[name] = by_id[identity]
    return faces.reshape(-1, 3), found
