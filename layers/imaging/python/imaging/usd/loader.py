"""USD to a scene: what is visible of the composed stage, in metres, y up."""

import posixpath
from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np

from imaging import caps
from imaging.errors import Refused
from imaging.images import Images
from imaging.normals import creased
from imaging.placing import moved, placed
from imaging.scene import Bools, Part, Scene
from imaging.thinning import Pile, thin
from imaging.usd import meshes, solids, transforms, values
from imaging.usd.meshes import Mesh
from imaging.usd.skeletons import Skeletons
from imaging.usd.stage import Read, Stage
from imaging.usd.surfaces import Surface, Surfaces
from imaging.usd.text import Prim, damaged
from imaging.usd.values import Matrix, Numbers

_Y_UP = np.eye(4)
_Z_UP = np.array([[1, 0, 0, 0], [0, 0, 1, 0], [0, -1, 0, 0], [0, 0, 0, 1]], np.float64)
_HIDDEN = ("guide", "proxy")


def load_usd(data: bytes, name: str, read: Read, picture_size: int) -> Scene:
    """`name` is the file's own in its package, and `read` gives the others by theirs."""
    notes: list[str] = []
    stage = Stage(data, name or "scene.usd", read, notes)
    images = Images(notes, picture_size=picture_size)
    surfaces = Surfaces(stage, images, _beside(name, read))
    show = _Show(stage, surfaces, notes)
    show.all(stage.root, _Context(_world(stage)))
    skeletons = _of_type(stage.root, "Skeleton")
    joints = [values.words(values.raw(each, "joints")) for each in skeletons]
    materials = _of_type(stage.root, "Material")
    return thin(Scene(
        show.pile.parts, surfaces.materials, images.loaded,
        triangles=show.drawn,
        box=show.pile.box,
        origin=show.pile.origin,
        meshes=len(show.read),
        material_count=len(materials),
        unique_triangles=sum(mesh.count for mesh in show.read.values()),
        vertices=sum(mesh.points for mesh in show.read.values()),
        skins=len(skeletons),
        joints=sum(len(names) for names in joints),
        animations=int(_moves(stage.root)),
        workflow="metallic-roughness" if materials else show.workflow,
        notes=notes,
    ))  # fmt: skip


def _beside(name: str, read: Read) -> Callable[[str], bytes | None]:
    folder = posixpath.dirname(name)
    return lambda path: read(posixpath.normpath(posixpath.join(folder, path))) or read(path)


def _world(stage: Stage) -> Matrix:
    """From the stage's axes and unit to y up and metres."""
    up = stage.metadata.get("upAxis", "").strip("\"'")
    try:
        metres = float(stage.metadata.get("metersPerUnit", "0.01"))
    except ValueError as error:
        raise damaged("its unit is not a number") from error
    if not 1e-12 < metres < 1e12:
        raise damaged("its unit is not a length")
    return (_Z_UP if up == "Z" else _Y_UP) @ np.diag([metres, metres, metres, 1.0])


def _of_type(prim: Prim, kind: str) -> list[Prim]:
    found = [prim] if prim.type == kind else []
    return found + [each for child in prim.children.values() for each in _of_type(child, kind)]


def _moves(prim: Prim) -> bool:
    """Whether anything has two different values over time."""
    if any(
        each.samples and len(set(values.samples(each))) > 1 for each in prim.properties.values()
    ):
        return True
    return any(_moves(child) for child in prim.children.values())


@dataclass(frozen=True)
class _Context:
    """What a prim has from those above it."""

    world: Matrix
    material: str = ""
    skeleton: str = ""
    animation: str = ""

    def inside(self, prim: Prim, root: Matrix) -> "_Context":
        with np.errstate(over="ignore", invalid="ignore"):
            world = transforms.placed(prim, self.world, root)
        return _Context(
            world,
            values.target(prim, "material:binding") or self.material,
            values.target(prim, "skel:skeleton") or self.skeleton,
            values.target(prim, "skel:animationSource") or self.animation,
        )


class _Show:
    """Walks what is drawn; each mesh is read once, however many instances show it."""

    def __init__(self, stage: Stage, surfaces: Surfaces, notes: list[str]) -> None:
        self.stage = stage
        self.root = _world(stage)
        self.surfaces = surfaces
        self.skeletons = Skeletons(stage)
        self.notes = notes
        self.pile = Pile()
        self.read: dict[int, Mesh] = {}
        self.workflow = "none"
        self.drawn = self._visited = 0
        self._ready: dict[tuple[int, str], list[Part]] = {}
        self._places: dict[str, Matrix] = {}

    def all(self, prim: Prim, context: _Context) -> None:
        for child in prim.children.values():
            self._one(child, context)

    def _one(self, prim: Prim, context: _Context) -> None:
        self._spend(1)
        if _hidden(prim):
            return
        context = context.inside(prim, self.root)
        if prim.type == "PointInstancer":
            self._instances(prim, context)
            return
        if prim.type == "Mesh" or prim.type in solids.KINDS:
            self._mesh(prim, context)
        elif prim.type in ("BasisCurves", "NurbsCurves", "NurbsPatch", "Points", "Volume"):
            self.notes.append(f"{prim.type} of the model are not shown.")
        self.all(prim, context)

    def _spend(self, prims: int) -> None:
        self._visited += prims
        if self._visited > caps.PLACED:
            raise Refused("too_complex", f"This USD file shows more than {caps.PLACED:,} prims.")

    def _instances(self, prim: Prim, context: _Context) -> None:
        found = prim.properties.get("prototypes")
        paths = values.targets(found.value) if found else []
        chosen, places = values.integers(prim, "protoIndices"), values.floats(prim, "positions", 3)
        if chosen is None or places is None or len(chosen) > len(places):
            raise damaged("its instances have no places")
        self._spend(len(chosen))
        turns, sizes = values.floats(prim, "orientations", 4), values.floats(prim, "scales", 3)
        for number, which in enumerate(chosen):
            prototype = self.stage.find(paths[which]) if 0 <= which < len(paths) else None
            if prototype is None:
                raise damaged("it repeats something that is not there")
            step: Matrix = np.eye(4)
            if turns is not None and number < len(turns):
                step[:3, :3] = transforms.turned(turns[number][None])[0]
            if sizes is not None and number < len(sizes):
                step[:3, :3] *= sizes[number]
            step[:3, 3] = places[number]
            self._one(prototype, replace(context, world=context.world @ step))

    def _mesh(self, prim: Prim, context: _Context) -> None:
        if id(prim) not in self.read:
            self.read[id(prim)] = meshes.read(prim) if prim.type == "Mesh" else solids.read(prim)
        mesh = self.read[id(prim)]
        self.drawn += mesh.count
        if self.drawn > caps.READ_TRIANGLES:
            raise meshes.too_many()
        posed = self.skeletons.deformed(prim, context.skeleton, context.animation, mesh.positions)
        if posed is not None:
            bent = self._dressed(
                prim, replace(mesh, positions=posed, normals=None), context.material
            )
            self._place(bent, replace(mesh, positions=posed), self._standing(context.skeleton))
            return
        key = (id(prim), context.material)
        if key not in self._ready:
            self._ready[key] = self._dressed(prim, mesh, context.material)
        self._place(self._ready[key], mesh, context.world)

    def _place(self, parts: list[Part], mesh: Mesh, world: Matrix) -> None:
        world = self.pile.seen(world)
        for part in parts:
            self.pile.add(placed(part, world))
        if mesh.used is not None:
            self.pile.reach(moved(mesh.positions[mesh.used], world))

    def _dressed(self, prim: Prim, mesh: Mesh, material: str) -> list[Part]:
        """A mesh as it is in the file, as parts of one material each."""
        own, rest, found = self._surface(mesh, material), np.ones(len(mesh.faces), bool), []
        for subset, path in _subsets(prim):
            chosen = np.isin(mesh.faces, subset) & rest
            rest &= ~chosen
            found.append((chosen, self._surface(mesh, path) if path else own))
        return [
            _part(mesh, faces, surface) for faces, surface in [*found, (rest, own)] if faces.any()
        ]

    def _standing(self, path: str) -> Matrix:
        """Where a skeleton stands; a skinned mesh stands there too."""
        if path not in self._places:
            prim, world = self.stage.root, self.root
            for name in path.strip("/").split("/"):
                prim = prim.children[name]
                world = transforms.placed(prim, world, self.root)
            self._places[path] = world
        return self._places[path]

    def _surface(self, mesh: Mesh, path: str) -> Surface:
        if path:
            return self.surfaces.surface(path, double_sided=mesh.double_sided)
        if mesh.colors is not None:
            self.workflow = "vertex-colors"
            return Surfaces.painted
        return Surfaces.plain


def _part(mesh: Mesh, faces: Bools, surface: Surface) -> Part:
    corners = np.repeat(faces, 3)
    maps = list(mesh.coordinates.values())
    wanted = mesh.coordinates.get(surface.coordinates, maps[0] if maps else None)
    painted = surface == Surfaces.painted and mesh.colors is not None
    part = Part(
        mesh.positions[mesh.corners[corners]],
        np.arange(int(corners.sum()), dtype=np.int32).reshape(-1, 3),
        surface.number,
        mesh.normals[corners] if mesh.normals is not None else None,
        [] if wanted is None else [wanted[corners]],
        mesh.colors[corners] if painted and mesh.colors is not None else None,
    )
    return part if part.normals is not None else creased(part)


def _hidden(prim: Prim) -> bool:
    return (
        prim.kind != "def"
        or values.word(prim, "visibility") == "invisible"
        or values.word(prim, "purpose") in _HIDDEN
        or prim.metadata.get("active", "true") in ("false", "0")
    )


def _subsets(prim: Prim) -> list[tuple[Numbers, str]]:
    """The faces of each subset, and its material."""
    found = []
    for child in prim.children.values():
        if child.type == "GeomSubset" and values.word(child, "elementType", "face") == "face":
            faces = values.integers(child, "indices")
            if faces is not None:
                found.append((faces, values.target(child, "material:binding")))
    return found
