"""Binary glTF 2.0 from named parts: https://registry.khronos.org/glTF/specs/2.0/glTF-2.0.html"""

import io
import json
import struct
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from local.demo.mesh import Array, Mesh, merge
from local.demo.textures import Colour, linear
from local.demo.vertices import indexed

_COMPONENT = {"float32": 5126, "uint32": 5125, "uint16": 5123, "uint8": 5121}
_WIDTH = {1: "SCALAR", 2: "VEC2", 3: "VEC3", 4: "VEC4", 16: "MAT4"}
_VERTICES, _INDICES = 34962, 34963
_LINEAR, _MIPMAPPED, _REPEAT = 9729, 9987, 10497


@dataclass(frozen=True, eq=False)
class Material:
    """`colour` multiplies `texture`; `glow` is what it emits, in sRGB."""

    name: str
    colour: Colour = "#ffffff"
    texture: Image.Image | None = None
    metal: float = 0.0
    rough: float = 0.6
    metal_rough: Image.Image | None = None
    normal: Image.Image | None = None
    glow: Colour | None = None
    glow_texture: Image.Image | None = None
    glow_strength: float = 1.0
    alpha: float = 1.0
    cut_out: bool = False
    two_sided: bool = False


@dataclass(frozen=True, eq=False)
class Part:
    name: str
    material: Material
    mesh: Mesh


@dataclass(frozen=True)
class Bone:
    """`place` is relative to the parent bone."""

    name: str
    parent: str | None
    place: tuple[float, float, float]


@dataclass(frozen=True)
class Animation:
    """Turns (quaternions x, y, z, w) and places of bones at `times`, in seconds."""

    name: str
    times: Array
    turns: dict[str, Array]
    places: dict[str, Array] = field(default_factory=dict)


def glb(
    parts: Sequence[Part],
    bones: Sequence[Bone] = (),
    animations: Sequence[Animation] = (),
    *,
    unit: float = 1.0,
) -> bytes:
    """The file of meshes measured in `unit` metres.

    With bones, every mesh must carry joints (numbers of bones) and weights.
    """
    sized = [replace(part, mesh=part.mesh.scaled(unit)) for part in parts]
    return _Document(sized, bones, animations).packed()


class _Document:
    def __init__(
        self, parts: Sequence[Part], bones: Sequence[Bone], animations: Sequence[Animation]
    ) -> None:
        self.binary = bytearray()
        self.lists: dict[str, list[dict[str, Any]]] = {}
        self.known: dict[int, int] = {}
        self.extensions: set[str] = set()
        self.bones = [bone.name for bone in bones]
        nodes = [self._part(name, parts) for name in dict.fromkeys(p.name for p in parts)]
        if bones:
            nodes.append(self._skeleton(bones, nodes))
        for animation in animations:
            self._animation(animation)
        self.add("scenes", {"nodes": nodes})

    def add(self, kind: str, entry: dict[str, Any]) -> int:
        self.lists.setdefault(kind, []).append(entry)
        return len(self.lists[kind]) - 1

    def _part(self, name: str, parts: Sequence[Part]) -> int:
        """A node with one primitive per material."""
        mine = [part for part in parts if part.name == name]
        materials = list(dict.fromkeys(part.material for part in mine))
        primitives = [
            self._primitive(merge(p.mesh for p in mine if p.material is material), material)
            for material in materials
        ]
        return self.add("nodes", {"name": name, "mesh": self._mesh(name, primitives)})

    def _mesh(self, name: str, primitives: list[dict[str, Any]]) -> int:
        return self.add("meshes", {"name": name, "primitives": primitives})

    def _primitive(self, mesh: Mesh, material: Material) -> dict[str, Any]:
        plain = not (material.texture or material.normal or material.metal_rough)
        vertices, indices = indexed(mesh, tangents=material.normal is not None)
        if plain:
            del vertices["TEXCOORD_0"]
        attributes = {
            name: self._accessor(values, _VERTICES, bounds=name == "POSITION")
            for name, values in vertices.items()
        }
        kind = np.uint16 if len(vertices["POSITION"]) < 65535 else np.uint32
        return {
            "attributes": attributes,
            "indices": self._accessor(indices.astype(kind), _INDICES),
            "material": self._material(material),
        }

    def _accessor(self, values: NDArray[Any], target: int | None, *, bounds: bool = False) -> int:
        width = values.size // len(values)
        entry: dict[str, Any] = {
            "bufferView": self._view(values.tobytes(), target),
            "componentType": _COMPONENT[values.dtype.name],
            "count": len(values),
            "type": _WIDTH[width],
        }
        if bounds:
            flat = values.reshape(len(values), width)
            entry |= {"min": flat.min(axis=0).tolist(), "max": flat.max(axis=0).tolist()}
        return self.add("accessors", entry)

    def _view(self, data: bytes, target: int | None = None) -> int:
        self.binary += bytes(-len(self.binary) % 4)
        view: dict[str, Any] = {"buffer": 0, "byteOffset": len(self.binary)}
        view["byteLength"] = len(data)
        if target:
            view["target"] = target
        self.binary += data
        return self.add("bufferViews", view)

    def _material(self, material: Material) -> int:
        if id(material) in self.known:
            return self.known[id(material)]
        surface: dict[str, Any] = {
            "baseColorFactor": [*np.round(linear(material.colour), 5).tolist(), material.alpha],
            "metallicFactor": 1.0 if material.metal_rough else material.metal,
            "roughnessFactor": 1.0 if material.metal_rough else material.rough,
        }
        entry: dict[str, Any] = {"name": material.name, "pbrMetallicRoughness": surface}
        for place, name, image in (
            (surface, "baseColorTexture", material.texture),
            (surface, "metallicRoughnessTexture", material.metal_rough),
            (entry, "normalTexture", material.normal),
            (entry, "emissiveTexture", material.glow_texture),
        ):
            if image:
                place[name] = {"index": self._texture(image, precise=name == "normalTexture")}
        if material.glow is not None:
            entry["emissiveFactor"] = np.round(linear(material.glow), 5).tolist()
        if material.glow_strength != 1:
            self.extensions.add("KHR_materials_emissive_strength")
            strength = {"emissiveStrength": material.glow_strength}
            entry["extensions"] = {"KHR_materials_emissive_strength": strength}
        if material.cut_out:
            entry |= {"alphaMode": "MASK", "alphaCutoff": 0.5}
        elif material.alpha < 1:
            entry["alphaMode"] = "BLEND"
        if material.two_sided:
            entry["doubleSided"] = True
        self.known[id(material)] = self.add("materials", entry)
        return self.known[id(material)]

    def _texture(self, image: Image.Image, *, precise: bool) -> int:
        if id(image) in self.known:
            return self.known[id(image)]
        if "samplers" not in self.lists:
            sampler = {"magFilter": _LINEAR, "minFilter": _MIPMAPPED}
            self.add("samplers", sampler | {"wrapS": _REPEAT, "wrapT": _REPEAT})
        data, kind = encoded(image, precise=precise)
        source = self.add("images", {"bufferView": self._view(data), "mimeType": kind})
        self.known[id(image)] = self.add("textures", {"source": source, "sampler": 0})
        return self.known[id(image)]

    def _skeleton(self, bones: Sequence[Bone], meshes: list[int]) -> int:
        """Nodes and skin of the bones, worn by the meshes; returns the root's node."""
        first = len(self.lists["nodes"])
        for bone in bones:
            children = [first + i for i, b in enumerate(bones) if b.parent == bone.name]
            node: dict[str, Any] = {"name": bone.name, "translation": list(bone.place)}
            self.add("nodes", node | ({"children": children} if children else {}))
        inverse = np.tile(np.eye(4, dtype=np.float32), (len(bones), 1, 1))
        inverse[:, 3, :3] = [-place for place in resting_places(bones)]
        joints = [first + i for i in range(len(bones))]
        skin = {"joints": joints, "inverseBindMatrices": self._accessor(inverse, None)}
        self.add("skins", skin | {"skeleton": first})
        for number in meshes:
            self.lists["nodes"][number]["skin"] = 0
        return first

    def _animation(self, animation: Animation) -> None:
        times = self._accessor(animation.times.astype(np.float32), None, bounds=True)
        samplers: list[dict[str, Any]] = []
        channels: list[dict[str, Any]] = []
        for path, tracks in (("rotation", animation.turns), ("translation", animation.places)):
            for bone, values in tracks.items():
                node = len(self.lists["nodes"]) - len(self.bones) + self.bones.index(bone)
                channels.append({"sampler": len(samplers), "target": {"node": node, "path": path}})
                output = self._accessor(values.astype(np.float32), None)
                samplers.append({"input": times, "output": output})
        name = {"name": animation.name}
        self.add("animations", name | {"samplers": samplers, "channels": channels})

    def packed(self) -> bytes:
        document: dict[str, Any] = {
            "asset": {"version": "2.0", "generator": "Nexus Models demo catalogue"},
            "scene": 0,
            "buffers": [{"byteLength": len(self.binary)}],
        } | self.lists
        if self.extensions:
            document["extensionsUsed"] = sorted(self.extensions)
        text = json.dumps(document, separators=(",", ":")).encode()
        text += b" " * (-len(text) % 4)
        binary = bytes(self.binary) + bytes(-len(self.binary) % 4)
        head = struct.pack("<4sII", b"glTF", 2, 28 + len(text) + len(binary))
        chunk = struct.pack("<I4s", len(text), b"JSON") + text
        return head + chunk + struct.pack("<I4s", len(binary), b"BIN\0") + binary


def resting_places(bones: Sequence[Bone]) -> list[Array]:
    """Where each bone is in the model; parents come before their children."""
    places: dict[str | None, Array] = {None: np.zeros(3)}
    for bone in bones:
        places[bone.name] = places[bone.parent] + np.array(bone.place)
    return [places[bone.name] for bone in bones]


def encoded(image: Image.Image, *, precise: bool) -> tuple[bytes, str]:
    """JPEG, `precise` with all of its colour resolution; PNG where there is an alpha channel."""
    target = io.BytesIO()
    if image.mode == "RGBA":
        image.save(target, "PNG")
        return target.getvalue(), "image/png"
    chroma = "4:4:4" if precise else "4:2:0"
    image.convert("RGB").save(target, "JPEG", quality=80, subsampling=chroma)
    return target.getvalue(), "image/jpeg"
