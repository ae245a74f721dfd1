"""How many login attempts are looked at (NIST SP 800-63B-4 §3.2.2: at most 100 in a row).

Attempts are counted before the password is checked, so that many at once get no more tries than
many in a row. Someone who attacks an account from elsewhere cannot lock its owner out: addresses
from which the owner has logged in before have a count of their own.
"""

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime

from nexus.errors import TooManyRequests
from nexus.table.items import ConditionFailed, Step
from nexus.table.throttles import attempt, attempts_in, count_attempt, forget_attempts


@dataclass(frozen=True)
class Limit:
    scope: str
    attempts: int
    seconds: int


ACCOUNT = Limit("LOGIN-ACCOUNT", 100, 24 * 3600)
PAIR = Limit("LOGIN-PAIR", 10, 15 * 60)
ADDRESS = Limit("LOGIN-ADDRESS", 300, 15 * 60)
MAIL = Limit("MAIL", 3, 3600)
"""So that nobody can fill somebody's inbox."""
REGISTRATION = Limit("REGISTRATION", 3, 24 * 3600)
"""The same: each is greeted by mail, and the address is free again once its account is erased."""
KNOWN = Limit("LOGIN-KNOWN", 1, 30 * 24 * 3600)
"""Not a limit: remembers from where an account's holder logs in."""


def count_login(email: str, address: str, now: datetime) -> None:
    """Count an attempt to log in from an IP address. Raises `TooManyRequests`."""
    pair = f"{email} {address}"
    known = attempts_in(_bucket(KNOWN, pair), 0)
    _count(ADDRESS, address, now)
    _count(PAIR, pair, now)
    _count(ACCOUNT, pair if known else email, now)


def welcome_login(email: str, address: str, now: datetime) -> None:
    """A success: the typing errors before it count no more, and the address is known."""
    pair = f"{email} {address}"
    forget_attempts(_bucket(PAIR, pair), _window(PAIR, now))
    count_attempt(_bucket(KNOWN, pair), 0, int(now.timestamp()) + KNOWN.seconds)


def allows_mail(email: str, now: datetime) -> bool:
    """Count a mail that anyone can have sent to an address; False beyond the limit."""
    window = _window(MAIL, now)
    ends = (window + 1) * MAIL.seconds
    return count_attempt(_bucket(MAIL, email), window, ends) <= MAIL.attempts


@contextmanager
def one_more_registration(email: str, now: datetime) -> Iterator[Step]:
    """The step that counts an account opened with an address. Raises `TooManyRequests` where the
    transaction fails for that step.
    """
    window = _window(REGISTRATION, now)
    ends = (window + 1) * REGISTRATION.seconds
    step = attempt(_bucket(REGISTRATION, email), window, ends, REGISTRATION.attempts)
    try:
        yield step
    except ConditionFailed as failure:
        if step not in failure.steps:
            raise
        wait = max(1, ends - int(now.timestamp()))
        raise TooManyRequests("Too many accounts were opened with this address.", wait) from None


def _window(limit: Limit, now: datetime) -> int:
    return int(now.timestamp()) // limit.seconds


def _bucket(limit: Limit, subject: str) -> str:
    return f"{limit.scope}#{hashlib.sha256(subject.encode()).hexdigest()[:32]}"


def _count(limit: Limit, subject: str, now: datetime) -> None:
    window = _window(limit, now)
    ends = (window + 1) * limit.seconds
    if count_attempt(_bucket(limit, subject), window, ends) > limit.attempts:
        wait = max(1, ends - int(now.timestamp()))
        raise TooManyRequests("Too many login attempts. Please wait and try again.", wait)
