import json

import pytest

from nexus.storefront.schemas import MOST_SLIDES
from nexus.table.outbox import AuditItem
from tests import cloud, workshop
from tests.gateway import Caller
from tests.people import Person, ban

HOMEPAGE = "/api/admin/homepage"
SLIDER = "/api/admin/slider"


def slides(caller: Caller, path: str = "/api/slider") -> list[int]:
    return [model["id"] for model in caller.get(path).json()]


def test_a_new_storefront_has_a_homepage(admin: Person, visitor: Caller) -> None:
    homepage = visitor.get("/api/homepage").json()

    assert homepage["hero"]["title"]
    assert admin.get(HOMEPAGE).json() == homepage


def test_a_homepage_is_kept_letter_for_letter(admin: Person, visitor: Caller) -> None:
    text = '{ "b": 1.50, "a": [null, true, "ä\\u00e4"], "": {} }\n'.encode()

    for path in (HOMEPAGE, f"{HOMEPAGE}/"):
        answer = admin.put(path, content=text)
        assert (answer.status_code, answer.content) == (200, text)
    assert visitor.get("/api/homepage/").content == admin.get(HOMEPAGE).content == text


def test_an_empty_object_is_a_homepage(admin: Person, visitor: Caller) -> None:
    assert admin.put(HOMEPAGE, json={}).json() == {}
    assert visitor.get("/api/homepage").json() == {}


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"[]",
        b"null",
        b'"text"',
        b"1",
        b"{",
        b'{"a": NaN}',
        b'{"a": Infinity}',
        b"{'a': 1}",
        b'{"a": "\xff"}',
        b'{"a": "\\ud800"}',
        b'\xef\xbb\xbf{"a": 1}',
        b'{"a":' + b"[" * 40 + b"]" * 40 + b"}",
        b'{"a":' * 20_000,
        b'{"a":' * 5_000 + b"1" + b"}" * 5_000,
    ],
)
def test_what_is_no_reasonable_object_is_refused(admin: Person, body: bytes) -> None:
    admin.put(HOMEPAGE, json={"kept": True})

    answer = admin.put(HOMEPAGE, content=body)
    assert answer.status_code in {413, 422}, answer.text
    assert admin.get(HOMEPAGE).json() == {"kept": True}


@pytest.mark.parametrize("size", [100_001, 400_000])
def test_a_homepage_has_its_limits(admin: Person, size: int) -> None:
    small = {"text": "a" * (100_000 - len('{"text": ""}'))}

    assert admin.put(HOMEPAGE, content=json.dumps(small)).status_code == 200
    assert admin.put(HOMEPAGE, json={"text": "a" * size}).status_code == 413
    assert admin.get(HOMEPAGE).json() == small


@pytest.mark.parametrize("path", [HOMEPAGE, SLIDER])
def test_whoever_names_a_version_does_not_overwrite_another(admin: Person, path: str) -> None:
    body: object = {} if path == HOMEPAGE else []
    seen = {"If-Match": admin.get(path).headers["etag"]}

    assert admin.put(path, json=body, headers=seen).status_code == 200
    late = admin.put(path, json=body, headers=seen)
    assert (late.status_code, late.json()["title"]) == (412, "Precondition Failed")
    assert admin.put(path, json=body).status_code == 200
    current = {"If-Match": admin.get(path).headers["etag"]}
    assert admin.put(path, json=body, headers=current).status_code == 200


def test_a_public_read_tells_nothing_new_to_whoever_has_it(admin: Person, visitor: Caller) -> None:
    admin.put(HOMEPAGE, json={"a": 1})
    seen = visitor.get("/api/homepage").headers["etag"]

    again = visitor.get("/api/homepage", headers={"If-None-Match": seen})
    assert (again.status_code, again.content) == (304, b"")
    admin.put(HOMEPAGE, json={"a": 2})
    assert visitor.get("/api/homepage", headers={"If-None-Match": seen}).json() == {"a": 2}


def test_the_slider_keeps_its_order(admin: Person, creator: Person, visitor: Caller) -> None:
    assert slides(visitor) == slides(admin, SLIDER) == []
    first, second, third = (workshop.on_sale(creator, admin, name=name) for name in "abc")

    answer = admin.put(SLIDER, json=[third, first, second])
    assert [model["id"] for model in answer.json()] == [third, first, second]
    assert slides(visitor) == slides(admin, f"{SLIDER}/") == [third, first, second]
    admin.put(SLIDER, json={"model_ids": [second, third]})
    assert slides(visitor) == [second, third]
    model = visitor.get(f"/api/models/{second}").json()
    assert visitor.get("/api/slider").json()[0] == model


def test_only_what_is_on_sale_gets_into_the_slider(admin: Person, creator: Person) -> None:
    model_id = workshop.on_sale(creator, admin)
    pending = workshop.submitted(creator)["id"]
    admin.put(SLIDER, json=[model_id])

    for wrong in (
        [pending],
        [model_id, pending],
        [model_id, model_id],
        [1],
        [2**53],
        [0],
        [-1],
        [str(model_id)],
        [True],
        [None],
        {"model_ids": [pending]},
        {"model_ids": None},
        {"ids": [model_id]},
        {},
        None,
        "1",
        model_id,
        list(range(1, MOST_SLIDES + 2)),
    ):
        answer = admin.put(SLIDER, json=wrong)
        assert answer.status_code == 422, wrong
        assert isinstance(answer.json()["detail"], str)
    assert slides(admin, SLIDER) == [model_id]


def test_a_model_that_leaves_the_catalogue_leaves_the_slider(
    admin: Person, creator: Person, buyer: Person, visitor: Caller
) -> None:
    kept, withdrawn = (workshop.on_sale(creator, admin, name=name) for name in "ab")
    of_the_banned = workshop.on_sale(buyer, admin)
    admin.put(SLIDER, json=[withdrawn, of_the_banned, kept])

    creator.delete(f"/api/models/{withdrawn}")
    assert slides(visitor) == [of_the_banned, kept]
    ban(buyer)
    assert slides(visitor) == slides(admin, SLIDER) == [kept]
    assert admin.put(SLIDER, json=[kept, withdrawn]).status_code == 422
    assert admin.put(SLIDER, json=[kept]).status_code == 200


def test_every_change_is_on_record(admin: Person) -> None:
    admin.put(HOMEPAGE, json={})
    admin.put(SLIDER, json=[])
    admin.put(SLIDER, json=[7])

    deeds = {(deed.action, deed.admin_id) for deed in cloud.of_kind(AuditItem)}
    assert deeds == {("homepage.update", admin.id), ("slider.update", admin.id)}
    assert len(cloud.of_kind(AuditItem)) == 2


@pytest.mark.parametrize("path", [HOMEPAGE, SLIDER])
def test_only_admins_arrange_the_storefront(visitor: Caller, stranger: Person, path: str) -> None:
    for method in ("GET", "PUT"):
        assert visitor.request(method, path, json={}).status_code == 401
        assert stranger.request(method, path, json={}).status_code == 403
