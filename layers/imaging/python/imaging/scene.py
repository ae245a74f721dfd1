"""What every loader makes and the renderer draws: triangles in metres, y up, and materials."""

from dataclasses import dataclass, field
from typing import Any, Literal

import numpy as np
import numpy.typing as npt

from imaging.images import Image

Floats = npt.NDArray[np.floating[Any]]
Ints = npt.NDArray[np.integer[Any]]
Bools = npt.NDArray[np.bool_]


@dataclass(frozen=True)
class Slot:
    """One use of an image: which, by which coordinates, and how it is laid out."""

    image: int
    coordinates: int = 0
    wrap: tuple[str, str] = ("repeat", "repeat")
    offset: tuple[float, float] = (0.0, 0.0)
    rotation: float = 0.0
    scale: tuple[float, float] = (1.0, 1.0)
    strength: float = 1.0  # of normals and occlusion


@dataclass(frozen=True)
class Material:
    """Factors are linear light; the slots are named as in glTF."""

    name: str = ""
    base: tuple[float, float, float, float] = (0.8, 0.8, 0.8, 1.0)
    metallic: float = 0.0
    roughness: float = 0.6
    emissive: tuple[float, float, float] = (0.0, 0.0, 0.0)
    alpha: Literal["opaque", "mask", "blend"] = "opaque"
    cutoff: float = 0.5
    double_sided: bool = True
    unlit: bool = False
    base_slot: Slot | None = None
    surface_slot: Slot | None = None  # roughness in green, metalness in blue
    normal_slot: Slot | None = None
    emissive_slot: Slot | None = None
    occlusion_slot: Slot | None = None

    @property
    def slots(self) -> list[Slot]:
        every = (self.base_slot, self.surface_slot, self.normal_slot, self.emissive_slot,
                 self.occlusion_slot)  # fmt: skip
        return [slot for slot in every if slot]


@dataclass
class Part:
    """Triangles of one material, already where they stand in the world."""

    positions: Floats  # (n, 3)
    triangles: Ints  # (m, 3)
    material: int = 0
    normals: Floats | None = None  # (n, 3)
    coordinates: list[Floats] = field(default_factory=list)  # of (n, 2), v down as in glTF
    colors: Floats | None = None  # (n, 4), linear


@dataclass
class Scene:
    """A file, read. Counts are of the file; `parts` are what is drawn, and lie around `origin`."""

    parts: list[Part]
    materials: list[Material]
    images: list[Image | None]  # None: it could not be shown, and a note says so
    meshes: int = 0
    triangles: int = 0  # that would be drawn, where `parts` have fewer
    box: tuple[Floats, Floats] | None = None  # around them
    origin: Floats = field(default_factory=lambda: np.zeros(3))  # where it is in the file
    material_count: int = 0
    unique_triangles: int = 0
    vertices: int = 0
    skins: int = 0
    joints: int = 0
    animations: int = 0
    morphs: int = 0
    workflow: str = "none"
    extensions: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
