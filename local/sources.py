"""What plays the event sources: takes what arrives at queues and streams to their functions."""

import asyncio
import json
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any, Protocol

from local.cloud import CannotStart
from local.functions import Answer, Function
from local.template import Template

SETTLE_SECONDS = 0.2
"""How long nothing may arrive until a source counts as drained: S3 tells queues with a delay."""

type Client = Callable[[str], Any]


class Activity:
    """Whether a source has something to do, and when it last had."""

    def __init__(self) -> None:
        self.hurry = asyncio.Event()
        """Set while somebody waits for the source to be drained: batches go out unfilled."""
        self.working = 0
        self._worked = time.monotonic()

    @contextmanager
    def work(self) -> Iterator[None]:
        self.working += 1
        try:
            yield
        finally:
            self.working -= 1
            self._worked = time.monotonic()

    @property
    def last(self) -> float:
        """When it last worked, in monotonic seconds."""
        return time.monotonic() if self.working else self._worked


class Source(Protocol):
    activity: Activity

    async def run(self) -> None: ...

    async def exhausted(self, since: float) -> bool:
        """Whether a look that began after `since` (monotonic seconds) would find nothing."""


async def drain(sources: Sequence[Source]) -> None:
    """Wait until every source has handled all there is, and all that followed from it."""
    began = time.monotonic()
    for source in sources:
        source.activity.hurry.set()
    try:
        while not await _drained(sources, began):
            await asyncio.sleep(0.05)
    finally:
        for source in sources:
            source.activity.hurry.clear()


async def _drained(sources: Sequence[Source], began: float) -> bool:
    last = max([began, *(source.activity.last for source in sources)]) + SETTLE_SECONDS
    if time.monotonic() < last:
        return False
    return all([not s.activity.working and await s.exhausted(last) for s in sources])


def declared(
    template: Template, kind: str, functions: Mapping[str, Function]
) -> Iterable[tuple[Function, dict[str, Any]]]:
    """Every event of a kind (SQS, DynamoDB, Schedule …) that functions declare.

    Raises CannotStart for one with a filter: its function would be given what it never gets on AWS.
    """
    for name, function in functions.items():
        for event in template.properties(name).get("Events", {}).values():
            if event["Type"] != kind:
                continue
            if "FilterCriteria" in event["Properties"]:
                raise CannotStart(f"{name} filters its events, which local/ does not play yet.")
            yield function, event["Properties"]


def failed_items(answer: Answer, batch: Sequence[str], *, partial: bool) -> list[str]:
    """Which of a batch's items have to come again, in the batch's order.

    All of them after an error, and with `partial` after an answer that makes no sense, as on AWS.
    """
    if answer.failed:
        return list(batch)
    if not partial:
        return []
    try:
        report = json.loads(answer.payload or b"null") or {}
        named = {item["itemIdentifier"] for item in report.get("batchItemFailures") or []}
    except (ValueError, TypeError, KeyError, AttributeError):
        return list(batch)
    if not named <= set(batch):
        return list(batch)
    return [item for item in batch if item in named]
