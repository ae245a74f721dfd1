"""Nobody learns from a login whether an address has an account."""

from typing import Any

import argon2
import httpx
import pytest

from tests import cloud
from tests.gateway import Caller
from tests.people import PASSWORD, Person, ban

WRONG = "wrong horse battery staple"


def login(email: str, password: str) -> httpx.Response:
    return Caller().post("/api/auth/login", json={"email": email, "password": password})


def told(answer: httpx.Response) -> tuple[int, dict[str, Any], list[str]]:
    """Everything a caller can see but the id and the length of the request."""
    document = answer.json() | {"request_id": ""}
    return answer.status_code, document, sorted(set(answer.headers) - {"x-request-id"})


def test_unknown_wrong_and_banned_are_answered_alike() -> None:
    Person("ada")
    ban(Person("banned"))

    wrong = told(login("ada@example.com", WRONG))
    unknown = told(login("nobody@example.com", WRONG))
    banned = told(login("banned@example.com", PASSWORD))

    assert wrong == unknown == banned
    assert wrong[:2] == (
        401,
        {
            "type": "about:blank",
            "title": "Unauthorized",
            "status": 401,
            "detail": "Incorrect email or password",
            "request_id": "",
        },
    )


def test_unknown_wrong_and_banned_cost_the_same_work(monkeypatch: pytest.MonkeyPatch) -> None:
    Person("ada")
    ban(Person("banned"))
    login("warm@example.com", WRONG)  # the hash that stands for no account is made once
    hashes: list[str] = []
    verify = argon2.PasswordHasher.verify

    def counted(hasher: argon2.PasswordHasher, kept: str, password: str) -> bool:
        hashes.append(kept.rpartition("$")[0].rpartition("$")[0])
        return verify(hasher, kept, password)

    monkeypatch.setattr(argon2.PasswordHasher, "verify", counted)

    def work(email: str, password: str) -> tuple[list[str], list[str]]:
        hashes.clear()
        with cloud.calls() as calls:
            login(email, password)
        return calls, list(hashes)

    wrong = work("ada@example.com", WRONG)
    assert wrong == work("nobody@example.com", WRONG)
    assert wrong == work("banned@example.com", PASSWORD)
    assert len(wrong[1]) == 1


def test_a_registered_address_gets_no_second_hash_worth_of_time(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    Person("ada")
    hashes: list[str] = []
    hash_password = argon2.PasswordHasher.hash

    def counted(hasher: argon2.PasswordHasher, password: str) -> str:
        hashes.append(password)
        return hash_password(hasher, password)

    monkeypatch.setattr(argon2.PasswordHasher, "hash", counted)
    for email, status in (("ada@example.com", 409), ("new@example.com", 201)):
        hashes.clear()
        wanted = {"email": email, "username": f"user-{status}", "password": PASSWORD}
        assert Caller().post("/api/auth/register", json=wanted).status_code == status
        assert len(hashes) == 1
