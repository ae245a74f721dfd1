"""Messages that keep failing, through a queue that counts: they end, and so do their uploads.

The queue is one more of the local cloud, as the template declares UploadsQueue; its messages are
handed to the real function here, because the waits between deliveries add up to minutes. A wait
is over when its message is made visible.
"""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote_plus

import pytest

from local.stack import Stack
from local.template import project
from tests.journeys.files import ring
from tests.journeys.people import People, Person, send

DELIVERIES = project().properties("UploadsQueue")["RedrivePolicy"]["maxReceiveCount"]


@dataclass(frozen=True)
class Queue:
    """A queue and where it puts what it gives up."""

    stack: Stack
    url: str
    dead_url: str

    def put(self, body: str) -> None:
        self.stack.client("sqs").send_message(QueueUrl=self.url, MessageBody=body)

    def deliver(self) -> str | None:
        """Hand the next message to the function: `done` or `failed`; None when there is none."""
        sqs = self.stack.client("sqs")
        told = sqs.receive_message(QueueUrl=self.url, MessageSystemAttributeNames=["All"])
        for found in told.get("Messages", []):
            receipt = found["ReceiptHandle"]
            answer = self.stack.invoke("ThumbnailsFunction", _event(found))
            if answer["batchItemFailures"]:
                sqs.change_message_visibility(
                    QueueUrl=self.url, ReceiptHandle=receipt, VisibilityTimeout=0
                )
                return "failed"
            sqs.delete_message(QueueUrl=self.url, ReceiptHandle=receipt)
            return "done"
        return None

    def all_deliveries(self) -> list[str]:
        return list(iter(self.deliver, None))

    def given_up(self) -> list[str]:
        told = self.stack.client("sqs").receive_message(
            QueueUrl=self.dead_url, MaxNumberOfMessages=10
        )
        return [found["Body"] for found in told.get("Messages", [])]


def _event(found: dict[str, Any]) -> dict[str, Any]:
    record = {
        "messageId": found["MessageId"],
        "receiptHandle": found["ReceiptHandle"],
        "body": found["Body"],
        "attributes": found["Attributes"],
        "messageAttributes": {},
        "eventSource": "aws:sqs",
        "eventSourceARN": "arn:aws:sqs:us-east-1:123456789012:counted",
        "awsRegion": "us-east-1",
    }
    return {"Records": [record]}


def announced(key: str) -> str:
    return json.dumps({"Records": [{"s3": {"object": {"key": quote_plus(key, safe="/")}}}]})


@pytest.fixture
def queue(stack: Stack) -> Iterator[Queue]:
    sqs = stack.client("sqs")
    dead = sqs.create_queue(QueueName="counted-dead")["QueueUrl"]
    arn = sqs.get_queue_attributes(QueueUrl=dead, AttributeNames=["QueueArn"])["Attributes"]
    redrive = {"deadLetterTargetArn": arn["QueueArn"], "maxReceiveCount": DELIVERIES}
    url = sqs.create_queue(
        QueueName="counted", Attributes={"RedrivePolicy": json.dumps(redrive)}
    )["QueueUrl"]  # fmt: skip
    yield Queue(stack, url, dead)
    for each in (url, dead):
        sqs.delete_queue(QueueUrl=each)


@pytest.fixture
def creator(people: People) -> Person:
    return people.user("creator")


def test_a_file_that_cannot_be_looked_at_ends_rejected_before_its_message_is_given_up(
    queue: Queue, creator: Person
) -> None:
    form = creator.promise("ring.glb", len(ring()))
    queue.put(announced(form["fields"]["key"]))  # announced, and never sent

    assert queue.all_deliveries() == ["failed"] * (DELIVERIES - 1) + ["done"]

    upload = creator.told("GET", f"/api/uploads/{form['id']}")
    assert upload["status"] == "rejected"
    assert "tried several times" in upload["reason"]
    assert queue.given_up() == []


def test_a_message_that_nobody_understands_ends_among_the_dead_letters(
    queue: Queue, creator: Person
) -> None:
    form = creator.promise("ring.glb", len(ring()))
    senseless = json.dumps({"Records": [{"s3": {"bucket": {}}}]})
    queue.put(senseless)

    assert queue.all_deliveries() == ["failed"] * DELIVERIES
    assert queue.given_up() == [senseless]

    assert send(form, ring()).status_code in {200, 204}
    assert creator.verdict(form["id"])["status"] == "ready", "the next file is looked at"
