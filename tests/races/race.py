"""Many callers at the very same moment."""

import asyncio
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier


def race[T](callers: Iterable[Callable[[], T]]) -> list[T]:
    """What they came back with, each from a thread of its own."""
    runners = list(callers)
    line = Barrier(len(runners))

    def run(caller: Callable[[], T]) -> T:
        loop = asyncio.new_event_loop()  # Mangum asks for one, which Lambda's runtime has
        asyncio.set_event_loop(loop)
        try:
            line.wait()
            return caller()
        finally:
            asyncio.set_event_loop(None)
            loop.close()

    with ThreadPoolExecutor(len(runners)) as threads:
        return list(threads.map(run, runners))
