"""The studio: its lights, what metal sees of it, and its backdrop.

Light is linear. Directions hang on the camera, so every model is lit the same way: key light
from the upper left, a wide fill from the right, a rim light from behind.
"""

from dataclasses import dataclass

import numpy as np

from imaging.render.camera import Camera
from imaging.scene import Floats
from imaging.vectors import dot, frames, least, most, unit

KEY, KEY_RADIUS = 1.08, 0.30  # brightness, and half its width seen from the model
RIM = 0.70
FILL = 0.34
_SKY, _HORIZON, _FLOOR = 0.45, 0.34, 0.27  # what a matt white surface gets from each side


@dataclass(frozen=True)
class Box:
    """A softbox in the directions around `center`, with half widths in tangents."""

    center: Floats
    across: Floats
    along: Floats
    width: float
    height: float
    light: float


class Studio:
    def __init__(self, camera: Camera) -> None:
        flat = np.array([camera.back[0], 0, camera.back[2]], np.float32)
        self.front = unit(flat[None])[0]
        self.side = np.array([self.front[2], 0, -self.front[0]], np.float32)
        self.key = self.towards(-50, 50)
        self.rim = self.towards(148, 34)
        self.fill = self.towards(64, 18)
        self.boxes = [
            self._box(self.key, 0.50, 0.50, 5.5),
            self._box(self.rim, 0.75, 0.40, 4.0),
            self._box(self.fill, 0.22, 1.10, 2.2),
            self._box(self.towards(-100, 16), 0.16, 1.00, 2.2),
            self._box(self.towards(0, 86), 0.90, 0.90, 1.5),
        ]

    def towards(self, turn: float, lift: float) -> Floats:
        """A direction, in degrees to the right of the camera and above the floor."""
        a, e = np.radians(turn), np.radians(lift)
        level = self.front * np.float32(np.cos(a)) + self.side * np.float32(np.sin(a))
        up = np.array([0, np.sin(e), 0], np.float32)
        return np.asarray(level * np.float32(np.cos(e)) + up, np.float32)

    def _box(self, center: Floats, width: float, height: float, light: float) -> Box:
        level = np.cross(np.array([0, 1, 0], np.float32), center)
        across = unit(level[None])[0] if dot(level, level) > 1e-6 else self.side
        return Box(center, across, np.cross(center, across), width, height, light)

    def ambient(self, normal: Floats) -> Floats:
        """What a matt white surface gets from sky and floor, unshadowed."""
        up = normal[:, 1]
        return np.where(
            up > 0, _HORIZON + (_SKY - _HORIZON) * up, _HORIZON + (_HORIZON - _FLOOR) * up
        ).astype(np.float32)

    def reflected(self, direction: Floats, roughness: Floats) -> Floats:
        """What a mirror of some roughness sees of the studio."""
        up = direction[:, 1]
        blur = roughness * roughness
        sky = 0.30 + 0.62 * np.sqrt(np.clip(up, 0, 1))
        floor = 0.30 + 0.22 * np.clip(-up * 3, 0, 1)
        sharp = np.where(up > 0, sky, floor)
        light = sharp + (self.ambient(direction) - sharp) * blur
        for box in self.boxes:
            light += self._seen(box, direction, blur)
        return light

    def _seen(self, box: Box, direction: Floats, blur: Floats) -> Floats:
        ahead = dot(direction, box.center)
        near = np.maximum(ahead, 0.05)
        soft = 0.04 + 0.95 * blur
        out = box.light * np.clip(ahead * 4, 0, 1)
        for axis, half in ((box.across, box.width), (box.along, box.height)):
            place = np.abs(dot(direction, axis)) / near
            edge = np.clip((half - place) / (2 * soft) + 0.5, 0, 1)
            out = out * edge * edge * (3 - 2 * edge) * (half / np.sqrt(half * half + soft * soft))
        return out

    def key_rays(self, spots: Floats) -> Floats:
        """Directions to points of the key light; `spots` are (n, 2) in the unit square."""
        first, second = frames(self.key[None])
        angle, radius = spots[:, 0] * np.float32(2 * np.pi), np.sqrt(spots[:, 1]) * KEY_RADIUS
        x, y = (radius * np.cos(angle))[:, None], (radius * np.sin(angle))[:, None]
        return unit(self.key + first * x + second * y)


def backdrop(size: int) -> Floats:
    """(size, size, 3) linear: a light grey wall with a soft pool of light on it."""
    y, x = np.mgrid[0:size, 0:size].astype(np.float32) / size
    away = np.sqrt(((x - 0.5) * 1.0) ** 2 + ((y - 0.42) * 1.05) ** 2)
    shade = 0.915 - 0.30 * np.clip(away, 0, 1) ** 1.7
    tint = np.array([0.995, 1.0, 1.008], np.float32)
    return to_linear(np.clip(shade[..., None] * tint, 0, 1))


def to_linear(encoded: Floats) -> Floats:
    return np.where(encoded <= 0.04045, encoded / 12.92, ((encoded + 0.055) / 1.055) ** 2.4).astype(
        np.float32
    )


def to_srgb(light: Floats) -> Floats:
    """Encoded for the screen, out of a table: a hundred shades for each of its 256."""
    return _SRGB[(np.clip(light, 0, 1) * np.float32(len(_SRGB) - 1)).astype(np.int32)]


def _encoded(light: Floats) -> Floats:
    high = 1.055 * np.power(np.maximum(light, 0.0031308), 1 / 2.4) - 0.055
    return np.where(light <= 0.0031308, light * 12.92, high).astype(np.float32)


_SRGB = _encoded(np.linspace(0, 1, 1 << 15))


def developed(light: Floats) -> Floats:
    """Khronos PBR Neutral: colors stay what they are, only highlights are compressed."""
    start, desaturation = 0.8 - 0.04, 0.15
    low = least(light)[..., None]
    light = light - np.where(low < 0.08, low - 6.25 * low * low, 0.04)
    peak = most(light)[..., None]
    room = 1 - start
    pressed = 1 - room * room / np.maximum(peak + room - start, 1e-6)
    bright = light * (pressed / np.maximum(peak, 1e-6))
    grey = 1 - 1 / (desaturation * (peak - pressed) + 1)
    bright = bright + (pressed - bright) * grey
    return np.where(peak < start, light, bright).astype(np.float32)
