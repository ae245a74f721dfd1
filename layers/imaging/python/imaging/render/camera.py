"""Where the picture is taken from: three quarters, a little from above, filling the frame."""

from dataclasses import dataclass

import numpy as np

from imaging.scene import Floats

_TAN = np.tan(np.radians(28.0) / 2)
_FILL = 0.86  # of the frame, by the model's own outline


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

    def rays(self, x: Floats, y: Floats) -> tuple[Floats, Floats]:
        """Origins and unit directions through points of the picture, in pixels from top left."""
        across = (np.asarray(x, np.float32) * (2 / self.size) - 1) * np.float32(_TAN)
        upward = (1 - np.asarray(y, np.float32) * (2 / self.size)) * np.float32(_TAN)
        directions = across[:, None] * self.right + upward[:, None] * self.up - self.back
        directions /= np.sqrt((directions * directions).sum(axis=1, keepdims=True))
        origins = np.broadcast_to(self.eye, directions.shape)
        return np.ascontiguousarray(origins), directions.astype(np.float32)

    def seen_at(self, points: Floats) -> Floats:
        """Where points appear in the picture: (n, 2) pixels from top left."""
        ways = np.stack([self.right, self.up, self.back])
        x, y, z = ((points - self.eye) @ ways.T).T
        scale = 1 / np.minimum(z, -1e-6) / _TAN
        return np.stack([(1 - x * scale), (1 + y * scale)], axis=1) * np.float32(self.size / 2)


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
    """The nearest camera in this direction that sees every point within the frame."""
    turn, lift = np.radians(azimuth), np.radians(elevation)
    back = np.array([np.sin(turn) * np.cos(lift), np.sin(lift), np.cos(turn) * np.cos(lift)])
    right = np.array([np.cos(turn), 0.0, -np.sin(turn)])
    up = np.cross(back, right)
    x, y, z = (points @ np.stack([right, up, back]).T.astype(np.float32)).T.astype(np.float64)
    edge = _TAN * _FILL
    highs = [float((axis * sign + edge * z).max()) for axis in (x, y) for sign in (1, -1)]
    away = max(highs[0] + highs[1], highs[2] + highs[3]) / (2 * edge)
    eye = (
        right * (highs[0] - highs[1]) / 2 + up * (highs[2] - highs[3]) / 2 + back * away
    )  # fmt: skip
    eye, right, up, back = (np.asarray(part, np.float32) for part in (eye, right, up, back))
    return Camera(eye, right, up, back, size)
