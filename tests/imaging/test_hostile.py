"""No file, however made, does more than be refused with a reason."""

import pytest

from tests.imaging.conftest import Look
from tests.imaging.hostile import Hostile, corpus


@pytest.mark.parametrize("case", list(corpus()), ids=lambda case: case.name)
def test_a_hostile_file_is_refused_with_a_reason(look: Look, case: Hostile) -> None:
    report = look(case.data, case.filename)

    assert report.status == "rejected"
    assert report.reason_code in case.codes, report
    assert str(report.reason).endswith(".")
    assert "Traceback" not in str(report.detail)
    assert report.pictures == {}
    assert report.seconds < 10
    assert report.peak_bytes < 512 * 1024 * 1024


def test_a_text_called_glb_is_told_what_it_is_not(look: Look) -> None:
    report = look(b"hello\n", "statue.GLB")

    assert report.reason == "This file is not a GLB: it is a text file."
