"""Which format a file is, by what is in it, and the loader for it."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial
from io import BytesIO
from pathlib import Path, PurePosixPath

from imaging import caps, stl
from imaging.dae.loader import load_dae
from imaging.errors import Refused
from imaging.fbx import load_fbx
from imaging.files import MARK, Data, Folder, blocks, mapped, open_zip
from imaging.gltf.loader import load_glb, load_gltf
from imaging.obj.loader import load_obj
from imaging.ply.loader import load_ply
from imaging.scene import Scene, Slot
from imaging.threemf.loader import load_3mf
from imaging.usd.loader import load_usd

Find = Callable[[str], bytes | None]

_NAMES = {
    "glb": "GLB", "gltf": "glTF", "usdz": "USDZ", "usdc": "USD", "usda": "USD", "usd": "USD",
    "fbx": "FBX", "dae": "DAE", "obj": "OBJ", "3mf": "3MF", "stl": "STL", "ply": "PLY",
    "blend": "Blender",
}  # fmt: skip
_SUFFIXES = tuple(f".{name}" for name in _NAMES)
_CLAY = (0.55, 0.56, 0.58)
_OBJ_WORDS = {b"v", b"vt", b"vn", b"vp", b"f", b"l", b"p", b"o", b"g", b"s", b"usemtl", b"mtllib"}


@dataclass(frozen=True)
class Loaded:
    scene: Scene
    format: str
    formats: list[str]


@dataclass(frozen=True)
class Neighbours:
    """Where the files are that a model names: by path as glTF does, by last name as OBJ does."""

    name: str
    inside: Find
    beside: Find
    anywhere: Find


ALONE = Neighbours("", lambda _: None, lambda _: None, lambda _: None)


def load(source: Path, filename: str, picture_size: int) -> Loaded:
    """Read an upload of any format. `filename` only words the refusal."""
    with source.open("rb") as file:
        zipped = file.read(2) == b"PK"
    if zipped:
        return _from_zip(open_zip(source), picture_size)
    data = mapped(source)
    kind = recognised(data)
    if kind is None:
        raise _unknown(data, filename)
    return Loaded(_dressed(_scene(kind, data, ALONE, picture_size)), kind, [kind])


def recognised(data: Data) -> str | None:
    """The format of some bytes by magic and structure, never by name."""
    head = data[:4096].removeprefix(MARK)
    if head[:4] == b"glTF":
        return "glb"
    if head[:4] in (b"ply\n", b"ply\r"):
        return "ply"
    if head[:20] == b"Kaydara FBX Binary  " or b"FBXHeaderExtension" in head:
        return "fbx"
    if head[:7] == b"BLENDER":
        return "blend"
    if (data if head.lstrip()[:5] == b"<?xml" else head).find(b"<COLLADA") >= 0:
        return "dae"
    if head[:8] == b"PXR-USDC" or head[:5] == b"#usda":
        return "usd"
    if stl.is_text(data) or stl.is_binary(data):
        return "stl"
    if head.lstrip()[:1] == b"{" and data.find(b'"asset"') >= 0:
        return "gltf"
    return "obj" if _is_obj(data) else None


def _is_obj(data: Data) -> bool:
    """Text whose lines begin with the words of an OBJ, most of them, and with points."""
    if b"\0" in data[:65536]:
        return False
    lines = [line.split() for line in data[:65536].removeprefix(MARK).splitlines()[:2000]]
    words = [line[0] for line in lines if line and not line[0].startswith(b"#")]
    known = sum(word in _OBJ_WORDS for word in words)
    return b"v" in words and known > 0.8 * len(words)


def _unknown(data: Data, filename: str) -> Refused:
    named = _NAMES.get(PurePosixPath(filename.lower()).suffix.removeprefix("."))
    if not data:
        return Refused("not_a_model", "This file is empty.")
    text = b"\0" not in data[:4096] and data[:4096].isascii()
    what = "it is a text file" if text else "its content is of another kind"
    if named == "STL" and not text:
        what = "its length does not fit the number of triangles it promises"
    return Refused("not_a_model", f"This file is not a {named or '3D model'}: {what}.")


def _scene(kind: str, data: Data, near: Neighbours, picture_size: int) -> Scene:
    match kind:
        case "glb":
            return load_glb(data, near.beside, picture_size)
        case "ply":
            return load_ply(data)
        case "stl":
            return stl.load_stl(data)
        case "obj":
            return load_obj(blocks(data), near.anywhere, picture_size)
    if len(data) > caps.BUFFER_BYTES:
        raise Refused(
            "too_complex",
            f"This file is larger than the {caps.BUFFER_BYTES >> 20} MiB that we read as "
            f"{_NAMES[kind]}. Upload it as GLB.",
        )
    whole = data[:]
    match kind:
        case "gltf":
            return load_gltf(whole, near.beside, picture_size)
        case "fbx":
            return load_fbx(whole, near.anywhere, picture_size)
        case "dae":
            return load_dae(whole, near.anywhere, picture_size)
        case "usd":
            return load_usd(whole, near.name, near.inside, picture_size)
        case _:
            raise _blender()


def _dressed(scene: Scene) -> Scene:
    """What lost its texture is shown as grey clay rather than glaring white."""
    scene.materials = [
        material if not material.base_slot or _readable(scene, material.base_slot)
        else replace(material, base=(*_CLAY, 1.0), base_slot=None, alpha="opaque")
        for material in scene.materials
    ]  # fmt: skip
    return scene


def _readable(scene: Scene, slot: Slot) -> bool:
    image = scene.images[slot.image]
    return bool(image and image.levels)


def _blender() -> Refused:
    return Refused("unsupported", "Blender's own files are not supported: export a GLB.")


def _from_zip(folder: Folder, picture_size: int) -> Loaded:
    """A format that is itself an archive, or the first model of one that holds models."""
    if found := _packaged(folder, picture_size):
        return found
    names = sorted(folder.ending(*_SUFFIXES), key=_rank)
    kinds = list(dict.fromkeys(map(_kind, names)))
    for name in names[:20]:
        found = _entry(folder, name, picture_size)
        if found:
            others = [other for other in kinds if other != found.format]
            return replace(found, formats=[found.format, *others])
    raise Refused("not_a_model", "There is no 3D model in this zip.")


def _packaged(folder: Folder, picture_size: int, *, named: bool = False) -> Loaded | None:
    """3MF has a folder of its own; the first file of a USDZ is its scene, and none is compressed
    (https://openusd.org/release/spec_usdz.html), but in those that are only `named` so.
    """
    first = next(iter(folder.entries), "")
    if any(name.lower().startswith("3d/") for name in folder.ending(".model")):
        return Loaded(_dressed(load_3mf(folder, picture_size)), "3mf", ["3mf"])
    if first.lower().endswith((".usdc", ".usda", ".usd")) and (named or folder.stored):
        data = folder.read(first) or b""
        return Loaded(_dressed(load_usd(data, first, folder.read, picture_size)), "usdz", ["usdz"])
    return None


def _entry(folder: Folder, name: str, picture_size: int) -> Loaded | None:
    near = Neighbours(name, folder.read, partial(folder.beside, name), folder.anywhere)
    if _suffix(name) == "obj" and recognised(next(folder.blocks(name), b"")) == "obj":
        scene = load_obj(folder.blocks(name), near.anywhere, picture_size)
        return Loaded(_dressed(scene), "obj", ["obj"])
    if folder.entries[name].file_size > caps.BUFFER_BYTES:
        raise Refused("too_complex", "The model in this zip is larger than we take.")
    data = folder.read(name) or b""
    if data[:2] == b"PK" and _suffix(name) in ("usdz", "3mf"):
        return _packaged(open_zip(BytesIO(data)), picture_size, named=True)
    kind = recognised(data)
    if kind is None:
        return None
    return Loaded(_dressed(_scene(kind, data, near, picture_size)), kind, [kind])


def _kind(name: str) -> str:
    return "usd" if _suffix(name).startswith("usd") and _suffix(name) != "usdz" else _suffix(name)


def _suffix(name: str) -> str:
    return PurePosixPath(name.lower()).suffix.removeprefix(".")


def _rank(name: str) -> tuple[int, int]:
    """Richer formats first, then those less deep."""
    return list(_NAMES).index(_suffix(name)), name.count("/")
