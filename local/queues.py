"""Plays Lambda's SQS event source mapping; waiting, retrying and redriving are the queue's own."""

import asyncio
import contextlib
import json
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Self

from botocore.exceptions import BotoCoreError, ClientError

from local.functions import Function
from local.sources import Activity, Client, declared, failed_items
from local.template import REGION, Template

POLL_SECONDS = 1
MOST_PER_RECEIVE = 10
PAUSE_SECONDS = 0.5


@dataclass(frozen=True)
class QueueMapping:
    """What an SQS event declares; `window` in seconds."""

    url: str
    arn: str
    batch_size: int
    window: float
    concurrency: int
    partial: bool

    @classmethod
    def of(cls, template: Template, event: dict[str, Any], function: Function) -> Self:
        queue = template.named(event["Queue"])
        wanted = event.get("ScalingConfig", {}).get("MaximumConcurrency", 5)
        return cls(
            url=template.queue_url(queue),
            arn=event["Queue"],
            batch_size=int(event.get("BatchSize", 10)),
            window=float(event.get("MaximumBatchingWindowInSeconds", 0)),
            concurrency=min(int(wanted), function.settings.workers),
            partial="ReportBatchItemFailures" in event.get("FunctionResponseTypes", []),
        )


class QueueSource:
    def __init__(self, mapping: QueueMapping, function: Function, client: Client) -> None:
        self.activity = Activity()
        self._mapping = mapping
        self._function = function
        self._sqs = client("sqs")
        self._slots = asyncio.Semaphore(mapping.concurrency)

    async def run(self) -> None:
        async with asyncio.TaskGroup() as handling:
            while True:
                await self._slots.acquire()
                messages = await self._batch()
                if messages:
                    handling.create_task(self._handle(messages))
                else:
                    self._slots.release()

    async def exhausted(self, since: float) -> bool:  # noqa: ARG002 - the queue knows of now
        names = [
            "ApproximateNumberOfMessages",
            "ApproximateNumberOfMessagesNotVisible",
            "ApproximateNumberOfMessagesDelayed",
        ]
        answer = await asyncio.to_thread(
            self._sqs.get_queue_attributes, QueueUrl=self._mapping.url, AttributeNames=names
        )
        return not any(int(answer["Attributes"].get(name, 0)) for name in names)

    async def _batch(self) -> list[dict[str, Any]]:
        """The next messages: at least one after a wait, or none."""
        began = time.monotonic()
        messages = await self._receive(self._mapping.batch_size, POLL_SECONDS)
        if not messages:
            return []
        with self.activity.work():
            while (missing := self._mapping.batch_size - len(messages)) > 0:
                left = self._mapping.window - (time.monotonic() - began)
                if left <= 0 or self.activity.hurry.is_set():
                    break
                messages += await self._receive(missing, min(POLL_SECONDS, int(left)))
        return messages

    async def _receive(self, wanted: int, wait: int) -> list[dict[str, Any]]:
        try:
            answer = await asyncio.to_thread(
                self._sqs.receive_message,
                QueueUrl=self._mapping.url,
                MaxNumberOfMessages=min(wanted, MOST_PER_RECEIVE),
                WaitTimeSeconds=wait,
                MessageSystemAttributeNames=["All"],
                MessageAttributeNames=["All"],
            )
        except (BotoCoreError, ClientError):
            await asyncio.sleep(PAUSE_SECONDS)
            return []
        messages: list[dict[str, Any]] = answer.get("Messages", [])
        return messages

    async def _handle(self, messages: list[dict[str, Any]]) -> None:
        with self.activity.work():
            try:
                answer = await self._function.invoke(self._event(messages))
                batch = [message["MessageId"] for message in messages]
                failed = set(failed_items(answer, batch, partial=self._mapping.partial))
                done = [message for message in messages if message["MessageId"] not in failed]
                await self._delete(done)
            finally:
                self._slots.release()

    async def _delete(self, messages: list[dict[str, Any]]) -> None:
        for message in messages:
            with contextlib.suppress(BotoCoreError, ClientError):
                await asyncio.to_thread(
                    self._sqs.delete_message,
                    QueueUrl=self._mapping.url,
                    ReceiptHandle=message["ReceiptHandle"],
                )

    def _event(self, messages: list[dict[str, Any]]) -> bytes:
        return json.dumps({"Records": [self._record(message) for message in messages]}).encode()

    def _record(self, message: dict[str, Any]) -> dict[str, Any]:
        return {
            "messageId": message["MessageId"],
            "receiptHandle": message["ReceiptHandle"],
            "body": message["Body"],
            "attributes": message.get("Attributes", {}),
            "messageAttributes": dict(_attributes(message.get("MessageAttributes", {}))),
            "md5OfBody": message["MD5OfBody"],
            "eventSource": "aws:sqs",
            "eventSourceARN": self._mapping.arn,
            "awsRegion": REGION,
        }


def _attributes(attributes: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    for name, attribute in attributes.items():
        yield (
            name,
            {
                "stringValue": attribute.get("StringValue"),
                "stringListValues": [],
                "binaryListValues": [],
                "dataType": attribute["DataType"],
            },
        )


def queue_sources(
    template: Template, functions: Mapping[str, Function], client: Client
) -> list[QueueSource]:
    """One source for each SQS event in the template."""
    return [
        QueueSource(QueueMapping.of(template, event, function), function, client)
        for function, event in declared(template, "SQS", functions)
    ]
