"""Models of more triangles than are drawn: their facts are true, their pictures of fewer."""

import io
import multiprocessing
import struct
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from imaging import caps, facts
from imaging.dae.loader import load_dae
from imaging.errors import Refused
from imaging.fbx import load_fbx
from imaging.files import open_zip
from imaging.gltf.loader import load_glb
from imaging.obj.loader import load_obj
from imaging.ply.loader import load_ply
from imaging.sandbox import Limits, process
from imaging.scene import Part, Scene
from imaging.stl import load_stl
from imaging.thinning import snapped, thinned
from imaging.threemf.loader import load_3mf
from imaging.usd.loader import load_usd
from tests.imaging import documents, shapes
from tests.imaging.filmbox import fbx
from tests.imaging.shapes import Array, Gltf

MOST = 3_000
GIB = 1024**3


def ball(rows: int) -> tuple[Array, Array, Array]:
    """A ball with dents: positions, triangles, and coordinates that meet in a seam."""
    v, u = np.mgrid[0 : rows + 1, 0 : rows + 1] / rows
    turn, lift = 2 * np.pi * u, np.pi * v
    out = 1 + 0.05 * np.sin(7 * turn) * np.sin(9 * lift)
    points = out[..., None] * np.stack(
        [np.sin(lift) * np.cos(turn), np.cos(lift), np.sin(lift) * np.sin(turn)], axis=-1
    )
    corner = (np.arange(rows)[:, None] * (rows + 1) + np.arange(rows)).ravel()
    triangles = np.concatenate([
        np.stack([corner, corner + 1, corner + rows + 1], 1),
        np.stack([corner + 1, corner + rows + 2, corner + rows + 1], 1),
    ])  # fmt: skip
    return points.reshape(-1, 3), triangles, np.stack([u, v], axis=-1).reshape(-1, 2)


def glb(rows: int) -> bytes:
    points, triangles, coordinates = ball(rows)
    made = Gltf()
    primitive = {
        "attributes": {
            "POSITION": made.bounded(points.astype("f4")),
            "NORMAL": made.accessor(points.astype("f4")),
            "TEXCOORD_0": made.accessor(coordinates.astype("f4")),
        },
        "indices": made.accessor(triangles.astype("u4").ravel()),
        "material": made.material(),
    }
    made.json["meshes"].append({"primitives": [primitive]})
    made.node(mesh=0)
    return made.glb()


def obj(rows: int) -> bytes:
    points, triangles, coordinates = ball(rows)
    lines = [f"v {x} {y} {z}" for x, y, z in points]
    lines += [f"vt {u} {v}" for u, v in coordinates]
    lines += ["f " + " ".join(f"{n}/{n}" for n in corners) for corners in (triangles + 1).tolist()]
    return "\n".join(lines).encode()


def threemf(rows: int) -> bytes:
    return documents.threemf(documents.mesh_object(*ball(rows)[:2]))


def apart(make: Callable[[], Scene]) -> Scene:
    """In a process that ends as the sandbox's child does: ufbx frees twice what is cleaned up."""
    ours, theirs = multiprocessing.Pipe()

    def tell() -> None:
        try:
            theirs.send(make())
        except Refused as refused:
            theirs.send((refused.code, refused.sentence))

    process = multiprocessing.get_context("fork").Process(target=tell)
    process.start()
    found = ours.recv()
    process.join()
    if isinstance(found, Scene):
        return found
    raise Refused(*found)


LOADERS: dict[str, Callable[[], Scene]] = {
    "glb": lambda: load_glb(glb(100), lambda _: None, 96),
    "stl": lambda: load_stl(shapes.stl(*ball(100)[:2])),
    "text stl": lambda: load_stl(shapes.ascii_stl(*ball(100)[:2])),
    "obj": lambda: load_obj([obj(100)], lambda _: None, 96),
    "3mf": lambda: load_3mf(open_zip(io.BytesIO(threemf(100))), 96),
    "fbx": lambda: apart(lambda: load_fbx(fbx(shape=ball(100)), lambda _: None, 96)),
    "dae": lambda: load_dae(documents.dae(shape=ball(100)), lambda _: None, 96),
    "usd": lambda: load_usd(
        documents.usda(documents.usda_cube(shape=ball(100))), "", lambda _: None, 96
    ),
    "text ply": lambda: load_ply(shapes.ply(*ball(100)[:2], "ascii")),
    "ply": lambda: load_ply(shapes.ply(*ball(100)[:2], "binary_little_endian")),
}


@pytest.mark.parametrize("kind", LOADERS)
def test_more_than_is_read_is_refused(kind: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(caps, "READ_TRIANGLES", 19_999)

    with pytest.raises(Refused, match=r"^This [\w ]+ (has|draws|promises) .*more than") as refused:
        LOADERS[kind]()

    assert refused.value.code == "too_complex"


@pytest.mark.parametrize("kind", LOADERS)
def test_the_facts_tell_what_is_there_and_a_note_what_is_shown(
    kind: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = facts.facts(LOADERS[kind]())
    monkeypatch.setattr(caps, "TRIANGLES", MOST)
    scene = LOADERS[kind]()
    fewer = facts.facts(scene)

    shown = sum(len(part.triangles) for part in scene.parts)
    assert MOST / 3 < shown <= MOST
    assert fewer.notes == [f"The pictures show {shown:,} triangles, made of the 20,000 there are."]
    assert (whole.triangles, whole.notes) == (20_000, [])
    for name in ("triangles", "unique_triangles", "vertices", "bounding_box", "uv_sets"):
        assert getattr(fewer, name) == getattr(whole, name), name


def test_fewer_triangles_have_the_same_shape_and_keep_to_their_side_of_a_seam() -> None:
    whole = load_glb(glb(100), lambda _: None, 96).parts
    (part,) = thinned(whole, MOST)

    _, _, centers = _measured(part.positions, part.triangles)
    away = np.linalg.norm(centers, axis=1)
    assert 0.9 < away.min() < away.max() < 1.06
    area, old = (
        _measured(each.positions, each.triangles)[0].sum() for each in (part, *whole)
    )  # fmt: skip
    assert area == pytest.approx(old, rel=0.05)
    spans = np.ptp(part.coordinates[0][part.triangles], axis=1)
    poles = np.abs(centers[:, 1]) > 0.9
    assert spans[~poles].max() < 0.2


def _measured(points: Array, triangles: Array) -> tuple[Array, Array, Array]:
    """Areas, normals and centers."""
    a, b, c = (points[triangles[:, corner]] for corner in range(3))
    across = np.cross(b - a, c - a)
    area = np.linalg.norm(across, axis=1) / 2
    return area, across, (a + b + c) / 3


def test_many_small_pieces_become_few() -> None:
    made = Gltf()
    mesh = made.mesh(*shapes.box((0.01, 0.01, 0.01)), material=made.material())
    for number in range(1000):
        made.node(mesh=mesh, translation=[number % 10, number // 10 % 10, number // 100])
    parts = load_glb(made.glb(), lambda _: None, 96).parts

    (one,) = thinned(parts, 8_000)

    assert len(parts) == 1000
    assert len(one.triangles) <= 8_000


def test_a_tangle_is_shown_in_part() -> None:
    chance = np.random.default_rng(1)
    points, triangles = chance.random((9_000, 3)), np.arange(9_000).reshape(-1, 3)
    parts = load_stl(shapes.stl(points, triangles)).parts

    (fewer,) = thinned(parts, 500)

    assert 250 < len(fewer.triangles) <= 500


def test_dust_that_is_finer_than_any_cell_is_shown_in_part() -> None:
    chance = np.random.default_rng(1)
    points = np.repeat(chance.random((900, 3)), 3, axis=0) + chance.random((2_700, 3)) * 1e-5
    parts = load_stl(shapes.stl(points, np.arange(2_700).reshape(-1, 3))).parts

    (fewer,) = thinned(parts, 500)
    corners, left, _ = snapped(parts[0].positions, parts[0].triangles, 500)

    assert len(fewer.triangles) == len(left) == 450
    assert (corners == parts[0].triangles[left]).all()


def test_points_that_are_not_its_own_leave_a_part_as_it_is() -> None:
    points, triangles, _ = ball(100)
    everyone = np.concatenate([points * 0.1 - 3, points]).astype(np.float32)
    part = Part(everyone, (triangles + len(points)).astype(np.int32))

    (fewer,) = thinned([part], MOST)
    corners, *_ = snapped(everyone, part.triangles, MOST)

    for shown in (fewer.positions[fewer.triangles], everyone[corners]):
        assert np.abs(shown).max() <= np.abs(points).max()


def test_more_than_two_million_triangles_are_pictured(tmp_path: Path) -> None:
    source = tmp_path / "upload"
    source.write_bytes(glb(1060))
    limits = Limits(seconds=300, picture_size=96, frames=2)

    report = process(source, "ball.glb", tmp_path / "out", limits)

    assert report.status == "ready", report
    assert report.facts is not None
    assert report.facts.triangles == 2 * 1060**2 > caps.TRIANGLES
    assert "made of the 2,247,200 there are" in report.facts.notes[0]
    assert report.peak_bytes < 1.25 * GIB


def ply_head() -> bytes:
    return (
        b"ply\nformat binary_little_endian 1.0\nelement vertex 4000000\nproperty float x\n"
        b"property float y\nproperty float z\nelement face 9000000\n"
        b"property list uchar int vertex_indices\nend_header\n"
    )


def glb_head() -> bytes:
    made = shapes.cube()
    made.json["accessors"][1]["count"] = 27_000_000
    return made.glb()


@pytest.mark.parametrize(
    ("name", "head", "size"),
    [
        ("statue.stl", bytes(80) + struct.pack("<I", 9_000_000), 84 + 9_000_000 * 50),
        ("statue.ply", ply_head(), len(ply_head()) + 4_000_000 * 12 + 9_000_000 * 13),
        ("statue.glb", glb_head(), 2 * GIB),
    ],
    ids=["stl", "ply", "glb"],
)
def test_what_is_far_beyond_is_refused_before_it_is_read(
    name: str, head: bytes, size: int, tmp_path: Path
) -> None:
    source = tmp_path / "upload"
    with source.open("wb") as file:
        file.write(head)
        file.truncate(size)

    report = process(source, name, tmp_path / "out", Limits(picture_size=96, frames=2))

    assert (report.status, report.reason_code) == ("rejected", "too_complex"), report
    assert str(report.reason).endswith(".")
    assert report.peak_bytes < 0.25 * GIB
