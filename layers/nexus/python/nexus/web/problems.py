"""Problem documents (RFC 9457): the one form in which errors are told."""

from http import HTTPStatus
from typing import Any

from fastapi import Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from pydantic import BaseModel, Field
from starlette.exceptions import HTTPException

from nexus.errors import Malformed, Problem

MEDIA_TYPE = "application/problem+json"
NO_JSON = "json_invalid"
SORRY = "Something went wrong on our side. Please try again."


class FieldError(BaseModel):
    loc: list[str | int]
    msg: str
    type: str


class ProblemDocument(BaseModel):
    """`detail` is a sentence that can be shown to people; `errors` comes with status 422."""

    type: str = "about:blank"
    title: str
    status: int
    detail: str
    request_id: str
    errors: list[FieldError] | None = Field(default=None)


class ProblemResponse(JSONResponse):
    media_type = MEDIA_TYPE


def document(
    status: int,
    detail: str,
    request_id: str,
    *,
    errors: list[FieldError] | None = None,
    headers: dict[str, str] | None = None,
) -> ProblemResponse:
    problem = ProblemDocument(
        title=HTTPStatus(status).phrase,
        status=status,
        detail=detail,
        request_id=request_id,
        errors=errors,
    )
    without = None if errors is not None else {"errors"}
    return ProblemResponse(problem.model_dump(exclude=without), status, headers)


def request_id(request: Request) -> str:
    return str(request.scope.get("request_id", ""))


async def tell_problem(request: Request, problem: Exception) -> ProblemResponse:
    assert isinstance(problem, Problem)  # noqa: S101  Starlette's handlers are typed this wide
    errors = None
    if isinstance(problem, Malformed):
        errors = [FieldError(loc=list(problem.field), msg=problem.detail, type="value_error")]
    return document(
        problem.status,
        problem.detail,
        request_id(request),
        errors=errors,
        headers=problem.headers,
    )


async def tell_validation(request: Request, error: Exception) -> ProblemResponse:
    """Says what is wrong where, without repeating the input: it may be a password, or huge."""
    assert isinstance(error, RequestValidationError)  # noqa: S101
    errors = [
        FieldError(loc=[_part(part) for part in each["loc"]], msg=_plain(each), type=each["type"])
        for each in error.errors()[:20]
    ]
    detail = "; ".join(f"{_place(each)}: {each.msg}" for each in errors[:3])
    return document(422, detail, request_id(request), errors=errors)


async def tell_http(request: Request, error: Exception) -> ProblemResponse:
    """What Starlette and FastAPI themselves refuse: unknown paths, methods, unreadable bodies."""
    assert isinstance(error, HTTPException)  # noqa: S101
    if error.status_code == HTTPStatus.BAD_REQUEST:
        return document(422, "The body could not be read", request_id(request), errors=[])
    headers = dict(error.headers or {})
    return document(error.status_code, str(error.detail), request_id(request), headers=headers)


def _part(part: Any) -> str | int:
    """A name out of the input may be as long as the input."""
    return part if isinstance(part, int) else str(part)[:100].encode(errors="replace").decode()


def _plain(error: dict[str, Any]) -> str:
    """pydantic says of what our own rules say where it comes from."""
    if error["type"] == NO_JSON:
        return "is not valid JSON"
    return str(error["msg"]).removeprefix("Value error, ")


def _place(error: FieldError) -> str:
    parts = [] if error.type == NO_JSON else error.loc[1:] or error.loc
    return ".".join(map(str, parts)) or "body"
