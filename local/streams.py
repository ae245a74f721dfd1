"""Plays Lambda's event source mapping of a DynamoDB stream: in order, with bounded retries."""

import asyncio
import base64
import json
import time
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Self

from botocore.exceptions import BotoCoreError, ClientError

from local.functions import Function
from local.sources import Activity, Client, declared, failed_items
from local.template import Template

IDLE_SECONDS = 0.1
PAUSE_SECONDS = 0.5
FIRST_RETRY_SECONDS = 0.2
LAST_RETRY_SECONDS = 5.0

type Record = dict[str, Any]


@dataclass(frozen=True)
class StreamMapping:
    """What a DynamoDB event declares; seconds for `window` and `oldest`, -1 for without bound."""

    table: str
    start: str
    batch_size: int
    window: float
    retries: int
    oldest: float
    bisect: bool
    partial: bool
    on_failure: str | None

    @classmethod
    def of(cls, template: Template, event: dict[str, Any]) -> Self:
        table = template.named(event["Stream"].split("/stream/")[0])
        destination = event.get("DestinationConfig", {}).get("OnFailure", {}).get("Destination")
        return cls(
            table=template.name(table),
            start=event.get("StartingPosition", "TRIM_HORIZON"),
            batch_size=int(event.get("BatchSize", 100)),
            window=float(event.get("MaximumBatchingWindowInSeconds", 0)),
            retries=int(event.get("MaximumRetryAttempts", -1)),
            oldest=float(event.get("MaximumRecordAgeInSeconds", -1)),
            bisect=bool(event.get("BisectBatchOnFunctionError")),
            partial="ReportBatchItemFailures" in event.get("FunctionResponseTypes", []),
            on_failure=template.queue_url(template.named(destination)) if destination else None,
        )


class StreamSource:
    def __init__(
        self,
        mapping: StreamMapping,
        function: Function,
        client: Client,
        *,
        first_retry: float = FIRST_RETRY_SECONDS,
    ) -> None:
        self.activity = Activity()
        self._mapping = mapping
        self._function = function
        self._client = client
        self._first_retry = first_retry
        self._arn = ""
        self._done: dict[str, str] = {}
        self._looked: dict[str, float] = {}

    async def run(self) -> None:
        table = await asyncio.to_thread(
            self._client("dynamodb").describe_table, TableName=self._mapping.table
        )
        self._arn = table["Table"]["LatestStreamArn"]
        stream = await asyncio.to_thread(
            self._client("dynamodbstreams").describe_stream, StreamArn=self._arn
        )
        async with asyncio.TaskGroup() as reading:
            for shard in stream["StreamDescription"]["Shards"]:
                reading.create_task(self._read(shard["ShardId"]))

    async def exhausted(self, since: float) -> bool:
        return bool(self._looked) and min(self._looked.values()) > since

    async def deliver(self, records: list[Record], shard: str) -> None:
        """Hand records over until all are done or given up; nothing overtakes a failed one."""
        attempts = 0
        while records:
            batch = [record["dynamodb"]["SequenceNumber"] for record in records]
            answer = await self._function.invoke(json.dumps({"Records": records}).encode())
            failed = failed_items(answer, batch, partial=self._mapping.partial)
            if not failed:
                return
            if answer.failed and self._mapping.bisect and len(records) > 1:
                middle = len(records) // 2
                await self.deliver(records[:middle], shard)
                await self.deliver(records[middle:], shard)
                return
            first = batch.index(failed[0])
            attempts = 1 if first else attempts + 1
            records = records[first:]
            if reason := self._give_up(records, attempts):
                await self._put_aside(records, shard, reason, attempts)
                return
            await asyncio.sleep(min(self._first_retry * 2 ** (attempts - 1), LAST_RETRY_SECONDS))

    def _give_up(self, records: list[Record], attempts: int) -> str | None:
        age = time.time() - records[0]["dynamodb"]["ApproximateCreationDateTime"]
        if 0 <= self._mapping.oldest < age:
            return "RecordAgeExceeded"
        if 0 <= self._mapping.retries < attempts:
            return "RetryAttemptsExhausted"
        return None

    async def _read(self, shard: str) -> None:
        iterator: str | None = None
        while True:
            try:
                iterator = iterator or await self._iterator(shard)
                iterator = await self._step(shard, iterator)
            except (BotoCoreError, ClientError):
                iterator = None
                await asyncio.sleep(PAUSE_SECONDS)

    async def _step(self, shard: str, iterator: str) -> str | None:
        began = time.monotonic()
        records, following = await self._get(iterator, self._mapping.batch_size)
        if not records:
            self._looked[shard] = began
            await asyncio.sleep(IDLE_SECONDS)
            return following
        with self.activity.work():
            following = await self._fill(records, following, began)
            await self.deliver(records, shard)
        self._done[shard] = records[-1]["dynamodb"]["SequenceNumber"]
        return following

    async def _fill(self, records: list[Record], iterator: str | None, began: float) -> str | None:
        """Wait out the batching window while the batch is not full."""
        while iterator and (missing := self._mapping.batch_size - len(records)) > 0:
            left = self._mapping.window - (time.monotonic() - began)
            if left <= 0 or self.activity.hurry.is_set():
                break
            await asyncio.sleep(min(left, IDLE_SECONDS))
            more, iterator = await self._get(iterator, missing)
            records += more
        return iterator

    async def _iterator(self, shard: str) -> str:
        start = {"ShardIteratorType": self._mapping.start}
        if shard in self._done:
            start = {
                "ShardIteratorType": "AFTER_SEQUENCE_NUMBER",
                "SequenceNumber": self._done[shard],
            }
        answer = await asyncio.to_thread(
            self._client("dynamodbstreams").get_shard_iterator,
            StreamArn=self._arn,
            ShardId=shard,
            **start,
        )
        return str(answer["ShardIterator"])

    async def _get(self, iterator: str, limit: int) -> tuple[list[Record], str | None]:
        answer = await asyncio.to_thread(
            self._client("dynamodbstreams").get_records, ShardIterator=iterator, Limit=limit
        )
        records = [plain(record) | {"eventSourceARN": self._arn} for record in answer["Records"]]
        return records, answer.get("NextShardIterator")

    async def _put_aside(
        self, records: list[Record], shard: str, reason: str, attempts: int
    ) -> None:
        if self._mapping.on_failure is None:
            return
        changes = [record["dynamodb"] for record in records]
        message = {
            "requestContext": {
                "functionArn": self._function.settings.arn,
                "condition": reason,
                "approximateInvokeCount": attempts,
            },
            "responseContext": {"statusCode": 200, "executedVersion": "$LATEST"},
            "version": "1.0",
            "timestamp": datetime.now(UTC).isoformat(),
            "DDBStreamBatchInfo": {
                "shardId": shard,
                "startSequenceNumber": changes[0]["SequenceNumber"],
                "endSequenceNumber": changes[-1]["SequenceNumber"],
                "batchSize": len(records),
                "streamArn": self._arn,
            },
        }
        await asyncio.to_thread(
            self._client("sqs").send_message,
            QueueUrl=self._mapping.on_failure,
            MessageBody=json.dumps(message),
        )


def plain(value: Any) -> Any:
    """A stream record as Lambda sends it: times are epoch seconds, binary is base64."""
    match value:
        case dict():
            return {key: plain(item) for key, item in value.items()}
        case list():
            return [plain(item) for item in value]
        case bytes():
            return base64.b64encode(value).decode()
        case datetime():
            return value.timestamp()
    return value


def stream_sources(
    template: Template, functions: Mapping[str, Function], client: Client
) -> list[StreamSource]:
    """One source for each DynamoDB event in the template."""
    return [
        StreamSource(StreamMapping.of(template, event), function, client)
        for function, event in declared(template, "DynamoDB", functions)
    ]
