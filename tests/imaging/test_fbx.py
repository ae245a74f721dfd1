"""FBX as creators export it: its texture beside it in the zip, its own unit, its own up."""

import pytest

from tests.imaging import shapes
from tests.imaging.conftest import Look
from tests.imaging.filmbox import fbx

PAINT = shapes.picture((200, 30, 30))


@pytest.mark.parametrize("entry", ["paint__png", "art_IN_Paint__PNG"])
def test_a_texture_beside_it_in_the_zip_is_found(look: Look, entry: str) -> None:
    report = look(shapes.zipped(model_IN_cube__fbx=fbx("paint.png"), **{entry: PAINT}), "cube.zip")

    assert (report.status, report.format) == ("ready", "fbx"), report
    assert report.facts is not None
    assert report.facts.notes == []
    assert [(each.width, each.height) for each in report.facts.textures] == [(64, 64)]


def test_a_texture_that_is_missing_is_told(look: Look) -> None:
    facts = look(fbx("paint.png"), "cube.fbx").facts

    assert facts is not None
    assert facts.textures == []
    assert any("paint.png" in note and "missing" in note for note in facts.notes)


@pytest.mark.parametrize(("up", "centimetres", "side"), [(1, 100.0, 1.0), (2, 1.0, 0.01)])
def test_units_become_metres_whatever_is_up(
    look: Look, up: int, centimetres: float, side: float
) -> None:
    facts = look(fbx(up=up, centimetres=centimetres), "cube.fbx").facts

    assert facts is not None
    assert facts.triangles == 12
    assert facts.bounding_box.size == pytest.approx((side, side, side), rel=1e-4)
