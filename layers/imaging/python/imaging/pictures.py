"""Write the pictures of a scene."""

from pathlib import Path

import numpy as np
import PIL.Image

from imaging.render.still import Photographer
from imaging.report import PICTURES
from imaging.scene import Floats, Scene

_LANCZOS = PIL.Image.Resampling.LANCZOS


def write(scene: Scene, out: Path, size: int) -> None:
    """One render, kept at several sizes; smaller than `size` where that is smaller."""
    still = Photographer(scene, size).take()
    full, clear = _picture(still.full), _picture(still.clear)
    for name in ("1024", "512", "256"):
        _sized(full, int(name)).save(out / PICTURES[name], quality=88, method=4)
    _sized(clear, 512).save(out / PICTURES["512-transparent"], optimize=False)


def _picture(values: Floats) -> PIL.Image.Image:
    noise = np.random.default_rng(1).random((*values.shape[:2], 1), np.float32) - 0.5
    whole = values * 255 + 0.5
    whole[..., :3] += noise  # dither: no bands in the backdrop
    return PIL.Image.fromarray(whole.clip(0, 255).astype(np.uint8))


def _sized(picture: PIL.Image.Image, side: int) -> PIL.Image.Image:
    if picture.width <= side:
        return picture
    return picture.resize((side, side), _LANCZOS)
