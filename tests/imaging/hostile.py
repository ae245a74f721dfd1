"""Files that mean harm, or are broken as files break, built by code.

Each has a name, its bytes, and the code its refusal must carry.
"""

import random
import struct
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np

from tests.imaging import hostile_documents, shapes
from tests.imaging.shapes import Gltf


@dataclass(frozen=True)
class Hostile:
    name: str
    data: bytes
    codes: tuple[str, ...]
    filename: str = "model.glb"


def corpus() -> Iterator[Hostile]:
    yield from _not_models()
    yield from _bent_gltf()
    yield from _far_away()
    yield from _liars()
    yield from _archives()
    for name, data, codes in hostile_documents.cases():
        yield Hostile(name, data, codes)


def _not_models() -> Iterator[Hostile]:
    glb = shapes.cube().glb()
    none = ("not_a_model",)
    yield Hostile("empty", b"", none)
    yield Hostile("text", b"Dear customer,\nplease find attached.\n", none)
    yield Hostile("html", b"<!doctype html><script>alert(1)</script>", none)
    yield Hostile("svg", b'<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>', none)
    yield Hostile("program", b"MZ\x90\0" + bytes(500), none, "setup.exe")
    yield Hostile("picture", shapes.picture((255, 0, 0)), none)
    yield Hostile("json", b'{"name": "not a gltf"}', none, "model.gltf")
    yield Hostile("random", random.Random(7).randbytes(100_000), none)
    yield Hostile("random stl", random.Random(8).randbytes(100_000), none, "model.stl")
    yield Hostile("magic and nothing", b"glTF", ("truncated",))
    yield Hostile("magic and noise", b"glTF" + random.Random(9).randbytes(5000),
                  ("unsupported", "truncated"))  # fmt: skip
    for part in (0.1, 0.5, 0.9):
        yield Hostile(f"truncated at {part}", glb[: int(len(glb) * part)], ("truncated",))
    yield Hostile("no geometry", _bent(lambda json: json["nodes"][0].pop("mesh")), ("empty",))

    clear = {"baseColorFactor": [1, 1, 1, 0], "metallicFactor": 0, "roughnessFactor": 1}
    unseen = shapes.cube(alphaMode="MASK", pbrMetallicRoughness=clear)
    yield Hostile("nothing but air", unseen.glb(), ("empty",))
    yield Hostile("one point", b"v 1 1 1\nv 1 1 1\nv 1 1 1\nf 1 2 3\n", ("empty",), "point.obj")


def _bent(bend: Callable[[dict[str, Any]], object]) -> bytes:
    made = shapes.cube()
    bend(made.json)
    return made.glb()


def _bent_gltf() -> Iterator[Hostile]:
    def case(name: str, bend: Callable[[dict[str, Any]], object], *codes: str) -> Hostile:
        return Hostile(name, _bent(bend), codes or ("damaged",))

    yield case("count of a billion", lambda j: j["accessors"][0].update(count=10**9),
               "damaged", "too_complex")  # fmt: skip
    yield case("data of nowhere", _empty_accessors, "damaged", "too_complex")
    yield case("count of a googol", lambda j: j["accessors"][0].update(count=10**100))
    yield case("type of a list", lambda j: j["accessors"][0].update(type=[], componentType={}))
    yield case("count below zero", lambda j: j["accessors"][0].update(count=-1))
    yield case("count of text", lambda j: j["accessors"][0].update(count="24"))
    yield case("view past the end", lambda j: j["bufferViews"][0].update(byteLength=10**9))
    yield case("view before the start", lambda j: j["bufferViews"][0].update(byteOffset=-4))
    yield case("stride of a mile", lambda j: j["bufferViews"][0].update(byteStride=4000))
    yield case("mesh that is not there", lambda j: j["nodes"][0].update(mesh=7))
    yield case("node that is not there", lambda j: j["scenes"][0].update(nodes=[99]))
    yield case("node as its own child", lambda j: j["nodes"][0].update(children=[0]))
    yield case("circle of nodes", _circle)
    yield case("nodes too deep", _deep, "too_complex")
    yield case("a billion by instances", _instances, "too_complex")
    yield case("lists instead of objects", lambda j: j.update(meshes=[[], []]))
    yield case("scale without end", lambda j: j["nodes"][0].update(scale=[1e30, 1e30, 1e30]))
    yield case("endless number", lambda j: j["nodes"][0].update(translation=[1e400, 0, 0]))
    yield case("morphs without end", _morph, "damaged", "too_complex")
    yield case("sparse out of range", _sparse)
    yield case("skin without joints", _skin)
    yield case("meshopt that is noise", _meshopt)
    yield case("meshopt of terabytes", lambda j: _meshopt(j, count=10**9), "damaged", "too_complex")
    yield case("draco that is noise", _draco)
    yield Hostile("corner that is not there", _points(triangles=[[0, 1, 60000]]), ("damaged",))
    yield Hostile("not a number", _points(position=float("nan")), ("damaged",))
    yield Hostile("infinity", _points(position=float("inf")), ("damaged",))
    yield Hostile("json too deep", _glb(b'{"asset":' + b"[" * 200_000), ("damaged",))
    yield Hostile("json of a list", _glb(b"[1, 2, 3]"), ("damaged",))
    yield Hostile("json in pieces", _glb(b'{"asset": {"version": "2.0"'), ("damaged",))


def _glb(text: bytes) -> bytes:
    text += b" " * (-len(text) % 4)
    head = struct.pack("<4sII", b"glTF", 2, 20 + len(text))
    return head + struct.pack("<I4s", len(text), b"JSON") + text


def _empty_accessors(json: dict[str, Any]) -> None:
    for accessor in json["accessors"]:
        accessor.pop("bufferView")
        accessor["count"] = 10**9


def _circle(json: dict[str, Any]) -> None:
    json["nodes"] += [{"children": [2]}, {"children": [1]}]
    json["nodes"][0]["children"] = [1]


def _deep(json: dict[str, Any]) -> None:
    json["nodes"] += [{"children": [number + 1]} for number in range(1, 5000)] + [{"mesh": 0}]
    json["nodes"][0]["children"] = [1]


def _instances(json: dict[str, Any]) -> None:
    json["meshes"][0]["primitives"] *= 1000
    json["nodes"] = [{"mesh": 0} for _ in range(90_000)]
    json["scenes"][0]["nodes"] = list(range(90_000))


def _morph(json: dict[str, Any]) -> None:
    json["accessors"].append({"componentType": 5126, "type": "VEC3", "count": 10**9})
    target = {"POSITION": len(json["accessors"]) - 1}
    json["meshes"][0]["primitives"][0]["targets"] = [target] * 10_000
    json["meshes"][0]["weights"] = [0.5] * 10_000


def _sparse(json: dict[str, Any]) -> None:
    json["accessors"][0]["sparse"] = {
        "count": 10,
        "indices": {"bufferView": 1, "componentType": 5125},
        "values": {"bufferView": 0},
    }


def _skin(json: dict[str, Any]) -> None:
    json["skins"] = [{"joints": []}]
    json["nodes"][0]["skin"] = 0


def _meshopt(json: dict[str, Any], count: int = 24) -> None:
    json["bufferViews"][0]["extensions"] = {"EXT_meshopt_compression": {
        "buffer": 0, "byteLength": 200, "byteStride": 12, "count": count, "mode": "ATTRIBUTES",
    }}  # fmt: skip


def _draco(json: dict[str, Any]) -> None:
    json["meshes"][0]["primitives"][0]["extensions"] = {
        "KHR_draco_mesh_compression": {"bufferView": 0, "attributes": {"POSITION": 0}}
    }


def _points(position: float = 0.0, triangles: list[list[int]] | None = None) -> bytes:
    points, faces = shapes.box()
    points[3, 1] = position or points[3, 1]
    made = Gltf()
    made.node(mesh=made.mesh(points, faces if triangles is None else np.array(triangles)))
    return made.glb()


def _far_away() -> Iterator[Hostile]:
    for uri in ("http://127.0.0.1:9/a.bin", "https://example.com/a.bin", "file:///etc/passwd",
                "../../../etc/passwd", "/etc/passwd", "..%2f..%2fetc%2fpasswd", "FTP://a/b",
                "C:\\Windows\\win.ini", "a/../../b.bin"):  # fmt: skip
        made = shapes.cube()
        yield Hostile(f"buffer at {uri}", made.described(uri=uri), ("unsafe",), "model.gltf")
        made = shapes.cube(pbrMetallicRoughness={"baseColorTexture": {"index": 0}})
        made.json |= {"textures": [{"source": 0}], "images": [{"uri": uri}]}
        yield Hostile(f"texture at {uri}", made.glb(), ("unsafe",))


def _liars() -> Iterator[Hostile]:
    points, triangles = shapes.box()
    stl = shapes.stl(points, triangles)
    lie = stl[:80] + struct.pack("<I", 10**9) + stl[84:]
    yield Hostile("stl of a billion", lie, ("not_a_model",), "model.stl")
    yield Hostile("stl cut short", stl[:-30], ("not_a_model",), "model.stl")
    yield Hostile("ascii stl cut short", shapes.ascii_stl(points, triangles)[:-150],
                  ("truncated", "damaged"))  # fmt: skip
    yield Hostile("stl that is nowhere", shapes.stl(points * np.nan, triangles), ("damaged",))
    for how in ("ascii", "binary_little_endian", "binary_big_endian"):
        ply = shapes.ply(points, triangles, how)
        yield Hostile(
            f"{how} ply of a billion points",
            ply.replace(b"vertex 24", b"vertex 1000000000"),
            ("too_complex",),
        )
        yield Hostile(
            f"{how} ply with too few faces",
            ply.replace(b"face 12", b"face 900000"),
            ("truncated", "damaged"),
        )
        yield Hostile(f"{how} ply cut short", ply[:-20], ("truncated", "damaged"))
    far = shapes.ply(points, triangles + 1000, "ascii")
    yield Hostile("ply with corners elsewhere", far, ("damaged",))
    yield Hostile("obj with corners elsewhere", b"v 0 0 0\nv 1 0 0\nv 0 1 0\nf 1 2 9\n",
                  ("damaged",), "a.obj")  # fmt: skip
    yield Hostile("obj with corners of a googol", b"v 0 0 0\nv 1 0 0\nv 0 1 0\nf 1 2 " + b"9" * 100,
                  ("damaged",), "a.obj")  # fmt: skip
    yield Hostile("obj that is nowhere", b"v nan 0 0\nv 1 0 0\nv 0 1 0\nf 1 2 3\n", ("damaged",))
    yield Hostile("obj of words", b"v one two three\nf a b c\n", ("damaged",))
    for width, height in ((40_000, 40_000), (2**31 - 1, 2**31 - 1)):
        made = shapes.cube()
        huge = {"index": 0} | made.texture(png_of(width, height))
        made.json["materials"][0] = {"pbrMetallicRoughness": {"baseColorTexture": huge}}
        yield Hostile(f"texture of {width} x {height}", made.glb(), ("too_complex",))


def png_of(width: int, height: int) -> bytes:
    """A small PNG that promises many pixels and would deliver them."""

    def chunk(kind: bytes, body: bytes) -> bytes:
        check = struct.pack(">I", zlib.crc32(kind + body))
        return struct.pack(">I", len(body)) + kind + body + check

    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    body = zlib.compress(bytes(10_000_000), 9)
    parts = [chunk(b"IHDR", head), chunk(b"IDAT", body), chunk(b"IEND", b"")]
    return b"\x89PNG\r\n\x1a\n" + b"".join(parts)


def _archives() -> Iterator[Hostile]:
    glb = shapes.cube().glb()
    yield Hostile("zip of nothing", shapes.zipped(), ("not_a_model",))
    yield Hostile("zip of text", shapes.zipped(readme__txt=b"hello"), ("not_a_model",))
    yield Hostile("zip bomb", shapes.zipped(model__stl=bytes(40_000_000)), ("too_complex",))
    yield Hostile("zip of many", shapes.zipped(**{f"{n}__txt": b"" for n in range(3000)}),
                  ("too_complex",))  # fmt: skip
    yield Hostile("zip in a zip", shapes.zipped(inner__zip=shapes.zipped(a__glb=glb)),
                  ("not_a_model",))  # fmt: skip
    for name in ("../../tmp/evil.glb", "/etc/cron.d/evil.glb", "C:\\evil.glb", "a\\..\\..\\b.glb"):
        yield Hostile(f"zip with {name}", _renamed(name, glb), ("unsafe",))
    whole = shapes.zipped(model__glb=glb)
    yield Hostile("zip cut short", whole[: len(whole) // 2], ("damaged",))
    lying = bytearray(whole)
    where = whole.index(b"PK\x01\x02") + 24
    lying[where : where + 4] = struct.pack("<I", len(glb) - 100)
    yield Hostile("zip that lies about a length", bytes(lying), ("damaged", "truncated"))
    named = bytearray(whole)
    named[6:8], named[30] = struct.pack("<H", 0x800), 0xD5
    yield Hostile("zip with a name that is no text", bytes(named), ("damaged",))


def _renamed(name: str, data: bytes) -> bytes:
    placeholder = "x" * (len(name) - 4) + "_glb"
    made = shapes.zipped(**{placeholder: data})
    return made.replace(placeholder.encode(), name.encode())
