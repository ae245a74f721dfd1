"""A creator changes their mind about a model."""

from typing import Any

import httpx
import pytest

from tests import stream
from tests.people import Person, an_admin
from tests.workshop import on_sale, submitted, upload

pytestmark = pytest.mark.usefixtures("living_house")


@pytest.fixture
def ada() -> Person:
    return Person("ada")


@pytest.fixture
def admin() -> Person:
    return an_admin("root")


def edit(who: Person, model_id: int, etag: str = "*", **changes: Any) -> httpx.Response:
    return who.patch(f"/api/models/{model_id}", json=changes, headers={"If-Match": etag})


def test_a_new_price_needs_no_new_review(ada: Person, admin: Person) -> None:
    model_id = on_sale(ada, admin)

    answer = edit(ada, model_id, price=29, name="Bigger castle")

    assert answer.status_code == 200
    assert answer.json()["price"] == 29
    assert answer.json()["name"] == "Bigger castle"
    assert answer.json()["status"] == "approved"


def test_new_files_send_an_approved_model_back_to_review(ada: Person, admin: Person) -> None:
    model_id = on_sale(ada, admin)

    answer = edit(ada, model_id, upload_ids=[upload(ada, "tower.glb")])

    assert answer.json()["status"] == "pending"
    assert answer.json()["files"][0]["filename"] == "tower.glb"
    assert Person("bob").get(f"/api/models/{model_id}").status_code == 404


def test_a_rejected_model_that_is_mended_waits_for_review_again(ada: Person, admin: Person) -> None:
    model_id = submitted(ada)["id"]
    admin.post(f"/api/admin/models/{model_id}/reject", json={"reason": "No roof"})

    answer = edit(ada, model_id, description="Now with a roof")

    assert answer.json()["status"] == "pending"
    assert answer.json()["reason"] is None
    history = admin.get(f"/api/admin/models/{model_id}/history").json()
    assert [step["status"] for step in history] == ["pending", "rejected", "pending"]
    assert history[1]["reason"] == "No roof"


def test_of_two_editors_who_saw_the_same_version_one_has_to_look_again(
    ada: Person, admin: Person
) -> None:
    model_id = on_sale(ada, admin)
    seen = ada.get(f"/api/models/{model_id}").headers["ETag"]

    first = edit(ada, model_id, seen, name="Mine")
    second = edit(admin, model_id, seen, name="No, mine")

    assert first.status_code == 200
    assert second.status_code == 412
    assert edit(admin, model_id, first.headers["ETag"], name="Ours").status_code == 200


def test_an_edit_must_say_what_it_is_based_on(ada: Person, admin: Person) -> None:
    model_id = on_sale(ada, admin)

    answer = ada.patch(f"/api/models/{model_id}", json={"name": "Blind"})

    assert answer.status_code == 428


@pytest.mark.parametrize(
    "changes",
    [
        {},
        {"price": -1},
        {"name": None},
        {"name": ""},
        {"status": "approved"},
        {"creator_id": 1},
        {"downloads": 9},
        {"is_featured": True},
        {"upload_ids": []},
        {"tags": ["a", "a"]},
    ],
)
def test_what_may_not_be_set_is_refused(
    ada: Person, admin: Person, changes: dict[str, Any]
) -> None:
    assert edit(ada, on_sale(ada, admin), **changes).status_code == 422


def test_nobody_edits_or_withdraws_what_is_not_theirs(ada: Person, admin: Person) -> None:
    model_id = on_sale(ada, admin)
    bob = Person("bob")

    assert edit(bob, model_id, name="Bob's").status_code == 404
    assert bob.delete(f"/api/models/{model_id}").status_code == 404
    assert bob.get(f"/api/models/{model_id}").json()["name"] == "Castle"


def test_what_an_admin_does_to_the_model_of_someone_else_is_audited(
    ada: Person, admin: Person
) -> None:
    model_id = on_sale(ada, admin)
    before = len(admin.get("/api/admin/audit").json())

    edit(ada, model_id, price=30)
    edit(admin, model_id, price=1, description="A bargain")
    assert edit(admin, model_id, etag='"1"', price=2).status_code == 412
    assert admin.delete(f"/api/models/{model_id}").status_code == 204

    deeds = admin.get("/api/admin/audit").json()[:-before]
    assert [(deed["admin_id"], deed["action"], deed["detail"]) for deed in deeds] == [
        (admin.id, "model.withdrawn", None),
        (admin.id, "model.edited", "description, price from 3000 to 100 cents"),
    ]
    assert {deed["subject"] for deed in deeds} == {f"model {model_id}"}


def test_what_an_admin_does_to_their_own_model_is_no_deed_of_an_admin(
    ada: Person, admin: Person
) -> None:
    model_id = submitted(admin)["id"]

    edit(admin, model_id, price=1)
    admin.delete(f"/api/models/{model_id}")

    assert admin.get("/api/admin/audit").json() == []


@pytest.mark.parametrize("name", ["ada", "admin"])
def test_withdrawing_again_is_no_error(name: str, ada: Person, admin: Person) -> None:
    model_id = on_sale(ada, admin)
    who = {"ada": ada, "admin": admin}[name]

    assert [who.delete(f"/api/models/{model_id}").status_code for _ in "ab"] == [204, 204]
    assert Person("bob").delete(f"/api/models/{model_id}").status_code == 404


def test_a_withdrawn_model_is_gone_but_its_buyers_keep_it(ada: Person, admin: Person) -> None:
    model_id = on_sale(ada, admin)
    bob = Person("bob")
    assert bob.post(f"/api/models/{model_id}/purchase").status_code == 200

    assert ada.delete(f"/api/models/{model_id}").status_code == 204
    assert ada.delete(f"/api/models/{model_id}").status_code == 204

    stream.settle()
    assert bob.get("/api/models").json() == []
    assert bob.get(f"/api/models/{model_id}").status_code == 404
    assert bob.get(f"/api/models/{model_id}/download").status_code == 200
    assert bob.get("/api/users/me/purchases").json()[0]["model"]["is_withdrawn"] is True
    assert Person("eve").post(f"/api/models/{model_id}/purchase").status_code == 404
    assert edit(ada, model_id, name="Again").status_code == 404


def test_categories_and_tags_follow_the_models(ada: Person, admin: Person) -> None:
    castle = on_sale(ada, admin, tags=["stone", "Medieval"])
    tower = on_sale(ada, admin, name="Tower", tags=["stone"], category="Towers")
    stream.settle()

    def found(**query: str) -> set[int]:
        return {model["id"] for model in ada.get("/api/models", params=query).json()}

    assert found(tag="STONE") == {castle, tower}
    assert found(category="towers") == {tower}
    assert found(category="Buildings", tag="medieval") == {castle}
    assert found(category="Buildings", tag="wood") == set()

    edit(ada, castle, tags=["wood"])
    stream.settle()

    assert found(tag="stone") == {tower}
    assert found(tag="wood") == {castle}
    assert [each["id"] for each in ada.get(f"/api/models/{castle}/related").json()] == []
