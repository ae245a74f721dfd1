"""Every format we take, as creators export it, ends with facts and pictures."""

import numpy as np
import pytest

from imaging.report import PICTURES
from tests.imaging import documents, shapes
from tests.imaging.conftest import Look

POINTS, TRIANGLES = shapes.box()
MTL = b"newmtl paint\nKd 0 0 0\nmap_Kd -s 1 1 1 C:\\work\\Paint.PNG\n"
CORNERS = "vt 0 0\nvt 1 0\nvt 1 1\nvt 0 1"


def textured_obj() -> bytes:
    faces = "\n".join(f"f {a + 1}/{a % 4 + 1} {b + 1}/{b % 4 + 1} {c + 1}/{c % 4 + 1}"
                      for a, b, c in TRIANGLES)  # fmt: skip
    points = "\n".join(f"v {x} {y} {z}" for x, y, z in POINTS)
    return f"mtllib ..\\paint.mtl\n{points}\n{CORNERS}\nusemtl paint\n{faces}".encode()


def separate_gltf(uri: str) -> tuple[bytes, bytes]:
    made = shapes.cube()
    return made.described(uri=uri), bytes(made.binary)


@pytest.mark.parametrize(
    ("kind", "data"),
    [
        ("glb", shapes.cube().glb()),
        ("stl", shapes.stl(POINTS, TRIANGLES)),
        ("stl", shapes.stl(POINTS, TRIANGLES) + b"\0\0"),
        ("stl", shapes.ascii_stl(POINTS, TRIANGLES)),
        ("ply", shapes.ply(POINTS, TRIANGLES, "ascii")),
        ("ply", shapes.ply(POINTS, TRIANGLES, "binary_little_endian", (255, 0, 0))),
        ("ply", shapes.ply(POINTS, TRIANGLES, "binary_big_endian")),
        ("obj", shapes.obj(POINTS, TRIANGLES, "# made by a test")),
        ("glb", shapes.zipped(models_IN_cube__glb=shapes.cube().glb(), readme__txt=b"hello")),
        ("stl", shapes.zipped(cube__stl=shapes.stl(POINTS, TRIANGLES))),
        ("ply", shapes.zipped(cube__ply=shapes.ply(POINTS, TRIANGLES, "ascii"))),
        ("dae", documents.dae()),
        ("dae", shapes.zipped(cube__dae=documents.dae())),
        ("3mf", documents.threemf(unit="meter")),
        ("3mf", shapes.zipped(cube__3mf=documents.threemf(unit="meter"))),
        ("usd", documents.usda()),
        ("usdz", documents.usdz(documents.usda())),
        ("usdz", shapes.zipped(readme__txt=b"hello", cube__usdz=documents.usdz(documents.usda()))),
    ],
    ids=["glb", "stl", "padded-stl", "ascii-stl", "ascii-ply", "little-ply", "big-ply", "obj",
         "zipped-glb", "zipped-stl", "zipped-ply", "dae", "zipped-dae", "3mf", "zipped-3mf", "usda",
         "usdz", "zipped-usdz"],
)  # fmt: skip
def test_a_cube_is_a_cube_in_every_format(look: Look, kind: str, data: bytes) -> None:
    report = look(data, "whatever.bin")

    assert (report.status, report.format, report.reason) == ("ready", kind, None)
    assert report.facts is not None
    assert report.facts.triangles == 12
    size = np.array(report.facts.bounding_box.size)
    metres = 0.001 if kind == "stl" else 1.0  # STL is taken as millimetres
    np.testing.assert_allclose(size, metres, rtol=1e-5)
    assert report.pictures.keys() == PICTURES.keys()
    assert report.pictures["1024"].read_bytes()[8:12] == b"WEBP"


def test_the_content_decides_whatever_the_name_says(look: Look) -> None:
    report = look(shapes.ply(POINTS, TRIANGLES, "ascii"), "statue.glb")

    assert (report.status, report.format) == ("ready", "ply")


def test_an_obj_finds_its_materials_and_textures_in_the_zip(look: Look) -> None:
    report = look(shapes.zipped(
        house_IN_house__obj=textured_obj(), house_IN_paint__mtl=MTL,
        house_IN_tex_IN_paint__png=shapes.picture((200, 30, 30), 128),
    ))  # fmt: skip

    assert report.facts is not None
    assert [(t.width, t.height) for t in report.facts.textures] == [(128, 128)]
    assert report.facts.texture_resolution == "512"
    assert report.facts.notes == []


def test_an_obj_alone_shows_its_shape_and_tells_what_is_missing(look: Look) -> None:
    report = look(textured_obj(), "house.obj")

    assert report.status == "ready"
    assert report.facts is not None
    assert "paint.mtl" in report.facts.notes[0]


def test_a_gltf_finds_its_buffer_in_the_zip(look: Look) -> None:
    description, binary = separate_gltf("data/cube%20one.bin")

    report = look(shapes.zipped(**{
        "pack_IN_cube__gltf": description, "pack_IN_data_IN_cube one__bin": binary,
    }))  # fmt: skip

    assert (report.status, report.format) == ("ready", "gltf")


def test_a_gltf_without_its_buffer_says_how_to_send_both(look: Look) -> None:
    description, _ = separate_gltf("cube.bin")

    report = look(description, "cube.gltf")

    assert report.status == "rejected"
    assert "'cube.bin'" in str(report.reason)
    assert "zip" in str(report.reason)


def test_every_format_of_a_zip_is_named_the_shown_one_first(look: Look) -> None:
    report = look(shapes.zipped(a__stl=shapes.stl(POINTS, TRIANGLES), b__glb=shapes.cube().glb()))

    assert report.formats == ["glb", "stl"]


def test_a_format_with_a_picture_but_no_geometry_we_can_read_is_refused_by_name(look: Look) -> None:
    report = look(b"BLENDER-v405" + bytes(500), "scene.blend")

    assert (report.status, report.reason_code) == ("rejected", "unsupported")
    assert "Blender" in str(report.reason)
    assert report.pictures == {}


def test_quads_and_polygons_are_cut_into_triangles(look: Look) -> None:
    quad = b"v 0 0 0\nv 1 0 0\nv 1 1 0\nv 0 1 0\nv -1 0.5 0\nf 1 2 3 4\nf -5 -4 -3 -2 -1\n"

    facts = look(quad, "quad.obj").facts

    assert facts is not None
    assert facts.triangles == 5
