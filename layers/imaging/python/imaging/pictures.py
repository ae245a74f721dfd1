"""Write the pictures of a scene: a still in three sizes, one without backdrop, a turntable."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import PIL.Image

from imaging.errors import Refused
from imaging.render import camera as cameras
from imaging.render.shot import Exposure, Shot
from imaging.render.stage import Stage
from imaging.report import PICTURES, TURNTABLE_COLUMNS, TURNTABLE_SIDE
from imaging.scene import Floats, Scene

_LANCZOS = PIL.Image.Resampling.LANCZOS
_THREADS = 2
_FRAME_MILLISECONDS = 100


def write(scene: Scene, out: Path, size: int, frames: int) -> None:
    """The still is rendered once, at `size` pixels; all pictures are smaller where that is."""
    stage = staged(scene, size)
    write_stills(still(stage, size), out)
    write_turntable(stage, out, size, frames)


def staged(scene: Scene, size: int) -> Stage:
    return Stage(scene, min(max(size // 6, 40), 176))


def still(stage: Stage, size: int) -> Exposure:
    camera = cameras.frame(stage.shown, size, *cameras.angles(stage.high - stage.low))
    return Shot(stage, camera, grain=2, rounds=2, threads=_THREADS).take()


def write_stills(taken: Exposure, out: Path) -> None:
    if not taken.shows_something:
        raise Refused("empty", "Nothing of this model can be seen: it is flat, or clear.")
    full, clear = encoded(taken.on_backdrop()), encoded(taken.clear())
    for name in ("1024", "512", "256"):
        _sized(full, int(name)).save(out / PICTURES[name], quality=88, method=4)
    for name, side in (("transparent", 1024), ("512-transparent", 512)):
        _sized(clear, side).save(out / PICTURES[name], compress_level=4)


def write_turntable(stage: Stage, out: Path, size: int, frames: int) -> None:
    side = min(TURNTABLE_SIDE, size)
    azimuth, elevation = cameras.angles(stage.high - stage.low)
    orbit = cameras.orbit(stage.shown, side, azimuth, elevation, frames)
    _sheet(list(_frames(stage, orbit)), out)


def _frames(stage: Stage, orbit: list[cameras.Camera]) -> Iterator[PIL.Image.Image]:
    def one(camera: cameras.Camera) -> PIL.Image.Image:
        return encoded(Shot(stage, camera, grain=3, rounds=1).take().on_backdrop())

    # numpy and Embree's neighbours let go of Python's lock while they compute.
    with ThreadPoolExecutor(_THREADS) as threads:
        yield from threads.map(one, orbit)


def _sheet(frames: list[PIL.Image.Image], out: Path) -> None:
    side, columns = frames[0].width, TURNTABLE_COLUMNS
    sheet = PIL.Image.new("RGB", (columns * side, -(-len(frames) // columns) * side))
    for number, frame in enumerate(frames):
        row, column = divmod(number, columns)
        sheet.paste(frame, (column * side, row * side))
    sheet.save(out / PICTURES["turntable"], quality=80, method=3)
    frames[0].save(
        out / PICTURES["animation"], save_all=True, append_images=frames[1:],
        duration=_FRAME_MILLISECONDS, loop=0, quality=75, method=2,
    )  # fmt: skip


def encoded(values: Floats) -> PIL.Image.Image:
    """Of (3 or 4, size, size) values in 0..1."""
    whole = values * np.float32(255) + np.float32(0.5)
    # Dither: no bands in the backdrop.
    whole[:3] += np.random.default_rng(1).random(whole.shape[1:], np.float32) - np.float32(0.5)
    encoded = np.clip(whole, 0, 255).astype(np.uint8)
    return PIL.Image.fromarray(np.ascontiguousarray(encoded.transpose(1, 2, 0)))


def _sized(picture: PIL.Image.Image, side: int) -> PIL.Image.Image:
    if picture.width <= side:
        return picture
    return picture.resize((side, side), _LANCZOS)
