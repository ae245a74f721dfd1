"""Materials and textures of a COLLADA file: the common profile of its effects."""

from collections.abc import Callable
from typing import Literal
from urllib.parse import unquote
from xml.etree.ElementTree import Element

from imaging import caps
from imaging.dae.document import Document, floats, text
from imaging.errors import Refused
from imaging.images import Images
from imaging.scene import Material, Slot

_TECHNIQUES = ("phong", "blinn", "lambert", "constant")
_CLEAR = 0.01

Color = tuple[float, float, float, float]


class Surfaces:
    """One material for each <material> in use, and a plain one for what names none."""

    def __init__(
        self, document: Document, images: Images, anywhere: Callable[[str], bytes | None]
    ) -> None:
        self.document = document
        self.images = images
        self.anywhere = anywhere
        self.materials = [Material()]
        self._numbers: dict[str, int] = {}
        self._images: dict[str, int] = {}

    def number(self, target: str) -> int:
        """Which material a binding's target is."""
        if target not in self._numbers:
            if len(self.materials) > caps.MATERIALS:
                raise Refused("too_complex", f"This DAE has more than {caps.MATERIALS} materials.")
            found = self.document.named(target)
            if found is None:
                return 0
            self._numbers[target] = len(self.materials)
            self.materials.append(self._material(found))
        return self._numbers[target]

    def _material(self, material: Element) -> Material:
        instance = material.find("instance_effect")
        effect = self.document.named(instance.get("url")) if instance is not None else None
        profile = effect.find("profile_COMMON") if effect is not None else None
        technique = profile.find("technique") if profile is not None else None
        name = (material.get("name") or material.get("id") or "")[:200]
        found = [each for each in technique or () if each.tag in _TECHNIQUES]
        if not found or profile is None:
            return Material(name)
        return self._common(name, profile, found[0])

    def _common(self, name: str, profile: Element, shading: Element) -> Material:
        base = self._slot(profile, shading.find("diffuse"))
        red, green, blue, alpha = _color(shading.find("diffuse"), (0.8, 0.8, 0.8, 1.0))
        opacity = min(alpha, _opacity(shading))
        cut = base is not None and shading.find("transparent/texture") is not None
        glow = _color(shading.find("emission"), (0.0, 0.0, 0.0, 1.0))
        how: Literal["opaque", "mask", "blend"] = (
            "mask" if cut else "blend" if opacity < 0.99 else "opaque"
        )
        return Material(
            name,
            (1.0, 1.0, 1.0, opacity) if base else (red, green, blue, opacity),
            roughness=_roughness(shading),
            emissive=glow[:3],
            emissive_slot=self._slot(profile, shading.find("emission")),
            alpha=how,
            unlit=shading.tag == "constant",
            base_slot=base,
        )

    def _slot(self, profile: Element, holder: Element | None) -> Slot | None:
        texture = holder.find("texture") if holder is not None else None
        if texture is None:
            return None
        image = self._image(profile, texture.get("texture", ""))
        source = text(image.find("init_from/ref") if image is not None else None) or text(
            image.find("init_from") if image is not None else None)  # fmt: skip
        name = unquote(source or texture.get("texture", "")).replace("\\", "/")
        if name not in self._images:
            last = name.rsplit("/", 1)[-1][:200]
            self._images[name] = self.images.add(last, lambda: self.anywhere(last))
        return Slot(self._images[name])

    def _image(self, profile: Element, name: str) -> Element | None:
        """By way of sampler and surface, or straight as some exporters write it."""
        params = {each.get("sid"): each for each in profile.findall("newparam")}
        for step in ("sampler2D/source", "surface/init_from"):
            if name in params and (found := text(params[name].find(step))):
                name = found
        image = self.document.ids.get(name)
        if image is None and name in params:
            instance = params[name].find("sampler2D/instance_image")
            image = self.document.named(instance.get("url")) if instance is not None else None
        return image


def _color(holder: Element | None, default: Color) -> Color:
    element = holder.find("color") if holder is not None else None
    if element is None:
        return default
    values = [*floats(element).clip(0, 1).tolist(), 1.0, 1.0, 1.0, 1.0]
    return values[0], values[1], values[2], values[3]


def _number(holder: Element | None, default: float) -> float:
    element = holder.find("float") if holder is not None else None
    return float(floats(element, 1)[0]) if element is not None else default


def _opacity(shading: Element) -> float:
    """Many exporters mix opacity up with its opposite; a model wholly clear was not meant."""
    clear = shading.find("transparent")
    share = min(max(_number(shading.find("transparency"), 1.0), 0.0), 1.0)
    red, green, blue, alpha = _color(clear, (1.0, 1.0, 1.0, 1.0))
    if clear is not None and clear.get("opaque") == "RGB_ZERO":
        opacity = 1 - share * (0.2126 * red + 0.7152 * green + 0.0722 * blue)
    else:
        opacity = share * alpha
    return opacity if opacity > _CLEAR else 1.0


def _roughness(shading: Element) -> float:
    shine = _number(shading.find("shininess"), 20.0)
    shine = shine * 128 if shine <= 1 else shine
    return float(min(max((2.0 / (max(shine, 0.0) + 2.0)) ** 0.25, 0.2), 1.0))
