"""Answers held against the committed OpenAPI document: nothing may come that it does not tell.

The tests' gateway has every answer checked. A status that is new on a route is declared there
with `answers(...)`, and `make openapi` takes it into the document.
"""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import Any
from urllib.parse import unquote

import httpx
import jsonschema_rs

from local import openapi

type Json = dict[str, Any]

CRASHED = "Internal Server Error"
"""What Mangum says for a function that ended; API Gateway says something of its own."""


@dataclass(frozen=True)
class Operation:
    """What the document tells of a method on a path."""

    method: str
    path: str
    told: Json

    def __str__(self) -> str:
        return f"{self.method} {self.path}"

    def response(self, status: int) -> Json:
        assert str(status) in self.told["responses"], f"{self} does not tell of {status}"
        return resolved(self.told["responses"][str(status)])


def check(request: httpx.Request, response: httpx.Response) -> None:
    """Fail for a status, a header, a type or a body that the document does not tell of."""
    operation = operation_of(request.method, request.url.path)
    if operation is None or response.text == CRASHED:
        return
    told = operation.response(response.status_code)
    for name, header in told.get("headers", {}).items():
        missing = resolved(header).get("required") and name not in response.headers
        assert not missing, f"{operation} {response.status_code} lacks {name}"
    check_content(f"{operation} {response.status_code}", told.get("content", {}), response)
    if response.is_success and request.content:
        check_accepted(operation, request)


def check_content(where: str, told: Json, message: httpx.Request | httpx.Response) -> None:
    media = message.headers.get("content-type", "").partition(";")[0]
    if not told:
        assert not message.content, f"{where} has content"
        return
    assert media in told, f"{where} is not told to be {media}"
    if media.endswith("json"):
        problems = list(differences(told[media]["schema"], json.loads(message.content)))
        assert not problems, f"{where}: {problems[:5]}"


def check_accepted(operation: Operation, request: httpx.Request) -> None:
    """What was taken must be what the document lets clients send."""
    told = operation.told.get("requestBody", {}).get("content", {})
    if request.headers.get("content-type") == "application/json" and told:
        check_content(f"The body of {operation}", told, request)


def differences(schema: Json, value: Any) -> Iterator[str]:
    for error in validator(json.dumps(schema)).iter_errors(value):
        yield f"{list(error.instance_path)}: {error.message[:200]}"


@cache
def document() -> Json:
    told: Json = json.loads(openapi.DOCUMENT.read_text(encoding="utf-8"))
    return told


@cache
def operations() -> list[tuple[re.Pattern[str], Operation]]:
    """Each with what its paths look like, those without variables first."""
    paths = sorted(document()["paths"].items(), key=lambda each: each[0].count("{"))
    return [
        (
            re.compile(re.sub(r"\{\w+\}", "[^/]+", path)),
            Operation(method.upper(), path, told),
        )
        for path, methods in paths
        for method, told in methods.items()
    ]


def operation_of(method: str, path: str) -> Operation | None:
    """The operation of a request, unless the document has none."""
    plain = unquote(path).rstrip("/") or "/"
    found = [operation for pattern, operation in operations() if pattern.fullmatch(plain)]
    named = [each for each in found if each.path == found[0].path and each.method == method]
    return named[0] if named else None


@cache
def validator(schema: str) -> Any:
    root = {"$schema": "https://json-schema.org/draft/2020-12/schema"}
    return jsonschema_rs.validator_for(
        root | json.loads(schema) | {"components": document()["components"]},
        validate_formats=True,
    )


def resolved(told: Json) -> Json:
    if "$ref" not in told:
        return told
    *_, kind, name = told["$ref"].split("/")
    found: Json = document()["components"][kind][name]
    return found
