"""Calls 6 to 8: the users, as the admins see them."""

from typing import Any

import pytest

from tests.contract.shapes import USER, mistakes
from tests.people import PASSWORD, Person


def test_users_without_their_passwords(ada: Person, bea: Person, root: Person) -> None:
    answer = root.get("/api/admin/users")

    users = answer.json()
    assert {user["email"] for user in users} == {ada.email, bea.email, root.email}
    assert [mistakes(user, USER) for user in users] == [[], [], []]
    assert not [name for user in users for name in user if "password" in name]
    assert "argon2" not in answer.text
    assert PASSWORD not in answer.text
    assert root.get("/api/admin/users/").json() == users


def test_users_are_found_and_paged(ada: Person, bea: Person, root: Person) -> None:
    found = root.get("/api/admin/users", params={"search": "BEA"}).json()
    assert [user["username"] for user in found] == ["bea"]
    page = root.get("/api/admin/users?limit=2")
    assert len(page.json()) == 2
    assert 'rel="next"' in page.headers["link"]


def test_verification_gives_the_badge(ada: Person, root: Person) -> None:
    answer = root.post(f"/api/admin/users/{ada.id}/verify")

    assert (answer.status_code, answer.json()) == (200, {"message": "User verified successfully"})
    assert ada.get("/api/users/me").json()["is_verified"] is True


@pytest.mark.parametrize("reason", [{}, {"params": {"reason": "Spam"}}, {"json": {"reason": "S"}}])
def test_a_ban_takes_effect_on_the_next_request(
    reason: dict[str, Any], castle: int, ada: Person, bea: Person, root: Person
) -> None:
    assert ada.get("/api/users/me").status_code == 200

    answer = root.post(f"/api/admin/users/{ada.id}/ban", **reason)

    assert (answer.status_code, answer.json()) == (200, {"message": "User banned successfully"})
    assert ada.get("/api/users/me").status_code == 401
    assert bea.get(f"/api/models/{castle}").status_code == 404
    assert bea.post(f"/api/models/{castle}/purchase").status_code == 404
    assert bea.get("/api/models").json() == []
    assert root.delete(f"/api/admin/users/{ada.id}/ban").status_code == 200
    credentials = {"email": ada.email, "password": PASSWORD}
    assert bea.post("/api/auth/login", json=credentials).json()["user"]["is_banned"] is False
    assert bea.get(f"/api/models/{castle}").status_code == 200


@pytest.mark.parametrize("call", ["verify", "ban"])
def test_users_that_are_not_there(call: str, root: Person) -> None:
    answer = root.post(f"/api/admin/users/1/{call}")

    assert (answer.status_code, answer.json()["detail"]) == (404, "User not found")
