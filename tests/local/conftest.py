import asyncio
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from local.functions import Answer, Function
from local.settings import FunctionSettings
from local.template import Template

TINY = Path(__file__).parent / "tiny" / "template.yaml"


@pytest.fixture
def anyio_backend() -> Iterator[str]:
    """asyncio, giving back the event loop that tests/conftest.py keeps for Mangum."""
    kept = asyncio.get_event_loop()
    yield "asyncio"
    asyncio.set_event_loop(kept)


@pytest.fixture
def tiny() -> Template:
    """A template with a bit of everything, and functions that fail in every way."""
    return Template(TINY, aws_url="http://127.0.0.1:4566", api_url="http://localhost:8000")


class ScriptedFunction(Function):
    """Answers with what a script says, and remembers what it was given."""

    def __init__(self, settings: FunctionSettings, script: Callable[[bytes], Answer]) -> None:
        super().__init__(settings, addresses=[], aws_url="", folder=Path(), notify=print)
        self.given: list[bytes] = []
        self._script = script

    async def invoke(self, payload: bytes) -> Answer:
        self.given.append(payload)
        return self._script(payload)


type Scripted = Callable[[Callable[[bytes], Answer]], ScriptedFunction]


@pytest.fixture
def scripted(tiny: Template) -> Scripted:
    """A function that runs nowhere but answers as told."""
    settings = FunctionSettings.of(tiny, "Tiny")
    return lambda script: ScriptedFunction(settings, script)
