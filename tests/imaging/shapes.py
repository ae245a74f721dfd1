"""Small 3D files, built by code: honest ones here, hostile ones in `hostile`."""

import io
import json
import struct
import zipfile
from collections.abc import Callable
from typing import Any, Self

import numpy as np
import numpy.typing as npt
import PIL.Image

Array = npt.NDArray[Any]
Json = dict[str, Any]

_COMPONENTS = {"f4": 5126, "u1": 5121, "u2": 5123, "u4": 5125, "i1": 5120, "i2": 5122}
_TYPES = {1: "SCALAR", 2: "VEC2", 3: "VEC3", 4: "VEC4", 16: "MAT4"}


class Gltf:
    """A glTF under construction; `json` may be bent at will before it is packed."""

    def __init__(self) -> None:
        self.binary = bytearray()
        self.json: Json = {
            "asset": {"version": "2.0"}, "scene": 0, "scenes": [{"nodes": []}], "nodes": [],
            "meshes": [], "accessors": [], "bufferViews": [], "materials": [],
        }  # fmt: skip

    def view(self, data: bytes) -> int:
        self.binary += b"\0" * (-len(self.binary) % 4)
        self.json["bufferViews"].append(
            {"buffer": 0, "byteOffset": len(self.binary), "byteLength": len(data)}
        )
        self.binary += data
        return len(self.json["bufferViews"]) - 1

    def accessor(self, values: Array, **more: Any) -> int:
        width = values.shape[1] if values.ndim > 1 else 1
        self.json["accessors"].append(
            {
                "bufferView": self.view(values.tobytes()),
                "componentType": _COMPONENTS[values.dtype.str[1:]],
                "count": len(values),
                "type": _TYPES[width],
            }
            | more
        )
        return len(self.json["accessors"]) - 1

    def bounded(self, values: Array, **more: Any) -> int:
        """An accessor of positions, which must tell their bounds."""
        bounds = {"max": values.max(axis=0).tolist(), "min": values.min(axis=0).tolist()}
        return self.accessor(values, **bounds, **more)

    def using(self, extension: str, *, required: bool = False) -> Self:
        for name in ("extensionsUsed", *(["extensionsRequired"] if required else [])):
            self.json.setdefault(name, []).append(extension)
        return self

    def material(self, **fields: Any) -> int:
        self.json["materials"].append(fields)
        return len(self.json["materials"]) - 1

    def texture(self, picture: bytes, **info: Any) -> Json:
        """A textureInfo that shows `picture`."""
        images = self.json.setdefault("images", [])
        images.append({"bufferView": self.view(picture), "mimeType": "image/png"})
        self.json.setdefault("textures", []).append({"source": len(images) - 1})
        return {"index": len(self.json["textures"]) - 1} | info

    def mesh(self, positions: Array, triangles: Array, **fields: Any) -> int:
        """A mesh of one primitive; `fields` are more attributes, or `material` and the like."""
        attributes = {"POSITION": self.bounded(positions.astype("f4"))}
        attributes |= {name: fields.pop(name) for name in list(fields) if name.isupper()}
        primitive = {"attributes": attributes, "indices": self.accessor(
            triangles.astype("u2").ravel())} | fields  # fmt: skip
        self.json["meshes"].append({"primitives": [primitive]})
        return len(self.json["meshes"]) - 1

    def node(self, *, root: bool = True, **fields: Any) -> int:
        self.json["nodes"].append(fields)
        index = len(self.json["nodes"]) - 1
        if root:
            self.json["scenes"][0]["nodes"].append(index)
        return index

    def described(self, **buffer: Any) -> bytes:
        if "buffers" not in self.json:
            self.json["buffers"] = [{"byteLength": len(self.binary)} | buffer]
        return json.dumps({name: part for name, part in self.json.items() if part != []}).encode()

    def glb(self) -> bytes:
        text = self.described()
        text += b" " * (-len(text) % 4)
        binary = bytes(self.binary) + b"\0" * (-len(self.binary) % 4)
        return b"".join([
            struct.pack("<4sII", b"glTF", 2, 28 + len(text) + len(binary)),
            struct.pack("<I4s", len(text), b"JSON"), text,
            struct.pack("<I4s", len(binary), b"BIN\0"), binary,
        ])  # fmt: skip


def box(size: tuple[float, float, float] = (1, 1, 1)) -> tuple[Array, Array]:
    """24 corners around the origin, and 12 triangles facing out."""
    faces = []
    for axis in range(3):
        for side in (-0.5, 0.5):
            u, v = (axis + 1) % 3, (axis + 2) % 3
            corners = np.zeros((4, 3))
            corners[:, axis] = side
            corners[:, u] = [-0.5, 0.5, 0.5, -0.5]
            corners[:, v] = [-0.5, -0.5, 0.5, 0.5]
            faces.append(corners if side > 0 else corners[::-1])
    positions = np.concatenate(faces) * size
    quads = np.arange(24).reshape(6, 4)
    return positions, np.concatenate([quads[:, [0, 1, 2]], quads[:, [0, 2, 3]]])


def square(size: float = 1.0) -> tuple[Array, Array, Array]:
    """A square facing +z: positions, triangles, texture coordinates (v down)."""
    positions = np.array([[-1, -1, 0], [1, -1, 0], [1, 1, 0], [-1, 1, 0]]) * size / 2
    coordinates = np.array([[0, 1], [1, 1], [1, 0], [0, 0]], "f4")
    return positions, np.array([[0, 1, 2], [0, 2, 3]]), coordinates


def cube(**material: Any) -> Gltf:
    """One cube of one metre, in one material."""
    made = Gltf()
    made.node(mesh=made.mesh(*box(), material=made.material(**material)))
    return made


def picture(paint: Callable[[Array, Array], Array] | tuple[int, ...], side: int = 64) -> bytes:
    """A PNG of one color, or of what `paint` makes of columns and rows in 0..1."""
    y, x = (np.mgrid[0:side, 0:side] + 0.5) / side
    if callable(paint):
        pixels = paint(x, y)
    else:
        pixels = np.broadcast_to(np.array(paint), (side, side, len(paint)))
    out = io.BytesIO()
    PIL.Image.fromarray(pixels.astype(np.uint8)).save(out, "PNG")
    return out.getvalue()


def zipped(**files: bytes) -> bytes:
    """An archive; `__` in a name stands for a dot, `_IN_` for a folder."""
    return packed(zipfile.ZIP_DEFLATED, files)


def packed(how: int, files: dict[str, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", how) as archive:
        for name, data in files.items():
            archive.writestr(name.replace("_IN_", "/").replace("__", "."), data)
    return out.getvalue()


def unzipped(data: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def stl(positions: Array, triangles: Array) -> bytes:
    facets = np.zeros(len(triangles), [("n", "<f4", 3), ("c", "<f4", (3, 3)), ("x", "<u2")])
    facets["c"] = positions[triangles]
    return b"made by a test".ljust(80) + struct.pack("<I", len(facets)) + facets.tobytes()


def ascii_stl(positions: Array, triangles: Array) -> bytes:
    lines = ["solid made by a test"]
    for triangle in triangles:
        lines += ["facet normal 0 0 0", "outer loop"]
        lines += [f"vertex {x} {y} {z}" for x, y, z in positions[triangle]]
        lines += ["endloop", "endfacet"]
    return "\n".join([*lines, "endsolid"]).encode()


def ply(positions: Array, triangles: Array, how: str, color: tuple[int, ...] = ()) -> bytes:
    """`how` is ascii, binary_little_endian or binary_big_endian."""
    names = ("red", "green", "blue")[: len(color)]
    header = [
        "ply", f"format {how} 1.0", "comment made by a test", f"element vertex {len(positions)}",
        *(f"property float {axis}" for axis in "xyz"), *(f"property uchar {n}" for n in names),
        f"element face {len(triangles)}", "property list uchar int vertex_indices", "end_header\n",
    ]  # fmt: skip
    order = ">" if how == "binary_big_endian" else "<"
    rows, faces = [], []
    for point in positions:
        if how == "ascii":
            rows.append(" ".join(map(str, [*point, *color])).encode() + b"\n")
        else:
            rows.append(struct.pack(f"{order}3f{len(color)}B", *point, *color))
    for face in triangles:
        if how == "ascii":
            faces.append(f"3 {face[0]} {face[1]} {face[2]}\n".encode())
        else:
            faces.append(struct.pack(f"{order}B3i", 3, *face))
    return "\n".join(header).encode() + b"".join(rows) + b"".join(faces)


def obj(positions: Array, triangles: Array, head: str = "") -> bytes:
    lines = [head, *(f"v {x} {y} {z}" for x, y, z in positions)]
    lines += [f"f {a + 1} {b + 1} {c + 1}" for a, b, c in triangles]
    return "\n".join(lines).encode()
