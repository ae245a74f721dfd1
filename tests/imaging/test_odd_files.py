"""Odd but honest files are shown as their makers meant them."""

import dataclasses
import unicodedata
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Literal
from zipfile import ZIP_STORED

import numpy as np
import pytest

from imaging import loading
from imaging.errors import Refused
from imaging.files import MARK, open_zip
from imaging.ply.header import strip
from imaging.ply.loader import load_ply
from imaging.report import Facts, Report
from imaging.scene import Scene
from imaging.stl import load_stl
from tests.imaging import documents, shapes
from tests.imaging.conftest import Look, Pixels, Seen

POINTS, TRIANGLES = shapes.box()
RED = b"newmtl red\nKd 1 0 0\n"
PAINTED = shapes.obj(POINTS, TRIANGLES, "mtllib a.mtl\nusemtl red")


def facts(report: Report) -> Facts:
    assert report.facts is not None, report
    return report.facts


def is_red(pixels: Pixels) -> bool:
    """Whether the middle of a picture is."""
    half = len(pixels) // 2
    red, green, _ = pixels[half - 4 : half + 4, half - 4 : half + 4, :3].mean(axis=(0, 1))
    return bool(red > 2 * green)


@pytest.mark.parametrize(
    ("kind", "data"),
    [
        ("obj", b"v 9 9 9\n" + shapes.obj(POINTS, TRIANGLES + 1).strip()),
        ("stl", shapes.ascii_stl(POINTS, TRIANGLES)),
        ("ply", shapes.ply(POINTS, TRIANGLES, "ascii")),
        ("dae", documents.dae()),
        ("usd", documents.usda()),
    ],
)
def test_a_byte_order_mark_changes_nothing(look: Look, kind: str, data: bytes) -> None:
    marked = look(MARK + data)

    assert marked.format == kind
    assert dataclasses.asdict(facts(marked)) == dataclasses.asdict(facts(look(data)))


@pytest.mark.parametrize(("obj", "mtl"), [(MARK, b""), (b"", MARK)], ids=["obj", "mtl"])
def test_behind_a_byte_order_mark_stands_the_first_line(seen: Seen, obj: bytes, mtl: bytes) -> None:
    assert is_red(seen(shapes.zipped(a__obj=obj + PAINTED.strip(), a__mtl=mtl + RED)))


def ply(how: str, faces: list[str], rows: list[list[int]]) -> bytes:
    """The box, with these lines of a header for its faces; of binary numbers all are int."""
    head = ["ply", f"format {how} 1.0", f"element vertex {len(POINTS)}"]
    head += [*(f"property float {axis}" for axis in "xyz"), *faces, "end_header\n"]
    if how == "ascii":
        lines = [" ".join(map(str, row)) for row in [*POINTS.tolist(), *rows]]
        return ("\n".join(head) + "\n".join([*lines, ""])).encode()
    numbers = np.array([number for row in rows for number in row], "<i4")
    return "\n".join(head).encode() + POINTS.astype("<f4").tobytes() + numbers.tobytes()


@pytest.mark.parametrize("how", ["ascii", "binary_little_endian"])
def test_ply_strips_are_read_and_each_triangle_faces_out(look: Look, how: str) -> None:
    ring = [0, 1, 3, 2]
    quads = [[4 * side + corner for corner in ring] for side in range(6)]
    row = [corner for quad in quads for corner in [*quad, -1]]
    strips = ["element tristrips 1", "property list int int vertex_indices"]

    found = look(ply(how, strips, [[len(row), *row]]))

    assert facts(found).triangles == 12
    assert facts(found).bounding_box.size == pytest.approx((1, 1, 1))


def test_every_other_triangle_of_a_strip_is_turned_round() -> None:
    corners = np.array([0, 1, 2, 3, 4, -1, 5, 6, 7, 7, 8])

    assert strip(corners).tolist() == [[0, 1, 2], [2, 1, 3], [2, 3, 4], [5, 6, 7]]


@pytest.mark.parametrize("how", ["ascii", "binary_little_endian"])
@pytest.mark.parametrize("flags", [0, 7])
@pytest.mark.parametrize("name", ["vertex_indices", "corners"])
def test_a_number_before_the_corners_of_a_ply_is_none_of_them(
    how: str, flags: int, name: str
) -> None:
    lists = [
        f"element face {len(TRIANGLES)}", "property int flags", f"property list int int {name}",
        "property list int int none",
    ]  # fmt: skip
    faces = [[flags, 3, *triangle, 0] for triangle in TRIANGLES.tolist()]

    assert load_ply(ply(how, lists, faces)).unique_triangles == 12


def painted(mtl: bytes, obj: bytes = PAINTED, **files: bytes) -> Scene:
    """An OBJ with its MTL, out of a zip."""
    with TemporaryDirectory() as folder:
        source = Path(folder, "upload")
        source.write_bytes(shapes.zipped(a__obj=obj, a__mtl=mtl, **files))
        return loading.load(source, "a.zip", 96).scene


@pytest.mark.parametrize(
    "mtl", [b"newmtl\tred\nKd\t1 0 0\n", b"newmtl  red \n\tKd\t1\t0\t0 # red\n"]
)
def test_words_of_an_mtl_are_apart_by_tabs_too(mtl: bytes) -> None:
    assert painted(mtl).materials[0].base == (1, 0, 0, 1)


@pytest.mark.parametrize(
    "line",
    [
        b"map_Kd\tmy t.png",
        b"map_Kd -s 1 1 my t.png",
        b"map_Kd -o 0 -blendu on my t.png",
        b"map_Kd -mm 0 1 -bm 2 my t.png",
        b'map_Kd "my t.png"',
    ],
)
def test_options_of_a_texture_are_not_its_name(line: bytes) -> None:
    files = {"my t__png": shapes.picture((255, 0, 0), 8)}

    scene = painted(RED + line, **files)

    assert scene.notes == []
    assert [image.name for image in scene.images if image] == ["my t.png"]


@pytest.mark.parametrize("line", [b"mtllib b.mtl a.mtl", b"mtllib none.mtl a.mtl"])
def test_a_line_may_name_several_libraries(line: bytes) -> None:
    obj = PAINTED.replace(b"mtllib a.mtl", line)

    assert painted(RED, obj, b__mtl=b"newmtl x\n").materials[0].base == (1, 0, 0, 1)


def test_a_name_with_spaces_is_one_library_where_there_is_such_a_file() -> None:
    obj = PAINTED.replace(b"mtllib a.mtl", b"mtllib b a.mtl")

    scene = painted(b"newmtl red\nKd 0 0 1\n", obj, **{"b a__mtl": RED})

    assert scene.materials[0].base == (1, 0, 0, 1)


@pytest.mark.parametrize("clear", [b"Tr 1\n", b"d 0\n"])
def test_a_model_wholly_clear_was_not_meant(clear: bytes) -> None:
    found = painted(RED + clear).materials[0]

    assert (found.base, found.alpha) == ((1, 0, 0, 1), "opaque")


def test_what_is_clear_beside_others_was_meant() -> None:
    obj = PAINTED + b"\nusemtl glass\nf 1 2 3\n"

    _, glass, _ = painted(RED + b"newmtl glass\nd 0\n", obj).materials

    assert (glass.base[3], glass.alpha) == (0, "blend")


def test_a_comment_may_end_any_line_of_an_obj(look: Look) -> None:
    lines = [
        line + b" # one of the corner points of it" if line[:2] in (b"v ", b"f ") else line
        for line in PAINTED.splitlines()
    ]

    assert facts(look(b"\n".join(lines))).triangles == 12


def test_texture_coordinates_may_be_one_number(look: Look) -> None:
    flat = PAINTED.replace(b"\nf ", b"\nvt 0.5\nvt 0.5\nf ", 1).replace(b"\nf 1 ", b"\nf 1/2 ")

    assert facts(look(flat)).uv_sets == 1


@pytest.mark.parametrize("name", [b"Vertex Tower", b"vertex_part", b"a vertex 1 2 3"])
def test_the_name_of_an_stl_may_be_any(name: bytes) -> None:
    text = shapes.ascii_stl(POINTS, TRIANGLES)
    named = text.replace(b"made by a test", name).replace(b"endsolid", b"endsolid " + name)

    assert load_stl(named).unique_triangles == 12
    assert load_stl(b" ".join(named.split())).unique_triangles == 12  # all on one line


def test_an_stl_cut_within_a_triangle_is_told_so(look: Look) -> None:
    assert look(shapes.ascii_stl(POINTS, TRIANGLES)[:-60]).reason_code == "truncated"


def test_half_a_pair_in_a_name_becomes_a_question_mark(look: Look) -> None:
    made = shapes.Gltf()
    paint = made.texture(shapes.picture((255, 0, 0), 8))
    made.json["images"][0]["name"] = "a\ud800"
    material = made.material(name="b\ud800", pbrMetallicRoughness={"baseColorTexture": paint})
    made.node(mesh=made.mesh(POINTS, TRIANGLES, material=material))

    assert facts(look(made.glb())).textures[0].name == "a?"


def test_metalness_beyond_all_is_metal(seen: Seen) -> None:
    red = {"baseColorFactor": [1, 0, 0, 1], "metallicFactor": 1e30, "roughnessFactor": 1.0}

    assert is_red(seen(shapes.cube(pbrMetallicRoughness=red).glb()))


def test_usd_in_a_zip_of_others_is_no_usdz(look: Look) -> None:
    report = look(shapes.zipped(a__usda=documents.usda(), b__glb=shapes.cube().glb()))

    assert (report.format, report.formats) == ("glb", ["glb", "usd"])


def unflagged(files: dict[str, bytes]) -> bytes:
    """A zip whose names are UTF-8 and do not say so, as Finder writes them."""
    marks = {name: f"{number:#<{len(name.encode())}}" for number, name in enumerate(files)}
    data = shapes.packed(ZIP_STORED, {marks[name]: files[name] for name in files})
    for name, mark in marks.items():
        data = data.replace(mark.encode(), name.encode())
    return data


@pytest.mark.parametrize("form", ["NFC", "NFD"])
@pytest.mark.parametrize("flagged", [True, False], ids=["flagged", "unflagged"])
def test_names_with_accents_are_found_however_they_are_written(
    form: Literal["NFC", "NFD"], *, flagged: bool, tmp_path: Path
) -> None:
    made, name = shapes.cube(), unicodedata.normalize(form, "Würfel.bin")
    files = {"Möbel/a.gltf": made.described(uri="Würfel.bin"), f"Möbel/{name}": bytes(made.binary)}
    source = tmp_path / "upload"
    source.write_bytes(shapes.packed(ZIP_STORED, files) if flagged else unflagged(files))

    assert loading.load(source, "a.zip", 96).scene.unique_triangles == 12


def test_a_name_in_no_unicode_is_what_zip_says_it_is(tmp_path: Path) -> None:
    source = tmp_path / "upload"
    source.write_bytes(unflagged({"#.obj": PAINTED}).replace(b"#.obj", b"\x81.obj"))

    assert list(open_zip(source).entries) == ["ü.obj"]


@pytest.mark.parametrize("name", ["../ü.obj", "/ü.obj"])
def test_no_name_in_utf8_points_outside(name: str, tmp_path: Path) -> None:
    source = tmp_path / "upload"
    source.write_bytes(unflagged({name: PAINTED}))

    with pytest.raises(Refused, match="outside"):
        open_zip(source)
