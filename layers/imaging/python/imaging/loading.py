"""Which format a file is, by what is in it, and the loader for it."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from imaging import caps
from imaging.errors import Refused
from imaging.files import Folder, open_zip
from imaging.scene import Scene

Beside = Callable[[str], bytes | None]

_LATER = {"fbx": "FBX", "usdz": "USDZ", "3mf": "3MF", "dae": "DAE", "blend": "Blender"}
_NAMES = {"glb": "GLB", "gltf": "glTF", "obj": "OBJ", "stl": "STL", "ply": "PLY"} | _LATER
_SUFFIXES = tuple(f".{name}" for name in _NAMES)
_TEXT_CHECKED = 65536


@dataclass(frozen=True)
class Loaded:
    scene: Scene
    format: str
    formats: list[str]


def load(source: Path, filename: str, picture_size: int) -> Loaded:
    """Read an upload of any format. `filename` only words the refusal."""
    with source.open("rb") as file:
        head = file.read(4096)
    if head[:2] == b"PK":
        return _from_zip(open_zip(source), picture_size)
    data = source.read_bytes()
    kind = recognised(data)
    if kind is None:
        raise Refused("not_a_model", _unknown(data, filename))
    scene = _load(kind, data, lambda _: None, lambda _: None, picture_size)
    return Loaded(scene, kind, [kind])


def recognised(data: bytes) -> str | None:
    """The format of some bytes by magic and structure, never by name."""
    head = data[:4096]
    if head[:4] == b"glTF":
        return "glb"
    if head[:4] == b"ply\n" or head[:5] == b"ply\r\n":
        return "ply"
    if head[:20] == b"Kaydara FBX Binary  " or b"FBXHeaderExtension" in head:
        return "fbx"
    if head[:7] == b"BLENDER":
        return "blend"
    if b"<COLLADA" in head:
        return "dae"
    return _by_structure(data, head)


def _by_structure(data: bytes, head: bytes) -> str | None:
    from imaging import stl

    if stl.is_text(data):
        return "stl"
    plain = head.lstrip(b"\xef\xbb\xbf \t\r\n")
    if plain[:1] == b"{" and (b'"asset"' in data or b'"meshes"' in data):
        return "gltf"
    if stl.is_binary(data) or _long_enough(data, head):
        return "stl"
    return "obj" if _is_obj(data) else None


def _long_enough(data: bytes, head: bytes) -> bool:
    """A binary STL whose count lies: its header says solid nothing, but is binary STL's."""
    count = int.from_bytes(head[80:84], "little")
    blank = len(head) > 134 and head[:5].lower() in (b"solid", b"binar", b"\0\0\0\0\0", b"     ")
    return blank and count > 0 and b"\0" in head


def _is_obj(data: bytes) -> bool:
    text = data[:_TEXT_CHECKED]
    if b"\0" in text:
        return False
    lines = data.splitlines() if len(data) < _TEXT_CHECKED else text.splitlines()
    words = {line.split(None, 1)[0] for line in lines if line.strip()}
    numbers = [line for line in lines if line.startswith((b"v ", b"v\t"))]
    return bool(numbers) and len(numbers[0].split()) >= 4 and words <= _OBJ_WORDS or (
        bool(numbers) and all(_is_point(line) for line in numbers[:20]) and b"\nf " in data
    )  # fmt: skip


_OBJ_WORDS = {b"v", b"vt", b"vn", b"f", b"o", b"g", b"s", b"usemtl", b"mtllib", b"#", b"l", b"vp"}


def _is_point(line: bytes) -> bool:
    try:
        return len([float(word) for word in line.split()[1:]]) >= 3
    except ValueError:
        return False


def _unknown(data: bytes, filename: str) -> str:
    named = _NAMES.get(PurePosixPath(filename.lower()).suffix.removeprefix("."))
    if not data:
        what = "it is empty"
    elif b"\0" not in data[:4096] and data[:4096].isascii():
        what = "it is a text file"
    else:
        what = "its content is of another kind"
    if named:
        return f"This file is not a {named}: {what}."
    return f"This file is not a 3D model: {what}."


def _load(
    kind: str, data: bytes, beside: Beside, anywhere: Beside, picture_size: int
) -> Scene:
    if kind in _LATER:
        raise Refused("unsupported", f"{_LATER[kind]} files are not supported yet; export a GLB.")
    if kind in ("glb", "gltf"):
        from imaging.gltf import loader

        read = loader.load_glb if kind == "glb" else loader.load_gltf
        return read(data, beside, picture_size)
    if kind == "obj":
        from imaging.obj import load_obj

        return load_obj(data, anywhere, picture_size)
    if kind == "stl":
        from imaging.stl import load_stl

        return load_stl(data)
    from imaging.ply import load_ply

    return load_ply(data)


def _from_zip(folder: Folder, picture_size: int) -> Loaded:
    """The first model of an archive that holds one; the others are told of in `formats`."""
    if folder.entries.get("3D/3dmodel.model"):
        raise Refused("unsupported", "3MF files are not supported yet; export a GLB.")
    if folder.ending(".usdc", ".usda", ".usd"):
        raise Refused("unsupported", "USDZ files are not supported yet; export a GLB.")
    names = folder.ending(*_SUFFIXES)
    names.sort(key=lambda name: _SUFFIXES.index(PurePosixPath(name.lower()).suffix))
    kinds = dict.fromkeys(PurePosixPath(name.lower()).suffix.removeprefix(".") for name in names)
    for name in names[:20]:
        if folder.entries[name].file_size > caps.BUFFER_BYTES:
            raise Refused("too_complex", "The model in this zip is larger than we take.")
        data = folder.read(name) or b""
        kind = recognised(data)
        if kind:
            scene = _load(
                kind, data, lambda uri, main=name: folder.beside(main, uri), folder.anywhere,
                picture_size,
            )  # fmt: skip
            return Loaded(scene, kind, [kind, *(other for other in kinds if other != kind)])
    raise Refused("not_a_model", "There is no 3D model in this zip.")
