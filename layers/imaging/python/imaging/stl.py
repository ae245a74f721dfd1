"""STL, binary and ASCII, with its header believed only as far as the file is long."""

import re
from collections.abc import Iterator

import numpy as np

from imaging import caps, numerals
from imaging.errors import Refused
from imaging.files import MARK, Data, blocks
from imaging.normals import creased
from imaging.scene import Floats, Material, Part, Scene
from imaging.thinning import FINEST, gathered, thin

_HEADER = 84
_FACET = np.dtype([("normal", "<f4", 3), ("corners", "<f4", (3, 3)), ("extra", "<u2")])
_SOME = 250_000  # triangles
_END = b"endfacet"
_LONGEST = 16 * 1024 * 1024  # bytes of a facet
_CORNERS = re.compile(rb"vertex\s+(\S+\s+\S+\s+\S+)")
_NAME = re.compile(rb"(?:end)?solid\b[^\r\n]*?(?=facet\s+normal|[\r\n]|\Z)")
_PADDING = 512  # bytes some exporters leave at the end
_MILLIMETRE = np.float32(0.001)
_METAL = Material("", (0.62, 0.64, 0.67, 1.0), roughness=0.55)


def is_binary(data: Data) -> bool:
    """Whether the length is what the count of a binary STL says, or a little more."""
    extra = len(data) - _HEADER - _FACET.itemsize * _count(data)
    return len(data) > _HEADER and 0 <= extra <= _PADDING and _count(data) > 0


def _count(data: Data) -> int:
    return int.from_bytes(data[80:84], "little")


def load_stl(data: Data) -> Scene:
    """STL has no unit; millimetres, as printers take them. Z points up."""
    corners = _text(data) if is_text(data) else _binary(data)
    count = len(corners)
    if not count:
        raise Refused("empty", "There is no geometry in this STL: no triangle to show.")
    low, high = _bounds(corners)
    if count > caps.TRIANGLES:
        part = gathered(_upright(corners), low, float((high - low).max() or 1) / FINEST)
    else:
        part = _loose(np.concatenate(list(_upright(corners))))
    scene = thin(Scene([part], [_METAL], [], meshes=1, triangles=count, box=(low, high)))
    scene.parts = [creased(part) for part in scene.parts]
    scene.unique_triangles = count
    scene.vertices = 3 * count
    return scene


def _bounds(corners: Floats) -> tuple[Floats, Floats]:
    lows, highs = [], []
    for some in _upright(corners):
        if not np.isfinite(some).all() or np.abs(some).max() > caps.EXTENT * _MILLIMETRE:
            raise Refused("damaged", "This STL is damaged: its points are not finite numbers.")
        lows.append(some.min(axis=(0, 1)))
        highs.append(some.max(axis=(0, 1)))
    return np.min(lows, axis=0), np.max(highs, axis=0)


def _upright(corners: Floats) -> Iterator[Floats]:
    """In metres and y up, some at a time: they may lie in a file of hundreds of megabytes."""
    for start in range(0, len(corners), _SOME):
        yield upright(corners[start : start + _SOME]) * _MILLIMETRE


def is_text(data: Data) -> bool:
    head = data[:4096].removeprefix(MARK).lower()
    return head.lstrip()[:5] == b"solid" and b"facet" in head


def upright(points: Floats) -> Floats:
    """Z up to y up."""
    return np.ascontiguousarray(
        np.stack([points[..., 0], points[..., 2], -points[..., 1]], axis=-1), np.float32
    )


def _loose(corners: Floats) -> Part:
    flat = corners.reshape(-1, 3)
    return Part(flat, np.arange(len(flat), dtype=np.int32).reshape(-1, 3))


def _binary(data: Data) -> Floats:
    count = _count(data)
    if len(data) < _HEADER + count * _FACET.itemsize:
        raise Refused(
            "truncated",
            f"This STL promises {count:,} triangles but ends before them: upload the whole file.",
        )
    _check(count)
    return np.frombuffer(data, _FACET, count, _HEADER)["corners"]


def _text(data: Data) -> Floats:
    """(n, 3, 3), read some MiB at a time."""
    found, count, rest = [np.zeros((0, 3, 3), np.float32)], 0, b""
    for block in blocks(data):
        text = rest + block.lower()
        facets, end, rest = text.rpartition(_END)
        if len(rest) > _LONGEST:
            raise Refused("damaged", "This STL is damaged: a triangle does not end.")
        found.append(_facets(facets + end))
        count += len(found[-1])
        _check(count)
    if b"vertex" in _unnamed(rest):
        raise Refused("truncated", "This STL is cut short: upload the whole file.")
    return np.concatenate(found)


def _unnamed(text: bytes) -> bytes:
    """Without the names of solids, which may hold any word."""
    return _NAME.sub(b"", text) if b"solid" in text else text


def _facets(text: bytes) -> Floats:
    text = _unnamed(text)
    corners = _CORNERS.findall(text)
    rows = numerals.table(b" ".join(corners), (len(corners), 3))
    if rows is None or len(rows) % 3 or len(corners) != text.count(b"vertex"):
        raise Refused("damaged", "This STL is damaged: a corner cannot be read.")
    with np.errstate(over="ignore"):  # too far away, and refused for it
        return rows.astype(np.float32).reshape(-1, 3, 3)


def _check(count: int) -> None:
    if count > caps.READ_TRIANGLES:
        raise Refused("too_complex", f"This STL has more than {caps.READ_TRIANGLES:,} triangles.")
