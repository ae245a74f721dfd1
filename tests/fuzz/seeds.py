"""The files that are spoilt: every format, from the tests, the demo catalogue and real ones."""

import io
import os
import tempfile
import zipfile
from pathlib import Path

from local.demo.catalogue import CATALOGUE
from tests.imaging import documents, features, filmbox, shapes
from tests.imaging.documents import BOUND, dae_paint, usda_paint, usda_texture

_LARGEST = 1_000_000
_DEMO = ("mustard-desk-lamp.glb", "windsor-armchair.zip", "planetary-gear-set.stl",
         "twisted-ocean-vase.ply")  # fmt: skip
PAINT = shapes.picture((200, 40, 40), 16)


def seeds() -> dict[str, bytes]:
    """Files by name."""
    found = {f"{name}.glb": made().glb() for name, made in features.FEATURES.items()}
    return found | _plain() | _documents() | _demo() | _real()


def _plain() -> dict[str, bytes]:
    points, triangles = shapes.box()
    gltf = shapes.cube()
    material = b"newmtl paint\nKd 0.8 0.2 0.1\nmap_Kd paint.png\n"
    wrapped = shapes.obj(points, triangles, "mtllib paint.mtl\nvt 0 0\nusemtl paint")
    return {
        "cube.stl": shapes.stl(points, triangles),
        "ascii.stl": shapes.ascii_stl(points, triangles),
        "ascii.ply": shapes.ply(points, triangles, "ascii", (9, 90, 200)),
        "little.ply": shapes.ply(points, triangles, "binary_little_endian"),
        "big.ply": shapes.ply(points, triangles, "binary_big_endian", (200, 9, 9)),
        "cube.obj": shapes.obj(points, triangles),
        "obj.zip": shapes.zipped(cube__obj=wrapped, paint__mtl=material, paint__png=PAINT),
        "gltf.zip": shapes.zipped(cube__gltf=gltf.described(uri="cube.bin"),
                                  cube__bin=bytes(gltf.binary)),
        "cube.fbx": filmbox.fbx(),
        "fbx.zip": shapes.zipped(cube__fbx=filmbox.fbx("paint.png"), paint__png=PAINT),
    }  # fmt: skip


def _documents() -> dict[str, bytes]:
    colors = '<m:colorgroup id="9"><m:color color="#FF0000"/></m:colorgroup>'
    pair = ('<object id="2"><components><component objectid="1"/><component objectid="1" '
            'transform="1 0 0 0 1 0 0 0 1 3 0 0"/></components></object>')  # fmt: skip
    material = usda_paint(
        "color3f inputs:diffuseColor.connect = </Paint/Texture.outputs:rgb>",
        usda_texture("paint.png"),
    )
    bound = documents.usda_cube(inside="rel material:binding = </Paint>")
    return {
        "cube.dae": documents.dae(),
        "rigged.dae": documents.dae_rigged((0, 1, 0)),
        "dae.zip": shapes.zipped(paint__png=PAINT, cube__dae=documents.dae(
            BOUND, libraries=dae_paint('<texture texture="sampler" texcoord="UV"/>'))),
        "cube.3mf": documents.threemf(),
        "parts.3mf": documents.threemf(
            colors + documents.cube_object(each='pid="9" p1="0"') + pair, '<item objectid="2"/>'),
        "rigged.usda": documents.usda_rigged((0, 1, 0)),
        "cube.usdz": documents.usdz(documents.usda(bound + material), paint__png=PAINT),
        "cube.usdc": _binary(documents.usda(bound + material)),
        "rigged.usdc": _binary(documents.usda_rigged((0, 1, 0))),
    }  # fmt: skip


def _binary(text: bytes) -> bytes:
    import tinyusdz

    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "a.usdc")
        tinyusdz.loads(text.decode()).save(str(path), format="usdc")
        return path.read_bytes()


def _demo() -> dict[str, bytes]:
    return {model.filename: model.build() for model in CATALOGUE if model.filename in _DEMO}


def _real() -> dict[str, bytes]:
    folder = Path(os.environ.get("NEXUS_ASSETS", "nowhere"))
    found = {}
    for path in sorted(folder.iterdir()) if folder.is_dir() else ():
        data = _zipped(path) if path.is_dir() else path.read_bytes()
        if len(data) < _LARGEST and path.suffix != ".md":
            found[path.name] = data
    return found


def _zipped(folder: Path) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for path in sorted(folder.iterdir()):
            archive.writestr(zipfile.ZipInfo(path.name), path.read_bytes())
    return out.getvalue()
