"""What we say of a file is what is in it."""

import dataclasses
import json
from typing import Any

import numpy as np
import pytest

from imaging.report import Facts
from tests.imaging import shapes
from tests.imaging.conftest import Look
from tests.imaging.features import animated, rigged
from tests.imaging.shapes import Gltf

POINTS, TRIANGLES = shapes.box()


def facts(look: Look, data: bytes) -> Facts:
    report = look(data, size=48)
    assert report.facts is not None, report
    return report.facts


def test_instances_are_drawn_each_but_counted_once_as_unique(look: Look) -> None:
    made = shapes.cube()
    made.node(mesh=0, translation=[3, 0, 0])
    made.node(mesh=0, translation=[6, 0, 0])

    found = facts(look, made.glb())

    assert (found.triangles, found.unique_triangles, found.vertices, found.meshes) == (
        36,
        12,
        24,
        1,
    )
    assert found.bounding_box.size == pytest.approx((7, 1, 1))


def test_a_node_outside_the_scene_is_not_counted(look: Look) -> None:
    made = shapes.cube()
    made.node(root=False, mesh=0, translation=[50, 0, 0])

    assert facts(look, made.glb()).bounding_box.size == pytest.approx((1, 1, 1))


def test_a_skinned_mesh_stands_where_its_joints_are_not_where_its_node_is(look: Look) -> None:
    found = facts(look, rigged((0, 5, 0)).glb())

    assert (found.is_rigged, found.skins, found.joints) == (True, 1, 1)
    assert found.bounding_box.minimum == pytest.approx((-0.5, 4.5, -0.5))


def test_default_morph_weights_shape_the_mesh(look: Look) -> None:
    made = Gltf()
    mesh = made.mesh(POINTS, TRIANGLES)
    primitive = made.json["meshes"][mesh]["primitives"][0]
    primitive["targets"] = [{"POSITION": made.accessor(POINTS.astype("f4"))}]
    made.json["meshes"][mesh]["weights"] = [2.0]
    made.node(mesh=mesh)

    assert facts(look, made.glb()).bounding_box.size == pytest.approx((3, 3, 3))


def test_a_node_may_override_the_weights_of_its_mesh(look: Look) -> None:
    made = Gltf()
    mesh = made.mesh(POINTS, TRIANGLES)
    primitive = made.json["meshes"][mesh]["primitives"][0]
    primitive["targets"] = [{"POSITION": made.accessor(POINTS.astype("f4"))}]
    made.json["meshes"][mesh]["weights"] = [2.0]
    made.node(mesh=mesh, weights=[0])

    assert facts(look, made.glb()).bounding_box.size == pytest.approx((1, 1, 1))


def test_sparse_values_replace_the_stored_ones(look: Look) -> None:
    made = shapes.cube()
    made.json["accessors"][0]["sparse"] = {
        "count": 2,
        "indices": {"bufferView": made.view(np.array([0, 5], "u2").tobytes()),
                    "componentType": 5123},
        "values": {"bufferView": made.view(np.array([[0, 9, 0], [0, -9, 0]], "f4").tobytes())},
    }  # fmt: skip

    assert facts(look, made.glb()).bounding_box.size == pytest.approx((1, 18, 1))


def test_quantised_positions_are_stretched_by_their_node(look: Look) -> None:
    made = Gltf()
    mesh = made.mesh(POINTS, TRIANGLES)
    primitive = made.json["meshes"][mesh]["primitives"][0]
    padded = np.zeros((24, 4), "i2")
    padded[:, :3] = np.round(POINTS * 2 * 32767)
    primitive["attributes"]["POSITION"] = made.accessor(padded, normalized=True, type="VEC3")
    made.json["bufferViews"][-1]["byteStride"] = 8
    made.node(mesh=mesh, scale=[2, 3, 4])

    assert facts(look, made.glb()).bounding_box.size == pytest.approx((4, 6, 8), rel=1e-3)


def test_nodes_turn_scale_and_move_in_that_order(look: Look) -> None:
    made = shapes.cube()
    half = float(np.sqrt(0.5))
    made.json["nodes"][0] |= {"scale": [4, 1, 1], "rotation": [0, 0, half, half],
                              "translation": [10, 0, 0]}  # fmt: skip
    box = facts(look, made.glb()).bounding_box

    assert box.size == pytest.approx((1, 4, 1), abs=1e-5)
    assert box.minimum[0] == pytest.approx(9.5)


@pytest.mark.parametrize(
    ("takes", "moving"),
    [
        ([], 0),
        ([[[0, 0, 0]]], 0),
        ([[[1, 2, 3], [1, 2, 3], [1, 2, 3]]], 0),
        ([[[0, 0, 0], [0, 1, 0]]], 1),
        ([[[0, 0, 0], [0, 0, 0]], [[0, 0, 0], [5, 0, 0]]], 1),
    ],
    ids=["none", "one key", "Take 001", "moves", "one of two moves"],
)
def test_only_animations_that_move_count(look: Look, takes: list[Any], moving: int) -> None:
    found = facts(look, animated(*takes).glb())

    assert (found.animations, found.is_animated) == (moving, moving > 0)


@pytest.mark.parametrize(
    ("side", "name"), [(16, "512"), (512, "512"), (1000, "1K"), (1024, "1K"), (2048, "2K")]
)
def test_texture_resolution_is_the_largest_side_by_its_usual_name(
    look: Look, side: int, name: str
) -> None:
    made = shapes.cube()
    large = made.texture(shapes.picture((9, 9, 9), side))
    small = made.texture(shapes.picture((9, 9, 9), 8))
    made.json["materials"][0] = {
        "pbrMetallicRoughness": {"baseColorTexture": large}, "emissiveTexture": small,
    }  # fmt: skip

    found = facts(look, made.glb())

    assert found.texture_resolution == name
    assert [(texture.width, texture.format) for texture in found.textures] == [
        (side, "png"), (8, "png"),
    ]  # fmt: skip


def test_without_textures_there_is_no_resolution(look: Look) -> None:
    found = facts(look, shapes.cube().glb())

    assert (found.texture_resolution, found.textures) == ("None", [])


@pytest.mark.parametrize(
    ("material", "workflow"),
    [
        ({"pbrMetallicRoughness": {}}, "metallic-roughness"),
        ({"extensions": {"KHR_materials_unlit": {}}}, "unlit"),
        ({"extensions": {"KHR_materials_pbrSpecularGlossiness": {}}}, "specular-glossiness"),
    ],
)
def test_the_workflow_is_named(look: Look, material: dict[str, Any], workflow: str) -> None:
    assert facts(look, shapes.cube(**material).glb()).workflow == workflow


def test_what_is_not_shown_is_told(look: Look) -> None:
    made = shapes.cube()
    ktx = b"\xabKTX 20\xbb\r\n\x1a\n" + np.array([0, 1, 256, 256, 0], "<u4").tobytes() + bytes(64)
    made.json["materials"][0] = {"pbrMetallicRoughness": {"baseColorTexture": made.texture(ktx)}}
    made.json["extensionsUsed"] = ["KHR_texture_basisu", "EXT_mesh_gpu_instancing"]

    found = facts(look, made.glb())

    assert found.extensions == ["EXT_mesh_gpu_instancing", "KHR_texture_basisu"]
    assert any("KTX2" in note for note in found.notes)
    assert any("EXT_mesh_gpu_instancing" in note for note in found.notes)
    assert found.textures[0].width == 256


def test_a_damaged_texture_does_not_spoil_the_model(look: Look) -> None:
    made = shapes.cube()
    torn = shapes.picture((200, 0, 0), 64)[:-40]
    made.json["materials"][0] = {"pbrMetallicRoughness": {"baseColorTexture": made.texture(torn)}}

    assert any("damaged" in note for note in facts(look, made.glb()).notes)


def test_of_many_textures_a_hundred_are_told_and_all_counted(look: Look) -> None:
    made = shapes.cube()
    paint = shapes.picture((9, 9, 9), 1)
    for number in range(120):
        texture = made.texture(paint)
        made.json["images"][-1]["name"] = f"{number} " + "\N{PILE OF POO}" * 195
        made.material(pbrMetallicRoughness={"baseColorTexture": texture})

    found = facts(look, made.glb())

    assert (len(found.textures), found.texture_count) == (100, 120)
    assert max(len(texture.name) for texture in found.textures) == 60
    assert len(json.dumps(dataclasses.asdict(found), ensure_ascii=False).encode()) < 100_000
