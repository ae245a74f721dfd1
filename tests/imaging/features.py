"""glTF files that each use one more of its features: for the pictures, the facts and the fuzz."""

import io
from collections.abc import Callable
from typing import Any

import DracoPy  # type: ignore[import-not-found]
import meshopt  # type: ignore[import-untyped]
import numpy as np
import PIL.Image

from tests.imaging import shapes
from tests.imaging.shapes import Array, Gltf

POINTS, TRIANGLES = shapes.box()
UV = np.tile(np.array([[0, 1], [1, 1], [1, 0], [0, 0]], "f4"), (6, 1))


def card(paint: bytes | None = None, **material: Any) -> Gltf:
    """A square facing the front, painted."""
    made = Gltf()
    points, triangles, coordinates = shapes.square()
    rough = material.setdefault("pbrMetallicRoughness", {"metallicFactor": 0})
    if paint is not None:
        rough["baseColorTexture"] = made.texture(paint)
    made.node(mesh=made.mesh(
        points, triangles, TEXCOORD_0=made.accessor(coordinates), material=made.material(**material)
    ))  # fmt: skip
    return made


def encoded(picture: bytes, kind: str) -> bytes:
    """A PNG as another kind of picture."""
    out = io.BytesIO()
    with PIL.Image.open(io.BytesIO(picture)) as opened:
        opened.save(out, kind)
    return out.getvalue()


def draco() -> Gltf:
    made = Gltf()
    made.node(mesh=made.mesh(POINTS, TRIANGLES, TEXCOORD_0=made.accessor(UV)))
    packed = DracoPy.encode(
        POINTS.astype("f4"), TRIANGLES.astype("u4"), tex_coord=UV.astype(float), preserve_order=True
    )
    unpacked = {each["attribute_type"]: each["unique_id"] for each in DracoPy.decode(
        packed).attributes}  # fmt: skip
    made.json["meshes"][0]["primitives"][0]["extensions"] = {"KHR_draco_mesh_compression": {
        "bufferView": made.view(packed),
        "attributes": {"POSITION": unpacked[0], "TEXCOORD_0": unpacked[3]},
    }}  # fmt: skip
    for accessor in made.json["accessors"]:
        accessor.pop("bufferView")
    return made.using("KHR_draco_mesh_compression", required=True)


def meshopted() -> Gltf:
    made = shapes.cube()
    for view, mode, width, kind in ((0, "ATTRIBUTES", 3, "f4"), (1, "TRIANGLES", 1, "u2")):
        described = made.json["bufferViews"][view]
        start, length = described["byteOffset"], described["byteLength"]
        rows = np.frombuffer(bytes(made.binary[start : start + length]), kind).reshape(-1, width)
        packed = made.view(bytes(meshopt.encode_gltf_buffer(np.ascontiguousarray(rows), mode)))
        stored = made.json["bufferViews"].pop(packed)
        described["extensions"] = {"EXT_meshopt_compression": stored | {
            "count": len(rows), "byteStride": rows.itemsize * width, "mode": mode,
        }}  # fmt: skip
    return made.using("EXT_meshopt_compression", required=True)


def rigged(move: tuple[float, float, float] = (0, 1, 0)) -> Gltf:
    """A cube that hangs on one joint, which stands `move` away from where it was bound."""
    made = Gltf()
    joints = made.accessor(np.zeros((24, 4), "u1"))
    weights = made.accessor(np.tile(np.array([[1, 0, 0, 0]], "f4"), (24, 1)))
    mesh = made.mesh(POINTS, TRIANGLES, JOINTS_0=joints, WEIGHTS_0=weights)
    joint = made.node(translation=list(move))
    made.json["skins"] = [{"joints": [joint], "inverseBindMatrices": made.accessor(
        np.eye(4, dtype="f4").reshape(1, 16))}]  # fmt: skip
    made.node(mesh=mesh, skin=0, translation=[100, 100, 100])
    return made


def animated(*takes: list[list[float]]) -> Gltf:
    made = shapes.cube()
    made.json["animations"] = [
        {
            "channels": [{"sampler": 0, "target": {"node": 0, "path": "translation"}}],
            "samplers": [{
                "input": made.accessor(
                    np.arange(len(keys), dtype="f4"), min=[0], max=[len(keys) - 1]
                ),
                "output": made.accessor(np.array(keys, "f4")),
            }],
        }
        for keys in takes
    ]  # fmt: skip
    return made


def morphed(weight: float = 1.0) -> Gltf:
    made = Gltf()
    mesh = made.mesh(POINTS, TRIANGLES)
    primitive = made.json["meshes"][mesh]["primitives"][0]
    primitive["targets"] = [{"POSITION": made.bounded(POINTS.astype("f4"))}]
    made.json["meshes"][mesh]["weights"] = [weight]
    made.node(mesh=mesh)
    return made


def sparse() -> Gltf:
    made = shapes.cube()
    made.json["accessors"][0] |= {"max": [0.5, 9, 0.5], "min": [-0.5, -9, -0.5], "sparse": {
        "count": 2,
        "indices": {"bufferView": made.view(np.array([0, 5], "u2").tobytes()),
                    "componentType": 5123},
        "values": {"bufferView": made.view(np.array([[0, 9, 0], [0, -9, 0]], "f4").tobytes())},
    }}  # fmt: skip
    return made


def quantized() -> Gltf:
    made = Gltf()
    mesh = made.mesh(POINTS, TRIANGLES)
    padded = np.zeros((24, 4), "i2")
    padded[:, :3] = np.round(POINTS * 2 * 32767)
    made.json["meshes"][mesh]["primitives"][0]["attributes"]["POSITION"] = made.accessor(
        padded, normalized=True, type="VEC3", max=[32767] * 3, min=[-32767] * 3
    )
    made.json["bufferViews"][-1] |= {"byteStride": 8, "target": 34962}
    made.node(mesh=mesh, scale=[2, 3, 4])
    return made.using("KHR_mesh_quantization", required=True)


def striped(x: Array, y: Array) -> Array:
    return np.stack([255 * (x < 0.5), 255 * (y < 0.5), 90 + 0 * x], axis=-1)


def dressed() -> Gltf:
    """Every texture a material can have, one of them moved."""
    paint = shapes.picture(striped, 16)
    made = card(paint, alphaMode="BLEND", doubleSided=True)
    material = made.json["materials"][0]
    material["normalTexture"] = made.texture(shapes.picture((128, 128, 255), 8), scale=0.5)
    material["occlusionTexture"] = made.texture(shapes.picture((90, 90, 90), 8), strength=0.5)
    material["emissiveTexture"] = made.texture(shapes.picture((9, 0, 0), 8))
    material["emissiveFactor"] = [1, 1, 1]
    rough = material["pbrMetallicRoughness"]
    rough["metallicRoughnessTexture"] = made.texture(shapes.picture((0, 128, 255), 8))
    moved = {"scale": [0.5, 2], "offset": [0.1, 0.2], "rotation": 0.3}
    rough["baseColorTexture"]["extensions"] = {"KHR_texture_transform": moved}
    return made.using("KHR_texture_transform")


def webp() -> Gltf:
    made = card()
    picture = made.texture(encoded(shapes.picture((200, 30, 30), 32), "WEBP"))
    made.json["images"][0]["mimeType"] = "image/webp"
    made.json["textures"] = [{"extensions": {"EXT_texture_webp": {"source": 0}}}]
    made.json["materials"][0]["pbrMetallicRoughness"]["baseColorTexture"] = picture
    return made.using("EXT_texture_webp", required=True)


def painted() -> Gltf:
    made = Gltf()
    points, triangles, _ = shapes.square()
    colors = np.array([[1, 0, 0], [0, 0, 1], [0, 0, 1], [1, 0, 0]], "f4")
    made.node(mesh=made.mesh(points, triangles, COLOR_0=made.accessor(colors)))
    return made


def strips() -> Gltf:
    made = Gltf()
    points, _, _ = shapes.square()
    for mode in (5, 6):
        made.node(mesh=made.mesh(points[[0, 1, 3, 2]], np.arange(4), mode=mode))
    return made


def instanced() -> Gltf:
    made = shapes.cube()
    made.node(mesh=0, translation=[3, 0, 0])
    made.node(mesh=0, translation=[6, 0, 0], scale=[-1, 1, 1])
    return made


FEATURES: dict[str, Callable[[], Gltf]] = {
    "plain": shapes.cube, "draco": draco, "meshopt": meshopted, "skinned": rigged,
    "animated": lambda: animated([[0, 0, 0], [0, 1, 0]], [[1, 1, 1]]), "morphed": morphed,
    "sparse": sparse, "quantized": quantized, "dressed": dressed, "webp": webp,
    "painted": painted, "strips": strips, "instanced": instanced,
    "masked": lambda: card(shapes.picture((9, 200, 9, 255), 8), alphaMode="MASK"),
}  # fmt: skip
