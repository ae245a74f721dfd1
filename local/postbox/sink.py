"""What SendGrid would do with a request to send, as far as its documents tell.

https://www.twilio.com/docs/sendgrid/api-reference/mail-send/mail-send
"""

import itertools
import json
from collections import deque
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

MOST_RECIPIENTS = 1000
MOST_CUSTOM_ARG_BYTES = 10_000
MOST_KEPT = 200_000
RESERVED_HEADERS = {"from", "to", "cc", "bcc", "subject", "reply-to", "content-type", "received"}


@dataclass(frozen=True)
class Mail:
    """One mail as its recipient gets it."""

    id: int
    at: datetime
    sender: str
    to: str
    subject: str
    html: str
    text: str
    headers: dict[str, str]
    custom_args: dict[str, str]
    categories: list[str]
    tracked: bool

    @property
    def message_id(self) -> str:
        return f"local-{self.id}.recvd-0"


@dataclass(frozen=True)
class Answer:
    """`silent` is one that never comes."""

    status: int = 202
    body: bytes = b""
    headers: dict[str, str] = field(default_factory=dict)
    silent: bool = False


@dataclass(frozen=True)
class Plan:
    """How a coming request is answered: with this status, or `None` for not at all.

    With `take` the mails are delivered all the same.
    """

    status: int | None
    take: bool = False
    retry_after: int | None = None


class Invalid(Exception):
    """The request is refused; `place` is the field that SendGrid would name."""

    def __init__(self, message: str, place: str) -> None:
        super().__init__(message)
        self.place = place


class Sink:
    def __init__(self) -> None:
        self.mails: deque[Mail] = deque(maxlen=MOST_KEPT)
        self.plans: deque[Plan] = deque()
        self.disliked: set[str] = set()
        """Addresses for which a whole request is refused, as SendGrid does."""
        self.requests = 0
        self._numbers = itertools.count(1)

    def answer(self, authorization: str, body: bytes) -> Answer:
        """What is answered to `POST /v3/mail/send`."""
        self.requests += 1
        plan = self.plans.popleft() if self.plans else Plan(202, take=True)
        if not authorization.startswith("Bearer ") or len(authorization) < len("Bearer x"):
            return _error(401, "The provided authorization grant is invalid", None)
        try:
            mails = self._mails(body)
        except Invalid as problem:
            return _error(400, str(problem), problem.place)
        if plan.take:
            self.mails.extend(mails)
        if plan.status is None:
            return Answer(silent=True)
        if plan.status != 202:
            headers = {"Retry-After": str(plan.retry_after)} if plan.retry_after else {}
            return Answer(plan.status, _errors(f"planned: {plan.status}", None), headers)
        return Answer(headers={"X-Message-Id": mails[0].message_id.partition(".")[0]})

    def mail(self, mail_id: int) -> Mail | None:
        return next((mail for mail in self.mails if mail.id == mail_id), None)

    def to(self, address: str) -> list[Mail]:
        return [mail for mail in self.mails if mail.to == address]

    def empty(self) -> None:
        self.mails.clear()
        self.plans.clear()
        self.disliked.clear()
        self.requests = 0

    def _mails(self, body: bytes) -> list[Mail]:
        """A mail for each personalization. Raises `Invalid`."""
        try:
            request = json.loads(body)
        except ValueError as error:
            raise Invalid("Bad Request", "") from error
        _check(request)
        self._check_liked(request["personalizations"])
        return [self._mail(request, each) for each in request["personalizations"]]

    def _check_liked(self, personal: list[dict[str, Any]]) -> None:
        for number, each in enumerate(personal):
            if each["to"][0]["email"] in self.disliked:
                place = f"personalizations.{number}.to.0.email"
                raise Invalid("Does not contain a valid address.", place)

    def _mail(self, request: dict[str, Any], personal: dict[str, Any]) -> Mail:
        blanks = personal.get("substitutions", {})
        contents = {each["type"]: _filled(each["value"], blanks) for each in request["content"]}
        tracking = request.get("tracking_settings", {})
        return Mail(
            id=next(self._numbers),
            at=datetime.now(UTC),
            sender=request["from"]["email"],
            to=personal["to"][0]["email"],
            subject=_filled(personal.get("subject") or request["subject"], blanks),
            html=contents.get("text/html", ""),
            text=contents.get("text/plain", ""),
            headers=request.get("headers", {}) | personal.get("headers", {}),
            custom_args=request.get("custom_args", {}) | personal.get("custom_args", {}),
            categories=request.get("categories", []),
            tracked=bool(tracking.get("open_tracking", {}).get("enable", True)),
        )


def _check(request: Any) -> None:
    """Raises `Invalid` for what SendGrid refuses."""
    if not isinstance(request, dict):
        raise Invalid("Bad Request", "")
    if "@" not in request.get("from", {}).get("email", ""):
        raise Invalid("The from email does not contain a valid address.", "from.email")
    personal = request.get("personalizations") or []
    if not 1 <= len(personal) <= MOST_RECIPIENTS:
        raise Invalid("Personalizations must be between 1 and 1000.", "personalizations")
    types = [each.get("type") for each in request.get("content") or []]
    if not types or types != sorted(types, key=["text/plain", "text/html"].index):
        raise Invalid("The content must be text/plain, then text/html.", "content")
    if not all(each.get("value") for each in request["content"]):
        raise Invalid(
            "The content value must be a string at least one character in length.", "content"
        )
    seen: set[str] = set()
    for number, each in enumerate(personal):
        _check_personal(each, request, f"personalizations.{number}", seen)


def _check_personal(
    personal: dict[str, Any], request: dict[str, Any], place: str, seen: set[str]
) -> None:
    addresses = [to.get("email", "") for to in personal.get("to") or []]
    if not addresses or not all("@" in address for address in addresses):
        raise Invalid("Does not contain a valid address.", f"{place}.to.0.email")
    if seen & set(addresses):
        raise Invalid("Each email address must be unique.", f"{place}.to")
    seen.update(addresses)
    subject = personal.get("subject") or request.get("subject")
    if not subject or any(sign in subject for sign in "\r\n"):
        raise Invalid("The subject is required, on one line.", f"{place}.subject")
    headers = request.get("headers", {}) | personal.get("headers", {})
    if any(name.lower() in RESERVED_HEADERS for name in headers):
        raise Invalid("This header is reserved.", f"{place}.headers")
    if any(sign in f"{name}{value}" for name, value in headers.items() for sign in "\r\n"):
        raise Invalid("Headers must be on one line.", f"{place}.headers")
    args = request.get("custom_args", {}) | personal.get("custom_args", {})
    if len(json.dumps(args)) >= MOST_CUSTOM_ARG_BYTES:
        raise Invalid("The custom args are too long.", f"{place}.custom_args")


def _filled(text: str, blanks: dict[str, str]) -> str:
    for blank, value in blanks.items():
        text = text.replace(blank, value)
    return text


def _error(status: int, message: str, place: str | None) -> Answer:
    return Answer(status, _errors(message, place))


def _errors(message: str, place: str | None) -> bytes:
    return json.dumps({"errors": [{"message": message, "field": place, "help": None}]}).encode()
