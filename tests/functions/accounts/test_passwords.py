import time

import argon2
import pytest

from nexus.accounts import passwords
from tests import cloud
from tests.gateway import Caller
from tests.people import PASSWORD

REAL_HASHER = passwords.HASHER


def register(visitor: Caller, password: object) -> int:
    wanted = {"email": "grace@example.com", "username": "gracehopper", "password": password}
    return visitor.post("/api/auth/register", json=wanted).status_code


def login(visitor: Caller, password: str) -> int:
    shown = {"email": "grace@example.com", "password": password}
    return visitor.post("/api/auth/login", json=shown).status_code


@pytest.mark.parametrize(
    "password",
    [
        PASSWORD,
        "vK9#zQ2!pLx7@wN",
        "grün-Kiesel-Tanne-Wolke",
        "пароль сложный слон 42",
        "🦊🌵 zebra quilt 🪁 northern",
        "tangle Mirth oxide" + " plum quartz" * 9,
    ],
)
def test_good_passwords_are_taken_and_open_the_account(visitor: Caller, password: str) -> None:
    assert register(visitor, password) == 201
    assert login(visitor, password) == 200
    assert login(visitor, password + "!") == 401


@pytest.mark.parametrize(
    "password",
    [
        "", "short", "vK9#zQ2!pLx7@w",
        "x" * 129, "aaaaaaaaaaaaaaaaaaaa", "passwordpassword", "123456789012345678",
        "qwertyuiopasdfghjkl", "nexusmodelsnexus", "nexusmodels1234", "Nexus Models 2025",
        "p@$$w0rdp@$$w0rd", "1234567890!@#$%^&*()_+", "velvet" * 20, "1qaz2wsx" * 9,
        "gr4c3h0pp3rgr4c3h0pp3r", "gracehoppergrace", "grace@example.com", "iloveyouiloveyou",
        "abcdefghijklmnop",
        123456789012345, None, ["velvet otter 7 quilt"],
    ],
)  # fmt: skip
def test_guessable_and_malformed_passwords_are_refused(visitor: Caller, password: object) -> None:
    before = cloud.rows()
    assert register(visitor, password) == 422
    assert cloud.rows() == before


@pytest.mark.parametrize(
    "password",
    ["4@8({[<369!|170$57+%2" * 4, "a4b@c8d(e{f[g<h3i6j9k!l|m1n7o0p$q5r7s+t%" * 2],
)
def test_no_password_takes_seconds_to_judge(password: str) -> None:
    passwords.weakness("so that the lists of words are there", [])
    began = time.process_time()

    assert passwords.weakness(password, ["grace@example.com"]) is None
    assert time.process_time() - began < 1


def test_every_character_counts_up_to_the_last(visitor: Caller) -> None:
    password = "tangle Mirth oxide plum" + "quartz " * 15
    assert len(password) == 128
    assert register(visitor, password) == 201

    assert login(visitor, password[:72]) == 401
    assert login(visitor, password[:72] + "#" + password[73:]) == 401
    assert login(visitor, password[:-1] + "#") == 401
    assert login(visitor, password) == 200


def test_it_does_not_matter_how_an_accent_is_typed(visitor: Caller) -> None:
    assert register(visitor, "caf\u00e9 velvet otter quilt") == 201

    assert login(visitor, "cafe\u0301 velvet otter quilt") == 200


def test_the_real_hasher_is_argon2id_with_owasps_parameters(
    visitor: Caller, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(passwords, "HASHER", REAL_HASHER)
    assert register(visitor, PASSWORD) == 201
    assert login(visitor, PASSWORD) == 200

    [row] = [row for row in cloud.rows() if row["SK"]["S"] == "USER"]
    used = argon2.extract_parameters(row["password_hash"]["S"])
    assert used.type is argon2.Type.ID
    assert (used.time_cost, used.memory_cost, used.parallelism) == (2, 19_456, 1)
