import pytest

from nexus.table.outbox import AuditItem
from tests import cloud
from tests.gateway import Caller
from tests.people import Person

ADMINS = "/api/admin/testimonials"
EVERYONES = "/api/testimonials"
PRAISE: dict[str, object] = {"author": "Harper Quinn", "text": "Clean meshes.", "rating": 5}


def added(admin: Person, **fields: object) -> int:
    answer = admin.post(ADMINS, json=PRAISE | fields)
    assert answer.status_code == 201, answer.text
    testimonial_id: int = answer.json()["id"]
    return testimonial_id


def authors(caller: Caller, path: str = EVERYONES) -> list[str]:
    return [each["author"] for each in caller.get(path).json()]


def test_a_testimonial_is_there_for_everyone(admin: Person, visitor: Caller) -> None:
    testimonial_id = added(admin)

    [shown] = visitor.get(EVERYONES).json()
    assert shown.pop("created_at").endswith("Z")
    assert shown == {
        "id": testimonial_id,
        "author": "Harper Quinn",
        "company": None,
        "text": "Clean meshes.",
        "rating": 5,
        "verified": False,
        "featured": False,
    }


def test_featured_ones_come_first_and_then_the_newest(admin: Person, visitor: Caller) -> None:
    for name, featured in (("a", False), ("B", True), ("c", False), ("Featured", True)):
        added(admin, author=name, featured=featured)

    assert authors(visitor) == ["Featured", "B", "c", "a"]
    assert authors(visitor, f"{EVERYONES}/?featured=true") == ["Featured", "B"]
    assert authors(visitor, f"{EVERYONES}?featured=false") == ["c", "a"]
    assert visitor.get(f"{EVERYONES}?featured=maybe").status_code == 422


def test_featuring_moves_a_testimonial_to_the_front(admin: Person, visitor: Caller) -> None:
    plain = added(admin, author="Plain")
    added(admin, author="Featured", featured=True)

    edit = {"If-Match": "*"}
    admin.patch(f"{ADMINS}/{plain}", json={"featured": True}, headers=edit)
    assert len(authors(visitor, f"{EVERYONES}?featured=true")) == 2
    admin.patch(f"{ADMINS}/{plain}", json={"featured": False}, headers=edit)
    assert authors(visitor) == ["Featured", "Plain"]


def test_a_company_can_be_taken_away_and_an_author_cannot(admin: Person) -> None:
    path = f"{ADMINS}/{added(admin, company='Studio')}"

    answer = admin.patch(path, json={"company": None}, headers={"If-Match": "*"})
    assert answer.json()["company"] is None
    answer = admin.patch(path, json={"author": None}, headers={"If-Match": "*"})
    assert answer.status_code == 422


def test_an_edit_needs_the_version_it_is_made_on(admin: Person) -> None:
    path = f"{ADMINS}/{added(admin)}"
    seen = admin.get(path).headers["etag"]

    assert admin.patch(path, json={"rating": 4}).status_code == 428
    assert admin.patch(path, json={"rating": 4}, headers={"If-Match": seen}).status_code == 200
    assert admin.patch(path, json={"rating": 3}, headers={"If-Match": seen}).status_code == 412
    assert admin.get(path).json()["rating"] == 4


def test_a_deleted_testimonial_is_gone(admin: Person, visitor: Caller) -> None:
    path = f"{ADMINS}/{added(admin)}"

    assert admin.delete(path).status_code == 204
    assert admin.delete(path).status_code == 404
    assert admin.patch(path, json={"rating": 1}, headers={"If-Match": "*"}).status_code == 404
    assert authors(visitor) == authors(admin, ADMINS) == []


def test_every_change_is_on_record(admin: Person) -> None:
    path = f"{ADMINS}/{added(admin)}"
    admin.patch(path, json={"rating": 4}, headers={"If-Match": "*"})
    admin.patch(path, json={"rating": 4}, headers={"If-Match": '"1"'})
    admin.delete(path)

    assert sorted(deed.action for deed in cloud.of_kind(AuditItem)) == [
        "testimonial.create",
        "testimonial.delete",
        "testimonial.update",
    ]


def test_praise_has_five_stars_unless_told_otherwise(admin: Person) -> None:
    answer = admin.post(ADMINS, json={"author": "Eve", "text": "Good"})

    assert (answer.status_code, answer.json()["rating"]) == (201, 5)


def test_a_retried_creation_makes_one(admin: Person) -> None:
    for _ in range(2):
        answer = admin.post(ADMINS, json=PRAISE, headers={"Idempotency-Key": "one"})
        assert answer.status_code == 201
    assert len(authors(admin, ADMINS)) == 1


@pytest.mark.parametrize(
    "fields",
    [
        {"rating": 0},
        {"rating": 6},
        {"rating": 4.5},
        {"rating": "5"},
        {"text": ""},
        {"text": "a" * 2001},
        {"author": "a" * 121},
        {"company": ""},
        {"verified": 1},
        {"created_at": "2020-01-01T00:00:00Z"},
    ],
)
def test_malformed_testimonials_are_refused(admin: Person, fields: dict[str, object]) -> None:
    path = f"{ADMINS}/{added(admin)}"

    assert admin.post(ADMINS, json=PRAISE | fields).status_code == 422
    assert admin.patch(path, json=fields, headers={"If-Match": "*"}).status_code == 422
    assert len(authors(admin, ADMINS)) == 1
