"""Scans stand in the grid of their country, far from where numbers are fine."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from imaging import loading
from imaging.errors import Refused
from imaging.facts import facts
from imaging.scene import Scene
from tests.imaging import documents, shapes
from tests.imaging.shapes import Array

AWAY = np.array([500000.3, 120.0, 5400000.7])
POINTS, TRIANGLES = shapes.box((0.2, 0.2, 0.2))


def doubles(at: Array) -> bytes:
    """A PLY, binary, whose points have 64 bits."""
    head = shapes.ply(POINTS, TRIANGLES, "binary_little_endian").partition(b"end_header\n")[0]
    faces = np.zeros(len(TRIANGLES), [("n", "u1"), ("c", "<i4", 3)])
    faces["n"], faces["c"] = 3, TRIANGLES
    head = head.replace(b"property float", b"property double") + b"end_header\n"
    return head + (POINTS + at).astype("<f8").tobytes() + faces.tobytes()


def glb(at: Array) -> bytes:
    made = shapes.Gltf()
    made.node(mesh=made.mesh(POINTS, TRIANGLES), translation=at.tolist())
    return made.glb()


def skinned(at: Array) -> bytes:
    """By a joint that stands far away; where its node stands is of no matter."""
    made = shapes.Gltf()
    joints, weights = np.zeros((24, 4), "u1"), np.tile(np.array([1, 0, 0, 0], "f4"), (24, 1))
    mesh = made.mesh(
        POINTS, TRIANGLES, JOINTS_0=made.accessor(joints), WEIGHTS_0=made.accessor(weights)
    )
    made.json["skins"] = [{"joints": [made.node(translation=at.tolist())]}]
    made.node(mesh=mesh, skin=0)
    return made.glb()


def usd(at: Array) -> bytes:
    move = f"double3 xformOp:translate = {tuple(at.tolist())}"
    order = 'uniform token[] xformOpOrder = ["xformOp:translate"]'
    return documents.usda(f'def Xform "A" {{ {move}\n{order}\n{CUBE} }}')


CUBE = 'def Cube "B" { double size = 0.2 }'
MADE: dict[str, Callable[[Array], bytes]] = {
    "obj": lambda at: shapes.obj(POINTS + at, TRIANGLES),
    "ascii-ply": lambda at: shapes.ply(POINTS + at, TRIANGLES, "ascii"),
    "ply": doubles,
    "glb": glb,
    "skinned": skinned,
    "usd": usd,
}


@pytest.mark.parametrize("made", MADE.values(), ids=MADE)
def test_what_is_far_away_has_the_shape_it_has_nearby(
    made: Callable[[Array], bytes], tmp_path: Path
) -> None:
    near, far = (loaded(made(at), tmp_path) for at in (np.zeros(3), AWAY))
    box = facts(far).bounding_box

    np.testing.assert_allclose(shape(far), shape(near), atol=2e-5)
    np.testing.assert_allclose(box.minimum, AWAY - 0.1, atol=2e-5)
    np.testing.assert_allclose(box.maximum, AWAY + 0.1, atol=2e-5)


def loaded(data: bytes, folder: Path) -> Scene:
    source = folder / "upload"
    source.write_bytes(data)
    return loading.load(source, "model", 96).scene


def shape(scene: Scene) -> Array:
    """Its corners, from the middle of them."""
    found = np.concatenate([part.positions[part.triangles] for part in scene.parts])
    found = found.reshape(-1, 3).astype(np.float64)
    return found - found.mean(axis=0)


def test_points_that_no_face_has_draw_nothing_away(tmp_path: Path) -> None:
    stray = b"v 500000 0 5400000\n" + shapes.obj(POINTS, TRIANGLES + 1).strip()

    assert loaded(stray, tmp_path).origin.tolist() == [0, 0, 0]


@pytest.mark.parametrize("kind", ["obj", "ply", "ascii-ply"])
def test_what_lies_nowhere_is_refused_even_where_all_of_it_does(kind: str, tmp_path: Path) -> None:
    with pytest.raises(Refused):
        loaded(MADE[kind](np.full(3, 1e10)), tmp_path)
