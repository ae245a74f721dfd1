"""USD: stages composed, prims placed, posed and painted as the file says."""

import pytest

from imaging.report import Facts
from tests.imaging import documents, shapes
from tests.imaging.conftest import Look, Seen
from tests.imaging.documents import usda, usda_cube, usda_paint, usda_texture, usdz
from tests.imaging.test_pictures import BLUE, GREEN, RED, middle, shown

PAINTED = usda_cube(inside="rel material:binding = </Paint>")


def facts(look: Look, data: bytes) -> Facts:
    report = look(data, "model.usdz", size=48)
    assert report.facts is not None, report
    return report.facts


def inside(prims: str, operations: str, order: str, kind: str = "Xform") -> str:
    steps = f"{operations}\nuniform token[] xformOpOrder = [{order}]"
    return f'def {kind} "Outer" {{\n{steps}\n{prims}\n}}'


@pytest.mark.parametrize(
    ("up", "metres", "size"),
    [("Y", 1.0, (1, 2, 3)), ("Z", 1.0, (1, 3, 2)), ("Y", 0.01, (0.01, 0.02, 0.03))],
)
def test_axes_and_units(
    look: Look, up: str, metres: float, size: tuple[float, float, float]
) -> None:
    scaled = inside(usda_cube(), "double3 xformOp:scale = (1, 2, 3)", '"xformOp:scale"')

    found = facts(look, usda(scaled, up=up, metres=metres))

    assert found.bounding_box.size == pytest.approx(size)


@pytest.mark.parametrize(
    ("operations", "order", "minimum"),
    [
        ("double3 xformOp:translate = (10, 0, 0)\nfloat xformOp:rotateZ = 90",
         '"xformOp:translate", "xformOp:rotateZ"', (9.5, -0.5, -0.5)),
        ("double3 xformOp:translate = (10, 0, 0)\nfloat xformOp:rotateZ = 90",
         '"xformOp:rotateZ", "xformOp:translate"', (-0.5, 9.5, -0.5)),
        ("quatf xformOp:orient = (0.7071, 0, 0, 0.7071)\nfloat3 xformOp:translate = (4, 0, 0)",
         '"xformOp:orient", "xformOp:translate"', (-0.5, 3.5, -0.5)),
        ("float3 xformOp:rotateXYZ = (90, 0, 90)\ndouble3 xformOp:translate = (0, 4, 0)",
         '"xformOp:rotateXYZ", "xformOp:translate"', (-0.5, -0.5, 3.5)),
        ("matrix4d xformOp:transform = ((1,0,0,0),(0,1,0,0),(0,0,1,0),(5,6,7,1))",
         '"xformOp:transform"', (4.5, 5.5, 6.5)),
        ("double3 xformOp:translate:pivot = (3, 0, 0)\nfloat xformOp:rotateY = 180",
         '"xformOp:translate:pivot", "xformOp:rotateY", "!invert!xformOp:translate:pivot"',
         (5.5, -0.5, -0.5)),
        ("double3 xformOp:translate.timeSamples = { 0: (7, 0, 0), 9: (0, 0, 0) }",
         '"xformOp:translate"', (6.5, -0.5, -0.5)),
    ],
)  # fmt: skip
def test_operations_apply_in_their_order(
    look: Look, operations: str, order: str, minimum: tuple[float, float, float]
) -> None:
    found = facts(look, usda(inside(usda_cube(), operations, order)))

    assert found.bounding_box.minimum == pytest.approx(minimum, abs=1e-4)


def test_a_skinned_mesh_stands_where_its_joints_start(look: Look) -> None:
    found = facts(look, documents.usda_rigged((0, 5, 0)))

    assert (found.is_rigged, found.skins, found.joints, found.animations) == (True, 1, 1, 1)
    assert found.bounding_box.minimum == pytest.approx((-0.5, 4.5, -0.5))


def test_samples_that_are_all_alike_move_nothing(look: Look) -> None:
    alike = "double3 xformOp:translate.timeSamples = { 0: (7, 0, 0), 9: (7, 0, 0) }"
    still = inside(usda_cube(), alike, '"xformOp:translate"')

    assert facts(look, usda(still)).is_animated is False


@pytest.mark.parametrize(("chosen", "height"), [("small", 1), ("tall", 4)])
def test_the_chosen_variant_is_shown(look: Look, chosen: str, height: int) -> None:
    tall = inside(usda_cube("Tall"), "float3 xformOp:scale = (1, 4, 1)", '"xformOp:scale"')
    prim = f"""def Xform "Model" (
    variants = {{ string size = "{chosen}" }}
    prepend variantSets = "size"
) {{
    variantSet "size" = {{
        "small" {{ {usda_cube("Small")} }}
        "tall" {{ {tall} }}
    }}
}}"""

    assert facts(look, usda(prim)).bounding_box.size[1] == pytest.approx(height)


def test_references_within_the_package_are_followed(look: Look, seen: Seen) -> None:
    blue = usda_paint("color3f inputs:diffuseColor = (0.02, 0.02, 0.8)")
    part = usda(f"""def Xform "Part" {{
    {usda_cube(inside="rel material:binding = </Part/Paint>")}
    {blue.replace("</Paint", "</Part/Paint")}
}}""", default="Part")  # fmt: skip
    scene = usda("""def Xform "All" {
    def Xform "One" (references = @./parts/part.usda@) {}
    def Xform "Two" (prepend references = @parts/part.usda@</Part>) {
        double3 xformOp:translate = (4, 0, 0)
        uniform token[] xformOpOrder = ["xformOp:translate"]
    }
    def Xform "Three" (payload = </All/One>) {
        double3 xformOp:translate = (8, 0, 0)
        uniform token[] xformOpOrder = ["xformOp:translate"]
    }
}""")
    data = usdz(scene, parts_IN_part__usda=part)

    assert facts(look, data).bounding_box.size == pytest.approx((9, 1, 1))
    assert middle(seen(data)).argmax() == BLUE


def test_a_missing_reference_is_told(look: Look) -> None:
    scene = usda(usda_cube() + '\ndef Xform "Gone" (references = @gone.usd@) {}')

    assert "gone.usd" in facts(look, scene).notes[0]


def test_instancers_repeat_their_prototypes(look: Look) -> None:
    scene = usda(f"""def PointInstancer "Many" {{
    rel prototypes = [</Many/Cube>]
    int[] protoIndices = [0, 0, 0]
    point3f[] positions = [(0, 0, 0), (3, 0, 0), (6, 0, 0)]
    {usda_cube()}
}}""")

    found = facts(look, scene)

    assert (found.triangles, found.unique_triangles) == (36, 12)
    assert found.bounding_box.size == pytest.approx((7, 1, 1))


@pytest.mark.parametrize(
    "hidden",
    ['token visibility = "invisible"', 'uniform token purpose = "guide"'],
)
def test_what_is_hidden_is_not_drawn(look: Look, hidden: str) -> None:
    scene = usda(usda_cube() + f'\ndef Xform "Hidden" {{ {hidden}\n{usda_cube("Inner")} }}')

    assert facts(look, scene).triangles == 12


@pytest.mark.parametrize(
    ("solid", "size"),
    [
        ("Sphere", (2, 2, 2)), ("Cube", (2, 2, 2)), ("Cylinder", (2, 2, 2)), ("Cone", (2, 2, 2)),
        ("Capsule", (1, 1, 2)),
    ],
)  # fmt: skip
def test_solids_have_their_sizes(look: Look, solid: str, size: tuple[float, float, float]) -> None:
    found = facts(look, usda(f'def {solid} "Solid" {{}}'))

    assert found.bounding_box.size == pytest.approx(size, rel=0.02)


def test_a_preview_surface_has_its_color(seen: Seen) -> None:
    paint = usda_paint("color3f inputs:diffuseColor = (0.02, 0.6, 0.02)")

    assert middle(seen(usda(PAINTED + paint))).argmax() == GREEN


def test_each_subset_of_faces_has_its_own_material(seen: Seen) -> None:
    subsets = "".join(f"""
    def GeomSubset "{name}" {{
        uniform token elementType = "face"
        uniform token familyName = "materialBind"
        int[] indices = {list(faces)}
        rel material:binding = </{name}>
    }}""" for name, faces in (("Red", range(6)), ("Blue", range(6, 12))))  # fmt: skip
    paints = "".join(
        usda_paint(f"color3f inputs:diffuseColor = {color}", name=name)
        for name, color in (("Red", (0.8, 0.02, 0.02)), ("Blue", (0.02, 0.02, 0.8)))
    )
    pixels = seen(usda(usda_cube(inside=subsets) + paints))

    color = pixels[shown(pixels)]
    assert (color[:, RED] > color[:, BLUE] + 0.2).mean() > 0.2
    assert (color[:, BLUE] > color[:, RED] + 0.2).mean() > 0.2


def test_textures_of_the_package_are_found(look: Look, seen: Seen) -> None:
    paint = usda_paint(
        "color3f inputs:diffuseColor.connect = </Paint/Texture.outputs:rgb>\n"
        "float inputs:roughness.connect = </Paint/Rough.outputs:r>\n"
        "float inputs:metallic.connect = </Paint/Metal.outputs:r>",
        usda_texture("textures/paint.png") + usda_texture("textures/rough.png", "Rough")
        + usda_texture("textures/metal.png", "Metal"),
    )  # fmt: skip
    data = usdz(
        usda(PAINTED + paint),
        textures_IN_paint__png=shapes.picture((220, 20, 20), 256),
        textures_IN_rough__png=shapes.picture((200, 200, 200), 64),
        textures_IN_metal__png=shapes.picture((0, 0, 0), 32),
    )

    assert middle(seen(data)).argmax() == RED
    found = facts(look, data)
    assert sorted(each.width for each in found.textures) == [32, 64, 256]
    assert (found.workflow, found.texture_resolution) == ("metallic-roughness", "512")


def test_a_missing_texture_is_told(look: Look) -> None:
    paint = usda_paint(
        "color3f inputs:diffuseColor.connect = </Paint/Texture.outputs:rgb>",
        usda_texture("gone.png"),
    )

    assert "gone.png" in facts(look, usda(PAINTED + paint)).notes[0]


def test_display_colors_are_shown_where_there_is_no_material(seen: Seen) -> None:
    blue = 'color3f[] primvars:displayColor = [(0.02, 0.02, 0.8)] (interpolation = "constant")'
    painted = usda_cube(inside=blue)

    assert middle(seen(usda(painted))).argmax() == BLUE
