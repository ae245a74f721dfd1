"""The table's stream: the records that real changes made, and their way through the projector."""

from typing import Any

from tests import cloud
from tests.gateway import Context, handler

type Record = dict[str, Any]


def records(start: int = 0) -> list[Record]:
    """What has happened to the table, from the first change on or from a later one."""
    return cloud.told(start)


def project(batch: list[Record]) -> list[str]:
    """Give a batch to the projector; the numbers of the records it stopped at."""
    answer = handler("ProjectorFunction")({"Records": batch}, Context())
    return [each["itemIdentifier"] for each in answer["batchItemFailures"]]


def settle() -> None:
    """Let everything that follows from what was written happen, until nothing follows any more.

    What was settled before is not brought again.
    """
    while found := records(seen := cloud.settled()):
        assert project(found) == []
        cloud.settled(seen + len(found))
