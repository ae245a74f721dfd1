"""The SQS event source mapping, on a queue of moto's."""

import asyncio
import contextlib
import json
from collections.abc import AsyncIterator, Iterator
from unittest.mock import Mock

import pytest
from moto import mock_aws

from local import queues, resources
from local.aws import client
from local.cloud import CannotStart
from local.functions import Answer
from local.queues import QueueSource, queue_sources
from local.sources import drain
from local.template import ACCOUNT, Template
from tests.local.conftest import Scripted, ScriptedFunction

pytestmark = [pytest.mark.anyio, pytest.mark.enable_socket]


@pytest.fixture
def queue(tiny: Template, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    monkeypatch.setattr(queues, "POLL_SECONDS", 0)
    with mock_aws():
        tiny.aws_url = "https://sqs.us-east-1.amazonaws.com"
        resources.create(tiny)
        url = f"{tiny.aws_url}/{ACCOUNT}/nexus-local-Queue"
        client("sqs").purge_queue(QueueUrl=url)  # the bucket has said hello
        yield url


def left_in(queue: str) -> tuple[int, int]:
    """How many messages wait, and how many come again later."""
    waiting, later = "ApproximateNumberOfMessages", "ApproximateNumberOfMessagesNotVisible"
    answer = client("sqs").get_queue_attributes(QueueUrl=queue, AttributeNames=[waiting, later])
    return int(answer["Attributes"][waiting]), int(answer["Attributes"][later])


@contextlib.asynccontextmanager
async def playing(tiny: Template, function: ScriptedFunction) -> AsyncIterator[QueueSource]:
    (source,) = queue_sources(tiny, {"Tiny": function}, client)
    task = asyncio.create_task(source.run())
    try:
        yield source
    finally:
        task.cancel()
        await asyncio.wait([task])


async def settled(queue: str, state: tuple[int, int]) -> None:
    async with asyncio.timeout(10):
        while left_in(queue) != state:
            await asyncio.sleep(0.02)


def bodies(payload: bytes) -> list[str]:
    return [record["body"] for record in json.loads(payload)["Records"]]


def send(queue: str, *texts: str) -> None:
    for text in texts:
        client("sqs").send_message(QueueUrl=queue, MessageBody=text)


async def test_messages_come_as_lambda_sends_them(
    tiny: Template, queue: str, scripted: Scripted
) -> None:
    function = scripted(lambda _: Answer(b'{"batchItemFailures": []}'))
    send(queue, "hello")

    async with playing(tiny, function) as source:
        await asyncio.wait_for(drain([source]), 10)

    (record,) = json.loads(function.given[0])["Records"]
    assert (record["body"], record["eventSource"]) == ("hello", "aws:sqs")
    assert record["eventSourceARN"] == f"arn:aws:sqs:us-east-1:{ACCOUNT}:nexus-local-Queue"
    assert record["attributes"]["ApproximateReceiveCount"] == "1"
    assert left_in(queue) == (0, 0)


async def test_only_the_messages_that_failed_come_again(
    tiny: Template, queue: str, scripted: Scripted
) -> None:
    def fail_the_second(payload: bytes) -> Answer:
        records = json.loads(payload)["Records"]
        failed = [r["messageId"] for r in records if r["body"] == "second"]
        report = {"batchItemFailures": [{"itemIdentifier": each} for each in failed]}
        return Answer(json.dumps(report).encode())

    function = scripted(fail_the_second)
    send(queue, "first", "second", "third")

    async with playing(tiny, function):
        await settled(queue, (0, 1))

    assert sorted(body for given in function.given for body in bodies(given)) == [
        "first",
        "second",
        "third",
    ]


@pytest.mark.parametrize(
    "answer",
    [
        Answer.error("ValueError", "broken"),
        Answer(b'{"batchItemFailures": [{"itemIdentifier": "no such message"}]}'),
        Answer(b'{"batchItemFailures": [{"itemIdentifier": null}]}'),
        Answer(b'{"batchItemFailures": [{}]}'),
        Answer(b'"done"'),
    ],
    ids=lambda answer: answer.payload.decode(),
)
async def test_after_an_error_or_nonsense_all_come_again(
    tiny: Template, queue: str, scripted: Scripted, answer: Answer
) -> None:
    send(queue, "first", "second")

    async with playing(tiny, scripted(lambda _: answer)):
        await settled(queue, (0, 2))


@pytest.mark.parametrize("answer", [b"null", b"{}", b'{"batchItemFailures": null}', b""])
async def test_nothing_said_means_all_is_done(
    tiny: Template, queue: str, scripted: Scripted, answer: bytes
) -> None:
    send(queue, "first")

    async with playing(tiny, scripted(lambda _: Answer(answer))):
        await settled(queue, (0, 0))


async def test_draining_waits_for_what_has_to_come_again(
    tiny: Template, queue: str, scripted: Scripted
) -> None:
    def fail(_: bytes) -> Answer:
        return Answer.error("ValueError", "broken")

    send(queue, "first")
    async with playing(tiny, scripted(fail)) as source:
        with pytest.raises(TimeoutError):
            await asyncio.wait_for(drain([source]), 1)


def test_a_filter_is_not_passed_over_in_silence(tiny: Template, scripted: Scripted) -> None:
    function = scripted(lambda _: Answer(b""))
    event = tiny.properties("Tiny")["Events"]["Messages"]
    event["Properties"]["FilterCriteria"] = {"Filters": [{"Pattern": "{}"}]}
    filtering = Mock(spec=Template, properties=lambda _: {"Events": {"Messages": event}})

    with pytest.raises(CannotStart, match="Tiny filters its events"):
        queue_sources(filtering, {"Tiny": function}, client)
