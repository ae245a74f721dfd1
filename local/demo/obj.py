"""A zip with a Wavefront OBJ, its MTL and its PNG textures."""

import io
import zipfile
from collections.abc import Sequence

import numpy as np
from PIL import Image

from local.demo.gltf import Material, Part
from local.demo.textures import rgb
from local.demo.vertices import indexed

_MIDNIGHT = (2025, 1, 1, 0, 0, 0)  # a fixed date, so that the same model is the same file


def obj_zip(name: str, parts: Sequence[Part]) -> bytes:
    materials = list(dict.fromkeys(part.material for part in parts))
    files = {f"{name}.obj": _obj(name, parts), f"{name}.mtl": _mtl(materials)}
    files |= {_texture(m): _png(m.texture) for m in materials if m.texture}
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for path, data in files.items():
            archive.writestr(zipfile.ZipInfo(path, _MIDNIGHT), data, zipfile.ZIP_DEFLATED)
    return target.getvalue()


def _obj(name: str, parts: Sequence[Part]) -> bytes:
    lines = [f"# {name}, in metres", f"mtllib {name}.mtl"]
    before = 1
    for part in parts:
        layers, index = indexed(part.mesh)
        lines += [f"o {part.name.replace(' ', '_')}", f"usemtl {_safe(part.material.name)}"]
        lines += ["v {:.5f} {:.5f} {:.5f}".format(*row) for row in layers["POSITION"].tolist()]
        lines += [f"vt {u:.5f} {1 - v:.5f}" for u, v in layers["TEXCOORD_0"].tolist()]
        lines += ["vn {:.4f} {:.4f} {:.4f}".format(*row) for row in layers["NORMAL"].tolist()]
        corners = (index.reshape(-1, 3) + before).tolist()
        lines += [f"f {a}/{a}/{a} {b}/{b}/{b} {c}/{c}/{c}" for a, b, c in corners]
        before += len(layers["POSITION"])
    return ("\n".join(lines) + "\n").encode()


def _mtl(materials: Sequence[Material]) -> bytes:
    lines: list[str] = []
    for material in materials:
        colour = "{:.4f} {:.4f} {:.4f}".format(*rgb(material.colour))
        shine = (1 - material.rough) ** 2
        specular = "{:.4f} {:.4f} {:.4f}".format(*np.full(3, 0.04 + 0.4 * shine))
        lines += [f"newmtl {_safe(material.name)}", f"Kd {colour}", f"Ks {specular}"]
        lines += [f"Ns {2 + 300 * shine:.1f}", f"Pr {material.rough}", f"Pm {material.metal}"]
        if material.texture:
            lines.append(f"map_Kd {_texture(material)}")
        lines.append("")
    return "\n".join(lines).encode()


def _texture(material: Material) -> str:
    return f"textures/{_safe(material.name)}.png"


def _safe(name: str) -> str:
    return name.lower().replace(" ", "_")


def _png(image: Image.Image) -> bytes:
    target = io.BytesIO()
    image.save(target, "PNG")
    return target.getvalue()
