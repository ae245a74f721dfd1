"""What the child says about a file. Plain dataclasses: the child has no pydantic."""

from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

from imaging.errors import Code

# The pictures of one file, by the name the worker stores them under.
PICTURES = {
    "1024": "1024.webp",
    "512": "512.webp",
    "256": "256.webp",
    "512-transparent": "512-transparent.png",
    "transparent": "transparent.png",
    "turntable": "turntable.webp",
    "animation": "animation.webp",
}
PREVIEW = "preview.glb"
TURNTABLE_FRAMES, TURNTABLE_COLUMNS = 24, 6  # on the sheet, row by row
TURNTABLE_SIDE = 320  # pixels of a frame


@dataclass(frozen=True)
class TextureFacts:
    """One image, with the size its own header gives."""

    name: str
    width: int
    height: int
    format: str
    bytes: int


@dataclass(frozen=True)
class Box:
    """Corners of the posed model, in metres."""

    minimum: tuple[float, float, float]
    maximum: tuple[float, float, float]

    @property
    def size(self) -> tuple[float, float, float]:
        (x0, y0, z0), (x1, y1, z1) = self.minimum, self.maximum
        return (x1 - x0, y1 - y0, z1 - z0)


@dataclass(frozen=True)
class Facts:
    """What is in the file.

    `triangles` counts every instance that is drawn, `unique_triangles` each mesh once.
    `textures` are the first hundred of the `texture_count` there are.
    `texture_resolution` is the longest side of the largest texture: "None" without textures,
    the nearest of "512" (or less), "1K", "2K", "4K", "8K" or "16K" otherwise.
    `workflow` is how surfaces are described: "metallic-roughness", "specular-glossiness",
    "phong", "unlit", "vertex-colors" or "none".
    `morphs` is the most morph targets of any mesh, `uv_sets` the most of texture coordinates.
    `animations` counts those that move: at least two different keys.
    `notes` are sentences about what the pictures could not show.
    """

    triangles: int
    unique_triangles: int
    vertices: int
    meshes: int
    materials: int
    textures: list[TextureFacts]
    texture_resolution: str
    workflow: str
    skins: int
    joints: int
    animations: int
    is_rigged: bool
    is_animated: bool
    bounding_box: Box
    extensions: list[str]
    notes: list[str]
    morphs: int = 0
    uv_sets: int = 0
    texture_count: int = 0


@dataclass(frozen=True)
class Report:
    """How it ended. `reason` is for the creator, `detail` for the operator's log."""

    status: Literal["ready", "rejected"]
    reason: str | None = None
    reason_code: Code | None = None
    format: str | None = None
    formats: list[str] = field(default_factory=list)
    facts: Facts | None = None
    pictures: dict[str, Path] = field(default_factory=dict)
    preview: Path | None = None
    detail: str | None = None
    seconds: float = 0.0
    cpu_seconds: float = 0.0
    peak_bytes: int = 0


def rejected(code: Code, reason: str, detail: str | None = None) -> Report:
    return Report(status="rejected", reason=reason, reason_code=code, detail=detail)
