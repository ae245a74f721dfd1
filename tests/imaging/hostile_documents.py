"""Harm in formats made of text and of packages: DAE, 3MF and USD. Used by `hostile`."""

import random
import zipfile
from collections.abc import Iterator
from io import BytesIO

from tests.imaging import documents, shapes
from tests.imaging.documents import cube_object, dae, package, threemf, usda, usda_cube, usdz

Case = tuple[str, bytes, tuple[str, ...]]

_LAUGHS = '<!DOCTYPE lolz [<!ENTITY a "ha">' + "".join(
    f'<!ENTITY {name} "{f"&{before};" * 10}">'
    for before, name in zip("abcdefgh", "bcdefghi", strict=True)
) + "]>"  # fmt: skip
_FILE = '<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]>'
_ELSEWHERE = '<!DOCTYPE x SYSTEM "http://127.0.0.1:9/evil.dtd">'
_QUADRATIC = f'<!DOCTYPE x [<!ENTITY a "{"x" * 100_000}">]>'
_TYPES = {"laughs": _LAUGHS, "file": _FILE, "elsewhere": _ELSEWHERE, "quadratic": _QUADRATIC}


def cases() -> Iterator[Case]:
    yield from _collada()
    yield from _threemf()
    yield from _usd()


def _collada() -> Iterator[Case]:
    unsafe, damaged = ("unsafe",), ("damaged",)
    for name, head in _TYPES.items():
        yield f"dae with {name}", dae("<node>&a;</node>", head=head), unsafe
    plain = dae().decode()

    def bent(name: str, old: str, new: str, *codes: str) -> Case:
        assert old in plain
        return f"dae with {name}", plain.replace(old, new).encode(), codes or damaged

    yield "dae with utf-16 laughs", dae(head=_LAUGHS).decode().encode("utf-16"), (
        *unsafe, "not_a_model")  # fmt: skip
    yield bent("a count of a billion", 'count="24"', 'count="1000000000"')
    yield bent("a count of a googol", 'count="24"', f'count="1{"0" * 100}"')
    yield bent("a count below zero", 'count="24"', 'count="-24"')
    yield bent("a stride of nothing", 'stride="3"', 'stride="0"')
    yield bent("an offset of miles", 'offset="1"', 'offset="999999"')
    yield bent("corners elsewhere", "<p>0 ", "<p>99999 ")
    yield bent("corners below zero", "<p>0 ", "<p>-1 ")
    yield bent("points of words", "0.5", "half")
    yield bent("points that are no numbers", "0.5", "nan")
    yield bent("endless points", "0.5", "1e300")
    # Four of these are the 36 corners of a cube, for who adds in 64 bits.
    many = f"<vcount>{f'{2**62 + 9} ' * 4}</vcount>"
    yield "dae with corners that wrap around", plain.replace("triangles", "polylist").replace(
        "<p>", f"{many}<p>").encode(), damaged  # fmt: skip
    yield bent("a source that is not there", '"#places"', '"#nowhere"')
    yield bent("a geometry that is not there", '"#cube"', '"#nowhere"')
    yield bent("a geometry elsewhere", '"#cube"', '"file:///etc/passwd#cube"')
    yield bent("no scene", "<visual_scene ", "<nothing ", "damaged", "empty")
    for unit in ("0", "-1", "nan", "1e300", "one"):
        yield f"dae with a unit of {unit}", dae(asset=f'<unit meter="{unit}"/>'), damaged
    yield "dae cut short", dae()[:-300], ("truncated", "damaged")
    deep = "<node>" * 20_000 + "</node>" * 20_000
    yield "dae with nodes too deep", dae(deep), ("too_complex",)
    circle = '<node id="a"><instance_node url="#a"/><instance_geometry url="#cube"/></node>'
    yield "dae with a node inside itself", dae(circle), ("too_complex",)
    doubled = "".join(
        f'<node id="n{n}"><instance_node url="#n{n + 1}"/><instance_node url="#n{n + 1}"/></node>'
        for n in range(40)
    )
    bomb = f'<library_nodes>{doubled}<node id="n40"/></library_nodes>'
    yield "dae of a trillion nodes", dae('<node><instance_node url="#n0"/></node>',
                                         libraries=bomb), ("too_complex",)  # fmt: skip
    yield "dae of many elements", dae("<node/>" * 600_000), ("too_complex",)
    many = '<node><instance_geometry url="#cube"/></node>' * 180_000
    yield "dae of many cubes", dae(many), ("too_complex",)
    skin = documents.dae_rigged((0, 1, 0)).decode()
    yield "dae with a joint elsewhere", skin.replace("<v>0 0", "<v>7 0").encode(), damaged
    yield "dae with weights elsewhere", skin.replace("<v>0 0", "<v>0 7").encode(), damaged
    wrapped = f"<vcount>{f'{2**62 + 1} ' * 4}" + "1 " * 20
    yield "dae with weights that wrap around", skin.replace(
        f"<vcount>{'1 ' * 24}", wrapped).encode(), damaged  # fmt: skip
    yield "dae with too few weights", skin.replace("<vcount>1 ", "<vcount>").encode(), damaged


def _threemf() -> Iterator[Case]:
    unsafe, damaged, too_much = ("unsafe",), ("damaged",), ("too_complex",)
    for name, head in _TYPES.items():
        yield f"3mf with {name}", package(f"{head}<model>&a;</model>".encode()), unsafe
        rels = f"{head}<Relationships>&a;</Relationships>".encode()
        yield (
            f"3mf with {name} in its relations",
            package(b"<model/>", _rels_IN___rels=rels),
            unsafe,
        )
    yield "3mf bomb", package(b"<model>" + b" " * 60_000_000 + b"</model>"), too_much
    yield "3mf of nothing", package(b"<model/>"), ("empty",)
    yield "3mf that is no xml", package(b"PK\x03\x04"), damaged
    yield "3mf cut short inside", package(b"<model><resources>"), ("truncated", "damaged")
    whole = threemf()
    yield "3mf cut short", whole[: len(whole) // 2], damaged

    def bent(name: str, old: str, new: str, *codes: str) -> Case:
        cube = cube_object()
        assert old in cube
        return f"3mf with {name}", threemf(cube.replace(old, new)), codes or damaged

    yield bent("corners elsewhere", 'v1="0"', 'v1="9999"')
    yield bent("corners below zero", 'v1="0"', 'v1="-2"')
    yield bent("corners of a googol", 'v1="0"', f'v1="1{"0" * 100}"')
    yield bent("corners of many digits", 'v1="0"', f'v1="{"1" * 10_000}"')
    yield bent("points of words", 'x="0.5"', 'x="half"')
    yield bent("points that are no numbers", 'x="0.5"', 'x="nan"')
    yield bent("endless points", 'x="0.5"', 'x="1e300"')
    yield bent("points without x", 'x="0.5"', "")
    yield bent("no id", 'id="1"', "")
    yield "3mf with an unknown unit", threemf(unit="parsec"), damaged
    yield "3mf placing nothing", threemf(build='<item objectid="7"/>'), damaged
    for path in ("/../../etc/passwd", "/etc/passwd", "file:///etc/passwd", "http://127.0.0.1:9/a"):
        build = f'<item objectid="1" p:path="{path}"/>'
        yield f"3mf placing {path}", threemf(build=build), damaged
    short = '<item objectid="1" transform="1 0 0"/>'
    yield "3mf with a short transform", threemf(build=short), damaged
    endless = '<item objectid="1" transform="1e308 0 0 0 1e308 0 0 0 1e308 1e308 0 0"/>'
    yield "3mf with an endless transform", threemf(build=endless), damaged
    circle = '<object id="1"><components><component objectid="1"/></components></object>'
    yield "3mf with an object inside itself", threemf(circle), too_much
    doubled = cube_object(40) + "".join(
        f'<object id="{n}"><components>'
        + f'<component objectid="{n + 1}"/>' * 2
        + "</components></object>"
        for n in range(1, 40)
    )
    yield "3mf of a trillion cubes", threemf(doubled), too_much
    empty = doubled.replace("<triangle ", "<none ")
    yield "3mf of a trillion nothings", threemf(empty), too_much
    colors = '<m:colorgroup id="9"><m:color color="red"/></m:colorgroup>'
    yield "3mf with a color of words", threemf(
        colors + cube_object(given='pid="9" pindex="0"')), damaged  # fmt: skip
    few = '<m:colorgroup id="9"><m:color color="#FF0000"/></m:colorgroup>'
    yield "3mf with a color elsewhere", threemf(few + cube_object(each='pid="9" p1="7"')), damaged
    gone = '<m:texture2dgroup id="9" texid="5"><m:tex2coord u="0" v="0"/></m:texture2dgroup>'
    yield "3mf with a texture that is not there", threemf(
        gone + cube_object(each='pid="9" p1="0"')), damaged  # fmt: skip
    inner = shapes.zipped(a__3mf=shapes.zipped(b__3mf=shapes.zipped(c__3mf=threemf())))
    yield "3mf in zips in zips", inner, ("not_a_model",)


def _usd() -> Iterator[Case]:
    damaged, too_much = ("damaged",), ("too_complex",)

    def bent(name: str, old: str, new: str, *codes: str) -> Case:
        plain = usda().decode()
        assert old in plain
        return f"usd with {name}", usdz(plain.replace(old, new).encode()), codes or damaged

    yield bent("corners elsewhere", "Indices = [", "Indices = [9999, ", "damaged")
    yield bent("corners below zero", "Indices = [0", "Indices = [-5", "damaged")
    yield bent("a polygon of a billion", "Counts = [3", "Counts = [1000000000")
    yield bent("a polygon below zero", "Counts = [3", "Counts = [-3")
    yield bent("points that are no numbers", "(-0.5, ", "(nan, ")
    yield bent("endless points", "(-0.5, ", "(1e38, ")
    yield bent("points of words", "(-0.5, ", '("half", ')
    yield bent("a unit of nothing", "metersPerUnit = 1.0", "metersPerUnit = 0")
    yield bent("a text that does not end", 'upAxis = "Y"', 'upAxis = "Y')
    yield "usd with no geometry", usdz(usda('def Xform "A" {}')), ("empty",)
    yield "usdc of noise", usdz_binary(random.Random(5).randbytes(5000)), damaged
    yield "usdc of nothing", usdz_binary(b""), damaged
    yield "usda of nothing", b"#usda 1.0\n", ("empty", "damaged")
    yield "usda cut short", usda()[:-200], damaged
    deep = 'def Xform "A" {' * 3000 + "}" * 3000
    yield "usd with prims too deep", usda(deep), (*damaged, *too_much)
    wide = "(" * 50_000
    yield "usd with values too deep", usda(f'def "A" {{ double a = {wide} }}'), (
        *damaged, *too_much)  # fmt: skip
    circle = 'def Xform "A" (references = </A>) {}'
    yield "usd with a prim inside itself", usda(circle), too_much
    pair = usdz(
        usda('def "A" (references = @b.usda@</B>) {}'),
        b__usda=usda('def "B" { def "C" (references = @scene.usda@</A>) {} }'),
    )
    yield "usd with files inside each other", pair, too_much
    layers = usda().replace(b"(\n", b"(\n    subLayers = [@scene.usda@]\n", 1)
    yield "usd with itself below itself", usdz(layers.replace(b"def Mesh", b"over Mesh")), (
        "empty", *too_much)  # fmt: skip
    doubled = "".join(
        f'def "P{n}" {{ def "A" (references = </P{n + 1}>) {{}} def "B" (references = </P{n + 1}>)'
        "{} }\n" for n in range(30)
    )  # fmt: skip
    yield "usd of a billion references", usda(doubled + 'def "P30" {}'), too_much
    many = ", ".join(["0"] * 1000)
    places = ", ".join(["(0, 0, 0)"] * 1000)
    inner = usda_cube()
    for n in range(4):
        inner = f"""def PointInstancer "I{n}" {{
    rel prototypes = [<{"".join(f"/I{m}/X" for m in range(3, n - 1, -1))}>]
    int[] protoIndices = [{many}]
    point3f[] positions = [{places}]
    def Xform "X" {{ {inner} }}
}}"""
    yield "usd of a trillion instances", usda(inner), too_much
    outside = 'def "A" (references = @../../../../etc/passwd@) {}\n'
    yield "usd that refers outside", usdz(usda(outside)), ("empty",)
    remote = 'def "A" (references = @http://127.0.0.1:9/a.usd@) {}\n'
    yield "usd that refers elsewhere", usdz(usda(remote)), ("empty",)
    escaped = usdz(usda()).replace(b"scene.usda", b"../me.usda")
    yield "usdz with a name outside", escaped, ("unsafe",)
    joints = documents.usda_rigged((0, 1, 0)).decode()
    yield "usd with a joint elsewhere", joints.replace(
        "jointIndices = [0", "jointIndices = [7").encode(), damaged  # fmt: skip
    yield "usd with too few joints", joints.replace(
        "jointIndices = [0, ", "jointIndices = [").encode(), damaged  # fmt: skip


def usdz_binary(rest: bytes) -> bytes:
    out = BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("scene.usdc", b"PXR-USDC\x00\x08\x00\x00" + rest)
    return out.getvalue()
