"""What links in mails are good for: one thing, once, for a while."""

from datetime import UTC, datetime, timedelta

import httpx
import pytest

from nexus.accounts import mailed
from nexus.errors import Malformed
from nexus.table.outbox import OutboxItem
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


def test_a_secret_is_for_one_purpose(ada: Person) -> None:
    [proof] = secrets_of("verify_email")

    assert reset(proof).status_code == 422
    assert Caller().post("/api/auth/verify-email", json={"token": proof}).status_code == 200


def test_a_secret_does_not_live_for_ever(ada: Person) -> None:
    ask(ada.email)
    [secret] = secrets_of("reset_password")

    with pytest.raises(Malformed, match="no longer good"):
        mailed.reset_password(secret, NEW, now=datetime.now(UTC) + timedelta(minutes=31))


def test_nobody_fills_somebodys_inbox(ada: Person) -> None:
    for _ in range(5):
        ask(ada.email)

    assert len(secrets_of("reset_password")) == 3
