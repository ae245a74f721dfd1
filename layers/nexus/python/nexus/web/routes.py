"""What routes may ask for by a dependency and is done around them: ETags, idempotency keys."""

import hashlib
from collections.abc import Callable, Coroutine
from typing import Any

from fastapi import Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.routing import APIRoute

from nexus.errors import Problem, Unavailable
from nexus.web.idempotency import Replay

KEPT = (
    *("etag", "cache-control", "vary", "content-security-policy"),
    *("link", "x-total-count", "x-did-you-mean"),
)
"""What a 304 says anew: a cache takes its headers in place of those it has (RFC 9111 §3.2)."""

type Handler = Callable[[Request], Coroutine[Any, Any, Response]]


class Route(APIRoute):
    """A route whose answers carry an ETag where they are public, and are kept where promised."""

    def get_route_handler(self) -> Handler:
        carry_out = super().get_route_handler()

        async def handle(request: Request) -> Response:
            try:
                response = await carry_out(request)
            except Replay as replay:
                return replay.response()
            except Exception as error:
                if claim := request.scope.get("idempotency"):
                    if _refused(error):
                        claim.forget()
                    else:
                        claim.release()
                raise
            if claim := request.scope.get("idempotency"):
                claim.keep(response)
            if request.scope.get("public"):
                return _conditional(request, response)
            return response

        return handle


def _refused(error: Exception) -> bool:
    """Whether nothing was changed. `Unavailable` may come after something was noted."""
    refusals = (Problem, RequestValidationError)
    return isinstance(error, refusals) and not isinstance(error, Unavailable)


def _conditional(request: Request, response: Response) -> Response:
    """304 when the caller has this very answer (RFC 9110 §13.1.2).

    `no-cache` lets it be stored but asked for each time, so that a ban shows at once.
    """
    if response.status_code != 200:
        return response
    content = hashlib.sha256(bytes(response.body)).hexdigest()[:32]
    version = response.headers.get("etag", "").strip('"')
    etag = f'"{version}.{content}"' if version else f'"{content}"'
    response.headers["ETag"] = etag
    response.headers["Cache-Control"] = "no-cache"
    shown = {each.strip().removeprefix("W/") for each in _if_none_match(request).split(",")}
    if etag not in shown and "*" not in shown:
        return response
    headers = {name: response.headers[name] for name in KEPT if name in response.headers}
    return Response(status_code=304, headers=headers)


def _if_none_match(request: Request) -> str:
    return request.headers.get("if-none-match", "")


async def public(request: Request) -> None:
    """The dependency of reads whose answer is the same for everyone."""
    request.scope["public"] = True
