"""A Staunton chess set a few moves into the Italian game."""

import numpy as np

from local.demo.demo_model import DemoModel
from local.demo.gltf import Material, Part, glb
from local.demo.mesh import Array, Mesh, around, merge, stretched
from local.demo.shapes import box, cone, curve, extrude, grid, lathe, sphere
from local.demo.textures import metal_rough, noise, picture, wood

_SQUARE = 0.05
_FOOT = "15.5 0, 17 1, 17 4, 15 6, 15.5 8, 12.5 10, 10 12.5"
_POSITION = """
r . b q k . n r
p p p p . p p p
. . n . . . . .
. . b . p . . .
. . B . P . . .
. . . . . N . .
P P P P . P P P
R N B Q K . . R
"""


def chess_set() -> bytes:
    maple, ebony = (
        _piece_material("Boxwood", "#e8c48c", "#f3dcb0", 3),
        _piece_material("Ebony", "#2a1712", "#4d2c1f", 4),
    )
    pieces = _pieces()
    parts = [Part("Board", *part) for part in _board()]
    for row, line in enumerate(_POSITION.split("\n")[1:-1]):
        for column, letter in enumerate(line.split()):
            if letter == ".":
                continue
            white = letter.isupper()
            x, z = (column - 3.5) * _SQUARE, (row - 3.5) * _SQUARE
            mesh = pieces[letter.lower()].turned("y", 90 if white else -90).moved(x, 0, z)
            name = "White pieces" if white else "Black pieces"
            parts.append(Part(name, maple if white else ebony, mesh))
    return glb(parts)


def _piece_material(name: str, dark: str, light: str, seed: int) -> Material:
    return Material(name, texture=picture(wood(256, seed, dark, light, rings=3)), rough=0.32)


def _board() -> list[tuple[Material, Mesh]]:
    walnut, maple = wood(256, 11, "#4a2412", "#7d4525"), wood(256, 12, "#d9a965", "#f0d29a")
    squares = [
        np.concatenate(
            [_square(maple if (r + c) % 2 == 0 else walnut, r * 8 + c) for c in range(8)], axis=1
        )
        for r in range(8)
    ]
    top = picture(np.concatenate(squares, axis=0))
    half = 4 * _SQUARE
    corners = np.array([[[-half, 0, half], [half, 0, half]], [[-half, 0, -half], [half, 0, -half]]])
    width = 2 * half + 0.06
    frame_wood = picture(wood(512, 13, "#351508", "#64301a", rings=5, along="x"))
    frame = Material("Frame", texture=frame_wood, rough=0.35)
    brass = Material("Brass", "#e2b456", metal=1, rough=0.25)
    gloss = metal_rough(0.0, 0.4 + 0.15 * noise(256, 2), 256)
    inlay = box(2 * half + 0.008, 0.004, 2 * half + 0.008, 0.001).moved(0, -0.0025)
    feet = around(sphere(0.014, 20, 12).moved(width / 2.4, -0.034, width / 2.4), 4)
    return [
        (Material("Squares", texture=top, metal_rough=gloss), grid(corners)),
        (frame, box(width, 0.028, width, 0.006, 2).moved(0, -0.0152).with_uvs(3)),
        (brass, inlay),
        (brass, feet),
    ]


def _square(texture: Array, number: int) -> Array:
    rng = np.random.default_rng(number)
    x, y = rng.integers(0, 128, 2)
    return texture[y : y + 128, x : x + 128] * rng.uniform(0.88, 1.08)


def _pieces() -> dict[str, Mesh]:
    """By letter, in metres, each on its own square and looking towards +x."""
    millimetres = {
        "p": _pawn(), "r": _rook(), "n": _knight(), "b": _bishop(), "q": _queen(), "k": _king(),
    }  # fmt: skip
    return {letter: mesh.scaled(0.00122) for letter, mesh in millimetres.items()}


def _turned(profile: str) -> Mesh:
    return lathe(curve(f"{_FOOT}, {profile}", 2), 22, 50)


def _pawn() -> Mesh:
    body = _turned("7 18, 5.5 26, 5.5 29, 9.5 31, 9 33, 5 34.5")
    return merge([body.scaled(0.92), sphere(8.6, 20, 12).moved(0, 37)])


def _rook() -> Mesh:
    body = _turned("9 20, 8.5 34, 9 37, 12.5 39, 13 41, 13 46, 9 46, 9 43")
    tooth = box(6.4, 6, 4, 0.7).moved(0, 48, 11)
    return merge([body, around(tooth, 6), cone(9, 9, 1, 22).moved(0, 42.5)])


def _knight() -> Mesh:
    outline = curve(
        "-11 13, 0 12, 11 13, 10 20, 7 27, 5 33, 4.5 37, 9 36.5, 14 37.5, 17 40, 18 43.5, 16 47, "
        "11 53, 8 58, 7 66, 2.5 61, -4 60, -9.5 54, -13 45, -14 34, -13 23",
        3,
        closed=True,
    )[:-1]
    head = extrude(outline, 15, 3.2).shaped(_narrow_towards_nose)
    eyes = [sphere(1.5, 10, 6).moved(8, 51, side * 5.6) for side in (-1, 1)]
    foot = _turned("11 13.5, 6 14")
    return merge([foot, head, *eyes])


def _narrow_towards_nose(points: Array) -> Array:
    thin = np.interp(points[:, 0], [-14, 2, 18], [0.75, 1.0, 0.55])
    thin *= np.interp(points[:, 1], [12, 30, 66], [1.25, 1.0, 0.8])
    return stretched(points, z=thin)


def _bishop() -> Mesh:
    body = _turned("7.5 22, 5.5 36, 5.5 40, 11 42, 10.5 44, 6 46")
    mitre = lathe(curve("5 46, 9 51, 8.5 58, 4 66, 1.2 70", 3), 22, 50)
    return merge([body, mitre, sphere(2.8, 14, 8).moved(0, 71)])


def _queen() -> Mesh:
    body = _turned("8.5 25, 6.5 45, 6.5 52, 12 54, 11.5 56, 7.5 58, 8 64, 12 76, 9 76.5, 7 74")
    coronet = around(sphere(2.3, 10, 6).moved(0, 76.5, 10.6), 9)
    return merge([body, coronet, sphere(7, 18, 10).moved(0, 74.5), sphere(2.8, 12, 8).moved(0, 83)])


def _king() -> Mesh:
    body = _turned("9 27, 7 50, 7 58, 13 60, 12.5 62.5, 8 64.5, 8.5 70, 12 83, 10 85, 4 87, 2.5 88")
    arms = [box(3.4, 13, 3.4, 0.6).moved(0, 93), box(3.4, 3.6, 10, 0.6).moved(0, 94.5)]
    return merge([body, *arms])


MODEL = DemoModel(
    "Staunton Chess Set",
    "All the pieces in boxwood and ebony on a walnut board with a brass inlay, set up a few "
    "moves into the Italian game. Every piece is cleanly turned and ready for a close-up.",
    "Games",
    "Board Games",
    2499,
    ("chess", "board game", "wood", "classic"),
    "staunton-chess-set.glb",
    chess_set,
)
