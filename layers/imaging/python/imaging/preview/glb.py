"""Write a preview as glTF 2.0 in one file, its geometry on a grid (KHR_mesh_quantization).

https://registry.khronos.org/glTF/specs/2.0/glTF-2.0.html
"""

import io
import json
import struct
from typing import Any

import numpy as np
import numpy.typing as npt
import PIL.Image

from imaging.images import Image
from imaging.preview.simpler import Corners
from imaging.scene import Floats, Ints, Material, Scene, Slot

Json = dict[str, Any]

TEXTURE_SIDE = 512
_STEPS = 2047  # of the grid, along the longest side
_BYTE, _SHORT, _UBYTE, _USHORT, _UINT, _FLOAT = 5120, 5122, 5121, 5123, 5125, 5126
_WRAPS = {"repeat": 10497, "clamp": 33071, "mirror": 33648}
_VERTICES, _INDICES = 34962, 34963


def glb(scene: Scene, corners: Corners) -> bytes:
    made = _Writer(scene)
    low = corners.positions.min(axis=(0, 1))
    size = float((corners.positions.max(axis=(0, 1)) - low).max()) or 1.0
    for number in np.unique(corners.materials):
        made.primitive(corners, number, low, size / _STEPS)
    made.json["nodes"] = [{"mesh": 0, "translation": low.tolist(), "scale": [size / _STEPS] * 3}]
    return made.packed()


class _Writer:
    def __init__(self, scene: Scene) -> None:
        self.scene = scene
        self.binary = bytearray()
        self.used = {"KHR_mesh_quantization"}
        self.json: Json = {
            "asset": {"version": "2.0", "generator": "Nexus Models",
                      "copyright": "A preview for looking at; the model itself is for sale."},
            "scene": 0, "scenes": [{"nodes": [0]}], "nodes": [], "meshes": [{"primitives": []}],
            "accessors": [], "bufferViews": [], "materials": [],
        }  # fmt: skip
        self._textures: dict[tuple[int, str, tuple[str, str]], int | None] = {}
        self._images: dict[tuple[int, str], int] = {}

    def primitive(self, corners: Corners, number: int, low: Floats, step: float) -> None:
        chosen = np.flatnonzero(corners.materials == number)
        shown = self.scene.materials[number]
        sets = {slot.coordinates for slot in shown.slots if self._usable(slot)}
        rows, width = _rows(corners, chosen, low, step, sets)
        _, first, triangles = np.unique(_keys(rows), return_index=True, return_inverse=True)
        triangles = triangles.reshape(-1, 3)
        triangles = triangles[_wide(width["POSITION"][first][:, :3], triangles)]
        if not len(triangles):
            return
        attributes = {
            name: self.accessor(values[first], _VERTICES, name) for name, values in width.items()
        }
        kind = np.uint16 if len(first) < 65535 else np.uint32
        self.json["meshes"][0]["primitives"].append({
            "attributes": attributes,
            "indices": self.accessor(triangles.astype(kind).ravel(), _INDICES, "indices"),
            "material": self.material(shown),
        })  # fmt: skip

    def accessor(self, values: npt.NDArray[Any], target: int, name: str) -> int:
        """`values` are (n,) or (n, k), in rows that are padded to four bytes."""
        kind = {"int8": _BYTE, "int16": _SHORT, "uint8": _UBYTE, "uint16": _USHORT,
                "uint32": _UINT, "float32": _FLOAT}[str(values.dtype)]  # fmt: skip
        shape = {"POSITION": 3, "NORMAL": 3}.get(name, values.shape[1] if values.ndim > 1 else 1)
        view = self.view(values.tobytes(), target=target)
        if values.ndim > 1:
            self.json["bufferViews"][view]["byteStride"] = values.itemsize * values.shape[1]
        found: Json = {
            "bufferView": view, "componentType": kind, "count": len(values),
            "type": {1: "SCALAR", 2: "VEC2", 3: "VEC3", 4: "VEC4"}[shape],
        }  # fmt: skip
        if name in ("NORMAL", "COLOR_0"):
            found["normalized"] = True
        if name == "POSITION":
            found["min"] = values[:, :3].min(axis=0).tolist()
            found["max"] = values[:, :3].max(axis=0).tolist()
        self.json["accessors"].append(found)
        return len(self.json["accessors"]) - 1

    def view(self, data: bytes, **more: int) -> int:
        self.binary += b"\0" * (-len(self.binary) % 4)
        self.json["bufferViews"].append(
            {"buffer": 0, "byteOffset": len(self.binary), "byteLength": len(data)} | more
        )
        self.binary += data
        return len(self.json["bufferViews"]) - 1

    def material(self, shown: Material) -> int:
        rough: Json = {
            "baseColorFactor": list(shown.base), "metallicFactor": shown.metallic,
            "roughnessFactor": shown.roughness,
        }  # fmt: skip
        made: Json = {"pbrMetallicRoughness": rough, "doubleSided": shown.double_sided}
        clear = shown.alpha != "opaque"
        self._slot(rough, "baseColorTexture", shown.base_slot, "clear" if clear else "color")
        self._slot(rough, "metallicRoughnessTexture", shown.surface_slot, "color")
        self._slot(made, "normalTexture", shown.normal_slot, "normal", "scale")
        self._slot(made, "occlusionTexture", shown.occlusion_slot, "color", "strength")
        self._slot(made, "emissiveTexture", shown.emissive_slot, "color")
        glow = max(shown.emissive)
        if glow > 0:
            made["emissiveFactor"] = [channel / max(glow, 1.0) for channel in shown.emissive]
        if clear:
            made["alphaMode"] = shown.alpha.upper()
        if shown.alpha == "mask":
            made["alphaCutoff"] = shown.cutoff
        if shown.unlit:
            self.used.add("KHR_materials_unlit")
            made["extensions"] = {"KHR_materials_unlit": {}}
        self.json["materials"].append(made)
        return len(self.json["materials"]) - 1

    def _slot(
        self, into: Json, name: str, slot: Slot | None, purpose: str, strength: str = ""
    ) -> None:
        image = self._usable(slot) if slot else None
        if slot is None or image is None:
            return
        info: Json = {"index": self._texture(slot, image, purpose)}
        if slot.coordinates:
            info["texCoord"] = slot.coordinates
        if strength and slot.strength != 1:
            info[strength] = slot.strength
        moved = {"offset": list(slot.offset), "rotation": slot.rotation, "scale": list(slot.scale)}
        plain: Json = {"offset": [0.0, 0.0], "rotation": 0.0, "scale": [1.0, 1.0]}
        changed = {part: value for part, value in moved.items() if value != plain[part]}
        if changed:
            self.used.add("KHR_texture_transform")
            info["extensions"] = {"KHR_texture_transform": changed}
        into[name] = info

    def _usable(self, slot: Slot) -> Image | None:
        image = self.scene.images[slot.image]
        return image if image and image.levels else None

    def _texture(self, slot: Slot, image: Image, purpose: str) -> int:
        key = (slot.image, purpose)
        if key not in self._images:
            data, mime = _encoded(image, purpose)
            images = self.json.setdefault("images", [])
            images.append({"bufferView": self.view(data), "mimeType": mime})
            self._images[key] = len(images) - 1
        whole = (slot.image, purpose, slot.wrap)
        if whole not in self._textures:
            samplers, textures = (
                self.json.setdefault(part, []) for part in ("samplers", "textures")
            )
            samplers.append({"wrapS": _WRAPS[slot.wrap[0]], "wrapT": _WRAPS[slot.wrap[1]],
                             "minFilter": 9987, "magFilter": 9729})  # fmt: skip
            textures.append({"source": self._images[key], "sampler": len(samplers) - 1})
            self._textures[whole] = len(textures) - 1
        return int(self._textures[whole] or 0)

    def packed(self) -> bytes:
        self.json["buffers"] = [{"byteLength": len(self.binary)}]
        self.json["extensionsUsed"] = sorted(self.used)
        self.json["extensionsRequired"] = ["KHR_mesh_quantization"]
        text = json.dumps(self.json, separators=(",", ":")).encode()
        text += b" " * (-len(text) % 4)
        binary = bytes(self.binary) + b"\0" * (-len(self.binary) % 4)
        return b"".join([
            struct.pack("<4sII", b"glTF", 2, 28 + len(text) + len(binary)),
            struct.pack("<I4s", len(text), b"JSON"), text,
            struct.pack("<I4s", len(binary), b"BIN\0"), binary,
        ])  # fmt: skip


def _rows(
    corners: Corners, chosen: Ints, low: Floats, step: float, sets: set[int]
) -> tuple[npt.NDArray[np.uint8], dict[str, npt.NDArray[Any]]]:
    """The vertices of some triangles: as plain bytes, and attribute by attribute."""
    count = 3 * len(chosen)
    places = np.zeros((count, 4), np.uint16)
    places[:, :3] = np.round((corners.positions[chosen].reshape(-1, 3) - low) / step)
    normals = np.zeros((count, 4), np.int8)
    ways = corners.normals[chosen].reshape(-1, 3)
    length = np.sqrt((ways * ways).sum(axis=1, keepdims=True))
    ways = np.where(length > 1e-6, ways / np.maximum(length, 1e-6), np.array([0, 1, 0]))
    normals[:, :3] = np.round(ways * 127)
    found: dict[str, npt.NDArray[Any]] = {"POSITION": places, "NORMAL": normals}
    for at in sorted(sets & set(range(len(corners.coordinates)))):
        fine = np.round(
            corners.coordinates[at][chosen].reshape(-1, 2).astype(np.float64).clip(-1e5, 1e5) * 4096
        )
        found[f"TEXCOORD_{at}"] = (fine / 4096).astype(np.float32)
    if corners.colors is not None:
        whole = corners.colors[chosen].reshape(-1, 4).clip(0, 1) * 255
        found["COLOR_0"] = np.round(whole).astype(np.uint8)
    plain = [
        np.ascontiguousarray(each).view(np.uint8).reshape(count, -1) for each in found.values()
    ]
    return np.concatenate(plain, axis=1), found


def _keys(rows: npt.NDArray[np.uint8]) -> npt.NDArray[Any]:
    whole = np.ascontiguousarray(rows)
    return whole.view([("", np.void, whole.shape[1])]).ravel()


def _wide(places: npt.NDArray[Any], triangles: Ints) -> npt.NDArray[np.bool_]:
    """Triangles that still have three different corners on the grid."""
    a, b, c = (places[triangles[:, corner]] for corner in range(3))
    return np.asarray(
        (a != b).any(axis=1) & (b != c).any(axis=1) & (a != c).any(axis=1)
    )  # fmt: skip


def _encoded(image: Image, purpose: str) -> tuple[bytes, str]:
    level = next((each for each in image.levels if max(each.shape[:2]) <= TEXTURE_SIDE),
                 image.levels[-1])  # fmt: skip
    picture = PIL.Image.fromarray(np.ascontiguousarray(level))
    if max(picture.size) > TEXTURE_SIDE:
        picture.thumbnail((TEXTURE_SIDE, TEXTURE_SIDE))
    out = io.BytesIO()
    if purpose == "clear" and picture.mode == "RGBA":
        picture.save(out, "PNG", compress_level=6)
        return out.getvalue(), "image/png"
    picture.convert("RGB").save(out, "JPEG", quality=92 if purpose == "normal" else 82)
    return out.getvalue(), "image/jpeg"
