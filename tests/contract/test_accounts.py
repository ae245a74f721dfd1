"""Entering, leaving, and oneself."""

from typing import Any

import pytest

from tests.contract.shapes import MODEL, PUBLIC_CREATOR, TOKENS, USER, mistakes
from tests.gateway import Caller
from tests.people import PASSWORD, Person

NEW = {"email": "eve@example.com", "username": "eve", "password": PASSWORD}


def test_registration(anyone: Caller, ada: Person) -> None:
    answer = anyone.post("/api/auth/register", json=NEW)

    assert answer.status_code == 201
    tokens = answer.json()
    assert mistakes(tokens, TOKENS) == []
    assert tokens["expires_in"] == 30 * 60
    user = tokens["user"]
    assert (user["email"], user["username"], user["full_name"]) == ("eve@example.com", "eve", None)
    assert (user["creator_level"], user["total_revenue"], user["total_models"]) == ("Bronze", 0, 0)
    assert {user[name] for name in ("is_admin", "is_verified", "is_banned")} == {False}
    assert anyone.post("/api/auth/register", json=NEW).status_code == 409
    named = NEW | {"email": "other@example.com", "username": "other", "full_name": "Other One"}
    other = anyone.post("/api/auth/register/", json=named)
    assert other.json()["user"]["full_name"] == "Other One"


@pytest.mark.parametrize("form", [False, True])
def test_login_by_json_and_by_form(form: bool, ada: Person, anyone: Caller) -> None:  # noqa: FBT001
    how: dict[str, Any] = (
        {"data": {"grant_type": "password", "username": ada.email, "password": PASSWORD}}
        if form
        else {"json": {"email": ada.email, "password": PASSWORD}}
    )

    answer = anyone.post("/api/auth/login", **how)

    assert (answer.status_code, mistakes(answer.json(), TOKENS)) == (200, [])
    assert Caller(answer.json()["access_token"]).get("/api/users/me").json()["id"] == ada.id


def test_a_wrong_password_is_401(ada: Person, anyone: Caller) -> None:
    wrong = {"email": ada.email, "password": "something else entirely"}

    answer = anyone.post("/api/auth/login", json=wrong)

    assert answer.status_code == 401
    assert answer.headers["www-authenticate"] == "Bearer"


def test_too_many_tries_are_429(ada: Person, anyone: Caller) -> None:
    wrong = {"email": ada.email, "password": "something else entirely"}

    last = [anyone.post("/api/auth/login", json=wrong) for _ in range(11)][-1]

    assert last.status_code == 429
    assert int(last.headers["retry-after"]) > 0


def test_a_refresh_token_is_good_once(ada: Person, anyone: Caller) -> None:
    shown = {"refresh_token": ada.tokens.refresh_token}

    renewed = anyone.post("/api/auth/refresh", json=shown)

    assert (renewed.status_code, mistakes(renewed.json(), TOKENS)) == (200, [])
    following = {"refresh_token": renewed.json()["refresh_token"]}
    assert following != shown
    assert anyone.post("/api/auth/refresh", json=shown).status_code == 401
    assert anyone.post("/api/auth/refresh", json=following).status_code == 401


def test_logout_ends_the_session(ada: Person, anyone: Caller) -> None:
    answer = anyone.post("/api/auth/logout", json={"refresh_token": ada.tokens.refresh_token})

    assert (answer.status_code, answer.content) == (204, b"")
    assert ada.get("/api/users/me").status_code == 401


def test_a_forgotten_password_tells_nobody_anything(ada: Person, anyone: Caller) -> None:
    known, unknown = (
        anyone.post("/api/auth/forgot-password", json={"email": email})
        for email in (ada.email, "nobody@example.com")
    )

    assert (known.status_code, known.content) == (202, unknown.content)
    assert unknown.status_code == 202
    for path, body in (
        ("verify-email", {"token": "x"}),
        ("reset-password", {"token": "x", "password": "a tall ship and a star"}),
    ):
        assert anyone.post(f"/api/auth/{path}", json=body).status_code == 422


def test_oneself(ada: Person) -> None:
    answer = ada.get("/api/users/me")

    assert mistakes(answer.json(), USER) == []
    assert ada.get("/api/users/me/").json() == answer.json()
    seen = {"If-Match": answer.headers["etag"]}
    change = {"full_name": "Ada Lovelace"}
    assert ada.patch("/api/users/me", json=change).status_code == 428
    edited = ada.patch("/api/users/me", json=change, headers=seen)
    assert edited.json() == answer.json() | change
    assert ada.patch("/api/users/me", json=change, headers=seen).status_code == 412


@pytest.mark.parametrize("name", ["purchases", "likes", "models", "sales", "notifications"])
def test_ones_own_lists_are_bare_arrays(name: str, ada: Person, anyone: Caller) -> None:
    for slash in ("", "/"):
        assert ada.get(f"/api/users/me/{name}{slash}").json() == []
    assert anyone.get(f"/api/users/me/{name}").status_code == 401


def test_the_public_part_of_a_creator(castle: int, ada: Person, anyone: Caller) -> None:
    answer = anyone.get(f"/api/users/{ada.id}")

    assert mistakes(answer.json(), PUBLIC_CREATOR) == []
    assert ada.email not in answer.text
    assert not answer.json().keys() & {"email", "is_admin", "is_banned", "total_revenue"}
    [model] = anyone.get(f"/api/users/{ada.id}/models/").json()
    assert (mistakes(model, MODEL), model["id"]) == ([], castle)
    unknown = anyone.get("/api/users/1")
    assert (unknown.status_code, unknown.json()["detail"]) == (404, "User not found")


def test_leaving_for_good(castle: int, ada: Person, bea: Person, anyone: Caller) -> None:
    bea.post(f"/api/models/{castle}/purchase")
    export = bea.get("/api/users/me/export").json()
    assert bea.email in str(export)
    assert [each["model_id"] for each in export["purchases"]] == [castle]

    assert bea.delete("/api/users/me").status_code == 204
    assert bea.get("/api/users/me").status_code == 401
    credentials = {"email": bea.email, "password": PASSWORD}
    assert anyone.post("/api/auth/login", json=credentials).status_code == 401
    [sale] = ada.get("/api/users/me/sales").json()
    assert sale["amount"] == 19.99
