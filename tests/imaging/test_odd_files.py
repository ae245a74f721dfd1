"""Odd but honest files are shown as their makers meant them."""

import dataclasses

import numpy as np
import pytest

from imaging.files import MARK
from imaging.ply.header import strip
from imaging.ply.loader import load_ply
from imaging.report import Facts, Report
from tests.imaging import documents, shapes
from tests.imaging.conftest import Look, Pixels, Seen

POINTS, TRIANGLES = shapes.box()
RED = b"newmtl red\nKd 1 0 0\n"
PAINTED = shapes.obj(POINTS, TRIANGLES, "mtllib a.mtl\nusemtl red")


def facts(report: Report) -> Facts:
    assert report.facts is not None, report
    return report.facts


def is_red(pixels: Pixels) -> bool:
    """Whether the middle of a picture is."""
    half = len(pixels) // 2
    red, green, _ = pixels[half - 4 : half + 4, half - 4 : half + 4, :3].mean(axis=(0, 1))
    return bool(red > 2 * green)


@pytest.mark.parametrize(
    ("kind", "data"),
    [
        ("obj", b"v 9 9 9\n" + shapes.obj(POINTS, TRIANGLES + 1).strip()),
        ("stl", shapes.ascii_stl(POINTS, TRIANGLES)),
        ("ply", shapes.ply(POINTS, TRIANGLES, "ascii")),
        ("dae", documents.dae()),
        ("usd", documents.usda()),
    ],
)
def test_a_byte_order_mark_changes_nothing(look: Look, kind: str, data: bytes) -> None:
    marked = look(MARK + data)

    assert marked.format == kind
    assert dataclasses.asdict(facts(marked)) == dataclasses.asdict(facts(look(data)))


@pytest.mark.parametrize(("obj", "mtl"), [(MARK, b""), (b"", MARK)], ids=["obj", "mtl"])
def test_behind_a_byte_order_mark_stands_the_first_line(seen: Seen, obj: bytes, mtl: bytes) -> None:
    assert is_red(seen(shapes.zipped(a__obj=obj + PAINTED.strip(), a__mtl=mtl + RED)))


def ply(how: str, faces: list[str], rows: list[list[int]]) -> bytes:
    """The box, with these lines of a header for its faces; of binary numbers all are int."""
    head = ["ply", f"format {how} 1.0", f"element vertex {len(POINTS)}"]
    head += [*(f"property float {axis}" for axis in "xyz"), *faces, "end_header\n"]
    if how == "ascii":
        lines = [" ".join(map(str, row)) for row in [*POINTS.tolist(), *rows]]
        return ("\n".join(head) + "\n".join([*lines, ""])).encode()
    numbers = np.array([number for row in rows for number in row], "<i4")
    return "\n".join(head).encode() + POINTS.astype("<f4").tobytes() + numbers.tobytes()


@pytest.mark.parametrize("how", ["ascii", "binary_little_endian"])
def test_ply_strips_are_read_and_each_triangle_faces_out(look: Look, how: str) -> None:
    ring = [0, 1, 3, 2]
    quads = [[4 * side + corner for corner in ring] for side in range(6)]
    row = [corner for quad in quads for corner in [*quad, -1]]
    strips = ["element tristrips 1", "property list int int vertex_indices"]

    found = look(ply(how, strips, [[len(row), *row]]))

    assert facts(found).triangles == 12
    assert facts(found).bounding_box.size == pytest.approx((1, 1, 1))


def test_every_other_triangle_of_a_strip_is_turned_round() -> None:
    corners = np.array([0, 1, 2, 3, 4, -1, 5, 6, 7, 7, 8])

    assert strip(corners).tolist() == [[0, 1, 2], [2, 1, 3], [2, 3, 4], [5, 6, 7]]


@pytest.mark.parametrize("how", ["ascii", "binary_little_endian"])
@pytest.mark.parametrize("flags", [0, 7])
@pytest.mark.parametrize("name", ["vertex_indices", "corners"])
def test_a_number_before_the_corners_of_a_ply_is_none_of_them(
    how: str, flags: int, name: str
) -> None:
    lists = [
        f"element face {len(TRIANGLES)}", "property int flags", f"property list int int {name}",
        "property list int int none",
    ]  # fmt: skip
    faces = [[flags, 3, *triangle, 0] for triangle in TRIANGLES.tolist()]

    assert load_ply(ply(how, lists, faces)).unique_triangles == 12
