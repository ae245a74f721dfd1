"""Textures: their real size from the header first, then pixels, scaled to what is needed."""

import io
import struct
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import PIL.Image

from imaging import caps
from imaging.errors import Refused

Bytes = npt.NDArray[np.uint8]


@dataclass
class Image:
    """A texture of a file, or made of some (its size is 0 then).

    `levels` are its mip levels, (height, width, 3 or 4) each.
    """

    name: str
    format: str
    width: int
    height: int
    size: int
    levels: list[Bytes]


@dataclass(frozen=True)
class Header:
    format: str
    width: int
    height: int


def header(data: bytes) -> Header | None:
    """Read width and height without decoding; None for what is no PNG, JPEG or WebP."""
    for reader in (_png, _jpeg, _webp, _ktx2, _bmp, _tga):
        found = reader(data)
        if found:
            return found
    return None


def _png(data: bytes) -> Header | None:
    if data[:8] != b"\x89PNG\r\n\x1a\n" or len(data) < 24:
        return None
    return Header("png", *struct.unpack_from(">II", data, 16))


def _jpeg(data: bytes) -> Header | None:
    at = 2
    while data[:2] == b"\xff\xd8" and at + 9 <= len(data) and data[at] == 0xFF:
        marker = data[at + 1]
        if 0xC0 <= marker <= 0xCF and marker not in (0xC4, 0xC8, 0xCC):
            height, width = struct.unpack_from(">HH", data, at + 5)
            return Header("jpeg", width, height)
        if marker == 0xFF:
            at += 1
        else:
            at += 2 + int(struct.unpack_from(">H", data, at + 2)[0])
    return None


def _webp(data: bytes) -> Header | None:
    if data[:4] != b"RIFF" or data[8:12] != b"WEBP" or len(data) < 30:
        return None
    if data[12:16] == b"VP8X":
        width, height = (1 + int.from_bytes(data[at : at + 3], "little") for at in (24, 27))
        return Header("webp", width, height)
    if data[12:16] == b"VP8L":
        bits = int.from_bytes(data[21:25], "little")
        return Header("webp", 1 + (bits & 0x3FFF), 1 + (bits >> 14 & 0x3FFF))
    width, height = struct.unpack_from("<HH", data, 26)
    return Header("webp", width & 0x3FFF, height & 0x3FFF)


def _ktx2(data: bytes) -> Header | None:
    if data[:7] != b"\xabKTX 20" or len(data) < 28:
        return None
    return Header("ktx2", *struct.unpack_from("<II", data, 20))


def _bmp(data: bytes) -> Header | None:
    if data[:2] != b"BM" or len(data) < 26:
        return None
    width, height = struct.unpack_from("<ii", data, 18)
    return Header("bmp", abs(width), abs(height))


def _tga(data: bytes) -> Header | None:
    if (
        len(data) < 18
        or data[1] > 1
        or data[2] not in (2, 3, 10, 11)
        or data[16] not in (8, 24, 32)
    ):
        return None
    return Header("tga", *struct.unpack_from("<HH", data, 12))


class Images:
    """The images of one file, decoded one at a time under a budget of pixels."""

    def __init__(self, notes: list[str], *, picture_size: int = 1024) -> None:
        self.loaded: list[Image | None] = []
        self.notes = notes
        self._seen = 0
        self._kept = 0
        self._joined: dict[tuple[tuple[int, int] | None, ...], int] = {}
        self._side = min(caps.TEXTURE_SIDE, 2 * picture_size)

    def add(self, name: str, data: Callable[[], bytes | None]) -> int:
        """Take one image in; its number. Refuses one too large to be looked at."""
        if len(self.loaded) >= caps.IMAGES:
            raise Refused("too_complex", f"This file has more than {caps.IMAGES} textures.")
        self.loaded.append(self._read(name, data()))
        return len(self.loaded) - 1

    def joined(self, channels: list[tuple[int, int] | None], as_it_is: int | None = None) -> int:
        """One image out of channels of others, each (image, band); it is none of the file's."""
        key = tuple(channels)
        if as_it_is is None and key not in self._joined:
            self._joined[key] = self._join(channels)
        return self._joined[key] if as_it_is is None else as_it_is

    def _join(self, channels: list[tuple[int, int] | None]) -> int:
        pictures = [self._band(*each) if each else None for each in channels]
        shown = [picture for picture in pictures if picture is not None]
        if not shown:
            self.loaded.append(None)
            return len(self.loaded) - 1
        size = max(picture.size for picture in shown)
        size = size if self._kept < caps.KEPT_PIXELS else (256, 256)
        self._kept += size[0] * size[1]
        white = PIL.Image.new("L", size, 255)
        bands = [picture.resize(size) if picture else white for picture in pictures]
        levels = mip_levels(np.asarray(PIL.Image.merge("RGB", bands)))
        self.loaded.append(Image("joined", "none", *size, 0, levels))
        return len(self.loaded) - 1

    def _band(self, image: int, band: int) -> PIL.Image.Image | None:
        found = self.loaded[image]
        if found is None or not found.levels:
            return None
        pixels = found.levels[0]
        return PIL.Image.fromarray(
            np.ascontiguousarray(pixels[..., min(band, pixels.shape[2] - 1)])
        )

    def _read(self, name: str, data: bytes | None) -> Image | None:
        found = header(data) if data else None
        if data is None or found is None:
            why = "is missing" if data is None else "is not a picture we can read"
            self.notes.append(f"The texture {name!r} {why}, so it is not shown.")
            return None
        self._check(name, found)
        image = Image(name, found.format, found.width, found.height, len(data), [])
        if found.format == "ktx2":
            self.notes.append(f"The texture {name!r} is KTX2, which the pictures do not show.")
            return image
        pixels = self._decode(name, data, found)
        image.levels = mip_levels(pixels) if pixels is not None else []
        return image

    def _check(self, name: str, found: Header) -> None:
        pixels = found.width * found.height
        self._seen += pixels
        if pixels == 0:
            raise Refused("damaged", f"The texture {name!r} has no pixels.")
        if pixels > caps.IMAGE_PIXELS or self._seen > caps.ALL_PIXELS:
            raise Refused(
                "too_complex",
                f"The texture {name!r} is {found.width} x {found.height} pixels, which is more "
                "than we take. Scale the textures down and upload the file again.",
            )

    def _decode(self, name: str, data: bytes, found: Header) -> Bytes | None:
        side = self._side if self._kept < caps.KEPT_PIXELS // 2 else self._side // 2
        if self._kept > caps.KEPT_PIXELS:
            side = 256
        try:
            with PIL.Image.open(io.BytesIO(data), formats=[found.format.upper()]) as picture:
                if picture.size != (found.width, found.height):
                    raise Refused("damaged", f"The texture {name!r} contradicts its own header.")
                picture.draft("RGB", (side, side))
                pixels = _plain(picture, side)
        except (OSError, ValueError, SyntaxError, struct.error, EOFError, IndexError):
            self.notes.append(f"The texture {name!r} is damaged, so it is not shown.")
            return None
        self._kept += pixels.shape[0] * pixels.shape[1]
        return pixels


def _plain(picture: PIL.Image.Image, side: int) -> Bytes:
    if picture.mode in ("I;16", "I;16B", "I"):
        deep = np.asarray(picture).astype(np.float32)
        shades = (deep / 257.0 if deep.max(initial=0) > 255 else deep).clip(0, 255)
        return np.repeat(shades.astype(np.uint8)[..., None], 3, axis=2)
    clear = "A" in picture.getbands() or "transparency" in picture.info
    mode = "RGBA" if clear else "RGB"
    picture.load()
    flat: PIL.Image.Image = picture if picture.mode == mode else picture.convert(mode)
    if max(flat.size) > side:
        flat.thumbnail((side, side), PIL.Image.Resampling.BOX, reducing_gap=2.0)
    return np.array(flat)


def mip_levels(pixels: Bytes) -> list[Bytes]:
    """Halve until one side is 4 pixels."""
    levels = [pixels]
    picture = PIL.Image.fromarray(pixels)
    while min(picture.size) > 4:
        picture = picture.reduce(2)
        levels.append(np.array(picture))
    return levels
