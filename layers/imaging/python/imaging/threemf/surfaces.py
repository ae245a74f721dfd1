"""What the triangles of a 3MF look like: base materials, colors, textures."""

import re
from collections.abc import Callable

import numpy as np

from imaging import caps
from imaging.errors import Refused
from imaging.images import Images
from imaging.normals import creased
from imaging.scene import Floats, Ints, Material, Part, Slot
from imaging.thinning import snapped
from imaging.threemf.document import Attributes, Group, Model, Object, Rows, damaged

_PLAIN = Material("", (0.62, 0.64, 0.67, 1.0), roughness=0.55)
_PAINTED = Material("", (1.0, 1.0, 1.0, 1.0), roughness=0.6)
_GLASS = Material("", (1.0, 1.0, 1.0, 1.0), roughness=0.4, alpha="blend")
_WRAPS = {"wrap": "repeat", "mirror": "mirror", "clamp": "clamp", "none": "clamp"}

Color = tuple[float, float, float, float]


class Surfaces:
    """Makes materials as meshes ask for them; one for each base material or texture in use."""

    def __init__(
        self, images: Images, find: Callable[[str], bytes | None], notes: list[str]
    ) -> None:
        self.images = images
        self.find = find
        self.notes = notes
        self.materials = [_PLAIN, _PAINTED, _GLASS]
        self.count = 0
        self.workflow = "none"
        self._known: dict[tuple[str, int, int], int] = {}

    def dressed(self, model: Model, mesh: Object, path: str, most: int) -> list[Part]:
        """The mesh as parts of one material each, in the file's own units and axes, in at most so
        many triangles.
        """
        if not mesh.triangles:
            return []
        points, rows = mesh.tables()
        if mesh.count > most:
            corners, left, _ = snapped(points, rows[:, :3], most)
            rows = rows[left]
            rows[:, :3] = corners
        parts: list[Part] = []
        for number in np.unique(rows[:, 3]):
            chosen = rows[rows[:, 3] == number]
            group = model.groups[number] if number >= 0 else Group("none")
            parts += self._parts(model, group, (path, int(number)), points, chosen)
        return parts

    def _parts(
        self, model: Model, group: Group, key: tuple[str, int], points: Floats, rows: Rows
    ) -> list[Part]:
        entries = np.maximum(rows[:, 4:7], 0)
        if group.kind != "none" and not group.entries:
            raise damaged("a group of colors is empty")
        if entries.max(initial=-1) >= len(group.entries) and group.kind != "none":
            raise damaged("a triangle has a color that is not there")
        match group.kind:
            case "basematerials":
                return [
                    _split(points, rows[entries[:, 0] == one, :3], self._base(group, key, int(one)))
                    for one in np.unique(entries[:, 0])
                ]
            case "colorgroup":
                return [self._painted(group, points, rows[:, :3], entries)]
            case "texture2dgroup":
                return [self._textured(model, group, key, points, rows)]
            case "none":
                return [_split(points, rows[:, :3], 0)]
        self.notes.append("Mixed materials of the 3MF are not shown.")
        return [_split(points, rows[:, :3], 0)]

    def _base(self, group: Group, key: tuple[str, int], entry: int) -> int:
        if (*key, entry) not in self._known:
            given = group.entries[entry]
            color = _color(given.get("displaycolor", "#CCCCCC"))
            alpha = "blend" if color[3] < 1 else "opaque"
            name = given.get("name", "")[:200]
            self._known[*key, entry] = self._add(Material(name, color, alpha=alpha))  # type: ignore[arg-type]
        return self._known[*key, entry]

    def _add(self, material: Material) -> int:
        if self.count >= caps.MATERIALS:
            raise Refused("too_complex", f"This 3MF has more than {caps.MATERIALS} materials.")
        self.materials.append(material)
        self.count += 1
        self.workflow = "phong"
        return len(self.materials) - 1

    def _painted(self, group: Group, points: Floats, corners: Ints, entries: Ints) -> Part:
        if self.workflow == "none":
            self.workflow = "vertex-colors"
        table = np.array([_color(given.get("color", "")) for given in group.entries], np.float32)
        colors = table[entries.ravel()]
        return _split(points, corners, 2 if colors[:, 3].min() < 1 else 1, colors=colors)

    def _textured(
        self, model: Model, group: Group, key: tuple[str, int], points: Floats, rows: Rows
    ) -> Part:
        if (*key, -1) not in self._known:
            self._known[*key, -1] = self._add(self._texture(model.textures.get(group.texture)))
        table = np.array([_uv(given) for given in group.entries], np.float32)
        found = table[np.maximum(rows[:, 4:7], 0).ravel()]
        return _split(points, rows[:, :3], self._known[*key, -1], coordinates=[found])

    def _texture(self, given: Attributes | None) -> Material:
        if given is None:
            raise damaged("it uses a texture that is not there")
        path = given.get("path", "").removeprefix("/")
        image = self.images.add(path[:200], lambda: self.find(path))
        wrap = (_WRAPS.get(given.get(f"tilestyle{axis}", "wrap"), "repeat") for axis in "uv")
        return Material(path[:200], (1.0, 1.0, 1.0, 1.0), base_slot=Slot(image, wrap=tuple(wrap)))  # type: ignore[arg-type]


def _split(
    points: Floats,
    corners: Ints,
    material: int,
    *,
    coordinates: list[Floats] | None = None,
    colors: Floats | None = None,
) -> Part:
    """With normals, and every corner a point of its own: its color may be its own too."""
    triangles = np.arange(corners.size, dtype=np.int32).reshape(-1, 3)
    return creased(
        Part(points[corners.ravel()], triangles, material, None, coordinates or [], colors)
    )


def _uv(given: Attributes) -> tuple[float, float]:
    try:
        u, v = float(given["u"]), 1 - float(given["v"])  # 3MF's v runs up
    except (KeyError, ValueError) as error:
        raise damaged("a texture coordinate cannot be read") from error
    if not abs(u) + abs(v) < 1e6:
        raise damaged("a texture coordinate lies nowhere")
    return u, v


def _color(text: str) -> Color:
    """Linear light of #RRGGBB or #RRGGBBAA."""
    if not re.fullmatch(r"#[0-9A-Fa-f]{6}([0-9A-Fa-f]{2})?", text.strip()):
        raise damaged("a color cannot be read")
    red, green, blue, *alpha = (value / 255 for value in bytes.fromhex(text.strip()[1:]))
    return red**2.2, green**2.2, blue**2.2, (alpha or [1.0])[0]
