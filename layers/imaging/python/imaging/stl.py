"""STL, binary and ASCII, with its header believed only as far as the file is long."""

import numpy as np

from imaging import caps
from imaging.errors import Refused
from imaging.normals import creased
from imaging.scene import Floats, Material, Part, Scene

_HEADER = 84
_FACET = np.dtype([("normal", "<f4", 3), ("corners", "<f4", (3, 3)), ("extra", "<u2")])
_PADDING = 512  # bytes some exporters leave at the end
_MILLIMETRE = np.float32(0.001)
_METAL = Material("", (0.62, 0.64, 0.67, 1.0), roughness=0.55)


def is_binary(data: bytes) -> bool:
    """Whether the length is what the count of a binary STL says, or a little more."""
    extra = len(data) - _HEADER - _FACET.itemsize * _count(data)
    return len(data) > _HEADER and 0 <= extra <= _PADDING and _count(data) > 0


def _count(data: bytes) -> int:
    return int.from_bytes(data[80:84], "little")


def load_stl(data: bytes) -> Scene:
    """STL has no unit; millimetres, as printers take them. Z points up."""
    points = _binary(data) if not is_text(data) else _text(data)
    if not len(points):
        raise Refused("empty", "There is no geometry in this STL: no triangle to show.")
    if not np.isfinite(points).all() or np.abs(points).max() > caps.EXTENT:
        raise Refused("damaged", "This STL is damaged: its points are not finite numbers.")
    part = creased(_welded(upright(points) * _MILLIMETRE))
    scene = Scene([part], [_METAL], [], meshes=1)
    scene.unique_triangles = len(part.triangles)
    scene.vertices = 3 * len(part.triangles)
    return scene


def is_text(data: bytes) -> bool:
    return data[:200].lstrip()[:5].lower() == b"solid" and b"facet" in data[:4096].lower()


def upright(points: Floats) -> Floats:
    """Z up to y up."""
    return np.ascontiguousarray(
        np.stack([points[..., 0], points[..., 2], -points[..., 1]], axis=-1), np.float32
    )


def _welded(corners: Floats) -> Part:
    flat = corners.reshape(-1, 3)
    return Part(flat, np.arange(len(flat), dtype=np.int32).reshape(-1, 3))


def _binary(data: bytes) -> Floats:
    count = _count(data)
    if len(data) < _HEADER + count * _FACET.itemsize:
        raise Refused(
            "truncated",
            f"This STL promises {count:,} triangles but ends before them: upload the whole file.",
        )
    _check(count)
    return np.frombuffer(data, _FACET, count, _HEADER)["corners"].copy()


def _text(data: bytes) -> Floats:
    words = data.lower().split(b"vertex")[1:]
    _check(len(words) // 3)
    if len(words) % 3 or b"endfacet" not in words[-1] if words else False:
        raise Refused("truncated", "This STL is cut short: upload the whole file.")
    try:
        rows = np.array([word.split(None, 3)[:3] for word in words], np.float32)
    except ValueError as error:
        raise Refused("damaged", "This STL is damaged: a corner cannot be read.") from error
    return rows.reshape(-1, 3, 3)


def _check(count: int) -> None:
    if count > caps.TRIANGLES:
        raise Refused("too_complex", f"This STL has more than {caps.TRIANGLES:,} triangles.")
