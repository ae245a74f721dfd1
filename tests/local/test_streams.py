"""The event source mapping of a DynamoDB stream: order, retries, and giving up."""

import asyncio
import json
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

import pytest
from moto import mock_aws

from local import resources
from local.aws import client
from local.functions import Answer
from local.sources import drain
from local.streams import StreamMapping, StreamSource, plain
from local.template import ACCOUNT, Template
from tests.local.conftest import Scripted, ScriptedFunction

pytestmark = [pytest.mark.anyio, pytest.mark.enable_socket]

DONE = Answer(b'{"batchItemFailures": []}')
BROKEN = Answer.error("ValueError", "broken")


@pytest.fixture(autouse=True)
def aws(tiny: Template) -> Iterator[None]:
    with mock_aws():
        tiny.aws_url = "https://sqs.us-east-1.amazonaws.com"
        resources.create(tiny)
        yield


@pytest.fixture
def mapping(tiny: Template) -> StreamMapping:
    event = tiny.properties("Tiny")["Events"]["Changes"]["Properties"]
    return StreamMapping.of(tiny, event)


type Source = Callable[[ScriptedFunction], StreamSource]


@pytest.fixture
def source(mapping: StreamMapping) -> Source:
    return lambda function: StreamSource(mapping, function, client, first_retry=0)


def records(*numbers: int, age: float = 0) -> list[dict[str, Any]]:
    at = time.time() - age
    return [
        {"dynamodb": {"SequenceNumber": str(n), "ApproximateCreationDateTime": at}} for n in numbers
    ]


def numbers(payload: bytes) -> list[int]:
    return [int(each["dynamodb"]["SequenceNumber"]) for each in json.loads(payload)["Records"]]


def given(function: ScriptedFunction) -> list[list[int]]:
    return [numbers(payload) for payload in function.given]


def put_aside() -> list[dict[str, Any]]:
    url = f"https://sqs.us-east-1.amazonaws.com/{ACCOUNT}/nexus-local-DeadLetters"
    found = client("sqs").receive_message(QueueUrl=url, MaxNumberOfMessages=10)
    return [json.loads(message["Body"]) for message in found.get("Messages", [])]


def failing_at(number: int, *, times: int) -> Callable[[bytes], Answer]:
    """Reports the record as failed, that many times."""
    left = [times]

    def script(payload: bytes) -> Answer:
        if number in numbers(payload) and left[0]:
            left[0] -= 1
            report = {"batchItemFailures": [{"itemIdentifier": str(number)}]}
            return Answer(json.dumps(report).encode())
        return DONE

    return script


async def test_a_failed_record_is_tried_again_before_any_that_follow(
    source: Source, scripted: Scripted
) -> None:
    function = scripted(failing_at(3, times=2))

    await source(function).deliver(records(1, 2, 3, 4), "shard")

    assert given(function) == [[1, 2, 3, 4], [3, 4], [3, 4]]
    assert put_aside() == []


async def test_of_several_failures_the_first_is_the_checkpoint(
    source: Source, scripted: Scripted
) -> None:
    reports = [{"batchItemFailures": [{"itemIdentifier": "3"}, {"itemIdentifier": "2"}]}, {}]
    function = scripted(lambda _: Answer(json.dumps(reports.pop(0)).encode()))

    await source(function).deliver(records(1, 2, 3), "shard")

    assert given(function) == [[1, 2, 3], [2, 3]]


async def test_after_its_retries_a_record_is_put_aside_with_what_was_behind_it(
    source: Source, scripted: Scripted
) -> None:
    function = scripted(failing_at(2, times=99))

    await source(function).deliver(records(1, 2, 3), "shard")

    (message,) = put_aside()
    assert given(function) == [[1, 2, 3], [2, 3], [2, 3]]
    assert message["requestContext"]["condition"] == "RetryAttemptsExhausted"
    assert message["DDBStreamBatchInfo"]["startSequenceNumber"] == "2"
    assert message["DDBStreamBatchInfo"]["batchSize"] == 2


async def test_an_error_splits_the_batch_until_the_poison_stands_alone(
    source: Source, scripted: Scripted
) -> None:
    function = scripted(lambda payload: BROKEN if 3 in numbers(payload) else DONE)

    await source(function).deliver(records(1, 2, 3, 4), "shard")

    assert given(function) == [[1, 2, 3, 4], [1, 2], [3, 4], [3], [3], [3], [4]]
    assert [each["DDBStreamBatchInfo"]["batchSize"] for each in put_aside()] == [1]


async def test_without_bisecting_the_whole_batch_is_tried_again(
    mapping: StreamMapping, scripted: Scripted
) -> None:
    function = scripted(lambda payload: BROKEN if 2 in numbers(payload) else DONE)
    whole = replace(mapping, bisect=False, retries=1)

    await StreamSource(whole, function, client, first_retry=0).deliver(records(1, 2), "shard")

    assert given(function) == [[1, 2], [1, 2]]


async def test_a_record_that_is_too_old_is_given_up(
    mapping: StreamMapping, scripted: Scripted
) -> None:
    function = scripted(lambda _: BROKEN)
    fresh = replace(mapping, oldest=60, retries=-1)

    await StreamSource(fresh, function, client, first_retry=0).deliver(records(1, age=61), "shard")

    assert put_aside()[0]["requestContext"]["condition"] == "RecordAgeExceeded"


async def test_changes_of_the_table_arrive_in_order(source: Source, scripted: Scripted) -> None:
    function = scripted(lambda _: DONE)
    playing = source(function)
    task = asyncio.create_task(playing.run())
    try:
        for n in range(12):
            client("dynamodb").put_item(
                TableName="nexus-local-Table", Item={"PK": {"S": "a"}, "n": {"N": str(n)}}
            )
        await asyncio.wait_for(drain([playing]), 10)
    finally:
        task.cancel()
        await asyncio.wait([task])

    arrived = [record for payload in function.given for record in json.loads(payload)["Records"]]
    assert [record["dynamodb"]["NewImage"]["n"]["N"] for record in arrived] == [
        str(n) for n in range(12)
    ]
    assert arrived[1]["eventName"] == "MODIFY"
    assert isinstance(arrived[1]["dynamodb"]["ApproximateCreationDateTime"], float)


def test_binary_values_travel_as_base64() -> None:
    assert plain({"a": [{"B": b"\x00\xff"}]}) == {"a": [{"B": "AP8="}]}
