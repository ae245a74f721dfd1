import dataclasses
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from unittest.mock import patch

import pytest

from imaging.report import Report
from local.template import Template
from tests.faults.local_aws import Clock, local_aws, moved_in
from tests.faults.sweep import Sweeper
from tests.faults.wire import Wire
from tests.faults.world import FACTS, World


@pytest.fixture(scope="session")
def template() -> Iterator[Template]:
    with local_aws() as template:
        yield template


@pytest.fixture(scope="module")
def clock(template: Template) -> Iterator[Clock]:
    with moved_in(template) as clock:
        yield clock


@pytest.fixture(scope="module")
def sweeper(clock: Clock) -> Iterator[Sweeper]:
    wire = Wire()
    with wire.tapped(), patch("imaging.sandbox.process", quick_report):
        yield Sweeper(World(clock), wire)


def quick_report(_source: Path, _filename: str, out: Path, *_: Any) -> Report:
    """What inspection finds, without its second of work."""
    pictures = {size: out / f"{size}.webp" for size in ("1024", "512")}
    for size, picture in pictures.items():
        picture.write_bytes(b"picture " + size.encode())
    ready = Report(status="ready", format="glb", formats=["glb"], facts=FACTS)
    return dataclasses.replace(ready, pictures=pictures)
