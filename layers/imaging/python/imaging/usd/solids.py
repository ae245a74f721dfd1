"""The solids that USD knows by name, as meshes."""

import numpy as np

from imaging.scene import Floats
from imaging.usd import values
from imaging.usd.meshes import Mesh
from imaging.usd.text import Prim
from imaging.usd.values import Numbers

KINDS = ("Sphere", "Cube", "Cylinder", "Cone", "Capsule")
_AROUND, _ALONG = 48, 12


def read(prim: Prim) -> Mesh:
    """A solid about its own axis, which is z unless it says otherwise."""
    positions, quads = _cube(prim) if prim.type == "Cube" else _lathed(_profile(prim))
    axis = values.word(prim, "axis", "Z")
    turns = {"X": 1, "Y": 2}.get(axis, 0)
    positions = np.roll(positions, turns, axis=1)
    triangles = np.concatenate([quads[:, [0, 1, 2]], quads[:, [0, 2, 3]]])
    shades = values.floats(prim, "primvars:displayColor", 3)
    colors = None
    if shades is not None and len(shades):
        one = np.append(shades[0].clip(0, 1), 1.0).astype(np.float32)
        colors = np.broadcast_to(one, (triangles.size, 4))
    return Mesh(positions, triangles.ravel(), np.zeros(len(triangles), np.int64), colors=colors,
                points=len(positions), count=len(triangles))  # fmt: skip


def _cube(prim: Prim) -> tuple[Floats, Numbers]:
    half = values.number(prim, "size", 2.0) / 2
    corners = np.array([(x, y, z) for z in (-1, 1) for y in (-1, 1) for x in (-1, 1)]) * half
    quads = [(0, 2, 3, 1), (4, 5, 7, 6), (0, 1, 5, 4), (2, 6, 7, 3), (0, 4, 6, 2), (1, 3, 7, 5)]
    return corners, np.array(quads)


def _profile(prim: Prim) -> Floats:
    """(n, 2) radius and height from bottom to top."""
    radius = values.number(prim, "radius", 0.5 if prim.type == "Capsule" else 1.0)
    half = values.number(prim, "height", 1.0 if prim.type == "Capsule" else 2.0) / 2
    angles = np.linspace(-np.pi / 2, np.pi / 2, 2 * _ALONG)
    arc = np.stack([np.cos(angles), np.sin(angles)], axis=1) * radius
    match prim.type:
        case "Sphere":
            return arc
        case "Cylinder":
            return np.array([(0, -half), (radius, -half), (radius, half), (0, half)])
        case "Cone":
            return np.array([(0, -half), (radius, -half), (0, half)])
        case _:
            arc[:_ALONG, 1] -= half
            arc[_ALONG:, 1] += half
            return arc


def _lathed(profile: Floats) -> tuple[Floats, Numbers]:
    angles = np.linspace(0, 2 * np.pi, _AROUND, endpoint=False)
    ring = np.stack([np.cos(angles), np.sin(angles)], axis=1)
    flat = profile[:, None, :1] * ring[None]
    heights = np.broadcast_to(profile[:, None, 1:], (*flat.shape[:2], 1))
    positions = np.concatenate([flat, heights], axis=2).reshape(-1, 3)
    level, place = np.divmod(np.arange((len(profile) - 1) * _AROUND), _AROUND)
    here, beside = level * _AROUND + place, level * _AROUND + (place + 1) % _AROUND
    return positions, np.stack([here, beside, beside + _AROUND, here + _AROUND], axis=1)
