"""FBX by ufbx, posed as the file stands, in metres with y up.

Version 0.0.5 of the binding frees what it hands out twice: every object taken from it is kept
until the child leaves, which it does without cleaning up.
"""

from collections.abc import Callable
from typing import Any

import numpy as np
import numpy.typing as npt

from imaging import caps
from imaging.errors import Refused
from imaging.images import Images
from imaging.normals import creased
from imaging.placing import moved
from imaging.polygons import fans
from imaging.scene import Floats, Ints, Material, Part, Scene, Slot
from imaging.thinning import Pile, snapped, thin

Find = Callable[[str], bytes | None]

_KEPT: list[Any] = []
_DEPTH = 256


def keep[T](taken: T) -> T:
    """Never let go of anything ufbx gave."""
    _KEPT.append(taken)
    return taken


def load_fbx(data: bytes, anywhere: Find, picture_size: int) -> Scene:
    found = _open(data)
    notes: list[str] = []
    images = Images(notes, picture_size=picture_size)
    materials = _Materials(images, anywhere)
    dressed = [materials.one(keep(material)) for material in keep(found.materials)]
    meshes: dict[int, _Mesh] = {}
    pile = Pile()
    drawn = 0
    for node in keep(found.nodes):
        mesh = keep(keep(node).mesh)
        if mesh is None or not node.visible or not mesh.num_triangles:
            continue
        drawn += mesh.num_triangles
        if drawn > caps.READ_TRIANGLES:
            raise Refused(
                "too_complex", f"This FBX draws more than {caps.READ_TRIANGLES:,} triangles."
            )
        if mesh.element_id not in meshes:
            meshes[mesh.element_id] = _Mesh(mesh)
        meshes[mesh.element_id].place(node, pile, plain=len(dressed))
    scene = Scene(
        pile.parts, [*dressed, Material()], images.loaded,
        triangles=drawn, box=pile.box, origin=pile.origin, notes=notes,
    )  # fmt: skip
    _count(scene, found, meshes)
    scene.material_count = len(dressed)
    scene.workflow = materials.workflow if dressed else "none"
    return thin(scene)


def _open(data: bytes) -> Any:
    import ufbx  # type: ignore[import-untyped]

    try:
        return keep(ufbx.load_memory(
            data,
            target_axes=ufbx.axes_right_handed_y_up,
            target_unit_meters=1.0,
            evaluate_skinning=True,
            generate_missing_normals=True,
            load_external_files=False,
            node_depth_limit=_DEPTH,
        ))  # fmt: skip
    except (ufbx.TruncatedFileError, ufbx.EmptyFileError) as error:
        raise Refused("truncated", "This FBX is cut short: upload the whole file.") from error
    except ufbx.UnsupportedVersionError as error:
        raise Refused("unsupported", "This FBX is of an unknown version.") from error
    except (ufbx.UfbxError, ValueError) as error:
        raise Refused("damaged", "This FBX is damaged and cannot be read.") from error


def _count(scene: Scene, found: Any, meshes: dict[int, "_Mesh"]) -> None:
    scene.meshes = len(keep(found.meshes))
    scene.unique_triangles = sum(mesh.count for mesh in meshes.values())
    scene.vertices = sum(len(mesh.positions) for mesh in meshes.values())
    skins = [keep(skin) for skin in keep(found.skin_deformers)]
    scene.skins = len(skins)
    scene.joints = len({
        keep(bone).element_id
        for skin in skins for cluster in keep(skin.clusters)
        if (bone := keep(cluster).bone_node) is not None
    })  # fmt: skip
    stacks = keep(found.anim_stacks)
    scene.animations = sum(_moves(keep(stack)) for stack in stacks)
    if len(stacks) > scene.animations:
        scene.notes.append("An animation of the model moves nothing.")


def _moves(stack: Any) -> bool:
    return any(
        curve is not None and keep(curve).max_value > curve.min_value
        for layer in keep(stack.layers)
        for value in keep(keep(layer).anim_values)
        for curve in keep(keep(value).curves)
    )


class _Mesh:
    """One mesh, read once; a triangle's corners index the streams of the file, and its points the
    positions.
    """

    def __init__(self, mesh: Any) -> None:
        posed = keep(mesh.skinned_position)
        self.local = bool(mesh.skinned_is_local)
        self.positions = _rows(posed, 3)
        if not np.isfinite(self.positions).all():
            raise Refused("damaged", "This FBX is damaged: its points are not finite numbers.")
        faces = np.asarray(memoryview(keep(mesh.faces)), np.uint32).reshape(-1, 2)
        self.corners, face = fans(faces[:, 0], faces[:, 1])
        self.count, self.outline = len(self.corners), None
        self.points = _indices(posed)[self.corners]
        if self.count > caps.TRIANGLES:
            self.points, left, used = snapped(self.positions, self.points, caps.TRIANGLES)
            self.outline = self.positions[used]
            self.corners, face = self.corners[left], face[left]
        self.materials = _numbers(keep(mesh.face_material), len(faces))[face]
        self.names = [keep(material).typed_id for material in keep(mesh.materials)]
        self.normals = self._stream(keep(mesh.skinned_normal), 3)
        self.coordinates = self._stream(keep(mesh.vertex_uv), 2)
        self.colors = self._stream(keep(mesh.vertex_color), 4)

    def _stream(self, stream: Any, width: int) -> Floats | None:
        """Values at the corners of every triangle, or None."""
        if not stream.exists:
            return None
        return _rows(stream, width)[_indices(stream)[self.corners.ravel()]]

    def place(self, node: Any, pile: Pile, plain: int) -> None:
        """Where `node` shows it, one part for each material."""
        own = [keep(material).typed_id for material in keep(node.materials)] or self.names
        world = _matrix(keep(node.geometry_to_world)) if self.local else np.eye(4)[:3]
        world = pile.seen(world)
        if self.outline is not None:
            pile.reach(moved(self.outline, world))
        for number in np.unique(self.materials):
            pile.add(self._part(world, number, own[number] if number < len(own) else plain))

    def _part(self, world: npt.NDArray[np.float64], number: int, material: int) -> Part:
        chosen = np.repeat(self.materials == number, 3)
        places = moved(self.positions[self.points.ravel()[chosen]], world)
        triangles = np.arange(len(places), dtype=np.int32).reshape(-1, 3)
        turn = world[:, :3]
        mirrored = np.linalg.det(turn) < 0
        part = Part(places, triangles[:, ::-1].copy() if mirrored else triangles, material)
        if self.coordinates is not None:
            flipped = self.coordinates[chosen] * np.array([1, -1], np.float32)
            part.coordinates = [flipped + np.array([0, 1], np.float32)]
        if self.colors is not None:
            part.colors = self.colors[chosen].clip(0, 1)
        if self.normals is None:
            return creased(part)
        part.normals = (self.normals[chosen] @ _normal_turn(turn)).astype(np.float32)
        return part


def _normal_turn(turn: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    return np.linalg.pinv(turn) if np.isfinite(turn).all() else np.eye(3)


def _matrix(matrix: Any) -> npt.NDArray[np.float64]:
    return np.array([matrix.c0, matrix.c1, matrix.c2, matrix.c3], np.float64).T


def _rows(stream: Any, width: int) -> Floats:
    values = np.asarray(memoryview(keep(stream.values)))
    return values.reshape(-1, width).astype(np.float32)


def _indices(stream: Any) -> Ints:
    taken = keep(stream.indices)
    return np.fromiter(taken, np.uint32, len(taken))


def _numbers(taken: Any, count: int) -> Ints:
    """A number for each of `count` faces; zeros when the file has none."""
    return np.fromiter(taken, np.int64, len(taken)) if len(taken) == count else np.zeros(
        count, np.int64)  # fmt: skip


class _Materials:
    """PBR values as ufbx derives them from whatever shader the file names."""

    def __init__(self, images: Images, anywhere: Find) -> None:
        self.images = images
        self.anywhere = anywhere
        self.workflow = "phong"
        self._numbers: dict[int, int] = {}

    def one(self, material: Any) -> Material:
        pbr = keep(material.pbr)
        if keep(keep(material.features).pbr).enabled:
            self.workflow = "metallic-roughness"
        base = self._slot(pbr.base_color)
        factor = _value(pbr.base_factor, 1.0)
        color = [factor * channel for channel in _color(pbr.base_color, 0.8)]
        opacity = min(max(_value(pbr.opacity, 1.0), 0.0), 1.0)
        glow = _value(pbr.emission_factor, 1.0)
        red, green, blue = (min(max(channel, 0.0), 1.0) for channel in color)
        r, g, b = (min(max(glow * channel, 0.0), 100.0) for channel in _color(
            pbr.emission_color, 0.0))  # fmt: skip
        return Material(
            name=str(material.name)[:200],
            base=(1.0, 1.0, 1.0, opacity) if base else (red, green, blue, opacity),
            metallic=min(max(_value(pbr.metalness, 0.0), 0.0), 1.0),
            roughness=min(max(_value(pbr.roughness, 0.6), 0.2), 1.0),
            emissive=(r, g, b),
            alpha="blend" if opacity < 0.99 else "mask" if base and _texture(
                pbr.opacity) is not None else "opaque",
            base_slot=base,
            normal_slot=self._slot(pbr.normal_map),
        )  # fmt: skip

    def _slot(self, value: Any) -> Slot | None:
        texture = _texture(value)
        if texture is None:
            return None
        if texture.element_id not in self._numbers:
            name = str(texture.relative_filename or texture.filename or texture.name)
            last = name.replace("\\", "/").rsplit("/", 1)[-1][:200]
            content = bytes(keep(texture.content))
            self._numbers[texture.element_id] = self.images.add(
                last, lambda: content or self.anywhere(last)
            )
        return Slot(self._numbers[texture.element_id])


def _texture(value: Any) -> Any:
    return keep(keep(value).texture)


def _value(value: Any, default: float) -> float:
    found = float(keep(value).value_vec4.x) if keep(value).has_value else default
    return found if np.isfinite(found) else default


def _color(value: Any, default: float) -> list[float]:
    if not keep(value).has_value:
        return [default] * 3
    return [float(channel) if np.isfinite(channel) else default for channel in value.value_vec4[:3]]
