"""3MF: what its build places, in its unit, with its colors."""

import pytest

from imaging.report import Facts
from tests.imaging import shapes
from tests.imaging.conftest import Look, Seen
from tests.imaging.documents import cube_object, package, threemf
from tests.imaging.test_pictures import BLUE, GREEN, RED, middle

PAINT = '<basematerials id="9"><base name="paint" displaycolor="#0505D0"/></basematerials>'
GROUP = '<m:colorgroup id="9"><m:color color="#D00505"/><m:color color="#05D005FF"/></m:colorgroup>'


def facts(look: Look, data: bytes) -> Facts:
    report = look(data, "model.3mf", size=48)
    assert report.facts is not None, report
    return report.facts


@pytest.mark.parametrize(
    ("unit", "metres"),
    [("millimeter", 0.001), ("micron", 1e-6), ("inch", 0.0254), ("foot", 0.3048), ("meter", 1.0)],
)
def test_units(look: Look, unit: str, metres: float) -> None:
    assert facts(look, threemf(unit=unit)).bounding_box.size == pytest.approx([metres] * 3)


def test_z_is_up_and_items_are_placed(look: Look) -> None:
    build = '<item objectid="1" transform="1 0 0 0 1 0 0 0 4 10 0 0"/>'

    box = facts(look, threemf(build=build, unit="meter")).bounding_box

    assert box.size == pytest.approx((1, 4, 1))
    assert box.minimum[0] == pytest.approx(9.5)


def test_components_are_placed_within_what_uses_them(look: Look) -> None:
    pair = (
        '<object id="2"><components><component objectid="1"/>'
        '<component objectid="1" transform="1 0 0 0 1 0 0 0 1 3 0 0"/></components></object>'
    )
    build = '<item objectid="2"/><item objectid="2" transform="1 0 0 0 1 0 0 0 1 6 0 0"/>'

    found = facts(look, threemf(cube_object() + pair, build, unit="meter"))

    assert (found.triangles, found.unique_triangles, found.meshes) == (48, 12, 1)
    assert found.bounding_box.size == pytest.approx((10, 1, 1))


def test_objects_in_other_parts_of_the_package_are_found(look: Look) -> None:
    other = threemf()  # its model is the part
    part = shapes.unzipped(other)["3D/3dmodel.model"]
    resources = (
        '<object id="1"><components><component p:path="/3D/Objects/part.model" objectid="1"/>'
        "</components></object>"
    )

    found = facts(look, threemf(resources, files={"3D_IN_Objects_IN_part__model": part}))

    assert found.triangles == 12


def test_base_materials_have_their_colors(seen: Seen, look: Look) -> None:
    data = threemf(PAINT + cube_object(given='pid="9" pindex="0"'))

    assert middle(seen(data)).argmax() == BLUE
    assert facts(look, data).materials == 1


def test_colors_of_triangles_and_corners(seen: Seen) -> None:
    green = threemf(GROUP + cube_object(each='pid="9" p1="1"'))
    red = threemf(GROUP + cube_object(given='pid="9" pindex="0"'))

    assert middle(seen(green)).argmax() == GREEN
    assert middle(seen(red)).argmax() == RED


def test_textures_are_read_from_the_package(seen: Seen, look: Look) -> None:
    resources = (
        '<m:texture2d id="5" path="/3D/Textures/paint.png" contenttype="image/png"/>'
        '<m:texture2dgroup id="9" texid="5"><m:tex2coord u="0" v="0"/><m:tex2coord u="1" v="0"/>'
        '<m:tex2coord u="1" v="1"/></m:texture2dgroup>'
        + cube_object(each='pid="9" p1="0" p2="1" p3="2"')
    )
    data = threemf(
        resources, files={"3D_IN_Textures_IN_paint__png": shapes.picture((9, 200, 9), 64)}
    )

    assert middle(seen(data)).argmax() == GREEN
    assert [each.width for each in facts(look, data).textures] == [64]


def test_without_a_build_every_object_is_shown(look: Look) -> None:
    assert facts(look, threemf(build="")).triangles == 12


def test_an_encrypted_one_is_refused(look: Look) -> None:
    report = look(package(b"<model/>", Secure_IN_keystore__xml=b"<keystore/>"))

    assert (report.status, report.reason_code) == ("rejected", "unsupported")
