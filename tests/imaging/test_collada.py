"""COLLADA: placed, posed and painted as the file says."""

import numpy as np
import pytest

from imaging.report import Facts
from tests.imaging import documents, shapes
from tests.imaging.conftest import Look, Seen
from tests.imaging.documents import BOUND, dae, dae_paint
from tests.imaging.test_pictures import BLUE, RED, middle, shown


def facts(look: Look, data: bytes) -> Facts:
    report = look(data, "model.dae", size=48)
    assert report.facts is not None, report
    return report.facts


@pytest.mark.parametrize(
    ("asset", "size"),
    [
        ("", (1, 2, 3)),
        ("<up_axis>Y_UP</up_axis>", (1, 2, 3)),
        ("<up_axis>Z_UP</up_axis>", (1, 3, 2)),
        ("<up_axis>X_UP</up_axis>", (2, 1, 3)),
        ('<unit name="inch" meter="0.0254"/>', (0.0254, 0.0508, 0.0762)),
    ],
)
def test_axes_and_units(look: Look, asset: str, size: tuple[float, float, float]) -> None:
    nodes = '<node><scale>1 2 3</scale><instance_geometry url="#cube"/></node>'

    assert facts(look, dae(nodes, asset=asset)).bounding_box.size == pytest.approx(size)


def test_transforms_apply_in_the_order_they_are_written(look: Look) -> None:
    nodes = (
        "<node><translate>10 0 0</translate><rotate>0 0 1 90</rotate><node><scale>4 1 1</scale>"
        '<matrix>1 0 0 0 0 1 0 0 0 0 1 0 0 0 0 1</matrix><instance_geometry url="#cube"/>'
        "</node></node>"
    )

    box = facts(look, dae(nodes)).bounding_box

    assert box.size == pytest.approx((1, 4, 1), abs=1e-5)
    assert box.minimum[0] == pytest.approx(9.5)


def test_a_node_used_twice_is_drawn_twice(look: Look) -> None:
    libraries = (
        '<library_nodes><node id="one"><instance_geometry url="#cube"/></node></library_nodes>'
    )
    nodes = (
        '<node><instance_node url="#one"/></node>'
        '<node><translate>5 0 0</translate><instance_node url="#one"/></node>'
    )

    found = facts(look, dae(nodes, libraries=libraries))

    assert (found.triangles, found.unique_triangles, found.meshes) == (24, 12, 1)
    assert found.bounding_box.size == pytest.approx((6, 1, 1))


def test_a_skinned_mesh_stands_where_its_joints_are(look: Look) -> None:
    found = facts(look, documents.dae_rigged((0, 5, 0)))

    assert (found.is_rigged, found.skins, found.joints) == (True, 1, 1)
    assert found.bounding_box.minimum == pytest.approx((-0.5, 4.5, -0.5))


@pytest.mark.parametrize(("method", "size"), [("NORMALIZED", 2.0), ("RELATIVE", 3.0)])
def test_morph_weights_shape_the_mesh(look: Look, method: str, size: float) -> None:
    bigger = documents.dae_mesh(documents.cube()).replace('id="cube"', 'id="big"')
    for name in ("places", "maps", "corners"):
        bigger = bigger.replace(f'"{name}', f'"{name}2').replace(f"#{name}", f"#{name}2")
    libraries = (
        f"<library_geometries>{bigger.replace('0.5', '1.0')}</library_geometries>"
        f'<library_controllers><controller id="morph"><morph source="#cube" method="{method}">'
        + documents.names("targets", ["big"])
        + documents.source("amounts", np.ones((1, 1)), "W")
        + '<targets><input semantic="MORPH_TARGET" source="#targets"/>'
        '<input semantic="MORPH_WEIGHT" source="#amounts"/></targets></morph></controller>'
        "</library_controllers>"
    )
    nodes = '<node><instance_controller url="#morph"/></node>'

    assert facts(look, dae(nodes, libraries=libraries)).bounding_box.size == pytest.approx(
        [size] * 3
    )


@pytest.mark.parametrize(("keys", "moving"), [([[0.0], [1.0]], 1), ([[1.0], [1.0]], 0)])
def test_only_animations_that_move_count(look: Look, keys: list[list[float]], moving: int) -> None:
    libraries = (
        "<library_animations><animation>" + documents.source("keys", np.array(keys), "X")
        + '<sampler id="s"><input semantic="OUTPUT" source="#keys"/></sampler></animation>'
        "</library_animations>"
    )  # fmt: skip

    assert facts(look, dae(libraries=libraries)).animations == moving


@pytest.mark.parametrize(
    ("shape", "counts", "triangles"),
    [("polylist", "<vcount>6 6 24</vcount>", 30), ("polygons", "", 34), ("tristrips", "", 34),
     ("trifans", "", 34)],
)  # fmt: skip
def test_polygons_strips_and_fans_are_cut_into_triangles(
    look: Look, shape: str, counts: str, triangles: int
) -> None:
    text = dae().decode().replace("<triangles ", f"<{shape} ").replace("<p>", f"{counts}<p>")

    found = facts(look, text.replace("</triangles>", f"</{shape}>").encode())

    assert found.triangles == triangles


def test_a_color_binds_to_its_symbol(seen: Seen) -> None:
    pixels = seen(dae(BOUND, libraries=dae_paint("<color>0.05 0.05 0.8 1</color>")))

    assert middle(pixels).argmax() == BLUE


def test_a_texture_beside_it_in_the_zip_is_found(look: Look, seen: Seen) -> None:
    libraries = dae_paint('<texture texture="sampler" texcoord="UV"/>',
                          image="file:///C:/art/My%20Paint.png")  # fmt: skip
    data = shapes.zipped(**{
        "model_IN_a__dae": dae(BOUND, libraries=libraries),
        "textures_IN_My Paint__png": shapes.picture((200, 20, 20), 128),
    })  # fmt: skip

    assert middle(seen(data)).argmax() == RED
    report = look(data)
    assert report.facts is not None
    assert [(each.name, each.width) for each in report.facts.textures] == [("My Paint.png", 128)]
    assert report.facts.notes == []


def test_a_missing_texture_is_told(look: Look) -> None:
    libraries = dae_paint('<texture texture="sampler" texcoord="UV"/>')

    assert "paint.png" in facts(look, dae(BOUND, libraries=libraries)).notes[0]


def test_what_is_half_clear_is_blended(seen: Seen) -> None:
    clear = "<transparency><float>0.3</float></transparency>"
    libraries = dae_paint("<color>0.8 0.1 0.1 1</color>", clear)

    pixels = seen(dae(BOUND, libraries=libraries))

    assert shown(pixels).sum() < 20
    assert (pixels[..., 3] > 0.2).sum() > 200
