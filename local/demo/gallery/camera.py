"""A rangefinder camera in chrome and leather."""

import numpy as np

from local.demo.demo_model import DemoModel
from local.demo.gltf import Material, Part, glb
from local.demo.materials import BRASS, RUBBER
from local.demo.mesh import Array, Mesh, around, merge
from local.demo.shapes import box, cone, curve, cylinder, extrude, lathe, sphere, torus, tube
from local.demo.textures import brushed, metal_rough, noise, normal_map, picture, rgb, spots


def camera() -> bytes:
    """Measured in centimetres: the body is 14 wide."""
    chrome = _chrome()
    black = Material("Black enamel", "#141416", rough=0.25)
    glass = Material("Coated glass", "#140f2e", rough=0.03, metal=0.25, glow="#0b0a2a")
    window = Material("Window glass", "#1d2c36", rough=0.05)
    red = Material("Red dot", "#d3202c", rough=0.3)
    strap = Material(
        "Tan leather",
        texture=picture(rgb("#9a5a2b") * (0.75 + 0.4 * noise(256, 7, 1.2))[..., None]),
        rough=0.6,
    )
    knobs, knurls = _knobs()
    parts = [
        Part("Body", _leatherette(), _slab(13.8, 5.0, 3.0).box_mapped(0.28).moved(0, 3.6)),
        Part("Body", chrome, _slab(14.0, 1.15, 3.15).box_mapped(0.1).moved(0, 0.62)),
        Part("Body", chrome, _slab(14.0, 2.0, 3.15).box_mapped(0.1).moved(0, 6.9)),
        Part(
            "Body",
            chrome,
            merge(
                [
                    box(5.2, 1.0, 2.9, 0.25, 2).moved(0.6, 8.1),
                    box(1.9, 0.25, 1.9, 0.06).moved(0.6, 8.65, -0.2),
                ]
            ),
        ),
        Part("Body", black, box(1.5, 0.1, 1.6, 0.04).moved(0.6, 8.79, -0.2)),
        Part(
            "Windows",
            black,
            merge(
                [
                    box(2.3, 1.35, 0.3, 0.12).moved(4.9, 7.0, 1.5),
                    box(1.7, 1.0, 0.3, 0.1).moved(1.6, 7.05, 1.5),
                    box(1.2, 1.0, 0.3, 0.1).moved(-4.6, 7.05, 1.5),
                ]
            ),
        ),
        Part(
            "Windows",
            window,
            merge(
                [
                    box(1.9, 0.95, 0.1, 0.03).moved(4.9, 7.0, 1.64),
                    box(1.3, 0.6, 0.1, 0.03).moved(1.6, 7.05, 1.64),
                    sphere(0.36).scaled(1, 1, 0.3).moved(-4.6, 7.05, 1.62),
                ]
            ),
        ),
        Part(
            "Windows", red, cylinder(0.32, 0.12, 28, 0.03).turned("x", 90).moved(-1.3, 7.05, 1.55)
        ),
        Part("Dials", chrome, knobs),
        Part("Dials", black, knurls),
        Part("Lens", chrome, _lens_metal()),
        Part("Lens", black, _lens_black()),
        Part("Lens", BRASS, _facing(torus(2.42, 0.05, 64, 8).moved(0, 1.16))),
        Part("Lens", glass, _facing(sphere(1.55, 48, 24).scaled(1, 0.36, 1).moved(0, 3.25))),
        Part("Lens", red, _facing(sphere(0.1, 12, 8).moved(0, 1.62, 2.56))),
        Part(
            "Strap",
            chrome,
            merge(
                [
                    torus(0.42, 0.09, 24, 10)
                    .turned("x", 90)
                    .turned("y", 50 * s)
                    .moved(7.25 * s, 6.3, 0.4)
                    for s in (-1, 1)
                ]
            ),
        ),
        Part("Strap", strap, _strap()),
        Part("Feet", RUBBER, merge([cylinder(0.3, 0.1, 16).moved(x, 0, 0.9) for x in (-5.5, 5.5)])),
    ]
    return glb(parts, unit=0.01)


def _chrome() -> Material:
    grain = brushed(512, 5)
    rough = metal_rough(1.0, 0.2 + 0.16 * grain, 512)
    return Material(
        "Satin chrome",
        texture=picture(rgb("#d5d6d6") * (0.93 + 0.1 * grain)[..., None]),
        metal_rough=rough,
    )


def _leatherette() -> Material:
    pebble = spots(256, 2, 420, (0.012, 0.022))
    grain = 0.75 * pebble + 0.25 * noise(256, 3, 0.8)
    paint = picture(rgb("#2b2420") * (0.55 + 0.65 * grain)[..., None])
    return Material("Leatherette", texture=paint, normal=normal_map(grain, 4), rough=0.62)


def _slab(width: float, height: float, depth: float) -> Mesh:
    """Upright, with wholly round ends."""
    turn = np.linspace(0, np.pi, 17)
    r = depth / 2
    right = np.stack([width / 2 - r + r * np.sin(turn), -r * np.cos(turn)], axis=1)
    return extrude(np.concatenate([right, -right]), height, 0.14).turned("x", -90)


def _facing(mesh: Mesh) -> Mesh:
    """From standing on the ground to standing out of the front, where the lens is."""
    return mesh.turned("x", 90).moved(0.5, 3.7, 1.45)


def _lens_metal() -> Mesh:
    flange = cone(3.0, 2.9, 0.35, 72, 0.08)
    barrel = lathe("2.45 0.3, 2.5 0.5, 2.5 1.1, 2.4 1.15, 2.4 1.3", 72, 30)
    rim = lathe(
        "2.2 2.75, 2.45 2.8, 2.5 2.95, 2.5 3.35, 2.4 3.45, 2.15 3.45, 2.05 3.3, 1.85 3.0", 72, 30
    )
    return _facing(merge([flange, barrel, rim]))


def _lens_black() -> Mesh:
    grip = around(box(0.11, 0.62, 0.2, 0.03).moved(0, 1.7, 2.62), 60)
    ring = lathe("2.55 1.28, 2.62 1.35, 2.62 2.05, 2.55 2.12, 2.25 2.2, 2.25 2.8", 72, 30)
    throat = lathe("1.95 3.18, 1.5 3.0, 0 2.95", 64)
    return _facing(merge([grip, ring, throat]))


def _knob(radius: float, height: float, x: float, z: float = 0.0) -> tuple[Mesh, Mesh]:
    top = cone(radius, radius * 0.97, height, 40, 0.08).moved(x, 7.85, z)
    teeth = around(box(0.07, height * 0.5, 0.08).moved(0, 7.85 + height * 0.5, radius), 36)
    return top, teeth.moved(x, 0, z)


def _knobs() -> tuple[Mesh, Mesh]:
    knobs = [_knob(0.85, 0.8, -5.6), _knob(0.75, 0.55, 4.6), _knob(0.45, 0.5, 6.0, 0.3)]
    lever = tube(
        curve("5.9 8.4 0.2, 6.4 8.45 0.9, 6.5 8.45 1.5", 5), np.linspace(0.14, 0.2, 11), 12
    )
    button = merge(
        [
            cylinder(0.3, 0.5, 24, 0.06).moved(3.4, 7.85, 0.5),
            cylinder(0.2, 0.65, 24, 0.08).moved(3.4, 7.85, 0.5),
        ]
    )
    return merge([*(k for k, _ in knobs), lever, button]), merge(t for _, t in knobs)


def _strap() -> Mesh:
    path: Array = curve(
        "-7.5 6.2 0.4, -8.6 4.6 0.9, -9.0 1.8 1.8, -8.4 0.25 3.4, -6.4 0.2 5.0, -3.4 0.2 5.6, "
        "0 0.2 6.4, 3.6 0.2 6.3, 6.6 0.2 5.4, 8.6 0.3 3.6, 9.2 1.8 1.9, 8.6 4.6 0.9, "
        "7.5 6.2 0.4",
        8,
    )
    return tube(path, 0.17, 12).with_uvs([0.2, 6])


MODEL = DemoModel(
    "Rangefinder Camera",
    "A mid-century rangefinder in satin chrome and pebbled leather, with knurled dials, a "
    "coated lens and a tan strap. Built for close-ups and product shots.",
    "Props",
    "Electronics",
    2299,
    ("camera", "vintage", "photography", "chrome"),
    "rangefinder-camera.glb",
    camera,
)
