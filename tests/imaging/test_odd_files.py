"""Odd but honest files are shown as their makers meant them."""

import dataclasses

import pytest

from imaging.files import MARK
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
