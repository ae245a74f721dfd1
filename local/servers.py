"""uvicorn inside our own event loop, on sockets of our own."""

import asyncio
import contextlib
import socket
from collections.abc import AsyncIterator, Iterator, Sequence

import uvicorn
from starlette.types import ASGIApp

from local.cloud import HOST, check_free

KEEP_ALIVE_SECONDS = 75


class _Server(uvicorn.Server):
    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Signals stop the whole runner, not a single server."""
        yield


@contextlib.asynccontextmanager
async def serving(app: ASGIApp, sockets: Sequence[socket.socket]) -> AsyncIterator[None]:
    """Serve an application on bound sockets while the context lasts."""
    config = uvicorn.Config(
        app,
        lifespan="off",
        http="h11",
        ws="none",
        log_config=None,
        access_log=False,
        proxy_headers=False,
        server_header=False,
        timeout_keep_alive=KEEP_ALIVE_SECONDS,
        timeout_graceful_shutdown=1,
    )
    server = _Server(config)
    task = asyncio.create_task(server.serve(list(sockets)))
    try:
        while not server.started and not task.done():
            await asyncio.sleep(0.01)
        yield
    finally:
        server.should_exit = True
        await task


def bind(port: int, *, option: str = "PORT") -> socket.socket:
    """A socket on the port, or on any free one for 0; raises CannotStart when it is in use."""
    if port:
        check_free(port, option=option)
    # Told its protocol, asyncio switches off Nagle's algorithm; else each answer waits 40 ms.
    bound = socket.socket(proto=socket.IPPROTO_TCP)
    bound.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    bound.bind((HOST, port))
    return bound


def port_of(bound: socket.socket) -> int:
    return int(bound.getsockname()[1])
