"""Materials of a USD scene: the preview surface and its textures."""

import posixpath
from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

import numpy as np

from imaging import caps
from imaging.errors import Refused
from imaging.images import Images
from imaging.scene import Material, Slot
from imaging.usd import values
from imaging.usd.stage import Stage
from imaging.usd.text import Prim

_WRAPS = {"clamp": "clamp", "black": "clamp", "mirror": "mirror"}
_PLAIN = Material(base=(0.62, 0.64, 0.67, 1.0))
_PAINTED = Material(base=(1.0, 1.0, 1.0, 1.0))
_HOPS = 8

Find = Callable[[str], bytes | None]
Alpha = Literal["opaque", "mask", "blend"]


@dataclass(frozen=True)
class Texture:
    """An image in use, the channel of it, and the name of its coordinates."""

    slot: Slot
    channel: str
    coordinates: str


@dataclass(frozen=True)
class Surface:
    """A material in the scene, and the coordinates it wants."""

    number: int
    coordinates: str = ""


class Surfaces:
    """One material for each that some mesh is bound to; plain and painted ones at the start."""

    plain, painted = Surface(0), Surface(1)

    def __init__(self, stage: Stage, images: Images, find: Find) -> None:
        self.stage = stage
        self.images = images
        self.find = find
        self.materials = [_PLAIN, _PAINTED]
        self._known: dict[tuple[str, bool], Surface] = {}
        self._images: dict[str, int] = {}

    def surface(self, path: str, *, double_sided: bool) -> Surface:
        key = (path, double_sided)
        if key not in self._known:
            if len(self.materials) > caps.MATERIALS:
                raise Refused("too_complex", f"This file has more than {caps.MATERIALS} materials.")
            self._known[key] = self._made(path, double_sided=double_sided)
        return self._known[key]

    def _made(self, path: str, *, double_sided: bool) -> Surface:
        material = self.stage.find(path)
        shader = self._shader(material) if material else None
        if material is None or shader is None:
            return self.plain
        read = _Inputs(self, shader)
        base, opacity = read.texture("diffuseColor"), read.number("opacity", 1.0)
        clear, cutoff = read.texture("opacity"), read.number("opacityThreshold", 0.0)
        red, green, blue = read.color("diffuseColor", 0.18)
        glow = read.texture("emissiveColor")
        alpha: Alpha = "opaque"
        if clear is not None or opacity < 1:
            alpha = "mask" if cutoff > 0 else "blend"
        self.materials.append(Material(
            material.name[:200],
            (1.0, 1.0, 1.0, opacity) if base else (red, green, blue, opacity),
            metallic=1.0 if read.texture("metallic") else read.number("metallic", 0.0),
            roughness=1.0 if read.texture("roughness") else read.number("roughness", 0.5),
            emissive=(1.0, 1.0, 1.0) if glow else read.color("emissiveColor", 0.0),
            alpha=alpha,
            cutoff=cutoff or 0.5,
            double_sided=double_sided,
            base_slot=_slot(base),
            surface_slot=self._rough_and_metal(read),
            normal_slot=_slot(read.texture("normal")),
            emissive_slot=_slot(glow),
            occlusion_slot=_red(read.texture("occlusion")),
        ))  # fmt: skip
        return Surface(len(self.materials) - 1, base.coordinates if base else read.coordinates)

    def _shader(self, material: Prim) -> Prim | None:
        found = self.stage.find(values.connection(material, "outputs:surface") or "/")
        if found is not None and values.word(found, "info:id") == "UsdPreviewSurface":
            return found
        shaders = [each for each in material.children.values()
                   if values.word(each, "info:id") == "UsdPreviewSurface"]  # fmt: skip
        return shaders[0] if shaders else None

    def _rough_and_metal(self, read: "_Inputs") -> Slot | None:
        """Roughness in green and metalness in blue: one image, joined where the file has two."""
        rough, metal = read.texture("roughness"), read.texture("metallic")
        one = rough or metal
        if one is None:
            return None
        joined = self.images.joined([
            None, _channel(rough), _channel(metal)
        ], as_it_is=_ordered(rough, metal))  # fmt: skip
        return Slot(joined, 0, one.slot.wrap, one.slot.offset, one.slot.rotation, one.slot.scale)

    def image(self, written: str) -> int:
        name = posixpath.normpath(written.replace("\\", "/"))
        if name not in self._images:
            self._images[name] = self.images.add(
                name.rsplit("/", 1)[-1][:200], lambda: self.find(name)
            )
        return self._images[name]


def _slot(found: Texture | None) -> Slot | None:
    return found.slot if found else None


def _red(found: Texture | None) -> Slot | None:
    """Occlusion is read from red; another channel of a packed image is left out."""
    return found.slot if found and found.channel in ("r", "rgb") else None


def _channel(found: Texture | None) -> tuple[int, int] | None:
    return (found.slot.image, "rgba".index(found.channel[:1] or "r")) if found else None


def _ordered(rough: Texture | None, metal: Texture | None) -> int | None:
    """The image that has both where we want them."""
    if rough and metal and rough.slot.image == metal.slot.image and (
        rough.channel, metal.channel) == ("g", "b"):  # fmt: skip
        return rough.slot.image
    return None


class _Inputs:
    """The inputs of a shader, through the inputs of its material that they are connected to."""

    def __init__(self, surfaces: Surfaces, shader: Prim) -> None:
        self.surfaces = surfaces
        self.shader = shader
        self.coordinates = ""
        self._textures: dict[str, Texture | None] = {}

    def _holder(self, name: str) -> tuple[Prim, str, str]:
        """The prim and input that hold the value, and the output they are connected to."""
        prim, at = self.shader, f"inputs:{name}"
        for _ in range(_HOPS):
            path = values.connection(prim, at)
            target = self.surfaces.stage.find(path) if path else None
            end = path.partition(".")[2]
            if target is None or not end.startswith("inputs:"):
                return prim, at, path
            prim, at = target, end
        return prim, at, ""

    def number(self, name: str, default: float) -> float:
        prim, at, path = self._holder(name)
        value = values.number(prim, at, default) if not path else default
        return float(np.clip(value, 0, 1))

    def color(self, name: str, default: float) -> tuple[float, float, float]:
        prim, at, _ = self._holder(name)
        red, green, blue = np.clip(values.vector(prim, at, (default,) * 3), 0, 100).tolist()
        return red, green, blue

    def texture(self, name: str) -> Texture | None:
        if name not in self._textures:
            self._textures[name] = self._texture(name)
        return self._textures[name]

    def _texture(self, name: str) -> Texture | None:
        path = self._holder(name)[2]
        found = self.surfaces.stage.find(path) if path else None
        if found is None or values.word(found, "info:id") != "UsdUVTexture":
            return None
        written = values.file(_Inputs(self.surfaces, found).written("file"))
        if not written:
            return None
        coordinates, layout = self._laid_out(found)
        self.coordinates = self.coordinates or coordinates
        wrap = tuple(
            _WRAPS.get(values.word(found, f"inputs:wrap{axis}"), "repeat") for axis in "ST"
        )
        slot = Slot(self.surfaces.image(written), 0, wrap, *layout)  # type: ignore[arg-type]
        return Texture(slot, path.rpartition(":")[2], coordinates)

    def written(self, name: str) -> str:
        prim, at, _ = self._holder(name)
        return values.raw(prim, at)

    def _laid_out(
        self, texture: Prim
    ) -> tuple[str, tuple[tuple[float, float], float, tuple[float, float]]]:
        """The coordinates' name; offset, rotation and scale for v that runs down."""
        reader = _Inputs(self.surfaces, texture)
        found = self.surfaces.stage.find(reader._holder("st")[2] or "/")
        layout = ((0.0, 0.0), 0.0, (1.0, 1.0))
        if found is not None and values.word(found, "info:id") == "UsdTransform2d":
            layout = _flipped(found)
            found = self.surfaces.stage.find(_Inputs(self.surfaces, found)._holder("in")[2] or "/")
        if found is None:
            return "st", layout
        named = values.words(_Inputs(self.surfaces, found).written("varname"))
        return (named or ["st"])[0], layout


def _flipped(found: Prim) -> tuple[tuple[float, float], float, tuple[float, float]]:
    x, y = values.vector(found, "inputs:translation", (0.0, 0.0))
    wide, high = values.vector(found, "inputs:scale", (1.0, 1.0))
    angle = float(np.radians(values.number(found, "inputs:rotation", 0.0)))
    offset = (x - float(np.sin(angle)) * high, 1 - float(np.cos(angle)) * high - y)
    return offset, angle, (wide, high)
