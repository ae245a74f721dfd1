"""Who sees which models."""

import json

import pytest

from tests.gateway import Caller
from tests.people import Person
from tests.workshop import on_sale, shelf, submitted


def test_a_pending_model_is_its_creators_and_the_admins(
    creator: Person, admin: Person, stranger: Person, visitor: Caller
) -> None:
    model = submitted(creator)
    path = f"/api/models/{model['id']}"

    assert creator.get(path).json() == model
    assert admin.get(path).json() == model
    unknown = visitor.get("/api/models/12345").json()
    for other in (stranger, visitor):
        hidden = other.get(path)
        assert hidden.status_code == 404
        assert hidden.json() | {"request_id": ""} == unknown | {"request_id": ""}


def test_lists_show_what_is_approved(creator: Person, admin: Person, visitor: Caller) -> None:
    pending = submitted(creator)["id"]
    rejected = submitted(creator)["id"]
    admin.post(f"/api/admin/models/{rejected}/reject", json={"reason": "No."})
    approved = on_sale(creator, admin)

    for caller in (visitor, creator, admin):
        assert [each["id"] for each in caller.get("/api/models").json()] == [approved]
    mine = creator.get("/api/users/me/models").json()
    assert {each["id"]: each["status"] for each in mine} == {
        pending: "pending",
        rejected: "rejected",
        approved: "approved",
    }
    assert admin.get("/api/users/me/models").json() == []
    waiting = admin.get("/api/admin/models/pending").json()
    assert [each["id"] for each in waiting] == [pending]


def test_an_approved_model_is_the_same_in_the_list_and_alone(
    creator: Person, admin: Person, visitor: Caller
) -> None:
    model_id = on_sale(creator, admin)

    [listed] = visitor.get("/api/models").json()

    assert listed | {"views": 1} == visitor.get(f"/api/models/{model_id}").json()
    assert listed["status"] == "approved"
    assert json.loads(listed["formats"]) == ["glb"]
    assert listed["updated_at"] >= listed["created_at"]


def test_the_creators_address_and_the_files_place_are_not_told(
    creator: Person, admin: Person, visitor: Caller
) -> None:
    on_sale(creator, admin)

    text = visitor.get("/api/models").text

    assert creator.email not in text
    assert "assets/" not in text
    assert "X-Amz-" not in text


def test_a_category_is_taken_as_it_is_written(creator: Person, visitor: Caller) -> None:
    shelf(creator, ("Lamps & Lights", "Lamps", "100%", "été"))

    for category in ("Lamps & Lights", "Lamps", "100%", "été"):
        found = visitor.get("/api/models", params={"category": category}).json()
        assert [each["category"] for each in found] == [category]


@pytest.mark.parametrize("path", ["/api/users/me/models", "/api/admin/models/pending"])
def test_private_lists_need_a_sign_in(path: str, visitor: Caller) -> None:
    assert visitor.get(path).status_code == 401
