"""`make contact-sheet`: one picture of every format, for people to look at.

The demo models go into docs/contact-sheet.webp; with them go shapes that are hard to frame and,
where NEXUS_ASSETS names their folder, files of other makers, into .local/contact-sheet.webp.
"""

import io
import os
import sys
import tempfile
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import PIL.Image
from PIL import ImageDraw, ImageFont

from imaging import facts, loading, pictures
from local.demo.catalogue import CATALOGUE
from local.demo.gltf import Material, Part, glb
from local.demo.shapes import torus

PROJECT = Path(__file__).parents[2]
DRAWN, SIDE, LINE, COLUMNS, QUALITY = 400, 256, 36, 6, 82
PAPER, INK = (250, 250, 250), (60, 62, 66)


@dataclass(frozen=True)
class Tile:
    picture: PIL.Image.Image
    title: str
    told: str


def main() -> None:
    own = [_tile(model.filename, model.build()) for model in CATALOGUE]
    _write(own, PROJECT / "docs/contact-sheet.webp")
    others = [_tile(name, content) for name, content in [*_shapes(), *_assets()]]
    _write([*own, *others], PROJECT / ".local/contact-sheet.webp")


def _tile(filename: str, content: bytes) -> Tile:
    with tempfile.NamedTemporaryFile() as upload:
        upload.write(content)
        upload.flush()
        found = loading.load(Path(upload.name), filename, DRAWN)
    taken = pictures.still(pictures.staged(found.scene, DRAWN), DRAWN)
    small = pictures.encoded(taken.on_backdrop()).resize((SIDE, SIDE))
    triangles = facts.facts(found.scene).triangles
    print(filename, file=sys.stderr)
    return Tile(small, filename, f"{found.format} · {triangles:,} triangles")


def _write(tiles: list[Tile], target: Path) -> None:
    height = SIDE + LINE
    sheet = PIL.Image.new("RGB", (COLUMNS * SIDE, -(-len(tiles) // COLUMNS) * height), PAPER)
    pen, font = ImageDraw.Draw(sheet), ImageFont.load_default(13)
    for number, tile in enumerate(tiles):
        row, column = divmod(number, COLUMNS)
        x, y = column * SIDE, row * height
        sheet.paste(tile.picture, (x, y))
        pen.text((x + 8, y + SIDE + 2), tile.title[:36], INK, font)
        pen.text((x + 8, y + SIDE + 17), tile.told[:36], (130, 132, 136), font)
    target.parent.mkdir(exist_ok=True)
    sheet.save(target, quality=QUALITY, method=6)
    print(target)


def _shapes() -> Iterator[tuple[str, bytes]]:
    """What is hard to frame or to light."""
    for name, color, rough, size in (
        ("needle.glb", "#b9bec6", 0.2, (0.02, 1.0, 0.02)),
        ("needle lying.glb", "#b9bec6", 0.2, (1.0, 0.02, 0.02)),
        ("plate.glb", "#e8e4da", 0.3, (1.0, 0.02, 1.0)),
        ("black.glb", "#050506", 0.4, (1.0, 1.0, 1.0)),
        ("white.glb", "#ffffff", 0.3, (1.0, 1.0, 1.0)),
    ):
        ring = torus(0.35, 0.15, 96, 48)
        ring = ring.scaled(*(np.array(size) / (1.0, 0.3, 1.0)))
        yield name, glb([Part("Ring", Material("Paint", color, rough=rough), ring)])


def _assets() -> Iterator[tuple[str, bytes]]:
    folder = Path(os.environ.get("NEXUS_ASSETS", "nowhere"))
    for path in sorted(folder.iterdir()) if folder.is_dir() else ():
        if path.is_dir():
            yield f"{path.name}.zip", _zipped(path)
        elif path.suffix != ".md":
            yield path.name, path.read_bytes()


def _zipped(folder: Path) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for path in sorted(folder.iterdir()):
            archive.write(path, path.name)
    return out.getvalue()


if __name__ == "__main__":
    main()
    sys.stdout.flush()
    os._exit(0)  # as the sandbox's child leaves, because ufbx frees twice
