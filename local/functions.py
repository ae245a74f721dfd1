"""The functions, each in processes of its own under AWS's real runtime client.

A function has a fixed number of workers; one runs from the start, more join while calls queue up.
"""

import asyncio
import contextlib
import json
import os
import signal
import sys
import time
import uuid
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from local.cloud import CHILD, stop
from local.settings import FunctionSettings

INIT_SECONDS = 60.0

type Notify = Callable[[str], None]


@dataclass(frozen=True)
class Answer:
    """What came of an invocation: the returned JSON, or with `failed` an error document."""

    payload: bytes
    failed: bool = False

    @classmethod
    def error(cls, kind: str, message: str) -> "Answer":
        return cls(json.dumps({"errorType": kind, "errorMessage": message}).encode(), failed=True)

    @property
    def complaint(self) -> str:
        """One line saying what went wrong."""
        document = json.loads(self.payload or b"{}")
        return f"{document.get('errorType', 'Error')}: {document.get('errorMessage', '')}"


@dataclass(eq=False)
class Invocation:
    payload: bytes
    id: str = field(default_factory=lambda: str(uuid.uuid4()))
    answer: asyncio.Future[Answer] = field(default_factory=asyncio.Future)

    def end(self, answer: Answer) -> None:
        if not self.answer.done():
            self.answer.set_result(answer)


class Worker:
    """One process of a function. Its address tells the Runtime API who is calling."""

    def __init__(self, function: "Function", address: str) -> None:
        self.function = function
        self.address = address
        self.stale = False
        self.invocation: Invocation | None = None
        self.deadline = 0.0
        self._process: asyncio.subprocess.Process | None = None
        self._life: asyncio.Task[None] | None = None
        self._asking: asyncio.Future[Invocation] | None = None
        self._alarm: asyncio.TimerHandle | None = None

    @property
    def running(self) -> bool:
        return self._life is not None and not self._life.done()

    @property
    def idle(self) -> bool:
        return self._asking is not None and not self._asking.done()

    @property
    def coming(self) -> bool:
        """Whether it will ask for work soon: it starts, or has just answered."""
        return self.running and self.invocation is None and not self.idle and not self.stale

    def start(self) -> None:
        self.stale = False
        self._asking = None
        self._life = asyncio.create_task(self._live())

    def kill(self) -> None:
        """End the process at once, with everything it started."""
        if self._process is not None and self._process.returncode is None:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(self._process.pid, signal.SIGKILL)

    async def stop(self) -> None:
        if self._process is not None and self._process.returncode is None:
            await stop(self._process)
        if self._life is not None:
            await asyncio.wait([self._life])

    async def next(self) -> Invocation:
        """The process asks for work. Cancelled when it dies waiting."""
        self._set_alarm(None)
        self._asking = asyncio.get_running_loop().create_future()
        if self.stale:
            self.kill()
        else:
            self.function.pump()
        return await self._asking

    def give(self, invocation: Invocation) -> None:
        assert self._asking is not None  # noqa: S101 - only idle workers are given work
        self.invocation = invocation
        self.deadline = time.time() + self.function.settings.timeout
        self._set_alarm(self.function.settings.timeout)
        self._asking.set_result(invocation)

    def end(self, answer: Answer) -> None:
        """The invocation in hand is over."""
        self._set_alarm(None)
        invocation, self.invocation = self.invocation, None
        if invocation is not None:
            invocation.end(answer)

    async def _live(self) -> None:
        settings = self.function.settings
        scratch = self.function.scratch / self.address.rsplit(":", 1)[-1]
        scratch.mkdir(parents=True, exist_ok=True)
        with self.function.log.open("ab") as log:
            self._process = await asyncio.create_subprocess_exec(
                *(sys.executable, "-P", str(CHILD), "awslambdaric", settings.handler),
                env=settings.process_environment(self.address, self.function.aws_url, scratch),
                cwd=settings.folder,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
        self._set_alarm(INIT_SECONDS)
        code = await self._process.wait()
        self._set_alarm(None)
        started = self._asking is not None
        if self._asking is not None:
            self._asking.cancel()
        if not started and not self.stale:
            self.function.init_failed(_exit(code))
        self.end(_exit(code))
        asyncio.get_running_loop().call_soon(self.function.pump)

    def _set_alarm(self, seconds: float | None) -> None:
        if self._alarm is not None:
            self._alarm.cancel()
        loop = asyncio.get_running_loop()
        self._alarm = None if seconds is None else loop.call_later(seconds, self._time_out)

    def _time_out(self) -> None:
        if self.invocation is not None:
            now = datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%S.000Z")
            seconds = self.function.settings.timeout
            message = f"{now} {self.invocation.id} Task timed out after {seconds:.2f} seconds"
            self.end(Answer.error("Sandbox.Timedout", message))
        self.kill()


class Function:
    """A declared function and its workers."""

    def __init__(
        self,
        settings: FunctionSettings,
        *,
        addresses: list[str],
        aws_url: str,
        folder: Path,
        notify: Notify,
    ) -> None:
        self.settings = settings
        self.aws_url = aws_url
        self.log = folder / "logs" / f"{settings.id}.log"
        self.scratch = folder / "tmp" / settings.id
        self.workers = [Worker(self, address) for address in addresses]
        self._waiting: deque[Invocation] = deque()
        self._init_answer: Answer | None = None
        self._tried = asyncio.Event()
        self._notify = notify

    async def invoke(self, payload: bytes) -> Answer:
        invocation = Invocation(payload)
        self._waiting.append(invocation)
        self.pump()
        answer = await invocation.answer
        if answer.failed:
            self._notify(f"{self.settings.id} failed: {answer.complaint} (see {self.log})")
        return answer

    async def start(self) -> bool:
        """Start one worker; tells whether it came up to ask for work."""
        self._tried.clear()
        self.workers[0].start()
        await self._tried.wait()
        return self.workers[0].running

    async def stop(self) -> None:
        await asyncio.gather(*(worker.stop() for worker in self.workers))

    def renew(self) -> None:
        """Run its code as it is now: idle workers at once, the others after their invocation."""
        for worker in self.workers:
            worker.stale = True
            if worker.invocation is None:
                worker.kill()
        asyncio.get_running_loop().call_later(0.05, self._keep_one)

    def pump(self) -> None:
        """Give waiting invocations to idle workers; start more workers when there are too few."""
        if any(worker.idle for worker in self.workers):
            self._tried.set()
        while self._waiting and self._waiting[0].answer.done():
            self._waiting.popleft()  # its caller has gone
        for worker in self.workers:
            if self._waiting and worker.idle and not worker.stale:
                worker.give(self._waiting.popleft())
        coming = sum(worker.coming for worker in self.workers)
        for worker in self.workers:
            if coming < len(self._waiting) and not worker.running:
                worker.start()
                coming += 1

    def report_init_error(self, document: bytes) -> None:
        """The runtime client could not load the handler; its process is about to end."""
        self._init_answer = Answer(document, failed=True)

    def init_failed(self, exit_answer: Answer) -> None:
        """A process ended before it asked for work: nobody waiting will be served."""
        self._tried.set()
        answer, self._init_answer = self._init_answer or exit_answer, None
        self._notify(f"{self.settings.id} does not start: {answer.complaint} (see {self.log})")
        while self._waiting:
            self._waiting.popleft().end(answer)

    def _keep_one(self) -> None:
        if not any(worker.running and not worker.stale for worker in self.workers):
            free = next((worker for worker in self.workers if not worker.running), None)
            if free is not None:
                free.start()


def _exit(code: int) -> Answer:
    how = f"signal: {signal.Signals(-code).name}" if code < 0 else f"exit status {code}"
    return Answer.error("Runtime.ExitError", f"Runtime exited with error: {how}")
