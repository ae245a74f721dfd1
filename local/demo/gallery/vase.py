"""A fluted, twisted vase, its glaze painted on the vertices."""

import numpy as np

from local.demo.demo_model import DemoModel
from local.demo.fields import waves
from local.demo.mesh import Array, merge
from local.demo.ply import ply
from local.demo.shapes import curve, grid
from local.demo.textures import blend, ramp

_OUTSIDE = (
    "0.02 0, 0.058 0, 0.062 0.004, 0.07 0.03, 0.1 0.09, 0.118 0.15, 0.11 0.22, 0.08 0.28, "
    "0.052 0.325, 0.046 0.355, 0.056 0.385, 0.074 0.402"
)
_INSIDE = "0.074 0.402, 0.0705 0.404, 0.052 0.385, 0.041 0.355, 0.05 0.32, 0.06 0.29"


def vase() -> bytes:
    parts = []
    for profile, steps in ((_OUTSIDE, 14), (_INSIDE, 6)):
        line = curve(profile, steps)
        turn = np.linspace(-np.pi, np.pi, 145)[None, :]
        radius, height = line[:, :1], line[:, 1:]
        depth = np.clip(np.sin(np.clip((height - 0.02) / 0.36, 0, 1) * np.pi), 0, 1)
        flute = 1 + 0.085 * depth * np.cos(12 * turn + 9 * height / 0.4)
        x, z = radius * flute * np.sin(turn), radius * flute * np.cos(turn)
        parts.append(grid(np.stack([x, height + 0 * turn, z], axis=2), 60))
    return ply("Twisted vase, metres", merge(parts).coloured(_glaze))


def _glaze(points: Array) -> Array:
    height = points[:, 1] / 0.404
    turn = np.arctan2(points[:, 0], points[:, 2])
    ridge = 0.5 + 0.5 * np.cos(12 * turn + 9 * points[:, 1] / 0.4)
    run = 0.05 * waves(points, 5, 9) + 0.13 * (ridge - 0.5)
    colours = ramp(
        np.clip(height + run - 0.04, 0, 1),
        "#14213f", "#14406b", "#1b7f93", "#5dbfae", "#cfe8cf", "#f6efdc",
    )  # fmt: skip
    gold = (height > 0.985) | (height < 0.012)
    return blend(colours, "#d9a441", gold)


MODEL = DemoModel(
    "Twisted Ocean Vase",
    "A fluted vase that turns as it rises, its glaze running from midnight blue to sea foam "
    "under a gilded lip. A dense, clean mesh with colour at every vertex.",
    "Props",
    "Decor",
    849,
    ("vase", "ceramic", "decor", "vertex colour"),
    "twisted-ocean-vase.ply",
    vase,
)
