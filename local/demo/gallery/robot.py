"""A friendly robot that waves and walks: skinned, with two animations."""

from collections.abc import Callable
from dataclasses import replace

import numpy as np

from local.demo.demo_model import DemoModel
from local.demo.gltf import Animation, Bone, Material, Part, glb
from local.demo.materials import RUBBER, STEEL
from local.demo.mesh import Array, Mesh, merge
from local.demo.shapes import box, cone, curve, cylinder, lathe, sphere, superellipsoid, torus, tube
from local.demo.textures import blend, mesh_of_pixels, metal_rough, noise, picture, ramp, rgb, seams

_SIDES = (("left", 1.0), ("right", -1.0))
_HELLO = (
    "-0.36 1.08 0, -0.5 1.1 0.02, -0.66 1.08 0.04, -0.76 1.2 0.06, -0.8 1.36 0.08, -0.82 1.5 0.1"
)
_REST = "0.36 1.08 0, 0.48 1.06 0, 0.58 0.96 0.02, 0.61 0.84 0.05, 0.6 0.72 0.1, 0.57 0.62 0.14"
_BONES = (
    Bone("hips", None, (0, 0.62, 0)),
    Bone("body", "hips", (0, 0.1, 0)),
    Bone("head", "body", (0, 0.62, 0)),
    Bone("left arm", "body", (0.38, 0.36, 0)),
    Bone("left hand", "left arm", (0.23, -0.24, 0.05)),
    Bone("right arm", "body", (-0.38, 0.36, 0)),
    Bone("right hand", "right arm", (-0.36, 0.06, 0.05)),
    Bone("left leg", "hips", (0.18, 0, 0)),
    Bone("left foot", "left leg", (0.02, -0.44, 0)),
    Bone("right leg", "hips", (-0.18, 0, 0)),
    Bone("right foot", "right leg", (-0.02, -0.44, 0)),
)
_NUMBER = {bone.name: number for number, bone in enumerate(_BONES)}


def robot() -> bytes:
    paint, cream = _paint("Teal paint", "#1f8f94", 3), _paint("Cream paint", "#f1e4c8", 4)
    orange = _paint("Orange paint", "#ef7d2d", 5)
    parts = [
        Part(
            "Body",
            paint,
            _on("body", superellipsoid(0.72, 0.66, 0.52, 0.42, 56, 32).moved(0, 0.98)),
        ),
        Part("Body", cream, _on("body", _belly())),
        Part(
            "Body",
            STEEL,
            _on(
                "body",
                merge(
                    [
                        torus(0.2, 0.02).moved(0, 1.33),
                        lathe(curve("0.16 1.28, 0.13 1.33, 0.13 1.42, 0.17 1.46", 3), 32),
                    ]
                ),
            ),
        ),
        Part("Body", RUBBER, _on("hips", _pelvis())),
        Part("Body", orange, _on("body", _backpack())),
        Part("Body", *_dial()),
        Part("Body", STEEL, _on("body", _bolts())),
        Part(
            "Head", cream, _on("head", superellipsoid(0.82, 0.56, 0.58, 0.45, 56, 32).moved(0, 1.7))
        ),
        Part("Head", *_screen()),
        Part("Head", orange, _on("head", _ears())),
        Part("Head", STEEL, _on("head", _antenna())),
        Part(
            "Head",
            _lamp("Antenna light", "#ff5a36"),
            _on("head", sphere(0.05).moved(0.02, 2.29, 0)),
        ),
    ]
    for side, sign in _SIDES:
        arm = curve(_REST if sign > 0 else _HELLO, 7)
        parts += [
            Part("Arms", RUBBER, _arm(arm, side)),
            Part(
                "Arms",
                orange,
                _on(f"{side} arm", sphere(0.13, 28, 18).scaled(0.8, 1, 1).moved(sign * 0.37, 1.08)),
            ),
            Part("Hands", paint, _on(f"{side} hand", _cuff(arm))),
            Part("Hands", cream, _on(f"{side} hand", _hand(arm, sign))),
            Part("Legs", RUBBER, _leg(side, sign)),
            Part("Feet", orange, _on(f"{side} foot", _boot(sign))),
            Part(
                "Feet",
                RUBBER,
                _on(f"{side} foot", box(0.29, 0.06, 0.44, 0.025).moved(sign * 0.2, 0.03, 0.06)),
            ),
        ]
    return glb(parts, _BONES, [_wave(), _walk()])


def _on(bone: str, mesh: Mesh) -> Mesh:
    return _between(bone, bone, mesh, lambda points: np.zeros(len(points)))


def _between(bone: str, other: str, mesh: Mesh, share: Callable[[Array], Array]) -> Mesh:
    """Follows `bone`, and `other` by the share (0 to 1) that its points give."""
    shape = (len(mesh.points), 3, 4)
    joints, weights = np.zeros(shape), np.zeros(shape)
    part = share(mesh.points.reshape(-1, 3)).reshape(shape[:2])
    joints[..., 0] = np.where(part < 1, _NUMBER[bone], 0)
    weights[..., 0], weights[..., 1] = 1 - part, part
    joints[..., 1] = np.where(part > 0, _NUMBER[other], 0)
    return replace(mesh, joints=joints, weights=weights)


def _paint(name: str, colour: str, seed: int) -> Material:
    size = 512
    worn, speck = noise(size, seed, 1.5), noise(size, seed + 20, 0.9)
    chips = np.clip((worn * 0.6 + speck * 0.4 - 0.77) * 30, 0, 1)
    base = rgb(colour) * (0.9 + 0.16 * worn)[..., None]
    surface = metal_rough(chips, 0.3 + 0.2 * speck, size)
    paint = picture(blend(base, "#8d8f90", chips))
    return Material(name, texture=paint, metal_rough=surface)


def _lamp(name: str, colour: str) -> Material:
    return Material(name, colour, rough=0.2, glow=colour, glow_strength=1.2)


def _belly() -> Mesh:
    plate = superellipsoid(0.5, 0.4, 0.1, 0.35, 40, 24).moved(0, 0.96, 0.235)
    grille = [box(0.2, 0.016, 0.02, 0.006).moved(-0.09, 0.84 + 0.034 * k, 0.285) for k in range(3)]
    return merge([plate, *grille])


def _pelvis() -> Mesh:
    return lathe(curve("0 0.5, 0.2 0.52, 0.27 0.6, 0.24 0.7, 0 0.72", 4), 32)


def _backpack() -> Mesh:
    pack = box(0.46, 0.44, 0.2, 0.06, 3).moved(0, 1.02, -0.32)
    pipes = [cone(0.06, 0.075, 0.14, 24, 0.015).moved(x, 1.22, -0.34) for x in (-0.12, 0.12)]
    return merge([pack, *pipes])


def _dial() -> tuple[Material, Mesh]:
    size = 256
    x, y = mesh_of_pixels(size)
    radius, turn = np.hypot(x - 0.5, y - 0.5), np.arctan2(x - 0.5, 0.5 - y)
    face = ramp((turn + 2.2) / 4.4, "#3fae5a", "#f2c230", "#e2402c")
    face = blend(face, "#fbf6e8", (radius < 0.3) | (np.abs(turn) > 2.2))
    needle = (
        (np.abs(np.sin(turn - 0.7) * radius) < 0.02) & (np.cos(turn - 0.7) > 0) & (radius < 0.36)
    )
    face = blend(face, "#222222", needle | (radius < 0.05) | (radius > 0.45))
    mesh = cylinder(0.1, 0.03, 40, 0.008)
    mesh = replace(mesh, uvs=mesh.points[..., [0, 2]] / 0.2 + 0.5).turned("x", 90)
    return Material("Gauge", texture=picture(face), rough=0.2), _on(
        "body", mesh.moved(0.12, 1.04, 0.28)
    )


def _bolts() -> Mesh:
    return merge(sphere(0.018, 10, 6).moved(x, y, 0.284) for x in (-0.2, 0.2) for y in (0.82, 1.1))


def _screen() -> tuple[Material, Mesh]:
    size = 512
    x, y = mesh_of_pixels(size)
    light = np.zeros((size, size))
    for centre in (0.3, 0.7):
        eye = np.hypot((x - centre) / 0.085, (y - 0.42) / 0.16)
        light = np.maximum(light, np.clip((1 - eye) * 9, 0, 1))
    smile = np.hypot((x - 0.5) / 1.15, y - 0.54)
    light = np.maximum(light, np.clip(8 - np.abs(smile - 0.17) * 420, 0, 1) * (y > 0.6))
    for centre in (0.17, 0.83):
        light = np.maximum(
            light, 0.35 * np.clip((0.06 - np.hypot(x - centre, (y - 0.66) * 1.3)) * 60, 0, 1)
        )
    light *= 0.78 + 0.22 * seams(y * 44, 0.5)
    glass = picture(blend(np.ones((size, size, 3)) * rgb("#08212b"), "#6ff3ff", light))
    glow = picture(light[..., None] * rgb("#4fe6ff"))
    mesh = superellipsoid(0.64, 0.4, 0.14, 0.3, 48, 28)
    uvs = np.stack([mesh.points[..., 0] / 0.62 + 0.5, 0.5 - mesh.points[..., 1] / 0.38], axis=2)
    screen = Material(
        "Screen", texture=glass, rough=0.1, glow="#ffffff", glow_texture=glow, glow_strength=1.4
    )
    return screen, _on("head", replace(mesh, uvs=uvs).moved(0, 1.7, 0.245))


def _ears() -> Mesh:
    ear = lathe(curve("0.17 0, 0.17 0.05, 0.12 0.08, 0.11 0.12, 0 0.13", 3), 36, 30)
    return merge([ear.turned("z", -90).moved(0.38, 1.7), ear.turned("z", 90).moved(-0.38, 1.7)])


def _antenna() -> Mesh:
    stalk = tube(curve("0 1.96 0, 0 2.1 0, 0.02 2.26 0", 6), 0.014, 10)
    return merge([stalk, cone(0.07, 0.04, 0.07, 24, 0.01).moved(0, 1.96)])


def _bellows(path: Array, radius: float) -> Mesh:
    """A ribbed hose."""
    fine = curve(path, 4)
    ribs = 1 + 0.16 * np.sin(np.linspace(0, len(fine) * 0.8, len(fine)))
    return tube(fine, radius * ribs, 20, crease=60)


def _arm(path: Array, side: str) -> Mesh:
    elbow = path[len(path) // 2]
    ahead = (path[-1] - path[0]) / np.linalg.norm(path[-1] - path[0])
    return _between(
        f"{side} arm", f"{side} hand", _bellows(path, 0.062),
        lambda points: np.clip(0.5 + (points - elbow) @ ahead * 4, 0, 1),
    )  # fmt: skip


def _aligned(mesh: Mesh, path: Array) -> Mesh:
    """From the y axis to the direction in which the path ends, at its end."""
    up = (path[-1] - path[-3]) / np.linalg.norm(path[-1] - path[-3])
    front = np.array([0.0, 0, 1]) - up * up[2]
    front /= np.linalg.norm(front)
    return mesh.transformed(np.stack([np.cross(up, front), up, front], axis=1)).moved(*path[-1])


def _cuff(path: Array) -> Mesh:
    return _aligned(
        lathe(curve("0.07 -0.05, 0.1 -0.04, 0.115 0.03, 0.1 0.06, 0 0.06", 4), 32), path
    )


def _hand(path: Array, sign: float) -> Mesh:
    palm = superellipsoid(0.17, 0.16, 0.11, 0.7, 28, 18).moved(0, 0.12)
    slim = np.array([0.036] * 9 + [0.03, 0.012])
    fingers = [
        tube(curve([(x, 0.16, 0), (x * 1.35, 0.25, 0.01), (x * 1.5, 0.33, 0.02)], 5), slim, 14)
        for x in (-0.055, 0.0, 0.055)
    ]
    side = -sign
    thumb = [(0.06 * side, 0.1, 0), (0.13 * side, 0.14, 0.02), (0.15 * side, 0.21, 0.03)]
    return _aligned(merge([palm, *fingers, tube(curve(thumb, 5), slim, 14)]), path)


def _leg(side: str, sign: float) -> Mesh:
    path = np.linspace([sign * 0.17, 0.6, 0], [sign * 0.2, 0.17, 0], 12)
    return _between(
        f"{side} leg", f"{side} foot", _bellows(path, 0.075),
        lambda points: np.clip((0.34 - points[:, 1]) / 0.14, 0, 1),
    )  # fmt: skip


def _boot(sign: float) -> Mesh:
    shoe = superellipsoid(0.3, 0.26, 0.46, 0.6, 40, 24).moved(0, 0.09, 0.06)
    shoe = shoe.shaped(lambda p: np.maximum(p, [-9, 0.04, -9]))
    return merge([shoe, torus(0.1, 0.035).moved(0, 0.21, -0.02)]).moved(sign * 0.2)


def _turns(axis: str, degrees: Array) -> Array:
    """Quaternions (x, y, z, w)."""
    half = np.radians(degrees) / 2
    turns = np.zeros((len(half), 4))
    turns[:, "xyz".index(axis)], turns[:, 3] = np.sin(half), np.cos(half)
    return turns


def _wave() -> Animation:
    times = np.linspace(0, 2, 33)
    beat = np.sin(times * np.pi * 2)
    rise = 0.62 + 0.006 * (1 - np.cos(times * np.pi * 2))
    bob = np.stack([beat * 0, rise, beat * 0], axis=1)
    turns = {
        "right hand": _turns("z", 22 * beat), "right arm": _turns("z", 6 * beat),
        "head": _turns("z", 5 * np.sin(times * np.pi)), "left arm": _turns("z", 2 * beat),
    }  # fmt: skip
    return Animation("Wave", times, turns, {"hips": bob})


def _walk() -> Animation:
    times = np.linspace(0, 1, 25)
    step = np.sin(times * 2 * np.pi)
    bob = np.stack([step * 0, 0.62 + 0.02 * np.abs(step), step * 0], axis=1)
    turns = {
        "left leg": _turns("x", 28 * step), "right leg": _turns("x", -28 * step),
        "left foot": _turns("x", -18 * step), "right foot": _turns("x", 18 * step),
        "left arm": _turns("x", -24 * step), "right arm": _turns("x", 12 * step),
        "body": _turns("y", 6 * step), "head": _turns("y", -6 * step),
    }  # fmt: skip
    return Animation("Walk", times, turns, {"hips": bob})


MODEL = DemoModel(
    "Pip the Robot",
    "A friendly little robot with a glowing screen for a face, bellows arms and well-worn "
    "paint. Fully rigged with eleven bones and two looping animations, a wave and a walk.",
    "Characters",
    "Robots",
    2999,
    ("robot", "rigged", "animated", "sci-fi", "mascot"),
    "pip-the-robot.glb",
    robot,
)
