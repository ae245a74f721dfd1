from collections.abc import Callable
from pathlib import Path

import numpy as np
import numpy.typing as npt
import PIL.Image
import pytest

from imaging.report import Report
from imaging.sandbox import Limits, process

Pixels = npt.NDArray[np.float32]
Look = Callable[..., Report]
Seen = Callable[..., Pixels]


@pytest.fixture
def look(tmp_path: Path) -> Look:
    """Run bytes through the sandbox as an upload, with small pictures."""

    def look(data: bytes, name: str = "model.glb", *, size: int = 96, frames: int = 2) -> Report:
        source = tmp_path / "upload"
        source.write_bytes(data)
        return process(source, name, tmp_path / "out", Limits(picture_size=size, frames=frames))

    return look


@pytest.fixture
def seen(look: Look) -> Callable[..., Pixels]:
    """The picture of an upload without its backdrop: (rows, columns, rgba) in 0..1."""

    def seen(data: bytes, name: str = "model.glb", *, size: int = 96) -> Pixels:
        report = look(data, name, size=size)
        assert report.status == "ready", report
        with PIL.Image.open(report.pictures["512-transparent"]) as picture:
            return np.asarray(picture, np.float32) / np.float32(255)

    return seen
