"""The whole local cloud in one event loop: AWS, functions, gateway, event sources."""

import asyncio
import contextlib
import fcntl
import json
import os
import shutil
import socket
from collections.abc import AsyncIterator, Coroutine, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any, Protocol

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import Mount, Route

from local import aws, cloud, resources
from local.cors import Cors
from local.functions import Function, Notify
from local.gateway import AccessLog, Gateway
from local.postbox import pages as postbox
from local.postbox.sink import Sink
from local.queues import queue_sources
from local.routes import Routes
from local.runtime import invoke_routes, runtime_api
from local.schedules import schedule_sources
from local.servers import bind, port_of, serving
from local.settings import FunctionSettings
from local.sources import Source, drain
from local.streams import stream_sources
from local.stripe.running import StandIn, standing_in
from local.template import PROJECT, Template
from local.watch import watch

THREADS = 32


class Report(Protocol):
    """Who is told what happens."""

    def step(self, text: str) -> contextlib.AbstractContextManager[None]: ...

    def notice(self, text: str) -> None: ...


@dataclass(frozen=True)
class Options:
    """How to run; a port of 0 is any free one."""

    port: int = 8000
    aws_port: int = 4566
    backend: str = "ministack"
    payments: str = "sandbox"
    stripe_port: int = 8420
    persist: bool = False
    watch: bool = True
    template: Path = PROJECT / "template.yaml"
    folder: Path = PROJECT / ".local"


@dataclass(frozen=True)
class Running:
    """The local cloud while it runs."""

    api_url: str
    aws_url: str
    folder: Path


@contextlib.asynccontextmanager
async def running(options: Options, report: Report) -> AsyncIterator[Running]:
    """Start everything, in the order data flows, and stop it again in the other.

    Raises CannotStart when something is in the way that the user can remove.
    """
    asyncio.get_running_loop().set_default_executor(ThreadPoolExecutor(THREADS))
    async with contextlib.AsyncExitStack() as stack:
        enter = stack.enter_async_context
        api_socket = stack.enter_context(bind(options.port))
        log = stack.enter_context(_fresh(options.folder))
        aws_url = await enter(_aws(options, report))
        api_url = f"http://localhost:{port_of(api_socket)}"
        stripe = await enter(_stripe(options, report)) if options.payments == "stripe" else None
        template = Template(
            options.template,
            aws_url=aws_url,
            api_url=api_url,
            parameters=stripe.parameters if stripe else None,
        )
        client = partial(aws.client, url=aws_url)
        with report.step("Creating what template.yaml declares"):
            await asyncio.to_thread(resources.create, template, client)
        if stripe:
            await stripe.introduce(template, client, api_url)
        functions = await enter(functions_of(template, options, report.notice))
        with report.step(f"Starting {len(functions)} functions"):
            await asyncio.gather(*(function.start() for function in functions.values()))
        sources: list[Source] = [
            *queue_sources(template, functions, client),
            *stream_sources(template, functions, client),
            *schedule_sources(template, functions),
        ]
        gateway = Gateway(
            Routes.of(template), functions, Cors.of(template), notify=report.notice, log=log
        )
        routes = [
            *invoke_routes(functions),
            *_control(sources),
            Mount(postbox.PLACE, app=postbox.app(Sink(), api_url)),
            Mount("", app=gateway),
        ]
        await enter(serving(Starlette(routes=routes), [api_socket]))
        await enter(_background((source.run() for source in sources), report))
        if options.watch:
            watching = watch(options.template, functions.values(), report.notice)
            await enter(_background([watching], report))
        yield Running(api_url, aws_url, options.folder)


@contextlib.asynccontextmanager
async def _aws(options: Options, report: Report) -> AsyncIterator[str]:
    """What plays AWS; yields its url."""
    backend = cloud.BACKENDS[options.backend]
    port = options.aws_port or cloud.free_port()
    async with contextlib.AsyncExitStack() as stack:
        with report.step(f"Starting {options.backend} as the local AWS"):
            starting = cloud.running(backend, port, options.folder, persist=options.persist)
            url = await stack.enter_async_context(starting)
        if backend.remark:
            report.notice(backend.remark)
        yield url


@contextlib.asynccontextmanager
async def _stripe(options: Options, report: Report) -> AsyncIterator[StandIn]:
    """What plays Stripe."""
    port = options.stripe_port or cloud.free_port()
    async with contextlib.AsyncExitStack() as stack:
        with report.step("Starting localstripe as the payment provider"):
            stand_in = await stack.enter_async_context(standing_in(port, options.folder))
        yield stand_in


@contextlib.asynccontextmanager
async def functions_of(
    template: Template, options: Options, notify: Notify
) -> AsyncIterator[dict[str, Function]]:
    """Every function of the template, with the Runtime API its workers ask for work."""
    with contextlib.ExitStack() as stack:
        functions: dict[str, Function] = {}
        sockets: list[socket.socket] = []
        for name in template.resources("AWS::Serverless::Function"):
            settings = FunctionSettings.of(template, name)
            own = [stack.enter_context(bind(0)) for _ in range(settings.workers)]
            functions[name] = Function(
                settings,
                addresses=[f"{cloud.HOST}:{port_of(bound)}" for bound in own],
                aws_url=template.aws_url,
                folder=options.folder,
                notify=notify,
            )
            sockets += own
        workers = [worker for function in functions.values() for worker in function.workers]
        async with serving(runtime_api(workers), sockets):
            try:
                yield functions
            finally:
                await asyncio.gather(*(function.stop() for function in functions.values()))


@contextlib.asynccontextmanager
async def _background(
    work: Iterable[Coroutine[Any, Any, None]], report: Report
) -> AsyncIterator[None]:
    """Let work run beside; should it break, that is told."""

    def told(task: asyncio.Task[None]) -> None:
        if not task.cancelled() and (error := task.exception()):
            report.notice(f"{task.get_coro()} broke: {error!r}")

    tasks = [asyncio.create_task(item) for item in work]
    for task in tasks:
        task.add_done_callback(told)
    try:
        yield
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


def _control(sources: list[Source]) -> list[Route]:
    """What tests and the seed ask the runner itself."""

    async def ready(_request: Request) -> JSONResponse:
        return JSONResponse({"status": "ready", "pid": os.getpid()})

    async def drained(request: Request) -> JSONResponse:
        try:
            await asyncio.wait_for(drain(sources), float(request.query_params["seconds"]))
        except TimeoutError:
            return JSONResponse({"message": "Not drained in time"}, status_code=504)
        return JSONResponse({"status": "drained"})

    return [
        Route("/_local/ready", ready),
        Route("/_local/drain", drained, methods=["POST"]),
    ]


@contextlib.contextmanager
def _fresh(folder: Path) -> Iterator[AccessLog]:
    """Have the folder to ourselves, its logs and scratch files being those of this run only.

    Yields what writes the API's access log. Raises CannotStart while another run has the folder.
    """
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / "lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise cloud.CannotStart(
                f"Another local cloud has its state in {folder}. Stop it, or give this one a "
                'folder of its own: make run options="--folder .local/other"'
            ) from error
        for name in ("logs", "tmp"):
            shutil.rmtree(folder / name, ignore_errors=True)
            (folder / name).mkdir()
        with (folder / "logs" / "api.log").open("a", buffering=1) as log:
            yield lambda line: print(json.dumps(line), file=log)
