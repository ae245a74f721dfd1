"""The upload worker as it is: with a real message and a real child process."""

import json
from typing import Any

from local.template import Template
from nexus.table.uploads import UploadItem
from tests import cloud
from tests.faults import invariants
from tests.faults.local_aws import Clock
from tests.faults.world import World
from tests.gateway import Context, handler
from tests.journeys.files import ring


def test_a_file_in_the_bucket_is_announced_inspected_and_drawn(
    clock: Clock, template: Template
) -> None:
    world = World(clock)
    world.empty()
    upload = world.expected_upload(world.person("creator"), ring())
    world.write()
    event = message_about(template, upload.incoming_key)

    assert take(event) == []
    assert take(event) == [], "a message that comes again changes nothing"

    world.stream.drain()
    found = world.look()
    invariants.check(found)
    (kept,) = found.of(UploadItem)
    assert (kept.status, kept.attempts) == ("ready", 1), kept.reason
    assert set(kept.pictures) >= {"256", "512", "1024"}


def message_about(template: Template, key: str) -> dict[str, Any]:
    """The message in which S3 announces this key, as the queue delivers it to the function."""
    sqs, url = cloud.client("sqs"), template.queue_url("UploadsQueue")
    while True:
        (message,) = sqs.receive_message(QueueUrl=url, WaitTimeSeconds=20)["Messages"]
        sqs.delete_message(QueueUrl=url, ReceiptHandle=message["ReceiptHandle"])
        (told,) = json.loads(message["Body"]).get("Records", [None])
        if told and told["s3"]["object"]["key"] == key:
            return {"Records": [record(message)]}


def record(message: dict[str, Any]) -> dict[str, Any]:
    return {
        "messageId": message["MessageId"],
        "receiptHandle": message["ReceiptHandle"],
        "body": message["Body"],
        "eventSource": "aws:sqs",
    }


def take(event: dict[str, Any]) -> list[Any]:
    """The messages that would come again."""
    failed: list[Any] = handler("ThumbnailsFunction")(event, Context())["batchItemFailures"]
    return failed
