"""The studio: its lights, what metal sees of it, and its backdrop.

Light is linear. Directions hang on the camera, so every model is lit the same way: key light
from the upper left, a wide fill from the right, a rim light from behind.
"""

from dataclasses import dataclass
from functools import cache

import numpy as np

from imaging.render.camera import Camera
from imaging.render.planes import dot, frames, least, most, smoothstep, unit
from imaging.scene import Floats

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
        self.front = unit(flat)
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
        across = unit(level) if level @ level > 1e-6 else self.side
        return Box(center, across, np.cross(center, across), width, height, light)

    def ambient(self, normal: Floats) -> Floats:
        """What a matt white surface gets from sky and floor, unshadowed; normals are (3, n)."""
        up = normal[1]
        above, below = np.float32(_SKY - _HORIZON), np.float32(_HORIZON - _FLOOR)
        light = above * np.maximum(up, 0) + below * np.minimum(up, 0) + np.float32(_HORIZON)
        return np.asarray(light)

    def reflected(self, direction: Floats, roughness: Floats) -> Floats:
        """What a mirror of some roughness sees of the studio."""
        up = direction[1]
        blur = roughness * roughness
        sky = np.float32(0.62) * np.sqrt(np.maximum(up, 0))
        floor = np.float32(0.22) * np.clip(-up * 3, 0, 1)
        sharp = np.float32(0.30) + sky + floor
        light = sharp + (self.ambient(direction) - sharp) * blur
        soft = np.float32(0.04) + np.float32(0.95) * blur
        for box in self.boxes:
            light += self._seen(box, direction, soft)
        return np.asarray(light)

    def _seen(self, box: Box, direction: Floats, soft: Floats) -> Floats:
        ahead = dot(direction, box.center)
        near = 1 / np.maximum(ahead, np.float32(0.05))
        sharpness = np.float32(0.5) / soft
        out = np.float32(box.light) * np.clip(ahead * 4, 0, 1)
        for axis, half in ((box.across, box.width), (box.along, box.height)):
            place = np.abs(dot(direction, axis)) * near
            edge = np.clip((half - place) * sharpness + np.float32(0.5), 0, 1)
            out *= smoothstep(edge) * (half / np.sqrt(half * half + soft * soft))
        return out

    def key_rays(self, spots: Floats) -> Floats:
        """(3, n) directions to points of the key light; `spots` are (2, n) in the unit square."""
        first, second = frames(self.key[:, None])
        angle, radius = spots[0] * np.float32(2 * np.pi), np.sqrt(spots[1]) * np.float32(KEY_RADIUS)
        x, y = radius * np.cos(angle), radius * np.sin(angle)
        return unit(self.key[:, None] + first * x + second * y)


@cache
def backdrop(size: int) -> Floats:
    """(3, size, size) linear: a light grey wall with a soft pool of light on it."""
    y, x = np.mgrid[0:size, 0:size].astype(np.float32) / size
    away = np.sqrt((x - 0.5) ** 2 + ((y - 0.42) * 1.05) ** 2)
    shade = 0.915 - 0.30 * np.minimum(away, 1) ** 1.7
    return _linear(shade) * _linear(np.array([0.995, 1.0, 1.008], np.float32))[:, None, None]


def _linear(encoded: Floats) -> Floats:
    """Of shades that are far from black."""
    return np.asarray(((encoded + 0.055) / 1.055) ** 2.4, np.float32)


def to_srgb(light: Floats) -> Floats:
    """Encoded for the screen, out of a table: a hundred shades for each of its 256."""
    shades = np.clip(light, 0, 1)
    shades *= np.float32(len(_SRGB) - 1)
    return _SRGB.take(shades.astype(np.int32), mode="clip")


def _encoded(light: Floats) -> Floats:
    high = 1.055 * np.power(np.maximum(light, 0.0031308), 1 / 2.4) - 0.055
    return np.where(light <= 0.0031308, light * 12.92, high).astype(np.float32)


_SRGB = _encoded(np.linspace(0, 1, 1 << 15))


def developed(light: Floats) -> Floats:
    """Khronos PBR Neutral: colors stay what they are, only highlights are compressed."""
    start, desaturation = np.float32(0.8 - 0.04), np.float32(0.15)
    low = np.minimum(least(light), np.float32(0.08))
    light = light - (low - np.float32(6.25) * low * low)
    peak = most(light)
    at = np.flatnonzero(peak >= start)
    bright, peak = light.take(at, axis=1), peak.take(at)
    room = 1 - start
    pressed = 1 - room * room / (peak + room - start)
    bright = bright * (pressed / peak)
    light[:, at] = bright + (pressed - bright) * (1 - 1 / (desaturation * (peak - pressed) + 1))
    return light
