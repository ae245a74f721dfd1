"""3MF to a scene: what its build places, in metres, y up."""

from xml.etree.ElementTree import Element

import numpy as np
import numpy.typing as npt

from imaging import caps, markup
from imaging.errors import Refused
from imaging.files import Folder
from imaging.images import Images
from imaging.placing import moved, placed
from imaging.scene import Floats, Part, Scene
from imaging.thinning import around, box, thin
from imaging.threemf.document import IDENTITY, Model, Object, Use, damaged, read
from imaging.threemf.surfaces import Surfaces

_START = "http://schemas.microsoft.com/3dmanufacturing/2013/01/3dmodel"
_ENCRYPTED = "keystore.xml"
_PARTS = 1000
_SMALL = 40  # meshes of a fortieth of what is drawn stay whole, however many there are of others

Matrix = npt.NDArray[np.float64]

_Z_UP = np.array([[1, 0, 0, 0], [0, 0, 1, 0], [0, -1, 0, 0], [0, 0, 0, 1]], np.float64)


def load_3mf(folder: Folder, picture_size: int) -> Scene:
    if any(name.lower().endswith(_ENCRYPTED) for name in folder.entries):
        raise Refused("unsupported", "This 3MF is encrypted; save it without protection.")
    notes: list[str] = []
    images = Images(notes, picture_size=picture_size)
    package = _Package(folder)
    start = _start_part(folder)
    model = package.model(start)
    uses = model.build or [Use(name, None, IDENTITY) for name in model.objects]
    drawn = package.check(start, uses)
    stage = _Stage(package, Surfaces(images, folder.read, notes), drawn)
    for use in uses:
        stage.place(start, use, _Z_UP * model.scale)
    return _scene(stage, images, notes)


def _start_part(folder: Folder) -> str:
    data = folder.read("_rels/.rels")
    links = markup.tree(data, "3MF") if data else Element("none")
    for link in links:
        if link.get("Type") == _START and (target := link.get("Target")):
            return target.removeprefix("/")
    named = folder.ending(".model")
    if not named:
        raise damaged("it names no model")
    return named[0]


class _Package:
    """The documents of a package, each read once."""

    def __init__(self, folder: Folder) -> None:
        self.folder = folder
        self.models: dict[str, Model] = {}
        self._costs: dict[tuple[str, str], tuple[int, int]] = {}

    def model(self, path: str) -> Model:
        if path not in self.models:
            if not self.folder.has(path):
                raise damaged(f"its part {path[:200]!r} is missing")
            if len(self.models) >= _PARTS:
                raise Refused("too_complex", "This 3MF has more parts than we take.")
            self.models[path] = read(self.folder.blocks(path))
        return self.models[path]

    def found(self, path: str, use: Use) -> tuple[str, Object]:
        """Which document a use means, and the object in it."""
        at = use.path.removeprefix("/") if use.path else path
        wanted = self.model(at).objects.get(use.object)
        if wanted is None:
            raise damaged("it places an object that is not there")
        return at, wanted

    def check(self, path: str, uses: list[Use]) -> int:
        """How many triangles are drawn; refuses too much, from the counts alone."""
        costs = [self._cost(path, use, 0) for use in uses]
        triangles, placed = (sum(cost[at] for cost in costs) for at in (0, 1))
        if triangles > caps.READ_TRIANGLES:
            raise Refused(
                "too_complex", f"This 3MF draws more than {caps.READ_TRIANGLES:,} triangles."
            )
        if placed > caps.PLACED:
            raise Refused("too_complex", f"This 3MF places more than {caps.PLACED:,} objects.")
        return triangles

    def _cost(self, path: str, use: Use, depth: int) -> tuple[int, int]:
        """How many triangles a use draws, and how many objects it places."""
        at, wanted = self.found(path, use)
        if depth > caps.DEPTH:
            raise Refused("too_complex", "The objects of this 3MF are nested without end.")
        key = (at, use.object)
        if key not in self._costs:
            inner = [self._cost(at, component, depth + 1) for component in wanted.components]
            self._costs[key] = (
                wanted.count + sum(cost[0] for cost in inner),
                1 + sum(cost[1] for cost in inner),
            )
        return self._costs[key]


class _Stage:
    """Objects where the build puts them; each mesh is dressed once. Of more triangles than are
    drawn, each mesh gets its share.
    """

    def __init__(self, package: _Package, surfaces: Surfaces, drawn: int) -> None:
        self.package = package
        self.surfaces = surfaces
        self.drawn = drawn
        self.share = min(caps.TRIANGLES / max(drawn, 1), 1)
        self.boxes: list[Floats] = []
        self.parts: list[Part] = []
        self.meshes: dict[tuple[str, str], list[Part]] = {}

    def place(self, path: str, use: Use, outer: Matrix) -> None:
        at, wanted = self.package.found(path, use)
        inner: Matrix = np.eye(4)
        inner[:3] = np.array(use.transform).reshape(4, 3).T
        world = outer @ inner
        for component in wanted.components:
            self.place(at, component, world)
        key = (at, use.object)
        if key not in self.meshes:
            most = max(round(self.share * wanted.count), caps.TRIANGLES // _SMALL)
            self.meshes[key] = self.surfaces.dressed(self.package.model(at), wanted, at, most)
        if self.share < 1 and wanted.count:
            points, rows = wanted.tables()
            self.boxes += box([Part(moved(points, world), rows[:, :3])])
        self.parts += [placed(part, world) for part in self.meshes[key]]


def _scene(stage: _Stage, images: Images, notes: list[str]) -> Scene:
    objects = [o for model in stage.package.models.values() for o in model.objects.values()]
    surfaces = stage.surfaces
    scene = Scene(
        stage.parts, surfaces.materials, images.loaded,
        meshes=sum(bool(o.triangles) for o in objects),
        material_count=surfaces.count,
        unique_triangles=sum(
            stage.package.models[path].objects[name].count for path, name in stage.meshes
        ),
        vertices=sum(len(o.points) // 3 for o in objects),
        workflow=surfaces.workflow,
        notes=notes,
    )  # fmt: skip
    if stage.share < 1:
        scene.triangles = stage.drawn
        scene.box = around(np.stack(stage.boxes))
    return thin(scene)
