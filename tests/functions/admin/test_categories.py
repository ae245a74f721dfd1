from collections.abc import Iterator

import pytest

from nexus.categories import service
from nexus.errors import Malformed
from nexus.table.categories import CategoryNameItem, all_categories, delete_category
from nexus.table.outbox import AuditItem
from tests import cloud, stream, workshop
from tests.gateway import Caller
from tests.people import Person

ADMINS = "/api/admin/categories"
EVERYONES = "/api/categories"


@pytest.fixture(autouse=True)
def _no_category(house: None) -> None:
    """The house comes with one, for the models of other tests."""
    for each in all_categories():
        delete_category(each)


@pytest.fixture
def streamed(house: None) -> Iterator[None]:
    with cloud.streaming():
        yield


def category(admin: Person, **fields: object) -> int:
    answer = admin.post(ADMINS, json={"name": "Buildings"} | fields)
    assert answer.status_code == 201, answer.text
    category_id: int = answer.json()["id"]
    return category_id


def names(caller: Caller, path: str = EVERYONES) -> list[str]:
    return [each["name"] for each in caller.get(path).json()]


def test_a_new_category_is_there_for_everyone(admin: Person, visitor: Caller) -> None:
    category_id = category(admin)

    assert visitor.get(EVERYONES).json() == [
        {
            "id": category_id,
            "name": "Buildings",
            "icon": "📦",
            "enabled": True,
            "model_count": 0,
            "order": 0,
        }
    ]


def test_categories_come_by_order_and_then_by_name(admin: Person, visitor: Caller) -> None:
    for name, order in (("Vehicles", 1), ("zoo", 0), ("Animals", 1), ("Food", 0)):
        category(admin, name=name, order=order)

    assert names(visitor) == ["Food", "zoo", "Animals", "Vehicles"]
    assert names(visitor, f"{EVERYONES}/?skip=1&limit=2") == ["zoo", "Animals"]


def test_pages_lead_to_the_next(admin: Person, visitor: Caller) -> None:
    for name in "ABCDE":
        category(admin, name=name)
    seen, answer = [], visitor.get(EVERYONES, params={"limit": 2})
    while True:
        seen += [each["name"] for each in answer.json()]
        if "next" not in answer.links:
            break
        answer = visitor.get(answer.links["next"]["url"])

    assert seen == list("ABCDE")


def test_a_disabled_category_is_for_admins_only(admin: Person, visitor: Caller) -> None:
    category(admin, enabled=False)

    assert names(visitor) == []
    assert names(admin, ADMINS) == ["Buildings"]


def test_no_two_categories_have_one_name_however_it_is_capitalised(admin: Person) -> None:
    category(admin)

    answer = admin.post(ADMINS, json={"name": "BUILDINGS"})
    assert answer.status_code == 409
    assert answer.json()["detail"] == "A category has this name already"


def test_a_retried_creation_makes_one_category(admin: Person) -> None:
    headers = {"Idempotency-Key": "one"}
    first, second = (admin.post(ADMINS, json={"name": "A"}, headers=headers) for _ in range(2))

    assert first.json() == second.json()
    assert names(admin) == ["A"]


@pytest.mark.usefixtures("streamed")
def test_a_category_counts_the_models_that_everyone_sees(
    admin: Person, creator: Person, visitor: Caller
) -> None:
    category(admin)
    workshop.submitted(creator)
    model_id = workshop.on_sale(creator, admin)
    stream.settle()

    assert visitor.get(EVERYONES).json()[0]["model_count"] == 1
    assert creator.delete(f"/api/models/{model_id}").status_code == 204
    stream.settle()
    assert visitor.get(EVERYONES).json()[0]["model_count"] == 0


def test_an_edit_needs_the_version_it_is_made_on(admin: Person) -> None:
    path = f"{ADMINS}/{category(admin)}"
    seen = admin.get(path).headers["etag"]

    assert admin.patch(path, json={"icon": "🏰"}).status_code == 428
    first = admin.patch(path, json={"icon": "🏰"}, headers={"If-Match": seen})
    late = admin.patch(path, json={"icon": "🏠"}, headers={"If-Match": seen})
    assert (first.status_code, late.status_code) == (200, 412)
    assert first.headers["etag"] != seen
    assert admin.get(path).json()["icon"] == "🏰"


def test_only_what_is_given_changes(admin: Person) -> None:
    path = f"{ADMINS}/{category(admin, icon='🏰', order=3)}"

    answer = admin.patch(path, json={"enabled": False}, headers={"If-Match": "*"})
    assert answer.json() | {"id": 0} == {
        "id": 0,
        "name": "Buildings",
        "icon": "🏰",
        "enabled": False,
        "model_count": 0,
        "order": 3,
    }


def test_a_category_without_models_can_be_renamed_and_its_old_name_is_free(admin: Person) -> None:
    path = f"{ADMINS}/{category(admin)}"

    renamed = admin.patch(path, json={"name": "Houses"}, headers={"If-Match": "*"})
    assert renamed.json()["name"] == "Houses"
    category(admin, name="Buildings")
    taken = admin.patch(path, json={"name": "buildings"}, headers={"If-Match": "*"})
    assert taken.status_code == 409
    assert sorted(names(admin)) == ["Buildings", "Houses"]
    assert len(cloud.of_kind(CategoryNameItem)) == 2


@pytest.mark.usefixtures("streamed")
def test_a_category_with_models_keeps_its_name_and_stays(admin: Person, creator: Person) -> None:
    path = f"{ADMINS}/{category(admin)}"
    model_id = workshop.submitted(creator)["id"]
    stream.settle()

    assert admin.delete(path).status_code == 409
    renamed = admin.patch(path, json={"name": "Houses"}, headers={"If-Match": "*"})
    assert renamed.json()["detail"] == "Models use this category"
    recapitalised = admin.patch(path, json={"name": "BUILDINGS"}, headers={"If-Match": "*"})
    assert recapitalised.status_code == 200

    creator.delete(f"/api/models/{model_id}")
    stream.settle()
    assert admin.delete(path).status_code == 204
    assert names(admin, ADMINS) == []


def test_a_deleted_category_frees_its_name(admin: Person) -> None:
    path = f"{ADMINS}/{category(admin)}"

    assert admin.delete(path).status_code == 204
    assert admin.delete(path).status_code == 404
    category(admin)


def test_models_go_into_enabled_categories_as_these_are_spelled(admin: Person) -> None:
    category(admin)
    category(admin, name="Closed", enabled=False)

    assert service.known_category("bUILDINGS") == "Buildings"
    for name in ("Closed", "Nothing"):
        with pytest.raises(Malformed, match=name) as refused:
            service.known_category(name)
        assert refused.value.field == ("body", "category")


def test_every_change_is_on_record(admin: Person) -> None:
    path = f"{ADMINS}/{category(admin)}"
    admin.patch(path, json={"order": 2}, headers={"If-Match": "*"})
    admin.post(ADMINS, json={"name": "buildings"})
    admin.delete(path)

    deeds = [(deed.admin_id, deed.action) for deed in cloud.of_kind(AuditItem)]
    assert sorted(deeds) == [
        (admin.id, "category.create"),
        (admin.id, "category.delete"),
        (admin.id, "category.update"),
    ]


def test_pages_skip_and_repeat_nothing_that_stays(admin: Person, visitor: Caller) -> None:
    made = [category(admin, name=name) for name in "ABCDEF"]
    cloud.forget_secrets()  # the function has just started, and knows no key to sign cursors with
    first = visitor.get("/api/categories?limit=3")
    assert [each["name"] for each in first.json()] == ["A", "B", "C"]

    admin.delete(f"{ADMINS}/{made[0]}")
    assert names(visitor, first.links["next"]["url"]) == ["D", "E", "F"]
    category(admin, name="AA")
    category(admin, name="BB")
    assert names(visitor, first.links["next"]["url"]) == ["D", "E", "F"]


def test_there_are_no_more_categories_than_a_list_can_bear(
    admin: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(service, "MOST", 2)
    category(admin, name="A")
    category(admin, name="B")

    assert admin.post(ADMINS, json={"name": "C"}).status_code == 409


@pytest.mark.parametrize(
    "fields",
    [
        {"name": ""},
        {"name": "a" * 51},
        {"name": "two\nlines"},
        {"icon": "123456789"},
        {"icon": None},
        {"enabled": "yes"},
        {"order": -1},
        {"order": 1.5},
        {"order": True},
        {"model_count": 5},
        {"id": 1},
    ],
)
def test_malformed_categories_are_refused(admin: Person, fields: dict[str, object]) -> None:
    path = f"{ADMINS}/{category(admin, name='There')}"

    assert admin.post(ADMINS, json={"name": "New"} | fields).status_code == 422
    assert admin.patch(path, json=fields, headers={"If-Match": "*"}).status_code == 422
    assert names(admin, ADMINS) == ["There"]


def test_an_edit_that_changes_nothing_is_refused(admin: Person) -> None:
    path = f"{ADMINS}/{category(admin)}"

    assert admin.patch(path, json={}, headers={"If-Match": "*"}).status_code == 422


@pytest.mark.parametrize("category_id", ["0", "-1", "abc", str(2**53)])
def test_what_is_no_id_is_malformed(admin: Person, category_id: str) -> None:
    assert admin.get(f"{ADMINS}/{category_id}").status_code == 422


def test_an_unknown_category_is_not_found(admin: Person) -> None:
    path = f"{ADMINS}/{2**53 - 1}"

    assert admin.get(path).status_code == 404
    assert admin.delete(path).status_code == 404
    assert admin.patch(path, json={"order": 1}, headers={"If-Match": "*"}).status_code == 404


def test_only_admins_keep_categories(visitor: Caller, stranger: Person, admin: Person) -> None:
    category_id = category(admin)
    for method, path in (
        ("GET", ADMINS),
        ("POST", ADMINS),
        ("GET", f"{ADMINS}/{category_id}"),
        ("PATCH", f"{ADMINS}/{category_id}"),
        ("DELETE", f"{ADMINS}/{category_id}"),
    ):
        assert visitor.request(method, path, json={"name": "Mine"}).status_code == 401
        assert stranger.request(method, path, json={"name": "Mine"}).status_code == 403
    assert names(admin, ADMINS) == ["Buildings"]
