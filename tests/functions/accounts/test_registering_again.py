"""A registration that is sent again, with the same `Idempotency-Key`."""

import httpx
import pytest

from nexus.table.outbox import OutboxItem
from nexus.table.users import UserItem
from tests import cloud
from tests.gateway import Caller
from tests.people import PASSWORD, change

WANTED = {"email": "ada@example.com", "username": "ada", "password": PASSWORD}
NEW = "a tall ship and a star"


def register(**fields: object) -> httpx.Response:
    key = {"Idempotency-Key": "one"}
    return Caller().post("/api/auth/register", json=WANTED | fields, headers=key)


def signed_in(answer: httpx.Response) -> bool:
    me = Caller(answer.json()["access_token"]).get("/api/users/me")
    return answer.status_code == 201 and me.status_code == 200


def test_registering_twice_opens_one_account_and_two_sessions() -> None:
    first, second = register(), register()

    assert first.json()["user"]["id"] == second.json()["user"]["id"]
    assert len(cloud.of_kind(UserItem)) == 1
    assert signed_in(first)
    assert signed_in(second)


def test_the_account_is_told_as_it_is_now() -> None:
    token = register().json()["access_token"]
    changes = {"full_name": "Ada Lovelace"}
    Caller(token).patch("/api/users/me", json=changes, headers={"If-Match": "*"})

    assert register().json()["user"]["full_name"] == "Ada Lovelace"


def test_a_password_of_before_opens_nothing() -> None:
    register()
    Caller().post("/api/auth/forgot-password", json={"email": WANTED["email"]})
    [mail] = [each for each in cloud.of_kind(OutboxItem) if each.template == "reset_password"]
    shown = {"token": mail.data["token"], "password": NEW}
    assert Caller().post("/api/auth/reset-password", json=shown).status_code == 200

    answer = register()

    assert answer.status_code == 409
    assert answer.json()["detail"] == "This email address is already registered"


def test_a_banned_account_is_not_entered_by_registering_again() -> None:
    change(register().json()["user"]["id"], is_banned=True)

    assert register().status_code == 409


def test_an_erased_account_does_not_come_back() -> None:
    Caller(register().json()["access_token"]).delete("/api/users/me")

    answer = register()

    assert answer.status_code == 409
    assert answer.json()["detail"] == "The account that this request opened was erased"


@pytest.mark.parametrize("mistake", [{"password": "passwordpassword"}, {"username": "taken"}])
def test_a_refused_registration_may_be_mended_under_its_key(mistake: dict[str, str]) -> None:
    Caller().post("/api/auth/register", json=WANTED | {"email": "b@c.de", "username": "taken"})
    assert register(**mistake).status_code in {409, 422}

    assert signed_in(register())


def test_a_key_is_for_one_registration() -> None:
    register()

    assert register(username="other").status_code == 422
    assert signed_in(register())
