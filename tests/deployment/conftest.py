import asyncio
import contextlib
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from local import cloud
from local.template import PROJECT
from tests.deployment.deployed import Deployed, deploy


def enforcing_iam(*arguments: Any) -> dict[str, str]:
    return cloud.BACKENDS["ministack"].environment(*arguments) | {"AUTH": "true"}


@pytest.fixture(scope="session")
def deployed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Deployed]:
    backend = replace(
        cloud.BACKENDS["ministack"],
        python=PROJECT / ".venv-stack/bin/python",
        environment=enforcing_iam,
    )
    folder: Path = tmp_path_factory.mktemp("aws")
    (folder / "logs").mkdir()
    running = cloud.running(backend, cloud.free_port(), folder)
    with contextlib.closing(asyncio.new_event_loop()) as loop:
        url = loop.run_until_complete(running.__aenter__())
        try:
            yield deploy(url)
        finally:
            loop.run_until_complete(running.__aexit__(None, None, None))
