"""The HTTP API: takes requests to their functions as API Gateway does."""

import asyncio
import json
import time
import uuid
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import Any

from starlette.requests import ClientDisconnect, Request
from starlette.responses import JSONResponse, Response
from starlette.types import Receive, Scope, Send

from local import payload
from local.cors import Cors
from local.functions import Function, Notify
from local.routes import Match, Routes
from local.runtime import LARGEST_PAYLOAD

LARGEST_BODY = 10 * 1024 * 1024
INTEGRATION_SECONDS = 30.0

type AccessLog = Callable[[dict[str, Any]], None]


class TooLarge(Exception):
    """The body is more than API Gateway takes, or its event more than Lambda does."""


class Gateway:
    """An ASGI application serving the template's routes with its functions."""

    def __init__(
        self,
        routes: Routes,
        functions: Mapping[str, Function],
        cors: Cors,
        *,
        notify: Notify,
        log: AccessLog,
    ) -> None:
        self._routes = routes
        self._functions = functions
        self._cors = cors
        self._notify = notify
        self._log = log

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        request = Request(scope, receive)
        request_id = str(uuid.uuid4())
        started = time.perf_counter()
        try:
            answer = await self._answer(request, request_id)
        except ClientDisconnect:
            return
        self._cors.decorate(answer, request)
        answer.headers["apigw-requestid"] = request_id
        await answer(scope, receive, send)
        self._record(request, request_id, answer.status_code, time.perf_counter() - started)

    async def _answer(self, request: Request, request_id: str) -> Response:
        path = payload.raw_path(_encoded_path(request))
        match = self._routes.match(request.method, path)
        if match is None:
            # A route for ANY method takes preflights to its function: only where none is
            # declared does API Gateway answer by itself (SAM issue 1603).
            preflight = self._cors.preflight(request)
            return preflight or _message(404, "Not Found")
        try:
            event = await _event(request, match, request_id)
        except TooLarge:
            return _message(413, "Request Entity Too Large")
        return await self._invoke(self._functions[match.function], event)

    async def _invoke(self, function: Function, event: bytes) -> Response:
        try:
            answer = await asyncio.wait_for(function.invoke(event), INTEGRATION_SECONDS)
            if answer.failed:
                return _message(500, "Internal Server Error")
            return payload.response(answer.payload)
        except TimeoutError:
            return _message(503, "Service Unavailable")
        except payload.BadAnswer as error:
            self._notify(f"{function.settings.id} returned no valid response: {error}")
            return _message(500, "Internal Server Error")

    def _record(self, request: Request, request_id: str, status: int, seconds: float) -> None:
        self._log(
            {
                "at": datetime.now(UTC).isoformat(timespec="milliseconds"),
                "request_id": request_id,
                "method": request.method,
                "path": request.url.path,
                "status": status,
                "ms": round(seconds * 1000, 1),
            }
        )
        if status >= 500:
            self._notify(f"{request.method} {request.url.path} answered {status}")


async def _event(request: Request, match: Match, request_id: str) -> bytes:
    event = payload.event(
        payload.HttpRequest(
            method=request.method,
            path=_encoded_path(request),
            query=request.scope["query_string"].decode("latin-1"),
            headers=_with_proxy_headers(request),
            body=await _limited_body(request),
            source_ip=_source_ip(request),
        ),
        route=match.route,
        parameters=match.parameters,
        request_id=request_id,
        now=datetime.now(UTC),
    )
    encoded = json.dumps(event).encode()
    if len(encoded) > LARGEST_PAYLOAD:
        raise TooLarge
    return encoded


async def _limited_body(request: Request) -> bytes:
    """The body; one that is too large is read to its end, so that the client hears the answer."""
    body = bytearray()
    too_large = False
    async for chunk in request.stream():
        too_large = too_large or len(body) + len(chunk) > LARGEST_BODY
        if not too_large:
            body += chunk
    if too_large:
        raise TooLarge
    return bytes(body)


def _encoded_path(request: Request) -> str:
    raw: bytes = request.scope["raw_path"]
    return raw.decode("latin-1")


def _source_ip(request: Request) -> str:
    return request.client.host if request.client else "127.0.0.1"


def _with_proxy_headers(request: Request) -> Any:
    headers = request.headers.mutablecopy()
    came_through = [*headers.getlist("x-forwarded-for"), _source_ip(request)]
    headers["x-forwarded-for"] = ", ".join(came_through)
    headers["x-forwarded-port"] = str(request.url.port or 80)
    headers["x-forwarded-proto"] = request.url.scheme
    return headers


def _message(status: int, text: str) -> Response:
    return JSONResponse({"message": text}, status_code=status)
