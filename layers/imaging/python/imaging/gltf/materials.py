"""Materials and textures of a glTF file, as the renderer wants them."""

import dataclasses
from typing import Any, Literal, cast

from imaging import caps
from imaging.errors import Refused
from imaging.gltf.document import Document, Json, damaged, extension, number, numbers, table, whole
from imaging.images import Images
from imaging.scene import Material, Slot

_WRAPS = {33071: "clamp", 33648: "mirror", 10497: "repeat"}
_SOURCES = ("EXT_texture_webp", "MSFT_texture_dds", "KHR_texture_basisu")


class Materials:
    """Reads materials of one document, each image once and only if something uses it."""

    def __init__(self, document: Document, images: Images) -> None:
        self.document = document
        self.images = images
        self._numbers: dict[int, int] = {}

    def all(self) -> list[Material]:
        """Every material, and a plain one at the end for primitives that name none."""
        found = self.document.list("materials")
        if len(found) > caps.MATERIALS:
            raise Refused("too_complex", f"This file has more than {caps.MATERIALS} materials.")
        plain = Material(metallic=0.0, roughness=0.7, double_sided=False)
        return [*map(self._one, found), plain]

    def workflow(self) -> str:
        """How surfaces are described; empty where the file has no materials."""
        found = self.document.list("materials")
        if not found:
            return ""
        if all(extension(material, "KHR_materials_unlit") is not None for material in found):
            return "unlit"
        glossy = "KHR_materials_pbrSpecularGlossiness"
        if any(extension(material, glossy) is not None for material in found):
            return "specular-glossiness"
        return "metallic-roughness"

    def _one(self, material: Json) -> Material:
        rough = table(material, "pbrMetallicRoughness")
        glossy = extension(material, "KHR_materials_pbrSpecularGlossiness")
        alpha = material.get("alphaMode", "OPAQUE")
        if alpha not in ("OPAQUE", "MASK", "BLEND"):
            raise damaged("a material has an unknown alpha mode")
        made = Material(
            name=str(material.get("name", ""))[:200],
            base=_color(rough, "baseColorFactor"),
            metallic=_share(rough, "metallicFactor"),
            roughness=_share(rough, "roughnessFactor"),
            emissive=self._emissive(material),
            alpha=cast("Literal['opaque', 'mask', 'blend']", alpha.lower()),
            cutoff=number(material.get("alphaCutoff"), "an alpha cutoff", 0.5),
            double_sided=bool(material.get("doubleSided", False)),
            unlit=extension(material, "KHR_materials_unlit") is not None,
            base_slot=self._slot(rough.get("baseColorTexture")),
            surface_slot=self._slot(rough.get("metallicRoughnessTexture")),
            normal_slot=self._slot(material.get("normalTexture"), "scale"),
            emissive_slot=self._slot(material.get("emissiveTexture")),
            occlusion_slot=self._slot(material.get("occlusionTexture"), "strength"),
        )
        made = self._glossy(made, glossy) if glossy is not None else made
        return _seen_through(made, material)

    def _glossy(self, made: Material, glossy: Json) -> Material:
        return dataclasses.replace(
            made,
            base=_color(glossy, "diffuseFactor"),
            base_slot=self._slot(glossy.get("diffuseTexture")),
            metallic=0.0,
            roughness=1.0 - 0.6 * _share(glossy, "glossinessFactor"),
        )

    def _emissive(self, material: Json) -> tuple[float, float, float]:
        factor = numbers(material.get("emissiveFactor"), "an emissive factor", (0.0, 0.0, 0.0))
        brighter = extension(material, "KHR_materials_emissive_strength") or {}
        strength = number(brighter.get("emissiveStrength"), "an emissive strength", 1.0)
        red, green, blue = (min(max(value * strength, 0.0), 100.0) for value in factor)
        return red, green, blue

    def _slot(self, info: Any, strength: str | None = None) -> Slot | None:
        if info is None:
            return None
        if not isinstance(info, dict):
            raise damaged("a texture is not an object")
        texture = self.document.pick("textures", info.get("index"))
        image = self._image(texture)
        if image is None:
            return None
        moved = extension(info, "KHR_texture_transform") or {}
        coordinates = moved.get("texCoord", info.get("texCoord", 0))
        return Slot(
            image=image,
            coordinates=whole(coordinates, "a set of texture coordinates", 7),
            wrap=self._wrap(texture),
            offset=cast("Any", numbers(moved.get("offset"), "a texture offset", (0.0, 0.0))),
            rotation=number(moved.get("rotation"), "a texture rotation", 0.0),
            scale=cast("Any", numbers(moved.get("scale"), "a texture scale", (1.0, 1.0))),
            strength=number(info.get(strength), "a texture strength", 1.0) if strength else 1.0,
        )

    def _wrap(self, texture: Json) -> tuple[str, str]:
        if "sampler" not in texture:
            return ("repeat", "repeat")
        sampler = self.document.pick("samplers", texture["sampler"])
        wraps = (sampler.get("wrapS", 10497), sampler.get("wrapT", 10497))
        if any(wrap not in list(_WRAPS) for wrap in wraps):
            raise damaged("a sampler wraps in an unknown way")
        return _WRAPS[wraps[0]], _WRAPS[wraps[1]]

    def _image(self, texture: Json) -> int | None:
        sources = [extension(texture, name) for name in _SOURCES]
        named = [source["source"] for source in sources if source and "source" in source]
        index = (named[:1] if named and "EXT_texture_webp" in texture["extensions"] else
                 [texture["source"]] if "source" in texture else named[:1])  # fmt: skip
        if not index:
            return None
        image = self.document.pick("images", index[0])
        if index[0] not in self._numbers:
            name = str(image.get("name") or image.get("uri", "") or f"image {index[0]}")
            name = "embedded" if name.startswith("data:") else name[:200]
            self._numbers[index[0]] = self.images.add(name, lambda: self._bytes(image))
        return self._numbers[index[0]]

    def _bytes(self, image: Json) -> bytes | None:
        if "bufferView" in image:
            return bytes(self.document.view(image["bufferView"]))
        return self.document.resource(image.get("uri"))


def _share(holder: Json, name: str) -> float:
    return min(max(number(holder.get(name), name, 1.0), 0.0), 1.0)


def _color(holder: Json, name: str) -> tuple[float, float, float, float]:
    found = numbers(holder.get(name), "a color", (1.0, 1.0, 1.0, 1.0))
    red, green, blue, alpha = (min(max(value, 0.0), 1.0) for value in found)
    return red, green, blue, alpha


def _seen_through(made: Material, material: Json) -> Material:
    """Glass by transmission is shown as blending, which the renderer can do."""
    glass = extension(material, "KHR_materials_transmission") or {}
    through = number(glass.get("transmissionFactor"), "a transmission", 0.0)
    if through <= 0 or made.alpha == "blend":
        return made
    red, green, blue, alpha = made.base
    base = (red, green, blue, alpha * (1 - 0.8 * min(through, 1.0)))
    return dataclasses.replace(made, base=base, alpha="blend")
