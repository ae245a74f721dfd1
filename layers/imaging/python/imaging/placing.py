"""Parts moved to where an instance of them stands."""

from dataclasses import replace
from typing import Any

import numpy as np
import numpy.typing as npt

from imaging import caps
from imaging.errors import Refused
from imaging.scene import Floats, Part

Matrix = npt.NDArray[np.floating[Any]]

_NEAR = 1000.0  # metres, or whatever the file counts in; 32 bits tell 0.00006 apart there
_SOME = 10_000


def origin(points: Matrix) -> Floats:
    """The middle one of points, (n, 3) or more columns, in whole numbers; 0 along axes where it is
    near anyway.

    A scan in the grid of a country lies hundreds of kilometres from its origin, where numbers of
    32 bits are centimetres apart. What is taken away while points still have 64 keeps its shape.
    """
    if not len(points):
        return np.zeros(3)
    some = np.sort(points[:: -(-len(points) // _SOME), :3].astype(np.float64), axis=0)
    middle = np.round(some[len(some) // 2])
    return np.where((np.abs(middle) > _NEAR) & (np.abs(middle) < caps.EXTENT), middle, 0.0)


def seen_from[Kind: np.floating[Any]](
    place: Floats, worlds: npt.NDArray[Kind]
) -> npt.NDArray[Kind]:
    """(..., 4, 4) or (..., 3, 4) matrices to where the origin is at `place`."""
    found = worlds.copy()
    found[..., :3, 3] -= place
    return found


def moved(positions: Floats, world: Matrix) -> Floats:
    """Points by a matrix for column vectors; refuses places without end."""
    with np.errstate(over="ignore", invalid="ignore"):
        places = positions @ world[:3, :3].T + world[:3, 3]
        if not np.isfinite(world).all() or not (np.abs(places) < caps.EXTENT).all():
            raise Refused("damaged", "Points of this model lie nowhere, or endlessly far away.")
    return np.ascontiguousarray(places, np.float32)


def placed(part: Part, world: Matrix) -> Part:
    """A part with its normals; one that is mirrored keeps its outside out."""
    turn = world[:3, :3]
    places = moved(part.positions, world)
    normals = part.normals
    if normals is not None:
        normals = np.asarray(normals @ np.linalg.pinv(turn), np.float32)
    mirrored = np.linalg.det(turn) < 0
    triangles = part.triangles[:, ::-1].copy() if mirrored else part.triangles
    return replace(part, positions=places, normals=normals, triangles=triangles)
