"""API Gateway's payload format 2.0: the event a request becomes, the response an answer becomes."""

import base64
import binascii
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import parse_qsl, unquote

from starlette.datastructures import Headers
from starlette.responses import Response

from local.template import ACCOUNT

# Only these arrive as text, as measured on AWS; forms do not, nor does a body without a type.
_TEXT = re.compile(r"text/|application/(json|javascript|xml)\b")


@dataclass(frozen=True)
class HttpRequest:
    """What of a request makes its event; `path` still percent-encoded."""

    method: str
    path: str
    query: str
    headers: Headers
    body: bytes
    source_ip: str


class BadAnswer(ValueError):
    """A function returned what API Gateway cannot make a response of."""


def raw_path(path: str) -> str:
    """The path as HTTP APIs tell it: decoded, but an encoded percent sign stays encoded."""
    return unquote(path.replace("%25", "%2525"))


def event(
    request: HttpRequest,
    *,
    route: str,
    parameters: Mapping[str, str],
    request_id: str,
    now: datetime,
) -> dict[str, Any]:
    """The event of a request on the `$default` stage; `now` must be UTC."""
    headers = _joined(request.headers)
    path = raw_path(request.path)
    built: dict[str, Any] = {
        "version": "2.0",
        "routeKey": route,
        "rawPath": path,
        "rawQueryString": request.query,
        "headers": headers,
        "requestContext": {
            "accountId": ACCOUNT,
            "apiId": "local",
            "domainName": headers.get("host", ""),
            "domainPrefix": headers.get("host", "").split(".")[0],
            "http": {
                "method": request.method,
                "path": path,
                "protocol": "HTTP/1.1",
                "sourceIp": request.source_ip,
                "userAgent": headers.get("user-agent", ""),
            },
            "requestId": request_id,
            "routeKey": route,
            "stage": "$default",
            "time": now.strftime("%d/%b/%Y:%H:%M:%S +0000"),
            "timeEpoch": int(now.timestamp() * 1000),
        },
        **_body(request),
    }
    if cookies := _cookies(request.headers):
        built["cookies"] = cookies
    if query := _query(request.query):
        built["queryStringParameters"] = query
    if parameters:
        built["pathParameters"] = dict(parameters)
    return built


def response(payload: bytes) -> Response:
    """The response a function's answer stands for; raises BadAnswer when it stands for none."""
    try:
        answer = json.loads(payload)
        if not isinstance(answer, dict) or "statusCode" not in answer:
            return Response(json.dumps(answer), media_type="application/json")
        built = Response(_content(answer), status_code=int(answer["statusCode"]))
    except (ValueError, TypeError) as error:
        raise BadAnswer(str(error)) from error
    headers = answer.get("headers") or {}
    built.headers.setdefault("content-type", "text/plain;charset=UTF-8")
    for name, value in headers.items():
        built.headers[name] = value if isinstance(value, str) else json.dumps(value)
    for cookie in answer.get("cookies") or []:
        built.headers.append("set-cookie", cookie)
    return built


def _content(answer: dict[str, Any]) -> bytes:
    body = answer.get("body")
    if body is None:
        return b""
    if not isinstance(body, str):
        raise BadAnswer("the body is not a string")
    if not answer.get("isBase64Encoded"):
        return body.encode()
    try:
        return base64.b64decode(body, validate=True)
    except binascii.Error as error:
        raise BadAnswer("the body is not base64") from error


def _joined(headers: Headers) -> dict[str, str]:
    joined: dict[str, str] = {}
    for name, value in headers.items():
        if name != "cookie":
            joined[name] = f"{joined[name]},{value}" if name in joined else value
    return joined


def _cookies(headers: Headers) -> list[str]:
    return [
        cookie.strip() for line in headers.getlist("cookie") for cookie in line.split(";") if cookie
    ]


def _query(query: str) -> dict[str, str]:
    joined: dict[str, str] = {}
    for name, value in parse_qsl(query, keep_blank_values=True):
        joined[name] = f"{joined[name]},{value}" if name in joined else value
    return joined


def _body(request: HttpRequest) -> dict[str, Any]:
    if not request.body:
        return {"isBase64Encoded": False}
    if _TEXT.match(request.headers.get("content-type", "")):
        return {"body": request.body.decode(errors="replace"), "isBase64Encoded": False}
    return {"body": base64.b64encode(request.body).decode(), "isBase64Encoded": True}
