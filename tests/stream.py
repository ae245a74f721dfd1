"""The table's stream in the tests: what was written since, given to the real projector."""

from typing import Any

from moto.dynamodb.models import dynamodb_backends

from local.template import ACCOUNT, REGION
from tests import cloud
from tests.gateway import Context, handler


def records() -> list[dict[str, Any]]:
    """Every change of the table since the test began, oldest first."""
    shard = dynamodb_backends[ACCOUNT][REGION].tables[cloud.TABLE].stream_shard
    return [record.to_json() for record in shard.items]


def deliver(found: list[dict[str, Any]]) -> list[str]:
    """Give records to the projector; the sequence numbers of those that failed."""
    answer = handler("ProjectorFunction")({"Records": found}, Context())
    return [each["itemIdentifier"] for each in answer["batchItemFailures"]]


def settle() -> None:
    """Let everything that follows from what was written happen, until nothing follows any more."""
    seen = 0
    while len(found := records()) > seen:
        assert deliver(found[seen:]) == []
        seen = len(found)
