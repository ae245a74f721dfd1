"""The factory of all HTTP groups: one way to answer, to log, to refuse."""

import time
from collections.abc import Callable, Iterator
from typing import Any

from fastapi import APIRouter, FastAPI, Response
from fastapi.dependencies.models import Dependant
from fastapi.exceptions import RequestValidationError
from fastapi.routing import APIRoute
from mangum import Mangum
from mangum.adapter import DEFAULT_TEXT_MIME_TYPES
from starlette.exceptions import HTTPException
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from nexus.errors import Problem
from nexus.logs import count, function_logger
from nexus.web import problems
from nexus.web.identity import DOORS
from nexus.web.routes import Route

MOST_BODY_BYTES = 256 * 1024
VERSION = "1.0.0"

logger = function_logger()


def api(*routers: APIRouter, most_body_bytes: int = MOST_BODY_BYTES) -> FastAPI:
    """An app of these routers, which takes bodies of at most so many bytes.

    Raises `RuntimeError` for a route that does not say who may enter.
    """
    app = FastAPI(
        title="Nexus Models API",
        version=VERSION,
        docs_url=None,
        redoc_url=None,
        openapi_url=None,
        redirect_slashes=False,
        exception_handlers={
            Problem: problems.tell_problem,
            RequestValidationError: problems.tell_validation,
            HTTPException: problems.tell_http,
        },
    )
    for router in routers:
        for route in router.routes:  # the app's own routes only wrap whole routers
            if not isinstance(route, APIRoute) or not _guarded(route.dependant):
                path = getattr(route, "path", route)
                raise RuntimeError(f"{path} does not say who may enter")
        app.include_router(router)
    app.add_middleware(Edge, most_body_bytes=most_body_bytes)
    return app


def router(prefix: str, *tags: str) -> APIRouter:
    return APIRouter(prefix=prefix, tags=list(tags), route_class=Route, responses=answers(422))


def answers(*refusals: int, etag: bool = False) -> dict[int | str, dict[str, Any]]:
    """What a route documents: how its service may refuse, and whether its success has an ETag.

    What its doors, body and preconditions bring along is known; `local.openapi` adds it.
    """
    told: dict[int | str, dict[str, Any]] = {status: {} for status in refusals}
    return told | {"2XX": {"headers": {"ETag": {}}}} if etag else told


def lambda_handler(app: FastAPI) -> Callable[[dict[str, Any], Any], dict[str, Any]]:
    """The entry point of an app's function, for HTTP API events (payload format 2.0)."""
    text = [*DEFAULT_TEXT_MIME_TYPES, problems.MEDIA_TYPE]  # anything else leaves as base64
    mangum = Mangum(app, lifespan="off", text_mime_types=text)

    @logger.inject_lambda_context(clear_state=True)
    def handler(event: dict[str, Any], context: Any) -> dict[str, Any]:
        return mangum(event, context)

    return handler


def _guarded(dependant: Dependant) -> bool:
    return any(each.call in DOORS for each in _all_dependencies(dependant))


def _all_dependencies(dependant: Dependant) -> Iterator[Dependant]:
    for each in dependant.dependencies:
        yield each
        yield from _all_dependencies(each)


class Edge:
    """The outermost layer: request ids, both slash forms, body limit, one log line, no leaks.

    Preflights come here too, because the template's routes are for ANY method; a browser wants
    them answered well, and API Gateway adds its CORS headers to the answer.
    """

    def __init__(self, app: ASGIApp, most_body_bytes: int = MOST_BODY_BYTES) -> None:
        self.app = app
        self.most_body_bytes = most_body_bytes

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        started = time.perf_counter()
        context = scope.get("aws.event", {}).get("requestContext", {})
        scope["request_id"] = str(context.get("requestId", ""))
        scope["path"] = scope["path"].rstrip("/") or "/"
        answer = _Answer(send, scope["request_id"])
        try:
            if scope["method"] == "OPTIONS":
                await Response(status_code=204)(scope, receive, answer)
            elif _body_bytes(scope) > self.most_body_bytes:
                too_large = f"The body is larger than {self.most_body_bytes // 1024} KiB"
                refusal = problems.document(413, too_large, answer.request_id)
                await refusal(scope, receive, answer)
            else:
                await self.app(scope, receive, answer)
        except Exception:
            logger.exception("unhandled exception")
            count("UnhandledErrors")  # the caller gets an answer, so Lambda counts no error
            if answer.status is None:
                sorry = problems.document(500, problems.SORRY, answer.request_id)
                await sorry(scope, receive, answer)
        logger.info(
            "request",
            method=scope["method"],
            path=_without_token(scope),
            status=answer.status,
            request_id=answer.request_id,
            user_id=scope.get("user_id"),
            milliseconds=round((time.perf_counter() - started) * 1000, 1),
        )


def _without_token(scope: Scope) -> str:
    """The path as it may be told: whoever reads the logs could end or begin news for others."""
    path, token = str(scope["path"]), scope.get("path_params", {}).get("token")
    return path.replace(token, "{token}") if token else path


class _Answer:
    """Sends on what the app answers, with the headers that every answer has."""

    def __init__(self, send: Send, request_id: str) -> None:
        self._send = send
        self.request_id = request_id
        self.status: int | None = None

    async def __call__(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self.status = message["status"]
            headers = list(message["headers"])
            names = {name.lower() for name, _ in headers}
            always = {
                b"x-request-id": self.request_id.encode(),
                b"x-content-type-options": b"nosniff",
                b"cache-control": b"no-store",
                b"content-security-policy": b"default-src 'none'; frame-ancestors 'none'",
            }
            headers += [(name, value) for name, value in always.items() if name not in names]
            message = {**message, "headers": headers}
        await self._send(message)


def _body_bytes(scope: Scope) -> int:
    """The length of the body: Lambda hands it over whole, whatever the header says."""
    event = scope.get("aws.event", {})
    body: str = event.get("body") or ""
    if event.get("isBase64Encoded"):
        return len(body) * 3 // 4 - body[-2:].count("=")
    return len(body.encode(errors="surrogatepass"))
