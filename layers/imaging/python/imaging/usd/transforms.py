"""Where a prim stands: its list of operations as one matrix for column vectors."""

import numpy as np

from imaging.usd import values
from imaging.usd.text import Prim
from imaging.usd.values import Matrix

_AXES = {"X": 0, "Y": 1, "Z": 2}
_RESET = "!resetXformStack!"
_INVERTED = "!invert!"


def placed(prim: Prim, outer: Matrix, root: Matrix) -> Matrix:
    """The world matrix of a prim; `root` is where one stands that resets what is above it."""
    order = values.words(values.raw(prim, "xformOpOrder"))
    world = root if _RESET in order else outer
    for name in order:
        if name != _RESET:
            world = world @ _step(prim, name)
    return world


def _step(prim: Prim, name: str) -> Matrix:
    plain = name.removeprefix(_INVERTED)
    matrix = _operation(prim, plain)
    return np.linalg.pinv(matrix) if plain != name else matrix


def _operation(prim: Prim, name: str) -> Matrix:
    kind = name.split(":")[1] if ":" in name else ""
    out: Matrix = np.eye(4)
    match kind:
        case "transform":
            found = values.matrices(prim, name)
            return found[0] if found is not None and len(found) else out
        case "translate":
            out[:3, 3] = values.vector(prim, name, (0.0, 0.0, 0.0))
        case "scale":
            out[:3, :3] = np.diag(values.vector(prim, name, (1.0, 1.0, 1.0)))
        case "orient":
            out[:3, :3] = turned(np.array([values.vector(prim, name, (1.0, 0.0, 0.0, 0.0))]))[0]
        case _ if kind.startswith("rotate"):
            out[:3, :3] = _rotated(prim, name, kind.removeprefix("rotate"))
    return out


def _rotated(prim: Prim, name: str, axes: str) -> Matrix:
    if len(axes) == 1:
        return _about(axes, values.number(prim, name, 0.0))
    angles = dict(zip("XYZ", values.vector(prim, name, (0.0, 0.0, 0.0)), strict=True))
    turn: Matrix = np.eye(3)
    for axis in axes:  # the first is turned about first
        turn = _about(axis, angles.get(axis, 0.0)) @ turn
    return turn


def _about(axis: str, degrees: float) -> Matrix:
    cos, sin = np.cos(np.radians(degrees)), np.sin(np.radians(degrees))
    one, two = ((_AXES.get(axis, 0) + step) % 3 for step in (1, 2))
    out = np.eye(3)
    out[one, one], out[two, two] = cos, cos
    out[one, two], out[two, one] = -sin, sin
    return out


def turned(quaternions: Matrix) -> Matrix:
    """(n, 3, 3) from (n, 4) with the real part first."""
    length = np.sqrt((quaternions * quaternions).sum(axis=1, keepdims=True))
    w, x, y, z = (quaternions / np.where(length > 0, length, 1)).T
    rows = [
        [1 - 2 * (y * y + z * z), 2 * (x * y - z * w), 2 * (x * z + y * w)],
        [2 * (x * y + z * w), 1 - 2 * (x * x + z * z), 2 * (y * z - x * w)],
        [2 * (x * z - y * w), 2 * (y * z + x * w), 1 - 2 * (x * x + y * y)],
    ]
    return np.array(rows).transpose(2, 0, 1)
