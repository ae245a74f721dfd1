"""The HTTP API of the tests: takes requests to the real handlers, as template.yaml routes them."""

import json
import uuid
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from importlib import import_module
from typing import Any

import httpx
from starlette.datastructures import Headers

from local import payload
from local.routes import Routes
from local.template import project
from tests import cloud, documented, grants

ADDRESS = "203.0.113.7"


@dataclass
class Context:
    """What Lambda tells a function of itself."""

    function_name: str = "function"
    memory_limit_in_mb: int = 128
    invoked_function_arn: str = "arn:aws:lambda:us-east-1:123456789012:function:function"
    aws_request_id: str = "00000000-0000-0000-0000-000000000000"


@cache
def handler(function: str) -> Any:
    """A function's entry point, by the function's logical id."""
    if grants.FOLDER:
        cloud.forget_secrets()  # another function of this process may know them
    module, name = project().properties(function)["Handler"].rsplit(".", 1)
    return grants.watched(function, getattr(import_module(module), name))


@cache
def _routes() -> Routes:
    return Routes.of(project())


class Gateway(httpx.BaseTransport):
    """Calls come from the IP address `address`."""

    def __init__(self, address: str = ADDRESS) -> None:
        self._address = address

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        path, _, query = request.url.raw_path.decode("ascii").partition("?")
        match = _routes().match(request.method, payload.raw_path(path))
        if match is None:
            return httpx.Response(404, json={"message": "Not Found"})
        event = payload.event(
            payload.HttpRequest(
                method=request.method,
                path=path,
                query=query,
                headers=Headers(raw=[(name.lower(), value) for name, value in request.headers.raw]),
                body=request.read(),
                source_ip=self._address,
            ),
            route=match.route,
            parameters=match.parameters,
            request_id=str(uuid.uuid4()),
            now=datetime.now(UTC),
        )
        answer = handler(match.function)(json.loads(json.dumps(event)), Context())
        response = payload.response(json.dumps(answer).encode())
        body = bytes(response.body)
        if not path.endswith("/download") and not path.startswith(("/api/uploads", "/api/inspect")):
            assert b"X-Amz-Signature" not in body, "only downloads hand links out"
        told = httpx.Response(response.status_code, headers=response.raw_headers, content=body)
        documented.check(request, told)
        return told


class Caller(httpx.Client):
    """Someone at a browser; signed in where there is a token."""

    def __init__(self, token: str | None = None, *, address: str = ADDRESS) -> None:
        super().__init__(
            base_url="http://localhost:8000",
            headers={"Authorization": f"Bearer {token}"} if token else {},
            transport=Gateway(address),
            trust_env=False,
        )
