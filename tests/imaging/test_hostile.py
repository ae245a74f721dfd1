"""No file, however made, does more than be refused with a reason."""

from concurrent.futures import ThreadPoolExecutor

import pytest

from imaging.report import Report
from imaging.sandbox import Limits, process
from tests.imaging.conftest import Look
from tests.imaging.hostile import Hostile, corpus

CASES = list(corpus())


@pytest.fixture(scope="module")
def verdicts(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Report]:
    """What became of each file of the corpus; two at a time, because most of it is waiting."""

    root = tmp_path_factory.mktemp("hostile")

    def judged(case: Hostile) -> Report:
        folder = root / str(CASES.index(case))
        folder.mkdir()
        (folder / "upload").write_bytes(case.data)
        limits = Limits(picture_size=48, frames=2)
        return process(folder / "upload", case.filename, folder / "out", limits)

    with ThreadPoolExecutor(2) as threads:
        names = [case.name for case in CASES]
        return dict(zip(names, threads.map(judged, CASES), strict=True))


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_a_hostile_file_is_refused_with_a_reason(
    verdicts: dict[str, Report], case: Hostile
) -> None:
    report = verdicts[case.name]

    assert report.status == "rejected"
    assert report.reason_code in case.codes, report
    assert str(report.reason).endswith(".")
    assert "Traceback" not in str(report.detail)
    assert report.pictures == {}
    assert report.cpu_seconds < 10
    assert report.peak_bytes < 512 * 1024 * 1024


def test_a_text_called_glb_is_told_what_it_is_not(look: Look) -> None:
    report = look(b"hello\n", "statue.GLB")

    assert report.reason == "This file is not a GLB: it is a text file."
