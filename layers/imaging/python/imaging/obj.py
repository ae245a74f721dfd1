"""Wavefront OBJ: text parsed a kind of line at a time, into one part per material."""

from collections.abc import Callable

import numpy as np
import numpy.typing as npt

from imaging import caps, numerals
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
    lines.faces.clear()  # hundreds of megabytes in a large file
    lines.by_word.clear()
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
    rows = numerals.table(lines, width)
    if rows is None:
        rows = _uneven(lines, min(width, least))
    if not least <= rows.shape[1] <= 8 or not np.isfinite(rows).all():
        raise damaged("a line of numbers cannot be read")
    return rows.astype(np.float32)


def _uneven(lines: list[str], width: int) -> npt.NDArray[np.float64]:
    """The first numbers of lines that do not all have the same."""
    try:
        return np.array([[float(word) for word in line.split()[:width]] for line in lines])
    except ValueError as error:
        raise damaged("a line of numbers cannot be read") from error


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
    materials = np.array(lines.materials, np.int64)
    if len(lines.faces) > caps.TRIANGLES:
        raise _too_many()
    triples = _all_triangles(lines.faces)
    if triples is None:
        split = [face.split() for face in lines.faces]
        sizes = np.array([len(face) for face in split], np.int64)
        if int(np.maximum(sizes - 2, 0).sum()) > caps.TRIANGLES:
            raise _too_many()
        order, faces = fans(np.cumsum(sizes) - sizes, sizes)
        triples = _triples([corner for face in split for corner in face])[order]
        materials = materials[faces]
    for column, name in enumerate(("v", "vt", "vn")):
        _resolve(triples[..., column], counts[name], name)
    return triples, materials


def _too_many() -> Refused:
    return Refused("too_complex", f"This OBJ has more than {caps.TRIANGLES:,} triangles.")


def _all_triangles(faces: list[str]) -> Numbers | None:
    """The fast way: every face has three corners written alike. None if they have not."""
    if not faces or len(faces[0].split()) != 3:
        return None
    first, text = faces[0].split()[0], "\n".join(faces)
    slashes, bare = first.count("/"), "//" in first
    if text.count("/") != 3 * len(faces) * slashes or bare != ("//" in text):
        return None
    width = 1 + slashes - bare
    rows = numerals.whole_table([text.replace("/", " ")], 3 * len(faces) * width)
    if rows is None:
        return None
    triples = np.zeros((len(faces), 3, 3), np.int64)
    columns = [0, 2] if bare else list(range(width))
    triples[..., columns] = rows.reshape(len(faces), 3, width)
    return triples


def _triples(corners: list[str]) -> Numbers:
    """Different corners are few, so each text is parsed once."""
    known = {text: number for number, text in enumerate(dict.fromkeys(corners))}
    try:
        parsed = [_triple(text) for text in known]
        table = np.array(parsed, np.int64).reshape(-1, 3)
    except (ValueError, OverflowError) as error:
        raise damaged("a face cannot be read") from error
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
    unique, inverse = _distinct(corners.reshape(-1, 3))
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


def _distinct(rows: Numbers) -> tuple[Numbers, Numbers]:
    """The different rows of three indices from -1, and where each row is among them."""
    spans = [int(rows[:, column].max(initial=0)) + 2 for column in (1, 2)]
    # Six million points, coordinates and normals each still fit one number of 64 bits.
    keys = ((rows[:, 0] * spans[0]) + rows[:, 1] + 1) * spans[1] + rows[:, 2] + 1
    distinct, inverse = np.unique(keys, return_inverse=True)
    rest, normal = np.divmod(distinct, spans[1])
    position, coordinate = np.divmod(rest, spans[0])
    return np.stack([position, coordinate - 1, normal - 1], axis=1), inverse
