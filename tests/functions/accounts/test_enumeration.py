"""Nobody learns from a login, or a forgotten password, whether an address has an account."""

import json

import argon2
import httpx
import pytest

from tests import cloud
from tests.gateway import Caller
from tests.people import PASSWORD, Person, ban

WRONG = "wrong horse battery staple"
TOO_LONG_AS_A_KEY = "\ufdfa" * 240 + "@example.com"
"""Normalised, it has 7,932 bytes; DynamoDB takes 2,048 as a key."""


def login(email: str, password: str) -> httpx.Response:
    return Caller().post("/api/auth/login", json={"email": email, "password": password})


def told(answer: httpx.Response) -> tuple[int, str, list[tuple[str, str]]]:
    """Everything a caller can see, byte for byte, but the id of the request."""
    own = answer.headers["x-request-id"]
    headers = sorted((name, value.replace(own, "")) for name, value in answer.headers.items())
    return answer.status_code, answer.text.replace(own, ""), headers


def test_unknown_wrong_and_banned_are_answered_alike() -> None:
    Person("ada")
    ban(Person("banned"))

    wrong = told(login("ada@example.com", WRONG))
    unknown = told(login("nobody@example.com", WRONG))
    banned = told(login("banned@example.com", PASSWORD))
    too_long = told(login(TOO_LONG_AS_A_KEY, WRONG))

    assert wrong == unknown == banned == too_long
    assert wrong[0] == 401
    assert json.loads(wrong[1])["detail"] == "Incorrect email or password"


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
    assert wrong == work(TOO_LONG_AS_A_KEY, WRONG)
    assert wrong == work("banned@example.com", PASSWORD)
    assert len(wrong[1]) == 1


def test_a_forgotten_password_is_answered_alike_and_costs_the_same_calls() -> None:
    Person("ada")
    ban(Person("banned"))

    def forget(email: str) -> tuple[int, bytes, list[str]]:
        with cloud.calls() as calls:
            answer = Caller().post("/api/auth/forgot-password", json={"email": email})
        return answer.status_code, answer.content, calls

    known = forget("ada@example.com")
    assert known == forget("nobody@example.com") == forget("banned@example.com")
    assert known == forget(TOO_LONG_AS_A_KEY)
    assert known[0] == 202


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
