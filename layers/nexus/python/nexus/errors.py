"""What can go wrong, in business words with an HTTP status.

Problem
├── Unverified       400  the signature of what another service sends is not theirs
├── Malformed        422  the input does not have the form it must have
├── NotAuthenticated 401
├── Forbidden        403
├── NotFound         404  also for what the caller may not know exists
├── Conflict         409  the state of things does not allow it (now)
├── PreconditionFailed 412
├── TooLarge         413
├── PreconditionRequired 428
├── TooManyRequests  429  with the seconds to wait
└── Unavailable      503  another service that is needed does not answer
"""

from http import HTTPStatus
from typing import ClassVar

CHANGED = "This was changed meanwhile. Please load it again."


class Problem(Exception):
    """Told to the caller as a problem document (RFC 9457); `detail` is shown to people."""

    status: ClassVar[HTTPStatus]

    def __init__(self, detail: str) -> None:
        super().__init__(detail)
        self.detail = detail

    @property
    def headers(self) -> dict[str, str]:
        return {}


class Unverified(Problem):
    status = HTTPStatus.BAD_REQUEST


class Malformed(Problem):
    """`field` names the place in the input, as a path such as ("body", "price")."""

    status = HTTPStatus.UNPROCESSABLE_ENTITY

    def __init__(self, detail: str, field: tuple[str | int, ...] = ()) -> None:
        super().__init__(detail)
        self.field = field


class NotAuthenticated(Problem):
    status = HTTPStatus.UNAUTHORIZED

    def __init__(self, detail: str = "Not authenticated") -> None:
        super().__init__(detail)

    @property
    def headers(self) -> dict[str, str]:
        return {"WWW-Authenticate": "Bearer"}


class Forbidden(Problem):
    status = HTTPStatus.FORBIDDEN

    def __init__(self, detail: str = "Not enough permissions") -> None:
        super().__init__(detail)


class NotFound(Problem):
    status = HTTPStatus.NOT_FOUND


class Conflict(Problem):
    status = HTTPStatus.CONFLICT


class PreconditionFailed(Problem):
    status = HTTPStatus.PRECONDITION_FAILED

    def __init__(self, detail: str = CHANGED) -> None:
        super().__init__(detail)


def check_version(expected: int | None, version: int) -> None:
    """Raises `PreconditionFailed` for an edit made on another version; `None` is any."""
    if expected not in {None, version}:
        raise PreconditionFailed


class PreconditionRequired(Problem):
    status = HTTPStatus.PRECONDITION_REQUIRED


class TooLarge(Problem):
    status = HTTPStatus.REQUEST_ENTITY_TOO_LARGE


class TooManyRequests(Problem):
    status = HTTPStatus.TOO_MANY_REQUESTS

    def __init__(self, detail: str, retry_after: int) -> None:
        super().__init__(detail)
        self.retry_after = retry_after

    @property
    def headers(self) -> dict[str, str]:
        return {"Retry-After": str(self.retry_after)}


class Unavailable(Problem):
    """What was asked for may have begun, unlike with any other problem: under the same
    `Idempotency-Key` it goes on.
    """

    status = HTTPStatus.SERVICE_UNAVAILABLE

    @property
    def headers(self) -> dict[str, str]:
        return {"Retry-After": "5"}
