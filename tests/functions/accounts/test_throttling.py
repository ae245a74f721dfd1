import dataclasses
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import argon2
import httpx
import pytest

from accounts.app import app
from nexus.accounts import throttling
from nexus.errors import TooManyRequests
from nexus.table.outbox import OutboxItem
from nexus.web.identity import this_moment
from tests import cloud
from tests.gateway import Caller
from tests.people import PASSWORD, Person

WRONG = "wrong horse battery staple"
OWNERS_ADDRESS = "198.51.100.7"


class Clock:
    """Stands still, so that no window ends in the middle of a test, until it is told to go on."""

    def __init__(self) -> None:
        self.time = datetime.now(UTC)

    def __call__(self) -> datetime:
        return self.time


@pytest.fixture
def clock() -> Iterator[Clock]:
    clock = Clock()
    app.dependency_overrides[this_moment] = clock
    yield clock
    app.dependency_overrides.clear()


@pytest.fixture
def checked(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The passwords that were looked at."""
    seen: list[str] = []
    verify = argon2.PasswordHasher.verify

    def seen_verify(hasher: argon2.PasswordHasher, kept: str, password: str) -> bool:
        seen.append(password)
        return verify(hasher, kept, password)

    monkeypatch.setattr(argon2.PasswordHasher, "verify", seen_verify)
    return seen


@pytest.fixture
def few_tries(monkeypatch: pytest.MonkeyPatch) -> None:
    """Six for an account and three for a pair: as exact as a hundred and ten, and sooner over."""
    for name, attempts in (("ACCOUNT", 6), ("PAIR", 3)):
        limit = dataclasses.replace(getattr(throttling, name), attempts=attempts)
        monkeypatch.setattr(throttling, name, limit)


def login(password: str, address: str, **headers: str) -> int:
    shown = {"email": "ada@example.com", "password": password}
    caller = Caller(address=address)
    return caller.post("/api/auth/login", json=shown, headers=headers).status_code


def test_nist_allows_a_hundred_tries_at_most() -> None:
    assert throttling.ACCOUNT.attempts <= 100
    assert (throttling.PAIR.attempts, throttling.PAIR.seconds) == (10, 15 * 60)


def test_the_try_after_the_last_is_not_looked_at(
    clock: Clock, checked: list[str], few_tries: None
) -> None:
    Person("ada")
    for n in range(6):
        assert login(WRONG, f"203.0.113.{n // 3}") == 401
    assert len(checked) == 6

    assert login(PASSWORD, "203.0.113.99") == 429
    assert len(checked) == 6

    clock.time += timedelta(days=1)
    assert login(PASSWORD, "203.0.113.99") == 200


def test_an_attack_from_elsewhere_does_not_lock_the_owner_out(
    clock: Clock, few_tries: None
) -> None:
    Person("ada")
    assert login(PASSWORD, OWNERS_ADDRESS) == 200
    for n in range(8):
        login(WRONG, f"203.0.113.{n}")
    assert login(PASSWORD, "203.0.113.200") == 429

    assert login(PASSWORD, OWNERS_ADDRESS) == 200


def test_an_address_gets_few_tries_at_an_account_in_a_quarter_of_an_hour(
    clock: Clock, checked: list[str], few_tries: None
) -> None:
    Person("ada")
    for _ in range(3):
        assert login(WRONG, OWNERS_ADDRESS) == 401
    assert login(PASSWORD, OWNERS_ADDRESS) == 429
    assert len(checked) == 3

    clock.time += timedelta(minutes=15)
    assert login(PASSWORD, OWNERS_ADDRESS) == 200


def test_typing_errors_are_forgotten_once_one_is_in(clock: Clock, few_tries: None) -> None:
    Person("ada")
    for _ in range(2):
        for _ in range(2):
            assert login(WRONG, OWNERS_ADDRESS) == 401
        assert login(PASSWORD, OWNERS_ADDRESS) == 200


def test_headers_do_not_make_another_address(clock: Clock, few_tries: None) -> None:
    Person("ada")
    for n in range(3):
        forged = {"X-Forwarded-For": f"10.0.0.{n}", "Forwarded": f"for=10.0.0.{n}"}
        assert login(WRONG, OWNERS_ADDRESS, **forged) == 401

    forged = {"X-Forwarded-For": "10.9.9.9", "X-Real-Ip": "10.9.9.9", "Forwarded": "for=10.9.9.9"}
    assert login(PASSWORD, OWNERS_ADDRESS, **forged) == 429


def test_an_address_cannot_try_many_accounts_without_end(
    clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(throttling, "ADDRESS", throttling.Limit("LOGIN-ADDRESS", 5, 15 * 60))
    caller = Caller(address=OWNERS_ADDRESS)
    statuses = [
        caller.post(
            "/api/auth/login", json={"email": f"user{n}@example.com", "password": WRONG}
        ).status_code
        for n in range(8)
    ]

    assert statuses == [401] * 5 + [429] * 3


def test_unknown_addresses_are_throttled_like_known_ones(clock: Clock, few_tries: None) -> None:
    statuses = [login(WRONG, OWNERS_ADDRESS) for _ in range(5)]

    assert statuses == [401] * 3 + [429] * 2


def test_being_throttled_says_how_long(clock: Clock, few_tries: None) -> None:
    clock.time = datetime(2030, 1, 1, 12, 5, tzinfo=UTC)
    shown = {"email": "ada@example.com", "password": WRONG}
    for _ in range(throttling.PAIR.attempts):
        Caller().post("/api/auth/login", json=shown)

    answer = Caller().post("/api/auth/login", json=shown)

    assert answer.status_code == 429
    assert answer.headers["retry-after"] == "600"
    assert answer.json()["title"] == "Too Many Requests"


def test_an_address_is_greeted_three_times_a_day_however_often_its_account_is_erased(
    clock: Clock, visitor: Caller
) -> None:
    def register(email: str) -> httpx.Response:
        wanted = {"email": email, "username": "ada", "password": PASSWORD}
        answer = visitor.post("/api/auth/register", json=wanted)
        if answer.status_code == 201:
            Caller(answer.json()["access_token"]).delete("/api/users/me")
        return answer

    spellings = ("a.da@gmail.com", "ada@gmail.com", "ada+1@gmail.com", "Ada@gmail.com")
    answers = [register(email) for email in spellings]

    assert [answer.status_code for answer in answers] == [201, 201, 201, 429]
    assert 0 < int(answers[-1].headers["retry-after"]) <= 24 * 3600
    assert register("other@gmail.com").status_code == 201
    assert len(cloud.of_kind(OutboxItem)) == 8, "a welcome and a proof each"
    clock.time += timedelta(days=1)
    assert register("ada@gmail.com").status_code == 201


def test_a_refused_registration_counts_for_nothing(clock: Clock, visitor: Caller) -> None:
    Person("ada")
    taken = {"email": "grace@example.com", "username": "ada", "password": PASSWORD}
    for _ in range(5):
        assert visitor.post("/api/auth/register", json=taken).status_code == 409

    answer = visitor.post("/api/auth/register", json=taken | {"username": "grace"})
    assert answer.status_code == 201


def test_tries_are_counted_before_they_are_looked_at(clock: Clock) -> None:
    """So that a hundred at once are no more than a hundred in a row."""
    for _ in range(throttling.PAIR.attempts):
        throttling.count_login("ada@example.com", OWNERS_ADDRESS, clock.time)

    with pytest.raises(TooManyRequests):
        throttling.count_login("ada@example.com", OWNERS_ADDRESS, clock.time)
