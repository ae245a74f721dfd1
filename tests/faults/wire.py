"""Every HTTP attempt that botocore and Stripe's library make in this process: counted, and one of
them disturbed.
"""

import contextlib
import io
import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any, cast
from unittest.mock import patch
from urllib.parse import urlsplit

import requests
from botocore.awsrequest import AWSPreparedRequest, AWSResponse
from botocore.compat import HTTPHeaders
from botocore.exceptions import ConnectionClosedError, EndpointConnectionError
from botocore.httpsession import URLLib3Session
from requests.adapters import HTTPAdapter

from tests import cloud


class Crash(BaseException):
    """The process ends here. No `except Exception` can notice."""


@dataclass(frozen=True)
class Attempt:
    """One attempt at one call; `carry_out` sends it, as often as it is called."""

    request: AWSPreparedRequest
    send: Callable[[AWSPreparedRequest], AWSResponse]

    def carry_out(self) -> AWSResponse:
        self.request.reset_stream()
        answer = self.send(self.request)
        if not answer.content:
            return answer
        return crafted(self.request, answer.status_code, answer.content, dict(answer.headers))

    @property
    def operation(self) -> str:
        """Such as `dynamodb PutItem`, `s3 PUT /bucket/key` or `sendgrid POST`."""
        if self.request.url.endswith("/v3/mail/send"):
            return "sendgrid POST"
        if target := self.request.headers.get("X-Amz-Target"):
            name = target.decode() if isinstance(target, bytes) else str(target)
            service, _, operation = name.partition(".")
            return f"{service.partition('_')[0].lower()} {operation}"
        return f"s3 {self.request.method} {urlsplit(self.request.url).path}"

    @property
    def content(self) -> Any:
        return json.loads(cast("bytes", self.request.body))

    @property
    def broken(self) -> Exception:
        """How it looks that a connection ended before the answer came."""
        return ConnectionClosedError(endpoint_url=self.request.url)

    @property
    def refused(self) -> Exception:
        return EndpointConnectionError(endpoint_url=self.request.url, error="refused")

    def error(self, status: int, body: bytes, media_type: str) -> AWSResponse:
        """An answer with which a call fails."""
        return crafted(self.request, status, body, {"content-type": media_type})


@dataclass(frozen=True)
class StripeAttempt(Attempt):
    """The same, of Stripe's library."""

    def carry_out(self) -> Any:
        return self.send(self.request)

    @property
    def operation(self) -> str:
        """Such as `stripe POST /v1/refunds`."""
        return f"stripe {self.request.method} {urlsplit(self.request.url).path}"

    @property
    def broken(self) -> Exception:
        return requests.ConnectionError("the connection ended")

    @property
    def refused(self) -> Exception:
        return requests.ConnectionError("refused")

    def error(self, status: int, body: bytes, media_type: str) -> Any:
        answer = requests.Response()
        answer.status_code, answer._content = status, body
        answer.headers["content-type"] = media_type
        return answer


class _Raw(io.BytesIO):
    """A body as urllib3 hands it out."""

    def stream(self, amt: int = 2**16, decode_content: object = None) -> Iterator[bytes]:  # noqa: ARG002
        while chunk := self.read(amt):
            yield chunk


def crafted(
    request: AWSPreparedRequest, status: int, body: bytes, headers: dict[str, str]
) -> AWSResponse:
    return AWSResponse(request.url, status, HTTPHeaders.from_dict(headers), _Raw(body))


type Strike = Callable[[Attempt], AWSResponse]
"""What happens instead of an attempt. Raises `Crash` or one of botocore's connection errors."""


@dataclass(frozen=True)
class Fault:
    """The attempt with this number (from 0) is struck; a lasting fault strikes all after it too.

    Only those are numbered that `counts` says: how often the change log is read depends on how
    long something takes.
    """

    number: int
    strike: Strike
    lasting: bool = False
    counts: Callable[[str], bool] = lambda _operation: True


@dataclass
class Watch:
    """What was seen of one act."""

    operations: list[str] = field(default_factory=list)
    struck: bool = False
    crashed: bool = False


class Wire:
    """Stands between botocore and the network while `tapped`."""

    def __init__(self) -> None:
        self._watch: Watch | None = None
        self._fault: Fault | None = None

    @contextlib.contextmanager
    def tapped(self) -> Iterator[None]:
        original = URLLib3Session.send

        def send(session: URLLib3Session, request: AWSPreparedRequest) -> AWSResponse:
            return self.pass_on(Attempt(request, lambda again: original(session, again)))

        stripes: Any = HTTPAdapter.send

        def send_to_stripe(adapter: HTTPAdapter, request: Any, **more: Any) -> Any:
            return self.pass_on(
                StripeAttempt(request, lambda again: stripes(adapter, again, **more))
            )

        with (
            patch.object(URLLib3Session, "send", send),
            patch.object(HTTPAdapter, "send", send_to_stripe),
        ):
            yield

    @contextlib.contextmanager
    def watched(self, fault: Fault | None = None) -> Iterator[Watch]:
        """Count the attempts of what is done meanwhile, and let the fault strike."""
        cloud.renew_secrets()
        self._watch, self._fault = Watch(), fault
        try:
            yield self._watch
        finally:
            self._watch = self._fault = None

    @contextlib.contextmanager
    def unwatched(self) -> Iterator[None]:
        """What is done meanwhile is neither counted nor struck."""
        watch, self._watch = self._watch, None
        try:
            yield
        finally:
            self._watch = watch

    def pass_on(self, attempt: Attempt) -> AWSResponse:
        watch, fault = self._watch, self._fault
        if watch is None:
            return attempt.send(attempt.request)
        if watch.crashed:
            raise Crash
        watch.operations.append(attempt.operation)
        if fault is None or not fault.counts(attempt.operation):
            return attempt.send(attempt.request)
        number = sum(map(fault.counts, watch.operations)) - 1
        if number < fault.number or (number > fault.number and not fault.lasting):
            return attempt.send(attempt.request)
        watch.struck = True
        try:
            return fault.strike(attempt)
        except Crash:
            watch.crashed = True
            raise
