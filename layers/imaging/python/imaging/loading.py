"""Which format a file is, by what is in it, and the loader for it."""

from dataclasses import dataclass
from pathlib import Path

from imaging.errors import Refused
from imaging.gltf.loader import load_glb, load_gltf
from imaging.scene import Scene


@dataclass(frozen=True)
class Loaded:
    scene: Scene
    format: str
    formats: list[str]


def load(source: Path, picture_size: int) -> Loaded:
    data = source.read_bytes()
    if data[:4] == b"glTF":
        return Loaded(load_glb(data, lambda _: None, picture_size), "glb", ["glb"])
    if data[:1] == b"{":
        return Loaded(load_gltf(data, lambda _: None, picture_size), "gltf", ["gltf"])
    raise Refused("not_a_model", "This file is not a 3D model we know.")
