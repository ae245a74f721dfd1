"""The AWS of the tests: what template.yaml declares, created in moto."""

import copy
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from functools import cache
from typing import Any
from unittest.mock import patch

import botocore.session
from botocore.client import BaseClient
from moto import mock_aws
from moto.dynamodb.models import dynamodb_backends
from moto.dynamodb.models.table import StreamShard
from moto.s3.models import s3_backends
from moto.scheduler.models import scheduler_backends
from moto.sqs.models import sqs_backends
from pynamodb.connection import base

from local import resources
from local.template import ACCOUNT, REGION, project
from nexus.outside import aws, load, secrets
from nexus.search import own_copy
from nexus.settings import settings
from nexus.table import items as table
from nexus.table.items import Item, from_image
from tests import limits, quicker

TABLE = project().name("Table")
FILES = project().name("FilesBucket")
PICTURES = project().name("PicturesBucket")


@cache
def _session() -> Any:
    """One session for all clients of all tests: reading AWS's models takes its time."""
    session = botocore.session.Session()
    session.register("before-parameter-build.dynamodb", limits.refuse_long_keys)
    return session


def client(service: str) -> Any:
    return aws.client(service)


@contextmanager
def made() -> Iterator[None]:
    """Resources as the template declares them, and clients that lead to them."""
    one_session = patch.object(botocore.session, "get_session", _session)
    one_session_too = patch.object(base, "get_session", _session)
    with mock_aws(), one_session, one_session_too, quicker.moto():
        forget(clients=True)
        resources.create(project(), client)
        _table().stream_shard = None
        yield
    forget(clients=True)


def forget(*, clients: bool = False) -> None:
    """Empty what the process keeps between requests."""
    settings.cache_clear()
    load._measured.clear()
    own_copy.forget()
    if clients:
        aws.client.cache_clear()
        table._connection.cache_clear()
        Item._connection = None
        forget_secrets()


def forget_secrets() -> None:
    """As a process that has just started knows none."""
    secrets._kept.clear()
    secrets._others.clear()
    secrets._read_at = -float(secrets.REREAD_SECONDS)


def renew_secrets() -> None:
    """As if those that are kept had just been read: when they are read again would depend on how
    long the tests take.
    """
    now = time.monotonic()
    if secrets._kept:
        secrets._read_at = now
    for name, (_, texts) in secrets._others.items():
        secrets._others[name] = now, texts


@contextmanager
def calls(kept: list[Any] | None = None) -> Iterator[list[str]]:
    """The names of the operations that AWS is asked for while this lasts; `kept` gets what each
    is given.
    """
    names: list[str] = []
    original = BaseClient._make_api_call  # type: ignore[attr-defined]  # PynamoDB calls it too

    def counted(self: BaseClient, operation: str, arguments: Any) -> Any:
        names.append(operation)
        if kept is not None:
            kept.append(arguments)
        return original(self, operation, arguments)

    with patch.object(BaseClient, "_make_api_call", counted):
        yield names


def rows() -> list[dict[str, Any]]:
    """Everything in the table, as DynamoDB keeps it; from within, because a scan takes its time."""
    return [item.to_json()["Attributes"] for item in _table().all_items()]


def items() -> list[Item]:
    return [from_image(row) for row in rows()]


def of_kind[T: Item](kind: type[T]) -> list[T]:
    return [item for item in items() if isinstance(item, kind)]


def store(items: Iterable[Item]) -> None:
    """Write items from within, because a call for each would take its time. The stream does not
    tell of them.
    """
    table = _table()
    shard, table.stream_shard = table.stream_shard, None
    for item in items:
        table.put_item(item.to_dynamodb_dict())
    table.stream_shard = shard


def told(start: int = 0) -> list[dict[str, Any]]:
    """The records of the stream from a number on, as Lambda hands them over; from within, because
    moto takes long to write them down.
    """
    records = copy.deepcopy([each.record for each in _table().stream_shard.items[start:]])
    for record in records:
        at = record["dynamodb"]["ApproximateCreationDateTime"]
        record["dynamodb"]["ApproximateCreationDateTime"] = at.timestamp()
    return records


type Rows = Any


def copied() -> Rows:
    """What is in the table, to be put back later."""
    return copy.deepcopy(_table().items)


def put_back(rows: Rows) -> None:
    _table().items = copy.deepcopy(rows)


def stored(bucket: str) -> list[str]:
    """The keys in a bucket."""
    listed = client("s3").list_objects_v2(Bucket=bucket).get("Contents", [])
    return [each["Key"] for each in listed]


def empty() -> None:
    """Clear what moto holds, from within: a call for each item would take its time."""
    _table().items.clear()
    for each in sqs_backends[ACCOUNT][REGION].queues.values():
        each._messages.clear()
        each._pending_messages.clear()
    for group in scheduler_backends[ACCOUNT][REGION].schedule_groups.values():
        group.schedules.clear()
    for bucket in s3_backends[ACCOUNT]["aws"].buckets.values():
        bucket.keys.clear()


@contextmanager
def streaming() -> Iterator[None]:
    """While this lasts there is a stream."""
    table = _table()
    table.stream_shard = StreamShard(ACCOUNT, table)
    yield
    _table().stream_shard = None


def queue(logical_id: str) -> str:
    """The url of a queue, by the logical id it has in the template."""
    return project().queue_url(logical_id)


def settled(count: int | None = None) -> int:
    """How many records of the stream have had their effects; or take note of it."""
    shard = _table().stream_shard
    if count is not None:
        shard.settled = count
    return int(getattr(shard, "settled", 0))


def _table() -> Any:
    return dynamodb_backends[ACCOUNT][REGION].tables[TABLE]
