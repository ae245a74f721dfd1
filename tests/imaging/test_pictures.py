"""Pictures show what the file describes, and look like a studio's."""

import numpy as np
import PIL.Image
import pytest

from imaging.report import Report
from tests.imaging import shapes
from tests.imaging.conftest import Look, Pixels, Seen
from tests.imaging.features import card
from tests.imaging.shapes import Array, Gltf

RED, GREEN, BLUE = 0, 1, 2


def shown(pixels: Pixels) -> Array:
    """Where the model itself is, not its shadow."""
    return np.asarray(pixels[..., 3] > 0.97)


def middle(pixels: Pixels) -> Array:
    """The mean color of the middle of what is shown."""
    rows, columns = np.nonzero(shown(pixels))
    y, x = int(np.median(rows)), int(np.median(columns))
    return np.asarray(pixels[y - 2 : y + 3, x - 2 : x + 3, :3].mean(axis=(0, 1)))


@pytest.mark.parametrize("color", [RED, GREEN, BLUE])
def test_a_material_has_its_color(seen: Seen, color: int) -> None:
    factor = [0.05, 0.05, 0.05, 1.0]
    factor[color] = 0.8
    pixels = seen(shapes.cube(pbrMetallicRoughness={
        "baseColorFactor": factor, "metallicFactor": 0}).glb())  # fmt: skip

    assert middle(pixels).argmax() == color
    assert np.sort(middle(pixels))[-1] > 1.6 * np.sort(middle(pixels))[-2]


def test_a_texture_lies_the_right_way_round(seen: Seen) -> None:
    def paint(x: Array, y: Array) -> Array:
        return np.stack([255 * (x < 0.5), 255 * (y < 0.5), np.zeros_like(x)], axis=-1)

    pixels = seen(card(shapes.picture(paint)).glb())

    rows, columns = np.nonzero(shown(pixels))
    top, left = (rows < np.median(rows) - 8), (columns < np.median(columns) - 8)
    bottom, right = (rows > np.median(rows) + 8), (columns > np.median(columns) + 8)
    color = pixels[rows, columns]
    assert color[left, RED].mean() > color[right, RED].mean() + 0.4
    assert color[top, GREEN].mean() > color[bottom, GREEN].mean() + 0.4


def test_a_texture_transform_moves_the_picture(seen: Seen) -> None:
    def paint(x: Array, y: Array) -> Array:
        return np.stack([255 * (x < 0.5), 0 * y, 255 * (x >= 0.5)], axis=-1)

    made = card(shapes.picture(paint))
    texture = made.json["materials"][0]["pbrMetallicRoughness"]["baseColorTexture"]
    texture["extensions"] = {"KHR_texture_transform": {"scale": [0.4, 1], "offset": [0.55, 0]}}
    pixels = seen(made.glb())

    assert pixels[shown(pixels)][:, BLUE].mean() > pixels[shown(pixels)][:, RED].mean() + 0.3


def test_vertex_colors_are_mixed_across_a_face(seen: Seen) -> None:
    made = Gltf()
    points, triangles, _ = shapes.square()
    colors = np.array([[1, 0, 0], [0, 0, 1], [0, 0, 1], [1, 0, 0]], "f4")
    made.node(mesh=made.mesh(points, triangles, COLOR_0=made.accessor(colors)))
    pixels = seen(made.glb())

    rows, columns = np.nonzero(shown(pixels))
    color = pixels[rows, columns]
    assert color[columns < np.median(columns) - 15, RED].mean() > 0.4
    assert color[columns > np.median(columns) + 15, BLUE].mean() > 0.4


def test_a_mask_cuts_holes(seen: Seen) -> None:
    def paint(x: Array, y: Array) -> Array:
        hole = (abs(x - 0.5) < 0.25) & (abs(y - 0.5) < 0.25)
        return np.stack([255 + 0 * x, 0 * x, 0 * x, 255 * ~hole], axis=-1)

    whole = seen(card(shapes.picture(paint)).glb())
    cut = seen(card(shapes.picture(paint), alphaMode="MASK").glb())

    assert 0.6 < shown(cut).sum() / shown(whole).sum() < 0.85


def test_glass_shows_what_is_behind_it(seen: Seen) -> None:
    made = shapes.cube(pbrMetallicRoughness={
        "baseColorFactor": [0.9, 0, 0, 1], "metallicFactor": 0})  # fmt: skip
    glass = made.material(
        alphaMode="BLEND",
        pbrMetallicRoughness={"baseColorFactor": [0.1, 0.1, 0.9, 0.25], "metallicFactor": 0},
    )
    made.node(mesh=made.mesh(*shapes.box((1.2, 1.2, 1.2)), material=glass))

    red, _, blue = middle(seen(made.glb()))

    assert red > blue > 0.1


def test_the_back_of_a_one_sided_face_is_not_drawn(seen: Seen) -> None:
    made = shapes.cube(pbrMetallicRoughness={
        "baseColorFactor": [0.9, 0, 0, 1], "metallicFactor": 0})  # fmt: skip
    inside_out, triangles = shapes.box((3, 3, 3))
    mesh = made.mesh(inside_out, triangles[:, ::-1], material=made.material())
    made.node(mesh=mesh)

    assert middle(seen(made.glb())).argmax() == RED

    made.json["materials"][1]["doubleSided"] = True

    red, _, blue = middle(seen(made.glb()))
    assert red - blue < 0.1


def test_a_model_turned_inside_out_is_shown_all_the_same(seen: Seen) -> None:
    made = Gltf()
    points, triangles = shapes.box()
    made.node(mesh=made.mesh(points, triangles[:, ::-1], material=made.material()))

    assert shown(seen(made.glb())).mean() > 0.3


def test_a_normal_map_bends_the_light(seen: Seen) -> None:
    def bumps(x: Array, y: Array) -> Array:
        tilt = np.where((x * 8) % 1 < 0.5, 0.7, -0.7)
        normal = np.stack([tilt, 0 * y, np.sqrt(1 - tilt**2)], axis=-1)
        return normal * 127.5 + 127.5

    grey = {"baseColorFactor": [0.3, 0.3, 0.3, 1], "metallicFactor": 0}
    plain = seen(card(pbrMetallicRoughness=grey).glb())
    made = card(pbrMetallicRoughness=grey)
    made.json["materials"][0]["normalTexture"] = made.texture(shapes.picture(bumps, 256))
    bumpy = seen(made.glb())

    assert bumpy[shown(bumpy)][:, GREEN].std() > 2 * plain[shown(plain)][:, GREEN].std()


def test_what_glows_is_bright_whatever_its_color(seen: Seen) -> None:
    black = {"baseColorFactor": [0, 0, 0, 1], "metallicFactor": 0, "roughnessFactor": 1}
    dark = middle(seen(shapes.cube(pbrMetallicRoughness=black).glb()))
    glowing = middle(seen(shapes.cube(
        pbrMetallicRoughness=black, emissiveFactor=[0, 1, 0]).glb()))  # fmt: skip

    assert dark.max() < 0.35
    assert glowing[GREEN] > 0.6 > glowing[RED]


def test_metal_mirrors_the_studio_and_matt_does_not(seen: Seen) -> None:
    def ball(**rough: float) -> Pixels:
        angles = np.linspace(0, np.pi, 25)
        around = np.linspace(0, 2 * np.pi, 49)
        points = np.stack([
            np.outer(np.sin(angles), np.cos(around)), np.outer(np.cos(angles), np.ones(49)),
            np.outer(np.sin(angles), np.sin(around)),
        ], axis=-1).reshape(-1, 3)  # fmt: skip
        corner = (np.arange(24)[:, None] * 49 + np.arange(48)).ravel()
        triangles = np.concatenate([
            np.stack([corner, corner + 1, corner + 49], 1),
            np.stack([corner + 1, corner + 50, corner + 49], 1),
        ])  # fmt: skip
        made = Gltf()
        normals = made.accessor(points.astype("f4"))
        material = made.material(pbrMetallicRoughness=rough | {"baseColorFactor": [0.6] * 3 + [1]})
        made.node(mesh=made.mesh(points, triangles, NORMAL=normals, material=material))
        return seen(made.glb())

    metal = ball(metallicFactor=1, roughnessFactor=0.1)
    matt = ball(metallicFactor=0, roughnessFactor=1)

    edges = [np.abs(np.diff(p[..., 1], axis=1))[shown(p)[:, 1:] & shown(p)[:, :-1]]
             for p in (metal, matt)]  # fmt: skip
    assert np.percentile(edges[0], 97) > 2 * np.percentile(edges[1], 97)


@pytest.mark.parametrize(
    "size",
    [(1, 1, 1), (0.02, 5, 0.02), (5, 0.02, 0.02), (0.02, 0.02, 5), (4, 0.01, 4), (3, 2, 0.01),
     (0.01, 2, 3), (1e-4, 1e-4, 1e-4), (3e4, 2e4, 1e4)],
    ids=["cube", "mast", "needle across", "needle ahead", "plate", "poster", "poster aside",
         "dust", "mountain"],
)  # fmt: skip
def test_every_shape_fills_the_frame_and_stays_inside(
    seen: Seen, size: tuple[float, float, float]
) -> None:
    made = Gltf()
    made.node(mesh=made.mesh(*shapes.box(size)))
    pixels = seen(made.glb(), size=128)

    rows, columns = np.nonzero(pixels[..., :3].max(axis=-1) * pixels[..., 3] > 0.05)
    spans = (np.ptp(rows) + 1) / 128, (np.ptp(columns) + 1) / 128
    assert max(spans) > 0.75
    assert min(rows.min(), columns.min()) >= 4
    assert max(rows.max(), columns.max()) <= 123


def test_the_backdrop_is_light_smooth_and_never_clipped(look: Look) -> None:
    white = {"pbrMetallicRoughness": {"metallicFactor": 0, "roughnessFactor": 0.3}}
    report = look(shapes.cube(**white).glb(), size=256)
    with PIL.Image.open(report.pictures["1024"]) as picture:
        pixels = np.asarray(picture.convert("RGB"), np.float32)

    assert pixels[:8, :8].mean() > 150
    assert (pixels.min(axis=-1) >= 254).mean() < 0.002


def test_the_floor_shadow_is_soft_and_without_grain(seen: Seen) -> None:
    pixels = seen(shapes.cube().glb(), size=256)
    shadow = np.where(shown(pixels) | (pixels[..., :3].max(axis=-1) > 0), np.nan, pixels[..., 3])

    assert np.nanmax(shadow) > 0.25
    bumps = shadow[1:-1, 1:-1] - (
        shadow[:-2, 1:-1] + shadow[2:, 1:-1] + shadow[1:-1, :-2] + shadow[1:-1, 2:]
    ) / 4  # fmt: skip
    assert np.nanpercentile(np.abs(bumps), 99) < 0.012


def test_one_file_gives_the_same_pictures_every_time(look: Look) -> None:
    data = shapes.cube().glb()
    first = look(data).pictures["1024"].read_bytes()

    assert look(data).pictures["1024"].read_bytes() == first


def test_pictures_come_in_their_sizes(look: Look) -> None:
    report = look(shapes.cube().glb(), size=1024)

    sizes = {}
    for name, path in report.pictures.items():
        with PIL.Image.open(path) as picture:
            sizes[name] = (picture.size, picture.mode)
    assert sizes == {
        "1024": ((1024, 1024), "RGB"), "512": ((512, 512), "RGB"), "256": ((256, 256), "RGB"),
        "transparent": ((1024, 1024), "RGBA"), "512-transparent": ((512, 512), "RGBA"),
        "turntable": ((6 * 320, 320), "RGB"), "animation": ((320, 320), "RGB"),
    }  # fmt: skip


def turntable(report: Report, side: int) -> Array:
    """(frames, side, side, rgb), row by row as they lie on the sheet."""
    with PIL.Image.open(report.pictures["turntable"]) as sheet:
        pixels = np.asarray(sheet.convert("RGB"), np.float32)
    tiles = pixels.reshape(-1, side, 6, side, 3).transpose(0, 2, 1, 3, 4)
    return np.asarray(tiles.reshape(-1, side, side, 3))


def test_the_turntable_goes_round_once_and_does_not_breathe(look: Look) -> None:
    made = Gltf()
    black = made.material(
        pbrMetallicRoughness={"baseColorFactor": [0.01, 0, 0, 1], "roughnessFactor": 1}
    )
    made.node(mesh=made.mesh(*shapes.box((0.4, 2, 0.4)), material=black))
    made.node(mesh=made.mesh(*shapes.box((2, 0.2, 0.4)), material=black))
    frames = turntable(look(made.glb(), size=96, frames=24), 96)

    assert len(frames) == 24
    dark = frames.max(axis=-1) < 90
    tops = [np.flatnonzero(frame.any(axis=1)).min() for frame in dark]
    assert max(tops) - min(tops) <= 2, "the upright keeps its height"
    spans = [np.ptp(np.flatnonzero(frame.any(axis=0))) for frame in dark]
    assert max(spans) > 1.4 * min(spans), "the arms come and go"
    np.testing.assert_allclose(spans[:12], spans[12:], atol=2)
    assert all(np.flatnonzero(frame.any(axis=0)).min() >= 2 for frame in dark)
    still = np.abs(frames[0] - frames[12]).mean()
    assert np.abs(frames[0] - frames[6]).mean() > 3 * still, "a half turn shows its other side"


def test_the_animation_has_the_frames_of_the_turntable(look: Look) -> None:
    report = look(shapes.cube().glb(), frames=6)

    with PIL.Image.open(report.pictures["animation"]) as film:
        assert (film.n_frames, film.info["loop"]) == (6, 0)  # type: ignore[attr-defined]
