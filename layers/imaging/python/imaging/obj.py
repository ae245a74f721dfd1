"""Wavefront OBJ: text parsed a kind of line at a time, into one part per material."""

from collections.abc import Callable

import numpy as np
import numpy.typing as npt

from imaging import caps
from imaging.errors import Refused
from imaging.images import Images
from imaging.mtl import Library
from imaging.normals import creased
from imaging.polygons import fans
from imaging.scene import Floats, Material, Part, Scene

Numbers = npt.NDArray[np.int64]


def damaged(what: str) -> Refused:
    return Refused("damaged", f"This OBJ is damaged: {what}.")


class _Lines:
    """The lines of an OBJ by their first word, and the faces in order with their material."""

    def __init__(self, text: str) -> None:
        self.by_word: dict[str, list[str]] = {"v": [], "vt": [], "vn": []}
        self.faces: list[str] = []
        self.materials: list[int] = []
        self.names: dict[str, int] = {}
        self.libraries: list[str] = []
        self.groups: set[str] = set()
        self._read(text)

    def _read(self, text: str) -> None:
        current = -1
        for line in text.replace("\\\n", " ").splitlines():
            word, _, rest = line.strip().partition(" ")
            if word in self.by_word:
                self.by_word[word].append(rest)
            elif word == "f":
                self.faces.append(rest)
                self.materials.append(current)
            elif word == "usemtl":
                current = self.names.setdefault(rest.strip(), len(self.names))
            elif word == "mtllib":
                self.libraries.append(rest.strip())
            elif word in ("o", "g"):
                self.groups.add(rest)


def load_obj(data: bytes, anywhere: Callable[[str], bytes | None], picture_size: int) -> Scene:
    """`anywhere` finds a file uploaded beside this one by the last part of its name."""
    lines = _Lines(data.decode("utf-8", "replace"))
    positions, colors = _points(lines.by_word["v"])
    sources = {
        "v": positions,
        "vt": _table(lines.by_word["vt"], 2),
        "vn": _table(lines.by_word["vn"], 3),
    }
    corners, materials = _corners(lines, {name: len(rows) for name, rows in sources.items()})
    notes: list[str] = []
    images = Images(notes, picture_size=picture_size)
    library = Library(images, anywhere, notes)
    for name in lines.libraries[:20]:
        library.read(name)
    scene = Scene([], [*map(library.material, lines.names), Material()], images.loaded, notes=notes)
    scene.parts = _parts(sources, colors, corners, materials, len(lines.names))
    scene.meshes = max(len(lines.groups), 1)
    scene.material_count = len(lines.names)
    scene.unique_triangles = sum(len(part.triangles) for part in scene.parts)
    scene.vertices = len(positions)
    scene.workflow = (
        library.workflow if lines.names else "vertex-colors" if colors is not None else "none"
    )
    return scene


def _table(lines: list[str], least: int) -> Floats:
    """Rows of as many numbers as the first line has, but at least `least`."""
    if not lines:
        return np.zeros((0, least), np.float32)
    if len(lines) > caps.VERTICES:
        raise Refused("too_complex", "This OBJ has more vertices than we take.")
    width = len(lines[0].split())
    try:
        rows = np.array([line.split()[:width] for line in lines], np.float32)
    except ValueError as error:
        raise damaged("a line of numbers cannot be read") from error
    if rows.ndim != 2 or not least <= rows.shape[1] <= 8 or not np.isfinite(rows).all():
        raise damaged("a line of numbers cannot be read")
    return rows


def _points(lines: list[str]) -> tuple[Floats, Floats | None]:
    """Positions, and vertex colors where six numbers are given."""
    rows = _table(lines, 3)
    if np.abs(rows).max(initial=0) > caps.EXTENT:
        raise damaged("its points lie endlessly far away")
    if rows.shape[1] not in (6, 7):
        return np.ascontiguousarray(rows[:, :3]), None
    shades = rows[:, 3:6].clip(0, 1) ** np.float32(2.2)
    return rows[:, :3].copy(), np.concatenate([shades, np.ones((len(rows), 1), np.float32)], axis=1)


def _corners(lines: _Lines, counts: dict[str, int]) -> tuple[Numbers, Numbers]:
    """(triangles, 3 corners, v/vt/vn) from 0, -1 where absent; and material of each."""
    split = [face.split() for face in lines.faces]
    sizes = np.array([len(face) for face in split], np.int64)
    if int(np.maximum(sizes - 2, 0).sum()) > caps.TRIANGLES:
        raise Refused("too_complex", f"This OBJ has more than {caps.TRIANGLES:,} triangles.")
    triples = _triples([corner for face in split for corner in face])
    for column, name in enumerate(("v", "vt", "vn")):
        _resolve(triples[:, column], counts[name], name)
    order, faces = fans(np.cumsum(sizes) - sizes, sizes)
    return triples[order], np.array(lines.materials, np.int64)[faces]


def _triples(corners: list[str]) -> Numbers:
    """Different corners are few, so each text is parsed once."""
    known = {text: number for number, text in enumerate(dict.fromkeys(corners))}
    try:
        parsed = [_triple(text) for text in known]
    except ValueError as error:
        raise damaged("a face cannot be read") from error
    table = np.array(parsed, np.int64).reshape(-1, 3)
    return table[np.array([known[text] for text in corners], np.int64)]


def _triple(text: str) -> tuple[int, int, int]:
    position, coordinate, normal, *_ = (*text.split("/"), "", "")
    return int(position), int(coordinate or 0), int(normal or 0)


def _resolve(column: Numbers, count: int, name: str) -> None:
    """From 1, or from the end with a minus, to from 0; lines are counted as of the whole file."""
    # A relative index counts from its own line; files that mix both are rare, and the whole
    # list is right for the common ones, which give every list before the faces.
    column[column < 0] += count + 1
    column -= 1
    if (name == "v" and (column < 0).any()) or (column >= count).any():
        raise damaged("a face has a corner that is not there")
    np.maximum(column, -1, out=column)


def _parts(
    sources: dict[str, Floats], colors: Floats | None, corners: Numbers, materials: Numbers,
    plain: int,
) -> list[Part]:  # fmt: skip
    found = []
    for number in np.unique(materials):
        part, complete = _part(sources, colors, corners[materials == number])
        part.material = int(number) if number >= 0 else plain
        found.append(part if complete else creased(part))
    return found


def _part(sources: dict[str, Floats], colors: Floats | None, corners: Numbers) -> tuple[Part, bool]:
    """One part, and whether it brings a normal for every corner."""
    flat = corners.reshape(-1, 3)
    unique, inverse = np.unique(flat, axis=0, return_inverse=True)
    coordinates = []
    if len(sources["vt"]) and (unique[:, 1] >= 0).any():
        uv = sources["vt"][unique[:, 1], :2].copy()
        uv[:, 1] = 1 - uv[:, 1]
        coordinates = [uv]
    complete = bool(len(sources["vn"])) and bool((unique[:, 2] >= 0).all())
    return Part(
        positions=sources["v"][unique[:, 0]],
        triangles=inverse.reshape(-1, 3).astype(np.int32),
        normals=sources["vn"][unique[:, 2], :3] if complete else None,
        coordinates=coordinates,
        colors=None if colors is None else colors[unique[:, 0]],
    ), complete
