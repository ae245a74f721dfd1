"""SendGrid: mails on their way out.

It knows no idempotency key, so whatever it may have taken must not be sent again: the errors
here tell apart what it has not taken, what it never will, and what nobody knows.
"""

import re
import time
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from http import HTTPStatus
from http.client import HTTPException
from typing import Any
from urllib.error import URLError

from nexus.outside.seals import seal
from nexus.outside.secrets import texts
from nexus.settings import settings

FROM = {"email": "noreply@nexusmodels.com", "name": "Nexus Models"}
MOST_RECIPIENTS = 1000
RECEIPT = "mail receipt"
AN_ADDRESS = re.compile(rb'"field": ?"personalizations\.(\d{1,3})\.to\b')
TIMEOUT_SECONDS = 20

MAY_YET_TAKE = {
    HTTPStatus.UNAUTHORIZED,  # a key that is being replaced
    HTTPStatus.FORBIDDEN,
    HTTPStatus.TOO_MANY_REQUESTS,
    HTTPStatus.SERVICE_UNAVAILABLE,
}


@dataclass(frozen=True)
class Letter:
    """What all recipients get. Where it is `tracked`, SendGrid tells who opens it and clicks."""

    subject: str
    html: str
    text: str
    category: str
    tracked: bool = False


@dataclass(frozen=True)
class Recipient:
    """`receipt` comes back with each event; `blanks` are filled in wherever the letter has them."""

    email: str
    receipt: str
    blanks: Mapping[str, str] = field(default_factory=dict)
    headers: Mapping[str, str] = field(default_factory=dict)


def receipt(about: str) -> str:
    """What comes back with each event of a mail, and tells us what it was about."""
    return seal(RECEIPT, about)


class NotTaken(Exception):
    """The provider has not taken it, and may later; `wait` tells seconds, where it said so."""

    def __init__(self, why: str, wait: float = 0) -> None:
        super().__init__(why)
        self.wait = wait


class Refused(Exception):
    """The provider has not taken it and never will as it is.

    `addresses` tells the places (from 0) of the recipients whose addresses it does not like.
    """

    def __init__(self, why: str, addresses: Collection[int] = ()) -> None:
        super().__init__(why)
        self.addresses = addresses


class Unanswered(Exception):
    """Nobody knows whether the provider has taken it."""


class Door:
    """The way to the provider, found before anything is claimed: finding it can fail too."""

    def __init__(self) -> None:
        from sendgrid import SendGridAPIClient  # type: ignore[import-untyped]  # costs 100 ms

        key, *_ = texts(settings().needed("sendgrid_api_key_name"))
        self._api = SendGridAPIClient(key, host=settings().sendgrid_url)
        self._api.client.timeout = TIMEOUT_SECONDS  # its own is: for ever

    def send(self, letter: Letter, recipients: Sequence[Recipient]) -> None:
        """Hand a letter over for at most `MOST_RECIPIENTS`, of whom nobody sees another.

        Raises `NotTaken`, `Refused` or `Unanswered`.
        """
        from python_http_client.exceptions import HTTPError  # type: ignore[import-untyped]

        try:
            self._api.send(_request(letter, recipients))
        except HTTPError as error:
            raise _meaning(error, len(recipients)) from error
        except URLError as error:  # the request has not gone out, or not whole
            raise NotTaken(str(error.reason)) from error
        except (OSError, HTTPException) as error:
            raise Unanswered(repr(error)) from error


def _request(letter: Letter, recipients: Sequence[Recipient]) -> dict[str, Any]:
    """https://www.twilio.com/docs/sendgrid/api-reference/mail-send/mail-send"""
    return {
        "from": FROM,
        "subject": letter.subject,
        "personalizations": [_personalization(each) for each in recipients],
        "content": [
            {"type": "text/plain", "value": letter.text},
            {"type": "text/html", "value": letter.html},
        ],
        "categories": [letter.category],
        "tracking_settings": {
            "click_tracking": {"enable": letter.tracked, "enable_text": False},
            "open_tracking": {"enable": letter.tracked},
            "subscription_tracking": {"enable": False},  # the links to unsubscribe are ours
        },
    }


def _personalization(recipient: Recipient) -> dict[str, Any]:
    optional = {"substitutions": dict(recipient.blanks), "headers": dict(recipient.headers)}
    return {
        "to": [{"email": recipient.email}],
        "custom_args": {"receipt": recipient.receipt},
        **{name: value for name, value in optional.items() if value},
    }


def _meaning(error: Any, recipients: int) -> Exception:
    """What an answer other than 202 says. A 500 says nothing of whether it was taken."""
    why = f"{error.status_code} {error.body!r}"[:500]
    if error.status_code in MAY_YET_TAKE:
        return NotTaken(why, _wait(error.headers))
    if error.status_code >= 500:
        return Unanswered(why)
    places = {int(place) for place in AN_ADDRESS.findall(error.body)}
    return Refused(why, {place for place in places if place < recipients})


def _wait(headers: Mapping[str, str]) -> float:
    """Seconds until the provider listens again, as `Retry-After` or its own header tells."""
    try:
        if after := headers.get("Retry-After"):
            return float(after)
        return max(0.0, float(headers.get("X-RateLimit-Reset", 0)) - time.time())
    except ValueError:
        return 0.0
