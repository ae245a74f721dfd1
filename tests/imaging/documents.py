"""Small models in formats made of text: 3MF, DAE and USD, with as much in them as a test needs."""

from zipfile import ZIP_STORED

import numpy as np

from tests.imaging.shapes import Array, box, packed, zipped

RELATIONS = b"""<?xml version="1.0"?>
<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">
<Relationship Target="/3D/3dmodel.model" Id="r" Type="http://schemas.microsoft.com/3dmanufacturing/2013/01/3dmodel"/>
</Relationships>"""
TYPES = b'<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"/>'
CUBE_3MF = '<item objectid="1"/>'
WHERE_IN_COLLADA = "http://www.collada.org/2005/11/COLLADASchema"


type Shape = tuple[Array, Array, Array]
"""Points, triangles, and texture coordinates of the points."""


def cube() -> Shape:
    return *box(), np.tile([[0, 0], [1, 0], [1, 1], [0, 1]], (6, 1))


def numbers(values: Array) -> str:
    return " ".join(map(str, np.asarray(values).ravel().tolist()))


def threemf(
    resources: str = "",
    build: str = CUBE_3MF,
    *,
    unit: str = "millimeter",
    files: dict[str, bytes] | None = None,
) -> bytes:
    """A 3MF package; its object 1 is a cube of one unit, unless `resources` brings its own."""
    body = resources if 'id="1"' in resources else resources + cube_object()
    model = f"""<?xml version="1.0" encoding="UTF-8"?>
<model unit="{unit}" xmlns="http://schemas.microsoft.com/3dmanufacturing/core/2015/02"
 xmlns:m="http://schemas.microsoft.com/3dmanufacturing/material/2015/02"
 xmlns:p="http://schemas.microsoft.com/3dmanufacturing/production/2015/06">
<resources>{body}</resources><build>{build}</build></model>"""
    return package(model.encode(), **(files or {}))


def package(model: bytes, **files: bytes) -> bytes:
    return zipped(**{
        "[Content_Types]__xml": TYPES, "_rels_IN___rels": RELATIONS,
        "3D_IN_3dmodel__model": model,
    } | files)  # fmt: skip


def cube_object(number: int = 1, given: str = "", each: str = "") -> str:
    """A cube; `given` are attributes of the object, `each` of its triangles."""
    return mesh_object(*box(), number, given, each)


def mesh_object(
    points: Array, triangles: Array, number: int = 1, given: str = "", each: str = ""
) -> str:
    return (
        f'<object id="{number}" type="model" {given}><mesh><vertices>'
        + "".join(f'<vertex x="{x}" y="{y}" z="{z}"/>' for x, y, z in points)
        + "</vertices><triangles>"
        + "".join(f'<triangle v1="{a}" v2="{b}" v3="{c}" {each}/>' for a, b, c in triangles)
        + "</triangles></mesh></object>"
    )


def source(name: str, values: Array, params: str = "XYZ") -> str:
    stride = np.asarray(values).reshape(len(values), -1).shape[1]
    return (
        f'<source id="{name}"><float_array id="{name}-array" count="{np.size(values)}">'
        f"{numbers(values)}</float_array><technique_common>"
        f'<accessor source="#{name}-array" count="{len(values)}" stride="{stride}">'
        + "".join(f'<param name="{letter}" type="float"/>' for letter in params)
        + "</accessor></technique_common></source>"
    )


def names(name: str, words: list[str]) -> str:
    return (
        f'<source id="{name}"><Name_array id="{name}-array" count="{len(words)}">'
        f"{' '.join(words)}</Name_array></source>"
    )


def dae_mesh(shape: Shape, material: str = "paint") -> str:
    """A shape with texture coordinates, and a list of triangles."""
    points, triangles, square = shape
    corners = np.repeat(triangles.ravel(), 2).tolist()
    return (
        '<geometry id="cube"><mesh>' + source("places", points) + source("maps", square, "ST")
        + '<vertices id="corners"><input semantic="POSITION" source="#places"/></vertices>'
        f'<triangles count="{len(triangles)}" material="{material}">'
        '<input semantic="VERTEX" source="#corners" offset="0"/>'
        '<input semantic="TEXCOORD" source="#maps" offset="1" set="0"/>'
        f"<p>{' '.join(map(str, corners))}</p></triangles></mesh></geometry>"
    )  # fmt: skip


def dae(
    nodes: str = '<node><instance_geometry url="#cube"/></node>',
    *,
    libraries: str = "",
    asset: str = "",
    head: str = "",
    shape: Shape | None = None,
) -> bytes:
    """A COLLADA file whose geometry is one cube of one unit, or this shape."""
    return f"""<?xml version="1.0" encoding="utf-8"?>{head}
<COLLADA xmlns="{WHERE_IN_COLLADA}" version="1.4.1"><asset>{asset}</asset>
<library_geometries>{dae_mesh(shape or cube())}</library_geometries>{libraries}
<library_visual_scenes><visual_scene id="all">{nodes}</visual_scene></library_visual_scenes>
<scene><instance_visual_scene url="#all"/></scene></COLLADA>""".encode()


def dae_paint(diffuse: str, more: str = "", *, image: str = "paint.png") -> str:
    """Libraries with a material `paint-material` of this diffuse color or texture."""
    return (
        f'<library_images><image id="picture"><init_from>{image}</init_from></image>'
        '</library_images><library_effects><effect id="paint-effect"><profile_COMMON>'
        '<newparam sid="surface"><surface type="2D"><init_from>picture</init_from></surface>'
        '</newparam><newparam sid="sampler"><sampler2D><source>surface</source></sampler2D>'
        f'</newparam><technique sid="t"><lambert><diffuse>{diffuse}</diffuse>{more}</lambert>'
        "</technique></profile_COMMON></effect></library_effects><library_materials>"
        '<material id="paint-material"><instance_effect url="#paint-effect"/></material>'
        "</library_materials>"
    )


BOUND = (
    '<node><instance_geometry url="#cube"><bind_material><technique_common>'
    '<instance_material symbol="paint" target="#paint-material"/>'
    "</technique_common></bind_material></instance_geometry></node>"
)


def dae_rigged(move: tuple[float, float, float]) -> bytes:
    """The cube hangs on one joint, which stands `move` away from where it was bound."""
    one = np.eye(4)
    skin = (
        '<library_controllers><controller id="rig"><skin source="#cube"><bind_shape_matrix>'
        + numbers(one) + "</bind_shape_matrix>" + names("joints", ["bone"])
        + source("binds", one.reshape(1, 16)) + source("weights", np.ones((1, 1)), "W")
        + '<joints><input semantic="JOINT" source="#joints"/>'
        '<input semantic="INV_BIND_MATRIX" source="#binds"/></joints>'
        '<vertex_weights count="24"><input semantic="JOINT" source="#joints" offset="0"/>'
        '<input semantic="WEIGHT" source="#weights" offset="1"/>'
        f"<vcount>{'1 ' * 24}</vcount><v>{'0 0 ' * 24}</v></vertex_weights></skin></controller>"
        "</library_controllers>"
    )  # fmt: skip
    x, y, z = move
    nodes = (
        f'<node id="bone" sid="bone" type="JOINT"><translate>{x} {y} {z}</translate></node>'
        '<node><translate>100 100 100</translate><instance_controller url="#rig">'
        "<skeleton>#bone</skeleton></instance_controller></node>"
    )
    return dae(nodes, libraries=skin)


def usda_cube(
    name: str = "Cube", inside: str = "", given: str = "", shape: Shape | None = None
) -> str:
    """A mesh prim; `inside` goes among its properties, `given` into its metadata."""
    points, triangles, square = shape or cube()
    mapped = [tuple(each) for each in square.tolist()]
    return f"""def Mesh "{name}" ({given}) {{
    point3f[] points = [{", ".join(str(tuple(map(float, point))) for point in points)}]
    int[] faceVertexCounts = [{", ".join(["3"] * len(triangles))}]
    int[] faceVertexIndices = [{", ".join(map(str, triangles.ravel()))}]
    texCoord2f[] primvars:st = {mapped} (interpolation = "vertex")
    uniform token subdivisionScheme = "none"
    {inside}
}}"""


def usda(
    prims: str = usda_cube(), *, up: str = "Y", metres: float = 1.0, default: str = ""
) -> bytes:
    named = f'defaultPrim = "{default}"' if default else ""
    return f"""#usda 1.0
(
    {named}
    metersPerUnit = {metres}
    upAxis = "{up}"
)
{prims}
""".encode()


def usda_paint(inputs: str = "", shaders: str = "", name: str = "Paint") -> str:
    """A material at /Paint; `shaders` stand beside its surface."""
    return f"""def Material "{name}" {{
    token outputs:surface.connect = </{name}/Surface.outputs:surface>
    def Shader "Surface" {{
        uniform token info:id = "UsdPreviewSurface"
        {inputs}
        token outputs:surface
    }}
    {shaders}
}}"""


def usda_texture(file: str, name: str = "Texture", more: str = "") -> str:
    return f"""def Shader "{name}" {{
        uniform token info:id = "UsdUVTexture"
        asset inputs:file = @{file}@
        {more}
        float3 outputs:rgb
    }}"""


def usda_rigged(move: tuple[float, float, float]) -> bytes:
    """The cube hangs on one joint, which starts `move` away from where it was bound."""
    skin = f"""
    rel skel:skeleton = </Rig/Bones>
    int[] primvars:skel:jointIndices = {[0] * 24} (elementSize = 1 interpolation = "vertex")
    float[] primvars:skel:jointWeights = {[1] * 24} (elementSize = 1 interpolation = "vertex")"""
    one = "((1, 0, 0, 0), (0, 1, 0, 0), (0, 0, 1, 0), (0, 0, 0, 1))"
    return usda(f"""def SkelRoot "Rig" {{
    {usda_cube("Skin", skin, 'prepend apiSchemas = ["SkelBindingAPI"]')}
    def Skeleton "Bones" (prepend apiSchemas = ["SkelBindingAPI"]) {{
        uniform token[] joints = ["bone"]
        uniform matrix4d[] bindTransforms = [{one}]
        uniform matrix4d[] restTransforms = [{one}]
        rel skel:animationSource = </Rig/Take>
    }}
    def SkelAnimation "Take" {{
        uniform token[] joints = ["bone"]
        quatf[] rotations = [(1, 0, 0, 0)]
        half3[] scales = [(1, 1, 1)]
        float3[] translations.timeSamples = {{ 0: [{move}], 10: [(0, 0, 0)] }}
    }}
}}""")


def usdz(layer: bytes, **files: bytes) -> bytes:
    return packed(ZIP_STORED, {"scene__usda": layer} | files)
