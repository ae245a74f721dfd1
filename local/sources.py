"""What plays the event sources: takes what arrives at queues and streams to their functions."""

import asyncio
import json
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager
from typing import Any, Protocol

from local.functions import Answer, Function
from local.template import Template

SETTLE_SECONDS = 0.2
"""How long nothing may arrive until a source counts as drained: S3 tells queues with a delay."""

type Client = Callable[[str], Any]


class Activity:
    """When a source last had something to do, and when it last looked and found nothing."""

    def __init__(self) -> None:
        self.hurry = asyncio.Event()
        self._working = 0
        self._worked = time.monotonic()
        self._looked = 0.0

    def working(self) -> AbstractContextManager[None]:
        return self._work()

    @contextmanager
    def _work(self) -> Any:
        self._working += 1
        try:
            yield
        finally:
            self._working -= 1
            self._worked = time.monotonic()

    def found_nothing(self, since: float) -> None:
        """A look that began at `since` (monotonic seconds) found nothing."""
        self._looked = since

    @property
    def last(self) -> float:
        return time.monotonic() if self._working else self._worked

    def quiet_since(self, moment: float) -> bool:
        return not self._working and self._looked > moment


class Source(Protocol):
    activity: Activity

    async def run(self) -> None: ...

    async def pending(self) -> bool:
        """Whether something waits that a look would not show, such as a message to be retried."""


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
    if not all(source.activity.quiet_since(last) for source in sources):
        return False
    return not any([await source.pending() for source in sources])


def declared(
    template: Template, kind: str, functions: Mapping[str, Function]
) -> Iterable[tuple[Function, dict[str, Any]]]:
    """Every event of a kind (SQS, DynamoDB, Schedule …) that functions declare."""
    for name, function in functions.items():
        for event in template.properties(name).get("Events", {}).values():
            if event["Type"] == kind:
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
