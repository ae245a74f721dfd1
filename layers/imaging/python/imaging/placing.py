"""Parts moved to where an instance of them stands."""

from dataclasses import replace
from typing import Any

import numpy as np
import numpy.typing as npt

from imaging import caps
from imaging.errors import Refused
from imaging.scene import Floats, Part

Matrix = npt.NDArray[np.floating[Any]]


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
