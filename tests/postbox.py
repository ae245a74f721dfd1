"""The provider of mail in the tests: the local one, without the network between."""

import io
import json
from collections.abc import Iterator
from contextlib import contextmanager
from http.client import HTTPMessage
from typing import Any
from unittest.mock import patch
from urllib.error import HTTPError, URLError
from urllib.request import Request

from moto.sqs.models import sqs_backends

from local.postbox.sink import Answer, Sink
from local.template import ACCOUNT, REGION
from nexus.table.outbox import OutboxItem
from tests import cloud
from tests.gateway import Context, handler

REFUSED_CONNECTION = URLError(ConnectionRefusedError(111, "Connection refused"))


class Taken(io.BytesIO):
    """An answer as urllib tells it."""

    def __init__(self, answer: Answer) -> None:
        super().__init__(answer.body)
        self._answer = answer

    def getcode(self) -> int:
        return self._answer.status

    def info(self) -> HTTPMessage:
        return headers(self._answer)


class Opener:
    """What `urllib.request.build_opener` makes, but it leads to a sink."""

    def __init__(self, sink: Sink) -> None:
        self._sink = sink

    def open(self, request: Request, timeout: float | None = None) -> Taken:
        assert timeout, "SendGrid's client waits for ever unless told"
        assert request.full_url.endswith("/v3/mail/send")
        assert isinstance(request.data, bytes)
        answer = self._sink.answer(request.headers["Authorization"], request.data)
        if answer.silent:
            raise TimeoutError("The read operation timed out")
        if answer.status >= 400:
            body = io.BytesIO(answer.body)
            raise HTTPError(request.full_url, answer.status, "", headers(answer), body)
        return Taken(answer)


def headers(answer: Answer) -> HTTPMessage:
    message = HTTPMessage()
    for name, value in answer.headers.items():
        message[name] = value
    return message


@contextmanager
def opened() -> Iterator[Sink]:
    """While this lasts SendGrid's client speaks to the sink."""
    sink = Sink()
    with patch("python_http_client.client.urllib.build_opener", lambda: Opener(sink)):
        yield sink


@contextmanager
def unreachable() -> Iterator[None]:
    def refuse(*_: object, **__: object) -> None:
        raise REFUSED_CONNECTION

    with patch.object(Opener, "open", refuse):
        yield


def message(owed: OutboxItem, *, attempts: int = 1) -> dict[str, Any]:
    """The queue's message about a mail that is owed."""
    return {
        "messageId": f"{owed.cause} {owed.template}",
        "receiptHandle": "receipt",
        "body": json.dumps({"cause": owed.cause, "template": owed.template}),
        "attributes": {"ApproximateReceiveCount": str(attempts)},
        "messageAttributes": {},
        "eventSource": "aws:sqs",
        "eventSourceARN": "arn:aws:sqs:us-east-1:123456789012:mails",
        "awsRegion": "us-east-1",
    }


def deliver(function: str, *messages: dict[str, Any]) -> list[str]:
    """Give messages to a function that reads a queue; the ids of those that come again."""
    answer = handler(function)({"Records": list(messages)}, Context())
    return [each["itemIdentifier"] for each in answer["batchItemFailures"]]


def waiting(queue: str) -> list[dict[str, Any]]:
    """The messages that can be had from a queue (by logical id) at this moment, as a function
    gets them.
    """
    sqs, url = cloud.client("sqs"), cloud.queue(queue)
    found: list[dict[str, Any]] = []
    while received := sqs.receive_message(
        QueueUrl=url, MaxNumberOfMessages=10, MessageSystemAttributeNames=["All"]
    ).get("Messages"):
        found += [
            {
                "messageId": each["MessageId"],
                "receiptHandle": each["ReceiptHandle"],
                "body": each["Body"],
                "attributes": each["Attributes"],
                "messageAttributes": {},
                "eventSource": "aws:sqs",
                "eventSourceARN": f"arn:aws:sqs:us-east-1:123456789012:{queue}",
                "awsRegion": "us-east-1",
            }
            for each in received
        ]
    return found


def count(queue: str) -> int:
    """How many messages a queue holds, whoever has them at the moment."""
    names = [f"ApproximateNumberOfMessages{each}" for each in ("", "NotVisible", "Delayed")]
    answer = cloud.client("sqs").get_queue_attributes(
        QueueUrl=cloud.queue(queue), AttributeNames=names
    )
    return sum(map(int, answer["Attributes"].values()))


def hurry(queue: str) -> None:
    """Let come at once what was put into a queue for later."""
    name = cloud.queue(queue).rsplit("/", 1)[-1]
    for each in sqs_backends[ACCOUNT][REGION].queues[name]._messages:
        each.delayed_until = 0
        each.visible_at = 0


def work_off(queue: str, function: str) -> list[str]:
    """Let a function take what waits in a queue, and delete what it took."""
    messages = waiting(queue)
    failed = deliver(function, *messages) if messages else []
    for each in messages:
        if each["messageId"] not in failed:
            cloud.client("sqs").delete_message(
                QueueUrl=cloud.queue(queue), ReceiptHandle=each["receiptHandle"]
            )
    return failed
