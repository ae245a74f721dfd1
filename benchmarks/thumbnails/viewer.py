"""f3d, a viewer on VTK: one still, drawn by Mesa's software. `python viewer.py FILE PICTURE`."""

import sys

SIZE = 1024


def main() -> None:
    import f3d  # type: ignore[import-not-found]

    f3d.Engine.autoload_plugins()
    engine = f3d.Engine.create_egl()  # Debian's OSMesa is not found by its name
    engine.window.size = SIZE, SIZE
    engine.options.update({
        "render.effect.antialiasing.mode": "ssaa", "render.effect.ambient_occlusion": True,
        "render.effect.tone_mapping": True, "render.hdri.ambient": True,
    })  # fmt: skip
    engine.scene.add(sys.argv[1])
    engine.window.render_to_image().save(sys.argv[2])


if __name__ == "__main__":
    main()
