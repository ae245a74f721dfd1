"""Real processes under the real runtime client."""

import asyncio
import json
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from local.functions import Function
from local.runner import Options, functions_of
from local.template import Template
from local.watch import watch
from tests.local.conftest import TINY

pytestmark = [pytest.mark.anyio, pytest.mark.enable_socket]


class Quiet:
    """Remembers what would be shown."""

    def __init__(self) -> None:
        self.notices: list[str] = []

    def notice(self, text: str) -> None:
        self.notices.append(text)


@pytest.fixture
def report() -> Quiet:
    return Quiet()


@pytest.fixture
async def functions(
    tiny: Template, report: Quiet, tmp_path: Path
) -> AsyncIterator[dict[str, Function]]:
    (tmp_path / "logs").mkdir()
    options = Options(template=TINY, folder=tmp_path)
    async with functions_of(tiny, options, report.notice) as running:
        yield running


async def call(function: Function, path: str) -> dict[str, Any]:
    answer = await function.invoke(json.dumps({"rawPath": path}).encode())
    document: dict[str, Any] = json.loads(answer.payload)
    return document


async def test_a_function_has_its_layers_and_only_its_own_environment(
    functions: dict[str, Function], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PARENTS_SECRET", "leaks")

    greeting = (await call(functions["Tiny"], "/"))["greeting"]
    environment = await call(functions["Tiny"], "/environment")

    assert greeting == "from the layer"
    assert environment["TABLE_NAME"] == "nexus-local-Table"
    assert environment["AWS_LAMBDA_FUNCTION_NAME"] == "nexus-local-Tiny"
    assert "PARENTS_SECRET" not in environment


async def test_an_exception_is_told_and_the_process_lives_on(
    functions: dict[str, Function], report: Quiet
) -> None:
    before = await call(functions["Tiny"], "/")
    error = await call(functions["Tiny"], "/raise")
    after = await call(functions["Tiny"], "/")

    assert (error["errorType"], error["errorMessage"]) == ("ValueError", "out of paper")
    assert after["pid"] == before["pid"]
    assert "ValueError: out of paper" in report.notices[0]


async def test_a_crash_is_an_error_and_the_next_call_finds_a_new_process(
    functions: dict[str, Function],
) -> None:
    before = await call(functions["Hasty"], "/")
    error = await call(functions["Hasty"], "/crash")
    after = await call(functions["Hasty"], "/")

    assert error["errorType"] == "Runtime.ExitError"
    assert "exit status 3" in error["errorMessage"]
    assert after["pid"] != before["pid"]


async def test_a_function_that_takes_too_long_is_ended(functions: dict[str, Function]) -> None:
    before = await call(functions["Hasty"], "/")
    error = await call(functions["Hasty"], "/sleep")
    after = await call(functions["Hasty"], "/")

    assert "Task timed out after 1.00 seconds" in error["errorMessage"]
    assert after["pid"] != before["pid"]
    assert 0 < after["left"] <= 1000


async def test_more_calls_get_more_processes_but_no_more_than_reserved(
    functions: dict[str, Function],
) -> None:
    at_once = await asyncio.gather(*(call(functions["Tiny"], "/slow") for _ in range(3)))
    in_turn = await asyncio.gather(*(call(functions["Hasty"], "/slow") for _ in range(3)))

    assert len({answer["pid"] for answer in at_once}) > 1
    assert len({answer["pid"] for answer in in_turn}) == 1


async def test_an_edit_ends_idle_processes_at_once_and_busy_ones_after_their_call(
    functions: dict[str, Function],
) -> None:
    busy = asyncio.create_task(call(functions["Hasty"], "/slow"))
    while functions["Hasty"].workers[0].invocation is None:
        await asyncio.sleep(0)
    functions["Hasty"].renew()
    answered = await busy
    after = await call(functions["Hasty"], "/")

    assert answered["greeting"] == "from the layer"
    assert after["pid"] != answered["pid"]


async def test_code_that_cannot_be_loaded_fails_every_call_until_it_is_mended(
    tmp_path: Path, report: Quiet
) -> None:
    (tmp_path / "logs").mkdir()
    code = tmp_path / "broken.py"
    code.write_text("import nothing_of_that_name")
    path = tmp_path / "template.yaml"
    path.write_text(
        "Resources: {Broken: {Type: AWS::Serverless::Function, "
        "Properties: {Handler: broken.handler, CodeUri: ./}}}"
    )
    options = Options(template=path, folder=tmp_path)
    async with functions_of(Template(path), options, report.notice) as functions:
        error = await call(functions["Broken"], "/")
        code.write_text("def handler(event, context): return {'mended': True}")
        mended = await call(functions["Broken"], "/")

    assert error["errorType"] == "Runtime.ImportModuleError"
    assert "Broken does not start" in report.notices[0]
    assert mended == {"mended": True}


async def test_an_edit_while_a_process_starts_loses_no_call(
    functions: dict[str, Function],
) -> None:
    waiting = asyncio.create_task(call(functions["Hasty"], "/"))
    while not functions["Hasty"].workers[0].running:
        await asyncio.sleep(0)
    await asyncio.sleep(0.01)
    functions["Hasty"].renew()

    assert (await waiting)["greeting"] == "from the layer"


async def test_editing_a_file_restarts_its_function(tmp_path: Path, report: Quiet) -> None:
    (tmp_path / "logs").mkdir()
    code = tmp_path / "code" / "edited.py"
    code.parent.mkdir()
    code.write_text("def handler(event, context): return {'edition': 1}")
    path = tmp_path / "template.yaml"
    path.write_text(
        "Resources: {Edited: {Type: AWS::Serverless::Function, "
        "Properties: {Handler: edited.handler, CodeUri: code/}}}"
    )
    options = Options(template=path, folder=tmp_path)
    async with functions_of(Template(path), options, report.notice) as functions:
        watching = asyncio.create_task(watch(path, functions.values(), report.notice))
        assert await call(functions["Edited"], "/") == {"edition": 1}
        async with asyncio.timeout(20):
            while (await call(functions["Edited"], "/")) != {"edition": 2}:
                code.write_text("def handler(event, context): return {'edition': 2}")
                await asyncio.sleep(0.2)
        watching.cancel()

    assert "Edited: Edited restarted" in report.notices
