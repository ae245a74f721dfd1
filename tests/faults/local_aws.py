"""The house in this process, before a local AWS that isolates transactions and keeps its word."""

import asyncio
import contextlib
import os
import tempfile
from collections.abc import Callable, Coroutine, Iterator
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from unittest.mock import patch

from argon2 import PasswordHasher

from local import aws, resources
from local import cloud as local_cloud
from local.template import Template
from nexus.accounts import passwords
from tests import cloud

FIRST_MINUTES = 10


@contextlib.contextmanager
def local_aws() -> Iterator[Template]:
    """A local AWS with every resource of the template, as long as the context lasts."""
    with tempfile.TemporaryDirectory() as name, _loop() as finish:
        folder = Path(name)
        (folder / "logs").mkdir()
        backend, port = local_cloud.BACKENDS["ministack"], local_cloud.free_port()
        running = local_cloud.running(backend, port, folder)
        url = finish(running.__aenter__())
        try:
            template = Template(aws_url=url)
            resources.create(template, partial(aws.client, url=url))
            yield template
        finally:
            finish(running.__aexit__(None, None, None))


@contextlib.contextmanager
def _loop() -> Iterator[Callable[[Coroutine[Any, Any, Any]], Any]]:
    """A loop beside the one that handlers find."""
    loop = asyncio.new_event_loop()
    try:
        yield loop.run_until_complete
    finally:
        loop.close()


class Clock:
    """The time that the house sees. It begins a while ago, so that there is room to wait."""

    def __init__(self) -> None:
        self.now = datetime.min.replace(tzinfo=UTC)
        self.reset()

    def __call__(self) -> datetime:
        return self.now

    def wait(self, seconds: float) -> None:
        self.now += timedelta(seconds=seconds)

    def reset(self) -> None:
        self.now = datetime.now(UTC) - timedelta(minutes=FIRST_MINUTES)


@contextlib.contextmanager
def moved_in(template: Template, *, at_once: bool = True) -> Iterator[Clock]:
    """Our functions, led to this AWS by their environment and to a clock of the tests.

    With `at_once` they do not pause before they try a call again.
    """
    led = {"AWS_ENDPOINT_URL": template.aws_url, "AWS_ACCOUNT_ID_ENDPOINT_MODE": "disabled"}
    pauses = _no_pauses() if at_once else contextlib.nullcontext()
    with patch.dict(os.environ, led), _own_clock() as clock, _quick_hashes(), pauses:
        cloud.forget(clients=True)
        yield clock
    cloud.forget(clients=True)


@contextlib.contextmanager
def _own_clock() -> Iterator[Clock]:
    clock = Clock()

    class Clockwork(datetime):
        @classmethod
        def now(cls, tz: Any = None) -> Any:  # noqa: ARG003
            return clock()

    with (
        patch("nexus.web.identity.datetime", Clockwork),
        patch("thumbnails.app.datetime", Clockwork),
    ):
        yield clock


@contextlib.contextmanager
def _no_pauses() -> Iterator[None]:
    """Retries come at once, and their budget has no end: a sweep is one long storm."""
    at_once = SimpleNamespace(sleep=lambda _seconds: None)
    with (
        patch("botocore.endpoint.time", at_once),
        patch("botocore.retries.quota.RetryQuota.acquire", lambda *_: True),
        patch("nexus.table.items.time", at_once),
    ):
        yield


@contextlib.contextmanager
def _quick_hashes() -> Iterator[None]:
    with patch.object(passwords, "HASHER", PasswordHasher(1, 8, 1)):
        passwords._no_ones_hash.cache_clear()
        yield
    passwords._no_ones_hash.cache_clear()
