"""PLY: ASCII and both byte orders, faces or triangle strips, vertex colors."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import numpy.typing as npt

from imaging import caps, numerals
from imaging.errors import Refused
from imaging.files import Data
from imaging.normals import creased
from imaging.scene import Floats, Material, Part, Scene
from imaging.thinning import thin

_TYPES = {
    "char": "i1", "int8": "i1", "uchar": "u1", "uint8": "u1", "short": "i2", "int16": "i2",
    "ushort": "u2", "uint16": "u2", "int": "i4", "int32": "i4", "uint": "u4", "uint32": "u4",
    "float": "f4", "float32": "f4", "double": "f8", "float64": "f8",
}  # fmt: skip
_ORDERS = {"ascii": "=", "binary_little_endian": "<", "binary_big_endian": ">"}
_CLAY = Material("", (0.62, 0.64, 0.67, 1.0), roughness=0.6)
_PAINTED = Material("", (1.0, 1.0, 1.0, 1.0), roughness=0.65)
_HEADER_BYTES = 65536
_BLOCK_BYTES = 4 * 1024 * 1024
_NEW_LINE = ord("\n")
_FAR = 2**31 - 1  # no point has this number, nor -1

Values = npt.NDArray[Any]


def damaged(what: str) -> Refused:
    return Refused("damaged", f"This PLY is damaged: {what}.")


@dataclass
class _Element:
    name: str
    count: int
    properties: list[tuple[str, str, str | None]] = field(default_factory=list)  # name, type, list


def load_ply(data: Data) -> Scene:
    """PLY has no unit and no up; metres and y up, as most scanners and tools write it."""
    order, elements, start = _header(data)
    read = _text(data, start, elements) if order == "=" else _binary(data, start, order, elements)
    vertices, faces = read.get("vertex", {}), read.get("faces", {})
    part = _part(vertices, faces.get("triangles", np.zeros((0, 3), np.int64)))
    painted, unique = part.colors is not None, len(part.triangles)
    scene = Scene([part], [_PAINTED if painted else _CLAY], [], meshes=1)
    del part
    scene.parts = [
        each if each.normals is not None else creased(each, 50.0) for each in thin(scene).parts
    ]
    scene.vertices = len(vertices.get("x", ()))
    scene.unique_triangles = unique
    scene.workflow = "vertex-colors" if painted else "none"
    return scene


def _header(data: Data) -> tuple[str, list[_Element], int]:
    end = data.find(b"end_header", 0, _HEADER_BYTES)
    if end < 0:
        raise damaged("its header does not end")
    order, elements = "", list[_Element]()
    for line in data[:end].decode("latin-1").splitlines()[1:]:
        match line.split():
            case ["format", name, _] if name in _ORDERS:
                order = _ORDERS[name]
            case ["element", name, count] if count.isdecimal():
                elements.append(_Element(name, int(count)))
            case ["property", "list", counted, kind, name] if elements:
                elements[-1].properties.append((name, _type(kind), _type(counted)))
            case ["property", kind, name] if elements:
                elements[-1].properties.append((name, _type(kind), None))
            case [] | ["comment" | "obj_info", *_]:
                pass
            case _:
                raise damaged("its header cannot be read")
    line_end = data.find(b"\n", end)
    if not order or line_end < 0:
        raise damaged("its header cannot be read")
    _check(elements)
    return order, elements, line_end + 1


def _type(name: str) -> str:
    if name not in _TYPES:
        raise damaged("its header names an unknown type")
    return _TYPES[name]


def _check(elements: list[_Element]) -> None:
    for element in elements:
        most = caps.READ_VERTICES if element.name == "vertex" else caps.READ_TRIANGLES
        if element.count > most:
            raise Refused(
                "too_complex", f"This PLY promises {element.count:,} of {element.name[:50]!r}, "
                "which is more than we take.",
            )  # fmt: skip


def _short(name: str) -> Refused:
    return Refused("truncated", f"This PLY ends before its last {name[:50]!r}: upload it whole.")


def _binary(
    data: Data, at: int, order: str, elements: list[_Element]
) -> dict[str, dict[str, Values]]:
    found: dict[str, dict[str, Values]] = {}
    for element in elements:
        if all(counted is None for _, _, counted in element.properties):
            dtype = np.dtype([
                (f"{number} {name}", order + kind)
                for number, (name, kind, _) in enumerate(element.properties)
            ])  # fmt: skip
            if at + element.count * dtype.itemsize > len(data):
                raise _short(element.name)
            rows = np.frombuffer(data, dtype, element.count, at) if dtype.itemsize else None
            at += element.count * dtype.itemsize
            if rows is not None:
                found[element.name] = {
                    name: rows[f"{number} {name}"]
                    for number, (name, _, _) in enumerate(element.properties)
                }
        else:
            triangles, at = _lists(data, at, order, element)
            found["faces" if element.name == "face" else element.name] = {"triangles": triangles}
    return found


def _lists(data: Data, at: int, order: str, element: _Element) -> tuple[Values, int]:
    """Triangles of an element with lists: all of three corners at once, or row by row."""
    row: list[tuple[str, Any]] = []
    indices = None
    for number, (name, kind, counted) in enumerate(element.properties):
        if counted is None:
            row.append((f"p{number}", order + kind))
        elif name in ("vertex_indices", "vertex_index") and indices is None:
            indices = number
            row += [(f"n{number}", order + counted), (f"l{number}", order + kind, (3,))]  # type: ignore[list-item]
        else:
            row = []
            break
    dtype = np.dtype(row)
    if row and at + element.count * dtype.itemsize <= len(data):
        rows = np.frombuffer(data, dtype, element.count, at)
        if (rows[f"n{indices}"] == 3).all():
            return rows[f"l{indices}"].astype(np.int64), at + element.count * dtype.itemsize
    return _row_by_row(data, at, order, element)


def _row_by_row(data: Data, at: int, order: str, element: _Element) -> tuple[Values, int]:
    triangles: list[tuple[int, int, int]] = []
    kinds = [
        (name, np.dtype(order + kind), None if counted is None else np.dtype(order + counted))
        for name, kind, counted in element.properties
    ]
    for _ in range(element.count):
        for name, kind, counted in kinds:
            length = 1
            if counted is not None:
                if at + counted.itemsize > len(data):
                    raise _short(element.name)
                length = int(np.frombuffer(data, counted, 1, at)[0])
                at += counted.itemsize
            if length < 0 or at + length * kind.itemsize > len(data):
                raise _short(element.name)
            if counted is not None and name in ("vertex_indices", "vertex_index"):
                corners = np.frombuffer(data, kind, length, at).tolist()
                triangles += (
                    zip([corners[0]] * (length - 2), corners[1:], corners[2:], strict=False)
                    if length > 2
                    else []
                )
            at += length * kind.itemsize
        if len(triangles) > caps.READ_TRIANGLES:
            raise Refused(
                "too_complex", f"This PLY has more than {caps.READ_TRIANGLES:,} triangles."
            )
    return np.array(triangles, np.float64).astype(np.int64).reshape(-1, 3), at


class _Lines:
    """The lines of a text, as many of them at a time as a few megabytes hold."""

    def __init__(self, data: Data, at: int) -> None:
        self.data = data
        self.at = at

    def take(self, element: _Element) -> Iterator[list[str]]:
        """The next lines, one for each of the element."""
        missing = element.count
        while missing:
            block = self.data[self.at : self.at + _BLOCK_BYTES]
            ends = np.flatnonzero(np.frombuffer(block, np.uint8) == _NEW_LINE)[:missing]
            size = int(ends[-1]) + 1 if len(ends) else len(block)
            lines = block[:size].decode("latin-1").removesuffix("\n").split("\n")
            ends_here = missing == len(lines) or self.at + size >= len(self.data)
            if ends_here and not lines[-1].strip():
                raise _short(element.name)
            if not len(ends) and size == _BLOCK_BYTES:
                raise damaged("a line cannot be read")
            yield lines
            self.at += size
            missing -= len(lines)


def _text(data: Data, start: int, elements: list[_Element]) -> dict[str, dict[str, Values]]:
    lines, found = _Lines(data, start), dict[str, dict[str, Values]]()
    for element in elements:
        try:
            if element.name == "face":
                found["faces"] = {"triangles": _text_faces(lines.take(element))}
            else:
                found[element.name] = _text_values(element, lines.take(element))
        except (ValueError, IndexError, OverflowError) as error:
            raise damaged("a line cannot be read") from error
    return found


def _text_values(element: _Element, blocks: Iterator[list[str]]) -> dict[str, Values]:
    width, tables = len(element.properties), [np.zeros((0, len(element.properties)), np.float32)]
    if any(counted for _, _, counted in element.properties):
        for _ in blocks:
            pass
        return {}
    for rows in blocks:
        table = numerals.table(" ".join(rows), (len(rows), width))
        if table is None:
            table = np.array([row.split()[:width] for row in rows], np.float64).reshape(-1, width)
        tables.append(table.astype(np.float32))
    whole = np.concatenate(tables)
    return {name: whole[:, number] for number, (name, _, _) in enumerate(element.properties)}


def _text_faces(blocks: Iterator[list[str]]) -> Values:
    found, count = [np.zeros((0, 3), np.int32)], 0
    for rows in blocks:
        found.append(_triangles(rows))
        count += len(found[-1])
        if count > caps.READ_TRIANGLES:
            raise Refused("too_complex", "This PLY has more triangles than we take.")
    return np.concatenate(found)


def _triangles(rows: list[str]) -> Values:
    even = None
    if len(rows[0].split()) == 4:
        even = numerals.whole_table(" ".join(rows), (len(rows), 4))
    if even is not None and (even[:, 0] == 3).all():
        return even[:, 1:].clip(-1, _FAR).astype(np.int32)
    triangles: list[tuple[int, int, int]] = []
    for row in rows:
        numbers = [int(float(word)) for word in row.split()]
        corners = numbers[1 : 1 + numbers[0]]
        if len(corners) != numbers[0]:
            raise damaged("a face has fewer corners than it says")
        triangles += zip(corners[:1] * len(corners), corners[1:], corners[2:], strict=False)
    return np.array(triangles, np.int64).clip(-1, _FAR).astype(np.int32).reshape(-1, 3)


def _part(vertices: dict[str, Values], triangles: Values) -> Part:
    if not {"x", "y", "z"} <= vertices.keys():
        raise damaged("its vertices have no x, y and z")
    positions = _columns(vertices, ("x", "y", "z"))
    with np.errstate(invalid="ignore"):
        if not np.isfinite(positions).all() or np.abs(positions).max(initial=0) > caps.EXTENT:
            raise damaged("its points are not finite numbers")
    if not len(triangles):
        raise Refused("unsupported", "This PLY is a cloud of points; only surfaces can be shown.")
    if triangles.min() < 0 or triangles.max() >= len(positions):
        raise damaged("a face has a corner that is not there")
    part = Part(positions, triangles.astype(np.int32), colors=_colors(vertices))
    if {"nx", "ny", "nz"} <= vertices.keys():
        part.normals = np.nan_to_num(_columns(vertices, ("nx", "ny", "nz")))
    return part


def _columns(vertices: dict[str, Values], names: tuple[str, ...]) -> Floats:
    return np.stack([vertices[name].astype(np.float32) for name in names], axis=1)


def _colors(vertices: dict[str, Values]) -> Floats | None:
    for names in (("red", "green", "blue"), ("r", "g", "b"),
                  ("diffuse_red", "diffuse_green", "diffuse_blue")):  # fmt: skip
        if set(names) <= vertices.keys():
            shades = _columns(vertices, names)
            shades = shades / np.float32(255) if shades.max(initial=0) > 1 else shades
            shades = np.nan_to_num(shades).clip(0, 1) ** np.float32(2.2)
            return np.concatenate([shades, np.ones((len(shades), 1), np.float32)], axis=1)
    return None
