"""Admins look after the users."""

from collections.abc import Callable
from typing import Any

import pytest

from nexus.catalogue import review
from nexus.catalogue import service as catalogue
from nexus.table.catalogue import approved_models, change_model, models_made_by
from tests import stream
from tests.gateway import Caller
from tests.people import Person, an_admin
from tests.workshop import on_sale, submitted

pytestmark = pytest.mark.usefixtures("living_house")


@pytest.fixture
def admin() -> Person:
    return an_admin("root")


def test_users_are_listed_newest_first_and_found_by_address_or_name(admin: Person) -> None:
    people = [Person(name) for name in ("ada", "adrian", "bob")]
    for person in people:
        assert person.id

    def found(search: str) -> set[str]:
        answer = admin.get("/api/admin/users", params={"search": search})
        return {user["username"] for user in answer.json()}

    assert {user["username"] for user in admin.get("/api/admin/users").json()} == {
        "root",
        "ada",
        "adrian",
        "bob",
    }
    assert found("AD") == {"ada", "adrian"}
    assert found("Bob@Example.com") == {"bob"}
    assert found("nobody@example.com") == set()
    assert "password" not in admin.get("/api/admin/users").text


@pytest.mark.parametrize("search", ["\ufdfa" * 240 + "@example.com", "\u0390" * 254, "a" * 254])
def test_nobody_is_found_by_what_is_too_long_to_be_a_name(admin: Person, search: str) -> None:
    Person("a" * 30)

    answer = admin.get("/api/admin/users", params={"search": search})

    assert (answer.status_code, answer.json()) == (200, [])


def test_a_creator_gets_the_badge(admin: Person) -> None:
    ada = Person("ada")

    answer = admin.post(f"/api/admin/users/{ada.id}/verify")

    assert answer.json() == {"message": "User verified successfully"}
    assert ada.get("/api/users/me").json()["is_verified"] is True
    assert admin.post("/api/admin/users/5/verify").json()["detail"] == "User not found"


def test_admins_may_give_the_badge_to_themselves(admin: Person) -> None:
    assert admin.post(f"/api/admin/users/{admin.id}/verify").status_code == 200

    assert admin.get("/api/users/me").json()["is_verified"] is True
    assert [deed["action"] for deed in admin.get("/api/admin/audit").json()] == ["user.verify"]


def test_a_ban_takes_effect_on_the_next_request_and_on_all_that_the_user_offers(
    admin: Person,
) -> None:
    ada, bob = Person("ada"), Person("bob")
    model_id = on_sale(ada, admin)
    bob.post(f"/api/models/{model_id}/purchase")

    answer = admin.post(f"/api/admin/users/{ada.id}/ban", params={"reason": "Stolen work"})

    assert answer.json() == {"message": "User banned successfully"}
    assert ada.get("/api/users/me").status_code == 401
    assert bob.get("/api/models").json() == []
    assert bob.get(f"/api/models/{model_id}").status_code == 404
    assert bob.get(f"/api/users/{ada.id}").status_code == 404
    eve = Person("eve")
    for method, end in [
        ("POST", "purchase"),
        ("POST", "like"),
        ("GET", "price"),
        ("GET", "reviews"),
        ("GET", "download"),
    ]:
        assert eve.request(method, f"/api/models/{model_id}/{end}").status_code == 404
    assert bob.get(f"/api/models/{model_id}/download").status_code == 200
    stream.settle()
    assert admin.get("/api/admin/stats").json()["activeUsers"] == 3

    admin.delete(f"/api/admin/users/{ada.id}/ban")
    stream.settle()

    assert [model["id"] for model in bob.get("/api/models").json()] == [model_id]
    assert ada.get("/api/users/me").status_code == 401, "tokens from before the ban stay useless"


def test_a_ban_that_meets_an_edit_hides_the_model_all_the_same(
    admin: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    ada = Person("ada")
    model_id = on_sale(ada, admin)
    stream.settle()
    edits: list[int] = []

    def then_edited(*asked: Any) -> Any:
        found = models_made_by(*asked)
        if not edits:  # between the projector's look at the model and its write
            flags = {"is_featured": True}
            path = f"/api/admin/models/{model_id}"
            edits.append(admin.patch(path, json=flags, headers={"If-Match": "*"}).status_code)
        return found

    monkeypatch.setattr(catalogue, "models_made_by", then_edited)
    admin.post(f"/api/admin/users/{ada.id}/ban")
    stream.settle()

    assert edits == [200]
    for sight in ("reviews", "price"):
        assert Caller().get(f"/api/models/{model_id}/{sight}").status_code == 404

    admin.delete(f"/api/admin/users/{ada.id}/ban")
    stream.settle()

    assert [model["id"] for model in Caller().get("/api/models").json()] == [model_id]


@pytest.mark.parametrize("seen", [False, True], ids=["blindly", "as it was looked at"])
def test_a_model_approved_while_a_ban_ends_is_on_sale(
    seen: bool,  # noqa: FBT001
    admin: Person,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    ada = Person("ada")
    model_id = submitted(ada)["id"]
    admin.post(f"/api/admin/users/{ada.id}/ban")
    stream.settle()
    etag = admin.get(f"/api/models/{model_id}").headers["etag"]
    admin.delete(f"/api/admin/users/{ada.id}/ban")
    meanwhile(stream.settle, monkeypatch)

    headers = {"If-Match": etag} if seen else {}
    assert admin.post(f"/api/admin/models/{model_id}/approve", headers=headers).status_code == 200
    stream.settle()

    assert [model["id"] for model in Caller().get("/api/models").json()] == [model_id]
    assert [model.id for model in approved_models(None, 10)[0]] == [model_id]
    assert [deed["action"] for deed in admin.get("/api/admin/audit").json()] == [
        "model.approved",
        "user.unban",
        "user.ban",
    ]


def test_a_model_approved_while_a_ban_begins_is_not_on_sale(
    admin: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    ada = Person("ada")
    model_id = submitted(ada)["id"]
    admin.post(f"/api/admin/users/{ada.id}/ban")
    meanwhile(stream.settle, monkeypatch)

    assert admin.post(f"/api/admin/models/{model_id}/approve").status_code == 200
    stream.settle()

    assert Caller().get(f"/api/models/{model_id}").status_code == 404
    assert approved_models(None, 10)[0] == []


def meanwhile(happens: Callable[[], None], monkeypatch: pytest.MonkeyPatch) -> None:
    """Let something happen between a reviewer's look at a model and their decision."""

    def decided(*asked: Any) -> None:
        happens()
        change_model(*asked)

    monkeypatch.setattr(review, "change_model", decided)


@pytest.mark.parametrize("body", [{}, {"json": {}}, {"json": {"reason": None}}])
def test_a_reason_may_come_in_the_query(admin: Person, body: dict[str, Any]) -> None:
    ada = Person("ada")

    admin.post(f"/api/admin/users/{ada.id}/ban", params={"reason": "Spam"}, **body)

    [deed] = admin.get("/api/admin/audit").json()
    assert deed["detail"] == "Spam"


def test_what_a_banned_creator_submitted_waits_for_nobody(admin: Person) -> None:
    ada = Person("ada")
    submitted(ada)
    stream.settle()
    assert admin.get("/api/admin/stats").json()["pendingModels"] == 1

    admin.post(f"/api/admin/users/{ada.id}/ban")
    stream.settle()
    assert admin.get("/api/admin/models/pending").json() == []
    assert admin.get("/api/admin/stats").json()["pendingModels"] == 0

    admin.delete(f"/api/admin/users/{ada.id}/ban")
    stream.settle()
    assert admin.get("/api/admin/stats").json()["pendingModels"] == 1


def test_each_deed_is_audited_once(admin: Person) -> None:
    ada = Person("ada")
    for _ in range(2):
        admin.post(f"/api/admin/users/{ada.id}/ban", json={"reason": "Spam"})
    admin.delete(f"/api/admin/users/{ada.id}/ban")
    admin.post(f"/api/admin/users/{ada.id}/verify")

    deeds = admin.get("/api/admin/audit").json()

    assert [deed["action"] for deed in deeds] == ["user.verify", "user.unban", "user.ban"]
    assert deeds[-1]["detail"] == "Spam"
    assert {deed["admin_id"] for deed in deeds} == {admin.id}
    assert {deed["subject"] for deed in deeds} == {f"user {ada.id}"}


def test_admins_do_not_ban_themselves(admin: Person) -> None:
    assert admin.post(f"/api/admin/users/{admin.id}/ban").status_code == 409


def test_users_are_no_admins() -> None:
    bob = Person("bob")

    for method, path in [
        ("GET", "/api/admin/users"),
        ("POST", f"/api/admin/users/{bob.id}/verify"),
        ("POST", f"/api/admin/users/{bob.id}/ban"),
        ("GET", "/api/admin/audit"),
        ("GET", "/api/admin/revenue"),
    ]:
        assert bob.request(method, path).status_code == 403
