"""The preview shows the model and is not the product."""

import json
import struct
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from imaging.preview.simpler import KEPT_WHOLE, MOST
from imaging.report import Report
from imaging.sandbox import Limits, process
from tests.imaging import shapes
from tests.imaging.conftest import Look
from tests.imaging.shapes import Array, Gltf


def described(preview: Path | None) -> Any:
    assert preview is not None
    data = preview.read_bytes()
    assert data[:4] == b"glTF"
    (length,) = struct.unpack_from("<I", data, 12)
    return json.loads(data[20 : 20 + length])


def triangles(preview: Path | None) -> int:
    made = described(preview)
    primitives = made["meshes"][0]["primitives"]
    return sum(made["accessors"][each["indices"]]["count"] // 3 for each in primitives)


def ball(fineness: int) -> tuple[Array, Array]:
    """A unit sphere of 2 x fineness² triangles, with poles that are points."""
    down, around = np.meshgrid(np.linspace(0, np.pi, fineness + 1),
                               np.linspace(0, 2 * np.pi, fineness + 1), indexing="ij")  # fmt: skip
    points = np.stack(
        [np.sin(down) * np.cos(around), np.cos(down), np.sin(down) * np.sin(around)], axis=-1
    )
    corner = (np.arange(fineness)[:, None] * (fineness + 1) + np.arange(fineness)).ravel()
    one = np.stack([corner, corner + 1, corner + fineness + 1], axis=1)
    two = np.stack([corner + 1, corner + fineness + 2, corner + fineness + 1], axis=1)
    return points.reshape(-1, 3), np.concatenate([one, two])


def fine_ball(fineness: int, **material: Any) -> Gltf:
    made = Gltf()
    points, faces = ball(fineness)
    kind = "u4" if len(points) > 65535 else "u2"
    mesh = made.mesh(points, faces, material=made.material(**material))
    made.json["meshes"][mesh]["primitives"][0]["indices"] = made.accessor(
        faces.astype(kind).ravel()
    )
    made.node(mesh=mesh)
    return made


@pytest.mark.parametrize(("fineness", "most"), [(20, 800), (60, KEPT_WHOLE), (180, MOST)])
def test_a_preview_has_few_triangles(look: Look, fineness: int, most: int) -> None:
    report = look(fine_ball(fineness).glb())

    assert report.facts is not None
    assert 0.7 * most < triangles(report.preview) <= most
    assert report.facts.triangles == 2 * fineness**2, "facts are of the product"


def test_a_preview_is_as_large_as_the_model_and_lies_where_it_lies(look: Look) -> None:
    made = shapes.cube()
    made.json["nodes"][0] |= {"translation": [5, 6, 7], "scale": [2, 3, 4]}
    before = look(made.glb())
    assert before.facts is not None
    assert before.preview is not None
    box = before.facts.bounding_box

    after = look(before.preview.read_bytes()).facts

    assert after is not None
    np.testing.assert_allclose(after.bounding_box.minimum, box.minimum, atol=0.002)
    np.testing.assert_allclose(after.bounding_box.maximum, box.maximum, atol=0.002)
    assert (after.triangles, after.notes) == (12, [])


def test_textures_are_small_and_where_they_were(look: Look) -> None:
    def paint(x: Array, y: Array) -> Array:
        return np.stack([255 * (x < 0.5), 255 * (y < 0.5), 0 * x], axis=-1)

    made = Gltf()
    points, faces, coordinates = shapes.square()
    rough = {"baseColorTexture": made.texture(shapes.picture(paint, 1024)), "metallicFactor": 0}
    material = made.material(pbrMetallicRoughness=rough)
    made.node(
        mesh=made.mesh(points, faces, TEXCOORD_0=made.accessor(coordinates), material=material)
    )
    report = look(made.glb(), size=512)
    assert report.preview is not None

    again = look(report.preview.read_bytes(), size=512)

    assert again.facts is not None
    [texture] = again.facts.textures
    assert (texture.width, texture.height, texture.format) == (512, 512, "jpeg")
    assert alike(report, again) < 6


def alike(one: Report, other: Report) -> float:
    """How far the small stills of two reports lie apart, of 255."""
    import PIL.Image

    pictures = []
    for report in (one, other):
        with PIL.Image.open(report.pictures["256"]) as picture:
            pictures.append(np.asarray(picture, np.float32).copy())
    return float(np.abs(pictures[0] - pictures[1]).mean())


def test_a_preview_tells_no_names_and_moves_nothing(look: Look) -> None:
    made = shapes.cube(name="Secret material")
    made.json["nodes"][0]["name"] = "Secret node"
    made.json["asset"]["copyright"] = "Ada"
    times = made.accessor(np.array([0, 1], "f4"), min=[0], max=[1])
    moves = made.accessor(np.array([[0, 0, 0], [1, 0, 0]], "f4"))
    made.json["animations"] = [{
        "channels": [{"sampler": 0, "target": {"node": 0, "path": "translation"}}],
        "samplers": [{"input": times, "output": moves}],
    }]  # fmt: skip

    report = look(made.glb())

    assert report.facts is not None
    assert report.facts.is_animated
    text = json.dumps(described(report.preview))
    assert not any(word in text for word in ("Secret", "Ada", "animations", "skins"))


def test_a_cut_out_keeps_its_holes(look: Look) -> None:
    def paint(x: Array, y: Array) -> Array:
        return np.stack([255 + 0 * x, 0 * x, 0 * x, 255 * (x < 0.5)], axis=-1)

    made = Gltf()
    points, faces, coordinates = shapes.square()
    rough = {"baseColorTexture": made.texture(shapes.picture(paint)), "metallicFactor": 0}
    material = made.material(pbrMetallicRoughness=rough, alphaMode="MASK", alphaCutoff=0.3)
    made.node(
        mesh=made.mesh(points, faces, TEXCOORD_0=made.accessor(coordinates), material=material)
    )

    [kept] = described(look(made.glb()).preview)["materials"]

    assert (kept["alphaMode"], kept["alphaCutoff"]) == ("MASK", 0.3)


def test_many_triangles_are_merged_first(tmp_path: Path) -> None:
    source = tmp_path / "upload"
    source.write_bytes(fine_ball(460).glb())

    report = process(source, "ball.glb", tmp_path / "out", Limits(picture_size=64, frames=1))

    assert report.status == "ready", report
    assert 0.5 * MOST < triangles(report.preview) <= MOST
