"""A balanced-arm desk lamp, switched on."""

import numpy as np

from local.demo.demo_model import DemoModel
from local.demo.gltf import Material, Part, glb
from local.demo.materials import BRASS, STEEL
from local.demo.mesh import Array, Mesh, merge, unit, vectors
from local.demo.shapes import cone, curve, cylinder, lathe, sphere, torus, tube
from local.demo.textures import metal_rough, noise, picture, rgb

_SHOULDER = np.array([-0.02, 0.08, 0.0])
_ELBOW = np.array([-0.17, 0.42, 0.0])
_HEAD = np.array([0.15, 0.66, 0.0])
_AIM = unit(np.array([0.52, -0.85, 0.18]))


def desk_lamp() -> bytes:
    enamel = _enamel()
    inside = Material("Reflector", "#fff3d6", rough=0.35, glow="#6b4a16")
    bulb = Material("Bulb", "#fff0c8", glow="#ffdf9e", glow_strength=6)
    cable = Material("Red cloth cable", "#b3382c", rough=0.9)
    parts = [
        Part(
            "Base",
            enamel,
            lathe(
                curve(
                    "0.135 0, 0.14 0.006, 0.138 0.018, 0.12 0.03, 0.05 0.042, 0.035 0.05, 0 0.052",
                    4,
                ),
                72,
            ),
        ),
        Part("Base", BRASS, torus(0.1385, 0.004, 72, 8).moved(0, 0.009)),
        Part("Base", BRASS, cylinder(0.022, 0.05, 28, 0.004).moved(_SHOULDER[0], 0.035)),
        Part("Base", BRASS, cylinder(0.011, 0.012, 20, 0.003).moved(0.08, 0.036, 0.05)),
        Part("Arms", enamel, merge([*_pair(_SHOULDER, _ELBOW), *_pair(_ELBOW, _HEAD)])),
        Part("Joints", BRASS, merge([_joint(_SHOULDER), _joint(_ELBOW), _joint(_HEAD)])),
        Part("Springs", STEEL, merge(_springs())),
        Part("Shade", enamel, _aimed(_shade())),
        Part(
            "Shade",
            inside,
            _aimed(lathe(curve("0.134 0.168, 0.108 0.11, 0.07 0.05, 0.034 0.012, 0 0.01", 5), 64)),
        ),
        Part(
            "Shade",
            BRASS,
            _aimed(
                merge(
                    [
                        torus(0.1345, 0.0035, 72, 8).moved(0, 0.1675),
                        cone(0.034, 0.026, 0.03, 28, 0.004).moved(0, -0.035),
                    ]
                )
            ),
        ),
        Part("Bulb", bulb, _aimed(sphere(0.036, 28, 18).scaled(1, 1.2, 1).moved(0, 0.1))),
        Part("Bulb", BRASS, _aimed(cylinder(0.017, 0.05, 24).moved(0, 0.02))),
        Part("Cable", cable, _cable()),
    ]
    return glb(parts)


def _enamel() -> Material:
    orange_peel = noise(512, 2, 1.0)
    paint = picture(rgb("#e3a018") * (0.95 + 0.08 * orange_peel)[..., None])
    return Material(
        "Mustard enamel", texture=paint, metal_rough=metal_rough(0, 0.2 + 0.12 * orange_peel, 512)
    )


def _pair(start: Array, end: Array) -> list[Mesh]:
    """Two parallel bars, front and back."""
    bar = tube(np.stack([start, end]), 0.0065, 14)
    return [bar.moved(0, 0, z) for z in (-0.02, 0.02)]


def _joint(place: Array) -> Mesh:
    barrel = cylinder(0.018, 0.062, 28, 0.004).turned("x", 90).moved(0, 0, -0.031)
    knob = cylinder(0.012, 0.016, 6, 0.002).turned("x", 90).moved(0, 0, 0.03)
    return merge([barrel, knob]).moved(*place)


def _springs() -> list[Mesh]:
    along = _ELBOW - _SHOULDER
    springs = [
        _spring(_SHOULDER + along * 0.08 + [0, 0, z], _SHOULDER + along * 0.42 + [0.0, 0, z])
        for z in (-0.008, 0.008)
    ]
    fore = _HEAD - _ELBOW
    springs += [
        _spring(_ELBOW + fore * 0.08 + [0, -0.0, z], _ELBOW + fore * 0.36 + [0, 0, z])
        for z in (-0.008, 0.008)
    ]
    return springs


def _spring(start: Array, end: Array) -> Mesh:
    t = np.linspace(0, 1, 220)
    ahead = unit(end - start)
    side = unit(np.cross(ahead, [0, 0, 1.0]))
    turn = t * 2 * np.pi * 17
    coil = np.cos(turn)[:, None] * side + np.sin(turn)[:, None] * np.array([0, 0, 1.0])
    return tube(start + (end - start) * t[:, None] + 0.0072 * coil, 0.0014, 6)


def _shade() -> Mesh:
    """Along +y, which will be where the lamp shines."""
    outside = curve("0.134 0.17, 0.112 0.108, 0.076 0.05, 0.042 0.008, 0.034 -0.01, 0 -0.012", 5)
    return lathe(outside[::-1], 64)


def _aimed(mesh: Mesh) -> Mesh:
    side = unit(np.cross(_AIM, vectors([(0.0, 0, 1)])[0]))
    turn = np.stack([side, _AIM, np.cross(side, _AIM)], axis=1)
    return mesh.transformed(turn).moved(*(_HEAD + _AIM * 0.045))


def _cable() -> Mesh:
    path = curve(
        "-0.12 0.012 -0.03, -0.2 0.006 -0.06, -0.28 0.005 -0.02, -0.32 0.005 0.08, "
        "-0.27 0.005 0.16, -0.18 0.005 0.18, -0.1 0.005 0.24",
        10,
    )
    return tube(path, 0.005, 10)


MODEL = DemoModel(
    "Mustard Desk Lamp",
    "A balanced-arm lamp in mustard enamel with brass joints, coiled springs and a red cloth "
    "cable, already switched on. A small thing that makes a desk look lived in.",
    "Furniture",
    "Lighting",
    799,
    ("lamp", "desk", "office", "mid-century"),
    "mustard-desk-lamp.glb",
    desk_lamp,
)
