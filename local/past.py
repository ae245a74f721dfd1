"""A process beside the functions in which the demo's past is told to the house."""

import asyncio
import os
import signal
import sys
from collections.abc import Iterator, Mapping
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from importlib import import_module
from multiprocessing import get_context
from pathlib import Path
from tempfile import gettempdir
from typing import Any

from local.settings import FunctionSettings
from local.template import Template

TELLER = "local.demo.retelling"


class Past:
    def __init__(self, process: ProcessPoolExecutor) -> None:
        self._process = process

    async def tell(self, what: str, *about: Any) -> None:
        """Call a function of `local.demo.retelling`, one after the other."""
        await asyncio.get_running_loop().run_in_executor(self._process, _tell, what, about)


@contextmanager
def past(template: Template) -> Iterator[Past]:
    """The past of the local cloud that is made of this template."""
    settings = FunctionSettings.of(template, "ModelsFunction")
    environment = settings.process_environment("", template.aws_url, Path(gettempdir()))
    pool = ProcessPoolExecutor(1, get_context("spawn"), initializer=_enter, initargs=(environment,))
    try:
        yield Past(pool)
    finally:
        pool.shutdown(wait=False, cancel_futures=True)


def _enter(environment: Mapping[str, str]) -> None:
    """Be as a function: the house reads its environment when it is imported."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    os.environ.update(environment)
    sys.path[:0] = environment["PYTHONPATH"].split(os.pathsep)


def _tell(what: str, about: tuple[Any, ...]) -> None:
    getattr(import_module(TELLER), what)(*about)
