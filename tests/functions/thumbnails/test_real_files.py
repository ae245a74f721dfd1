"""The worker with its real child process, on files as small as files can be."""

import json
import struct
from pathlib import Path
from typing import Any

import pytest

from imaging.report import PICTURES
from tests import cloud
from tests.people import Person
from tests.workshop import deliver, message, promised, send

MAGIC = {".png": b"\x89PNG", ".webp": b"RIFF", ".glb": b"glTF"}


def glb(document: dict[str, Any], binary: bytes) -> bytes:
    text = json.dumps(document).encode()
    text += b" " * (-len(text) % 4)
    binary += b"\0" * (-len(binary) % 4)
    chunks = struct.pack("<I4s", len(text), b"JSON") + text
    chunks += struct.pack("<I4s", len(binary), b"BIN\0") + binary
    return struct.pack("<4sII", b"glTF", 2, 12 + len(chunks)) + chunks


def a_pyramid() -> bytes:
    corners = [(0, 0, 0), (1, 0, 0), (0.5, 0, 1), (0.5, 1, 0.5)]
    faces = [(0, 1, 2), (0, 3, 1), (1, 3, 2), (2, 3, 0)]
    positions = b"".join(struct.pack("<3f", *corner) for corner in corners)
    indices = b"".join(struct.pack("<3H", *face) for face in faces)
    document = {
        "asset": {"version": "2.0"},
        "scene": 0,
        "scenes": [{"nodes": [0]}],
        "nodes": [{"mesh": 0}],
        "meshes": [{"primitives": [{"attributes": {"POSITION": 0}, "indices": 1}]}],
        "buffers": [{"byteLength": len(positions) + len(indices)}],
        "bufferViews": [
            {"buffer": 0, "byteOffset": 0, "byteLength": len(positions)},
            {"buffer": 0, "byteOffset": len(positions), "byteLength": len(indices)},
        ],
        "accessors": [
            {
                "bufferView": 0,
                "componentType": 5126,
                "count": 4,
                "type": "VEC3",
                "min": [0, 0, 0],
                "max": [1, 1, 1],
            },
            {"bufferView": 1, "componentType": 5123, "count": 12, "type": "SCALAR"},
        ],
    }
    return glb(document, positions + indices)


def look_at(creator: Person, filename: str, content: bytes) -> dict[str, Any]:
    form = promised(creator, filename, content)
    assert deliver(message(send(form, content))) == []
    seen: dict[str, Any] = creator.get(f"/api/uploads/{form['id']}").json()
    return seen


def test_a_small_model_is_read_and_drawn(creator: Person) -> None:
    upload = look_at(creator, "pyramid.glb", a_pyramid())

    assert (upload["status"], upload["reason"], upload["format"]) == ("ready", None, "glb")
    assert (upload["facts"]["triangles"], upload["facts"]["vertices"]) == (4, 4)
    pictures = cloud.stored(cloud.PICTURES)
    assert len(pictures) == len(PICTURES) + 1
    for key in pictures:
        body = cloud.client("s3").get_object(Bucket=cloud.PICTURES, Key=key)["Body"].read()
        assert body.startswith(MAGIC[Path(key).suffix])


@pytest.mark.parametrize(
    ("filename", "content"),
    [
        ("text.glb", b"This is a text, whatever its name says.\n" * 50),
        ("truncated.glb", a_pyramid()[:-40]),
        ("empty.zip", b"PK\x05\x06" + b"\0" * 18),
    ],
)
def test_what_is_no_model_is_refused_with_words(
    filename: str, content: bytes, creator: Person
) -> None:
    upload = look_at(creator, filename, content)

    assert upload["status"] == "rejected"
    assert len(upload["reason"]) > 20
    assert "Traceback" not in upload["reason"]
    assert cloud.stored(cloud.PICTURES) == cloud.stored(cloud.FILES) == []
