"""glTF and GLB to a scene."""

from typing import Any

import numpy as np

from imaging import caps
from imaging.errors import Refused
from imaging.files import Data
from imaging.gltf import animations, document
from imaging.gltf.accessors import Accessors
from imaging.gltf.document import Beside, Document, Json, damaged, items, place
from imaging.gltf.geometry import Geometry, Primitive
from imaging.gltf.materials import Materials
from imaging.gltf.nodes import Matrix, Placed, placed, shown
from imaging.gltf.pose import Skins, placed_part
from imaging.images import Images
from imaging.placing import origin, seen_from
from imaging.scene import Part, Scene
from imaging.thinning import thin

_KNOWN = {
    "KHR_draco_mesh_compression", "EXT_meshopt_compression", "KHR_meshopt_compression",
    "KHR_mesh_quantization", "KHR_texture_transform", "KHR_materials_unlit", "EXT_texture_webp",
    "KHR_materials_emissive_strength", "KHR_materials_pbrSpecularGlossiness",
    "KHR_materials_transmission",
}  # fmt: skip


def load_glb(data: Data, beside: Beside, picture_size: int) -> Scene:
    return _load(document.glb(data, beside), picture_size)


def load_gltf(data: bytes, beside: Beside, picture_size: int) -> Scene:
    return _load(Document(data, None, beside), picture_size)


def _load(found: Document, picture_size: int) -> Scene:
    notes = _extension_notes(found)
    accessors = Accessors(found)
    parents = shown(found)
    _count(found, Geometry(accessors, len(found.list("materials"))), list(parents), notes)
    nodes = placed(found, parents)
    images = Images(notes, picture_size=picture_size)
    materials = Materials(found, images)
    skins = Skins(found, accessors, nodes)
    scene = Scene([], materials.all(), images.loaded, notes=notes)
    stage = _Stage(found, accessors, skins, scene)
    stage.fill(nodes)
    stage.count()
    scene.meshes = len(found.list("meshes"))
    scene.material_count = len(found.list("materials"))
    painted = any(part.colors is not None for part in scene.parts)
    scene.workflow = materials.workflow() or ("vertex-colors" if painted else "none")
    scene.skins, scene.joints = len(found.list("skins")), skins.joints()
    scene.animations = animations.moving(found, accessors)
    if len(found.list("animations")) > scene.animations:
        notes.append("An animation of the model moves nothing.")
    scene.extensions = _used(found)
    return thin(scene)


class _Stage:
    """Reads each primitive once and places it for every node that shows it."""

    def __init__(self, found: Document, accessors: Accessors, skins: Skins, scene: Scene) -> None:
        self.document = found
        self.skins = skins
        self.scene = scene
        self.geometry = Geometry(accessors, len(found.list("materials")))
        self._read: dict[int, list[Primitive]] = {}

    def fill(self, nodes: list[Placed]) -> None:
        shown = [(node, self._joints(node)) for node in nodes if "mesh" in node.node]
        places = [node.world if joints is None else joints[0] for node, joints in shown]
        self.scene.origin = origin(np.array([place[:3, 3] for place in places]).reshape(-1, 3))
        for node, joints in shown:
            self.scene.parts += self._parts(node, joints)

    def _joints(self, node: Placed) -> Matrix | None:
        skin = node.node.get("skin")
        return None if skin is None else self.skins.matrices(skin)

    def _parts(self, node: Placed, joints: Matrix | None) -> list[Part]:
        mesh = self.document.pick("meshes", node.node["mesh"])
        weights: Any = node.node.get("weights", mesh.get("weights", []))
        if not isinstance(weights, list):
            raise damaged("morph weights are not a list")
        world = seen_from(self.scene.origin, node.world)
        bones = None if joints is None else seen_from(self.scene.origin, joints)
        primitives = self._primitives(node.node["mesh"], mesh)
        return [placed_part(self.geometry, found, weights, world, bones) for found in primitives]

    def _primitives(self, index: int, mesh: Json) -> list[Primitive]:
        if index not in self._read:
            wanted = [item for item in items(mesh, "primitives") if self.geometry.triangles(item)]
            self._read[index] = [self.geometry.read(item) for item in wanted]
        return self._read[index]

    def count(self) -> None:
        """What is in the file, whether a node shows it or not."""
        for mesh in self.document.list("meshes"):
            primitives = items(mesh, "primitives")
            triangles, vertices, _ = _cost(self.geometry, primitives)
            self.scene.unique_triangles += triangles
            self.scene.vertices += vertices
            morphs = [len(items(primitive, "targets")) for primitive in primitives]
            self.scene.morphs = max(self.scene.morphs, *morphs, 0)


def _count(found: Document, geometry: Geometry, nodes: list[int], notes: list[str]) -> None:
    """Refuse too many triangles from the counts alone."""
    total, corners, flat = 0, 0, False
    costs: dict[int, tuple[int, int, bool]] = {}
    for node in (found.list("nodes")[index] for index in nodes):
        if "mesh" not in node:
            continue
        mesh = place(node["mesh"], found.list("meshes"), "meshes")
        if mesh not in costs:
            costs[mesh] = _cost(geometry, items(found.list("meshes")[mesh], "primitives"))
        total, corners = total + costs[mesh][0], corners + costs[mesh][1]
        flat = flat or costs[mesh][2]
        if total > caps.READ_TRIANGLES or corners > caps.READ_VERTICES:
            what, most = ("triangles", caps.READ_TRIANGLES)
            if total <= most:
                what, most = ("vertices", caps.READ_VERTICES)
            raise Refused(
                "too_complex",
                f"This model draws more than {most:,} {what}. Reduce it and upload it again.",
            )
    if flat:
        notes.append("Points and lines of the model are not shown.")


def _cost(geometry: Geometry, primitives: list[Json]) -> tuple[int, int, bool]:
    """Triangles and vertices of a mesh, and whether some of it is points or lines."""
    counts = [geometry.triangles(primitive) for primitive in primitives]
    return sum(counts), sum(map(geometry.vertices, primitives)), 0 in counts


def _used(found: Document) -> list[str]:
    used = found.json.get("extensionsUsed", [])
    if not isinstance(used, list) or not all(isinstance(name, str) for name in used):
        raise damaged("extensionsUsed is not a list of names")
    return sorted({name[:100] for name in used[:200]})


def _extension_notes(found: Document) -> list[str]:
    required = found.json.get("extensionsRequired", [])
    wanted = [name for name in required if isinstance(name, str)] if isinstance(
        required, list) else []  # fmt: skip
    notes = [f"{name} is not shown." for name in _used(found) if _instanced(name)]
    return notes + [f"{name[:100]} is required but not shown." for name in wanted
                    if name not in _KNOWN and not _instanced(name)]  # fmt: skip


def _instanced(name: str) -> bool:
    return name in ("EXT_mesh_gpu_instancing", "KHR_materials_variants")
