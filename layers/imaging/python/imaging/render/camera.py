"""Where the picture is taken from: three quarters, a little from above, filling the frame."""

from dataclasses import dataclass

import numpy as np

from imaging.render.planes import dot, unit
from imaging.scene import Floats

_TAN = np.tan(np.radians(28.0) / 2)
_FILL = 0.86  # of the frame, by the model's own outline
_RINGS = 96


@dataclass(frozen=True)
class Camera:
    eye: Floats
    right: Floats
    up: Floats
    back: Floats
    size: int

    @property
    def pixel(self) -> float:
        """Width of a pixel at distance 1."""
        return float(2 * _TAN / self.size)

    def directions(self, x: Floats, y: Floats) -> Floats:
        """(3, n) unit directions through points of the picture, in pixels from top left."""
        across = (x * np.float32(2 / self.size) - 1) * np.float32(_TAN)
        upward = (1 - y * np.float32(2 / self.size)) * np.float32(_TAN)
        ways = [across * self.right[axis] + upward * self.up[axis] - self.back[axis]
                for axis in range(3)]  # fmt: skip
        return unit(np.stack(ways))

    def seen_at(self, points: Floats) -> Floats:
        """Where (3, n) points appear in the picture: (2, n) pixels from top left."""
        away = points - self.eye[:, None]
        x, y, z = dot(away, self.right), dot(away, self.up), dot(away, self.back)
        scale = 1 / np.minimum(z, -1e-6) / np.float32(_TAN)
        return np.stack([(1 - x * scale), (1 + y * scale)]) * np.float32(self.size / 2)


def angles(size: Floats) -> tuple[float, float]:
    """Azimuth and elevation in degrees that show a model of this size well."""
    width, height, depth = (float(side) for side in size)
    across = max(width, depth, 1e-9)
    flat = 1 - min(height / (0.85 * across), 1.0)
    elevation = 14.0 + 24.0 * flat
    azimuth = 30.0
    if depth > 2 * width:
        azimuth = 58.0
    elif width > 4 * depth and height > 0.5 * width:
        azimuth = 24.0
    return azimuth, elevation


def frame(points: Floats, size: int, azimuth: float, elevation: float) -> Camera:
    """The nearest camera in this direction that sees every one of (3, n) points in the frame."""
    turn, lift = np.radians(azimuth), np.radians(elevation)
    back = np.array([np.sin(turn) * np.cos(lift), np.sin(lift), np.cos(turn) * np.cos(lift)])
    right = np.array([np.cos(turn), 0.0, -np.sin(turn)])
    up = np.cross(back, right)
    x, y, z = (np.stack([right, up, back]).astype(np.float32) @ points).astype(np.float64)
    edge = _TAN * _FILL
    highs = [float((axis * sign + edge * z).max()) for axis in (x, y) for sign in (1, -1)]
    away = max(highs[0] + highs[1], highs[2] + highs[3]) / (2 * edge)
    eye = (
        right * (highs[0] - highs[1]) / 2 + up * (highs[2] - highs[3]) / 2 + back * away
    )  # fmt: skip
    eye, right, up, back = (np.asarray(part, np.float32) for part in (eye, right, up, back))
    return Camera(eye, right, up, back, size)


def orbit(points: Floats, size: int, azimuth: float, elevation: float, count: int) -> list[Camera]:
    """Cameras all round the upright axis, at one distance: the picture turns and does not breathe.

    The first looks from `azimuth`; each sees every point within the frame.
    """
    first = frame(_swept(points), size, azimuth, elevation)
    return [_turned(first, 2 * np.pi * number / count) for number in range(count)]


def _swept(points: Floats) -> Floats:
    """What the points sweep over while they turn: (3, k), a ring at each height."""
    x, y, z = points
    low, high = float(y.min()), float(y.max())
    heights = np.linspace(low, high, _RINGS)
    ring = np.round((y - low) / max(high - low, 1e-12) * (_RINGS - 1)).astype(np.int32)
    radius = np.zeros(_RINGS)
    np.maximum.at(radius, ring, np.sqrt(x * x + z * z))
    around = np.linspace(0, 2 * np.pi, 48, endpoint=False)
    return np.stack([
        np.outer(np.cos(around), radius).ravel(), np.tile(heights, len(around)),
        np.outer(np.sin(around), radius).ravel(),
    ]).astype(np.float32)  # fmt: skip


def _turned(camera: Camera, angle: float) -> Camera:
    cos, sin = np.cos(angle), np.sin(angle)
    turn = np.array([[cos, 0, sin], [0, 1, 0], [-sin, 0, cos]], np.float32)
    eye, right, up, back = (
        np.asarray(turn @ part, np.float32)
        for part in (camera.eye, camera.right, camera.up, camera.back)
    )
    return Camera(eye, right, up, back, camera.size)
