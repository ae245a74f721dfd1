"""A ball with dents and a chequered skin, of as many triangles as asked for, as GLB."""

import io
import json
import struct
from typing import Any

import numpy as np
import PIL.Image


def ball(triangles: int) -> bytes:
    rows = round((triangles / 2) ** 0.5)
    v, u = np.mgrid[0 : rows + 1, 0 : rows + 1] / rows
    turn, lift = 2 * np.pi * u, np.pi * v
    out = (1 + 0.05 * np.sin(7 * turn) * np.sin(9 * lift))[..., None]
    normal = np.stack([np.sin(lift) * np.cos(turn), np.cos(lift), np.sin(lift) * np.sin(turn)], -1)
    corner = (np.arange(rows)[:, None] * (rows + 1) + np.arange(rows)).ravel()
    faces = np.concatenate([
        np.stack([corner, corner + 1, corner + rows + 1], 1),
        np.stack([corner + 1, corner + rows + 2, corner + rows + 1], 1),
    ])  # fmt: skip
    stored = [
        (out * normal).reshape(-1, 3).astype("f4"), normal.reshape(-1, 3).astype("f4"),
        np.stack([u, v], -1).reshape(-1, 2).astype("f4"), faces.astype("u4").ravel(),
    ]  # fmt: skip
    return _glb(stored, _chequers())


def _chequers(side: int = 1024) -> bytes:
    y, x = np.mgrid[0:side, 0:side] * 16 // side
    shade = np.where((x + y) % 2, 220, 70).astype(np.uint8)
    out = io.BytesIO()
    PIL.Image.fromarray(np.stack([shade, shade // 2, 255 - shade], -1)).save(out, "PNG")
    return out.getvalue()


def _glb(stored: list[Any], picture: bytes) -> bytes:
    blobs = [*(values.tobytes() for values in stored), picture]
    views, binary = [], b""
    for blob in blobs:
        views.append({"buffer": 0, "byteOffset": len(binary), "byteLength": len(blob)})
        binary += blob + b"\0" * (-len(blob) % 4)
    positions = stored[0]
    accessors = [
        {"bufferView": at, "componentType": 5126 if values.ndim > 1 else 5125,
         "count": len(values), "type": f"VEC{values.shape[1]}" if values.ndim > 1 else "SCALAR"}
        for at, values in enumerate(stored)
    ]  # fmt: skip
    accessors[0] |= {"min": positions.min(0).tolist(), "max": positions.max(0).tolist()}
    names = {"POSITION": 0, "NORMAL": 1, "TEXCOORD_0": 2}
    skin = {"baseColorTexture": {"index": 0}, "metallicFactor": 0.1, "roughnessFactor": 0.4}
    text = json.dumps({
        "asset": {"version": "2.0"}, "scene": 0, "scenes": [{"nodes": [0]}], "nodes": [{"mesh": 0}],
        "meshes": [{"primitives": [{"attributes": names, "indices": 3, "material": 0}]}],
        "materials": [{"pbrMetallicRoughness": skin}], "textures": [{"source": 0}],
        "images": [{"bufferView": 4, "mimeType": "image/png"}], "accessors": accessors,
        "bufferViews": views, "buffers": [{"byteLength": len(binary)}],
    }).encode()  # fmt: skip
    text += b" " * (-len(text) % 4)
    head = struct.pack("<4sII", b"glTF", 2, 28 + len(text) + len(binary))
    return b"".join([head, struct.pack("<I4s", len(text), b"JSON"), text,
                     struct.pack("<I4s", len(binary), b"BIN\0"), binary])  # fmt: skip
