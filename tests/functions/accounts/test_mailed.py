"""What links in mails are good for: one thing, once, for a while."""

from datetime import UTC, datetime, timedelta

import httpx
import pytest

from nexus.accounts import mailed
from nexus.errors import Malformed
from nexus.table.outbox import OutboxItem
from nexus.table.users import UserItem
from tests import cloud
from tests.gateway import Caller
from tests.people import Person

NEW = "a tall ship and a star"


@pytest.fixture
def ada() -> Person:
    return Person("ada")


def ask(email: str) -> None:
    assert Caller().post("/api/auth/forgot-password", json={"email": email}).status_code == 202


def secrets_of(template: str) -> list[str]:
    owed = cloud.of_kind(OutboxItem)
    return [str(mail.data["token"]) for mail in owed if mail.template == template]


def reset(secret: str) -> httpx.Response:
    return Caller().post("/api/auth/reset-password", json={"token": secret, "password": NEW})


def test_a_secret_is_good_once(ada: Person) -> None:
    ask(ada.email)
    [secret] = secrets_of("reset_password")

    assert reset(secret).status_code == 200
    assert reset(secret).status_code == 422


def test_an_address_is_proven_once(ada: Person) -> None:
    [proof] = secrets_of("verify_email")
    path = "/api/auth/verify-email"

    answers = [Caller().post(path, json={"token": proof}).status_code for _ in range(2)]

    assert answers == [200, 422]


def test_a_secret_is_for_one_purpose(ada: Person) -> None:
    [proof] = secrets_of("verify_email")

    assert reset(proof).status_code == 422
    assert Caller().post("/api/auth/verify-email", json={"token": proof}).status_code == 200


def test_a_secret_does_not_live_for_ever(ada: Person) -> None:
    ask(ada.email)
    [secret] = secrets_of("reset_password")

    with pytest.raises(Malformed, match="no longer good"):
        mailed.reset_password(secret, NEW, now=datetime.now(UTC) + timedelta(minutes=31))


def test_a_new_password_ends_all_links_from_before_it(ada: Person) -> None:
    ask(ada.email)
    ask(ada.email)
    older, newer = secrets_of("reset_password")

    assert reset(newer).status_code == 200
    answer = reset(older)

    assert answer.status_code == 422
    assert "Please ask for a new one." in answer.json()["detail"]
    ask(ada.email)
    [latest] = set(secrets_of("reset_password")) - {older, newer}
    assert reset(latest).status_code == 200


def test_an_old_proof_says_what_else_proves_an_address(ada: Person) -> None:
    [proof] = secrets_of("verify_email")
    with pytest.raises(Malformed, match="Setting a new password proves an address too"):
        mailed.verify_email(proof, now=datetime.now(UTC) + timedelta(days=2))
    ask(ada.email)
    [secret] = secrets_of("reset_password")

    reset(secret)

    [user] = cloud.of_kind(UserItem)
    assert user.is_email_verified


def test_nobody_fills_somebodys_inbox(ada: Person) -> None:
    for _ in range(5):
        ask(ada.email)

    assert len(secrets_of("reset_password")) == 3
