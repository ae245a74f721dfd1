"""COLLADA to a scene: nodes placed, skins and morphs posed as the file stands."""

from collections.abc import Callable
from dataclasses import replace
from xml.etree.ElementTree import Element

import numpy as np

from imaging import caps
from imaging.dae import geometry
from imaging.dae.document import Document, Matrix, damaged
from imaging.dae.geometry import Mesh, Primitive
from imaging.dae.nodes import Nodes
from imaging.dae.skins import Skins, animations, morphed
from imaging.dae.surfaces import Surfaces
from imaging.errors import Refused
from imaging.images import Images
from imaging.normals import creased
from imaging.placing import moved, placed
from imaging.scene import Floats, Part, Scene
from imaging.thinning import Pile, thin


def load_dae(data: bytes, anywhere: Callable[[str], bytes | None], picture_size: int) -> Scene:
    document = Document(data)
    notes: list[str] = []
    images = Images(notes, picture_size=picture_size)
    surfaces = Surfaces(document, images, anywhere)
    nodes = Nodes(document)
    stage = _Stage(document, surfaces, Skins(document, nodes), notes)
    for element, world in nodes.placed:
        stage.fill(element, world)
    found = list(document.root.iterfind("library_materials/material"))
    return thin(Scene(
        stage.pile.parts, surfaces.materials, images.loaded,
        triangles=stage.drawn,
        box=stage.pile.box,
        origin=stage.pile.origin,
        meshes=len(list(document.root.iter("geometry"))),
        material_count=len(found),
        unique_triangles=sum(mesh.triangles for mesh in stage.meshes.values()),
        vertices=sum(len(mesh.positions) for mesh in stage.meshes.values()),
        skins=len(list(document.root.iter("skin"))),
        joints=stage.skins.joints(),
        animations=animations(document),
        workflow="phong" if found else "none",
        notes=notes,
    ))  # fmt: skip


class _Stage:
    """Reads each mesh once and places it for every node that shows it."""

    def __init__(
        self, document: Document, surfaces: Surfaces, skins: Skins, notes: list[str]
    ) -> None:
        self.document = document
        self.surfaces = surfaces
        self.skins = skins
        self.notes = notes
        self.pile = Pile()
        self.meshes: dict[str, Mesh] = {}
        self.drawn = 0
        self._locals: dict[tuple[int, int], Part] = {}

    def fill(self, node: Element, world: Matrix) -> None:
        for instance in node:
            if instance.tag == "instance_geometry":
                mesh = self._mesh(self.document.meant(instance))
                self._show(instance, mesh, mesh.positions, world)
            elif instance.tag == "instance_controller":
                self._controlled(instance, world)

    def _controlled(self, instance: Element, world: Matrix) -> None:
        controller = self.document.meant(instance)
        skin = controller.find("skin")
        holder = skin if skin is not None else controller.find("morph")
        if holder is None:
            raise damaged("a controller does not say what it controls")
        source = self.document.meant(holder, "source")
        morph = source.find("morph") if source.tag == "controller" else holder
        if source.tag == "controller":
            source = self.document.meant(morph if morph is not None else source, "source")
        mesh = self._mesh(source)
        positions = mesh.positions
        if morph is not None and morph.tag == "morph":
            positions = morphed(self.document, morph, positions, self._mesh)
        if skin is None:
            self._show(instance, mesh, positions, world)
        else:
            posed = self.skins.posed(skin, positions, world)
            self._show(instance, mesh, posed, np.eye(4))

    def _mesh(self, element: Element) -> Mesh:
        name = element.get("id", "")
        if element.tag != "geometry":
            raise damaged("it shows something that is not a mesh")
        if name not in self.meshes:
            self.meshes[name] = geometry.read(self.document, element, self.notes)
        return self.meshes[name]

    def _show(self, instance: Element, mesh: Mesh, positions: Floats, world: Matrix) -> None:
        self.drawn += mesh.triangles
        if self.drawn > caps.READ_TRIANGLES:
            raise Refused(
                "too_complex", f"This DAE draws more than {caps.READ_TRIANGLES:,} triangles."
            )
        bound = {
            each.get("symbol"): each.get("target", "")
            for each in instance.iterfind("bind_material/technique_common/instance_material")
        }
        world = self.pile.seen(world)
        for number, found in enumerate(mesh.primitives):
            if found.used is not None:
                self.pile.reach(moved(positions[found.used], world))
            if not len(found.points):
                continue
            same = positions is mesh.positions
            part = (
                self._ready(mesh, number)
                if same
                else _local(replace(found, normals=None), positions)
            )
            part.material = self.surfaces.number(bound.get(found.symbol, f"#{found.symbol}"))
            self.pile.add(placed(part, world))

    def _ready(self, mesh: Mesh, number: int) -> Part:
        """A primitive as it is in the file, with normals; made once for all its instances."""
        key = (id(mesh), number)
        if key not in self._locals:
            self._locals[key] = _local(mesh.primitives[number], mesh.positions)
        return self._locals[key]


def _local(found: Primitive, positions: Floats) -> Part:
    part = Part(
        positions[found.points],
        np.arange(len(found.points), dtype=np.int32).reshape(-1, 3),
        normals=found.normals,
        coordinates=found.coordinates,
        colors=found.colors,
    )
    return part if part.normals is not None else creased(part)
