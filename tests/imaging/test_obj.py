"""OBJ files come in pieces, and are read as if they were whole."""

from pathlib import Path

import numpy as np
import pytest

from imaging import caps, loading
from imaging.errors import Refused
from imaging.files import Folder
from imaging.obj.loader import load_obj
from imaging.scene import Scene
from tests.imaging import shapes

HOUSE = b"""# a house
mtllib house.mtl
o walls
v 0 0 0 1 0 0
v 2 0 0 \\
 0 1 0
vt 0 0
vt 1 0
v 2 1 0 0 0 1
v 0 1 0 1 1 1
vn 0 0 1
\tusemtl brick
f 1/1/1 2/2/1 3/2/1 4/1/1

g roof
v 1 2 0 1 1 1
usemtl tile
f -1//-1 -2//-1 -3//-1
f 1 2 \\
 3"""


def read(text: bytes, size: int = 1 << 20) -> Scene:
    blocks = [text[start : start + size] for start in range(0, len(text), size)]
    return load_obj(blocks, lambda _: None, 96)


@pytest.mark.parametrize("size", [1, 2, 7, 60])
@pytest.mark.parametrize("newline", [b"\n", b"\r\n"], ids=["unix", "windows"])
def test_it_does_not_matter_where_a_piece_ends(size: int, newline: bytes) -> None:
    assert _told(read(HOUSE.replace(b"\n", newline), size)) == _told(read(HOUSE))


def test_a_mac_of_old_ends_lines_its_own_way() -> None:
    plain = HOUSE.replace(b"\\\n", b"")

    assert _told(read(plain.replace(b"\n", b"\r"), 60)) == _told(read(plain))


def _told(scene: Scene) -> object:
    names = [material.name for material in scene.materials]
    assert (names, scene.unique_triangles, scene.vertices) == (["brick", "tile", ""], 4, 5)
    return scene.meshes, [
        (part.material, part.positions[part.triangles].tolist()) for part in scene.parts
    ]


def test_a_corner_counts_back_from_its_own_line() -> None:
    _, tiles = read(HOUSE).parts

    np.testing.assert_array_equal(tiles.positions[tiles.triangles[0], 1], [2, 1, 1])
    np.testing.assert_array_equal(tiles.positions[tiles.triangles[1], 0], [0, 2, 2])


def test_lines_without_colors_leave_all_without() -> None:
    scene = read(HOUSE + b"\nv 3 3 3\n")

    assert scene.parts[0].colors is None
    assert read(HOUSE).parts[0].colors is not None


@pytest.mark.parametrize(
    ("text", "code"),
    [
        (b"v 0 0 0\nv 1 0 0\nv 0 1 0\nf 1 2 x\n", "damaged"),
        (b"v 0 0 0\nv 1 0 0\nv 0 1 0\nf 1 2 -4\n", "damaged"),
        (b"v 0 0 0\nv 1 0 0\nv 0 1 0\nf 0 1 2\n", "damaged"),
        (b"v 0 0 0\nv 1 0 0\nv 0 1 0\nf 1/1 2/2 3/3\n", "damaged"),
        (b"v 0 0\nv 1 0\nv 0 1\nf 1 2 3\n", "damaged"),
        (b"v 0 0 1e60\nv 1 0 0\nv 0 1 0\nf 1 2 3\n", "damaged"),
        (b"v 0 0 0\nv 1 0 0\nv 0 1 0\nf 1 2 3" + b" " * (17 << 20), "damaged"),
        (b"usemtl %d\n" * 12_000 % tuple(range(12_000)), "too_complex"),
    ],
    ids=["words", "before the first", "zero", "no coordinates", "flat", "far", "endless", "names"],
)
def test_what_cannot_be_read_is_refused(text: bytes, code: str) -> None:
    with pytest.raises(Refused) as refused:
        read(text, 1 << 22)

    assert refused.value.code == code


def test_more_points_than_are_read_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(caps, "READ_VERTICES", 4)

    with pytest.raises(Refused, match="more vertices"):
        read(HOUSE)


def test_a_zip_is_not_unpacked_for_its_obj(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    upload = tmp_path / "upload"
    upload.write_bytes(shapes.zipped(house__obj=HOUSE))
    monkeypatch.setattr(Folder, "read", lambda *_: pytest.fail("read as a whole"))

    assert loading.load(upload, "house.zip", 96).scene.unique_triangles == 4


def test_an_obj_that_is_longer_than_its_zip_says_is_refused(tmp_path: Path) -> None:
    upload = tmp_path / "upload"
    packed = shapes.zipped(house__obj=HOUSE)
    size = len(HOUSE).to_bytes(4, "little")
    upload.write_bytes(packed.replace(size, (len(HOUSE) - 40).to_bytes(4, "little")))

    with pytest.raises(Refused, match="zip"):
        loading.load(upload, "house.zip", 96)
