"""Noise in space, for rocks and land: sums of waves in random directions."""

import numpy as np

from local.demo.mesh import Array, Mesh, unit


def waves(points: Array, seed: int, scale: float = 1.0, octaves: int = 4) -> Array:
    """Around -1 to 1 per point; the largest features are about 1/scale metres wide."""
    rng = np.random.default_rng(seed)
    total = np.zeros(len(points))
    for octave in range(octaves):
        frequency = 2 * scale * 1.9**octave
        ahead = unit(rng.normal(size=(6, 3))) * frequency * rng.uniform(0.7, 1.3, (6, 1))
        phase = rng.uniform(0, 2 * np.pi, 6)
        total += np.sin(points @ ahead.T + phase).sum(axis=1) / 3.2 * 0.5**octave
    return total


def rugged(mesh: Mesh, seed: int, amount: float, scale: float = 1.0, crease: float = 25) -> Mesh:
    """Pushed in and out from the middle, as rocks are."""

    def push(points: Array) -> Array:
        return points + unit(points) * (amount * waves(points, seed, scale))[:, None]

    return mesh.shaped(push, crease)


def chipped(
    mesh: Mesh, seed: int, cuts: int = 26, depth: tuple[float, float] = (0.74, 0.86)
) -> Mesh:
    """Flat faces knocked off all round, as broken stone has; `depth` is in radii of about 1."""
    rng = np.random.default_rng(seed)

    def cut(points: Array) -> Array:
        for facing in unit(rng.normal(size=(cuts, 3))):
            beyond = np.maximum(points @ facing - rng.uniform(*depth), 0)
            points = points - beyond[:, None] * facing
        return points

    return mesh.shaped(cut, 14)
