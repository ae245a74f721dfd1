"""What no storefront sends, to every route that takes input: a 4xx that is told, and no change."""

import json
from collections.abc import Iterator
from typing import Any

import httpx
import pytest

from tests import cloud, documented, workshop
from tests.gateway import Caller
from tests.people import PASSWORD, Person

JSON = {"Content-Type": "application/json", "If-Match": "*"}

IDS = ("0", "-1", str(2**53), "abc", "1.5", "1e3", "9" * 39, "%00", "%F0%9F%A6%8A", "NaN", "null")

DEEP = "[" * 100_000 + "]" * 100_000
BODIES = (
    "",
    "{",
    "hello",
    "[",
    '"',
    "{}{}",
    DEEP,
    '{"a":' * 100_000,
    "NaN",
    "-Infinity",
)
VALUES = (
    "NaN", "Infinity", "-Infinity", "1e309", "9" * 39, "-" + "9" * 39, "0." + "1" * 400,
    '"\\ud800"', '"\\u0000"', '"a\\u0000b"', '{"a": 1}', "[[]]", DEEP, json.dumps("x" * 200_000),
)  # fmt: skip
"""As JSON texts that some parsers take; none of them is a good value for any field of ours."""
SECRETS = {"/api/auth/login", "/api/auth/refresh", "/api/auth/logout", "/api/auth/forgot-password"}
"""Here a text with a NUL is only one more that nobody holds, and answered like any other."""

TITLE = {"title": "A moat", "description": "Round it", "budget": 50}
TUTORIAL = {"title": "Walls", "content": "# Walls", "category": "Beginner", "published": True}
TESTIMONIAL = {"author": "Eve", "company": None, "text": "Good", "rating": 5, "verified": True}
CATEGORY = {"name": "Towers", "icon": "📦", "enabled": True, "order": 1}
MODEL = {
    "name": "Keep",
    "description": "Walls",
    "price": 5,
    "category": "Buildings",
    "subcategory": "Forts",
    "tags": ["stone"],
    "upload_ids": [1],
    "claims": {},
}
PAID = {"amount": 5, "reference": "SEPA 1"}
CAMPAIGN = {"subject": "News", "content": "<p>Hello</p>", "segment": "all"}
WRITES: dict[tuple[str, str], dict[str, Any]] = {
    ("POST", "/api/auth/register"): {
        "email": "e@example.com",
        "username": "eve",
        "password": PASSWORD,
    },
    ("POST", "/api/auth/login"): {"email": "e@example.com", "password": PASSWORD},
    ("POST", "/api/auth/refresh"): {"refresh_token": "x"},
    ("POST", "/api/auth/logout"): {"refresh_token": "x"},
    ("POST", "/api/auth/verify-email"): {"token": "x"},
    ("POST", "/api/auth/forgot-password"): {"email": "e@example.com"},
    ("POST", "/api/auth/reset-password"): {"token": "x", "password": PASSWORD},
    ("PATCH", "/api/users/me"): {"username": "rooty", "full_name": "Root"},
    ("POST", "/api/users/me/notifications/read"): {"ids": [1]},
    ("POST", "/api/users/me/discounts"): {"code": "MOAT-10", "percent": 10},
    ("POST", "/api/uploads"): {"filename": "a.glb", "size": 5, "sha256": "0" * 64},
    ("POST", "/api/inspect"): {"filename": "a.glb", "size": 5, "sha256": "0" * 64},
    ("POST", "/api/models"): MODEL,
    ("PATCH", "/api/models/{model_id}"): MODEL,
    ("POST", "/api/models/{model_id}/reviews"): {"rating": 5, "title": "Good", "text": "Very"},
    ("POST", "/api/bounties"): TITLE | {"deadline": "2027-01-01T00:00:00Z"},
    ("PATCH", "/api/bounties/{bounty_id}"): TITLE,
    ("POST", "/api/bounties/{bounty_id}/apply"): {"message": "I dig"},
    ("POST", "/api/bounties/{bounty_id}/award"): {"user_id": 1},
    ("POST", "/api/admin/models/{model_id}/reject"): {"reason": "No"},
    ("PATCH", "/api/admin/models/{model_id}"): {"is_featured": True, "is_trending": True},
    ("POST", "/api/admin/transactions/{transaction_id}/refund"): {"amount": 5, "reason": "No"},
    ("POST", "/api/admin/users/{user_id}/ban"): {"reason": "Spam"},
    ("POST", "/api/admin/users/{user_id}/disbursements"): PAID | {"direction": "paid"},
    ("POST", "/api/admin/categories"): CATEGORY,
    ("PATCH", "/api/admin/categories/{category_id}"): CATEGORY,
    ("POST", "/api/admin/testimonials"): TESTIMONIAL | {"featured": True},
    ("PATCH", "/api/admin/testimonials/{testimonial_id}"): TESTIMONIAL,
    ("POST", "/api/admin/tutorials"): TUTORIAL,
    ("PATCH", "/api/admin/tutorials/{tutorial_id}"): TUTORIAL,
    ("PUT", "/api/admin/slider"): {"model_ids": [1]},
    ("POST", "/api/admin/campaigns"): CAMPAIGN | {"name": "May"},
    ("PATCH", "/api/admin/campaigns/{campaign_id}"): CAMPAIGN,
    ("POST", "/api/admin/campaigns/{campaign_id}/schedule"): {
        "scheduled_at": "2027-05-01T12:00:00Z"
    },
    ("POST", "/api/admin/emails/send"): CAMPAIGN,
}
"""Every write with a body, and each of its fields with a value that is good as such."""
ANY_OBJECT = {("PUT", "/api/admin/homepage")}


def operations(key: str) -> Iterator[tuple[str, str, dict[str, Any]]]:
    """(method, path, what is told) of the document's operations that tell of something."""
    for path, methods in documented.document()["paths"].items():
        for method, told in methods.items():
            if key in told:
                yield method.upper(), path, told


def lists(parameter: str = "cursor") -> list[str]:
    return [
        path
        for _, path, told in operations("parameters")
        if parameter in {each["name"] for each in told["parameters"]}
    ]


def filled(path: str, value: str = "1") -> str:
    return "/".join(value if part.startswith("{") else part for part in path.split("/"))


def refused(answer: httpx.Response, *statuses: int) -> None:
    """The gateway checks that it is the problem document that is told."""
    sent = answer.request.content[:100]
    assert answer.status_code in (statuses or (422,)), (answer.request.url, sent, answer.text)


def test_every_write_with_a_body_has_a_row() -> None:
    assert WRITES.keys() | ANY_OBJECT == {
        (method, path) for method, path, _ in operations("requestBody")
    }


def test_ids_that_are_none(root: Person) -> None:
    before = cloud.rows()

    for method, path, _ in operations("parameters"):
        if "_id}" in path:
            for value in IDS:
                body = WRITES.get((method, path))
                answer = root.request(method, filled(path, value), json=body, headers=JSON)
                refused(answer, 404 if "{token}" in path else 422)

    assert cloud.rows() == before


@pytest.mark.parametrize(
    "query",
    ["skip=-1", "skip=abc", "skip=" + "9" * 39, "limit=0", "limit=-1", "limit=100000",
     "limit=NaN", "limit=%00", "cursor=%00", "cursor=" + "A" * 3000],
)  # fmt: skip
def test_pages_that_are_none(query: str, root: Person) -> None:
    for path in lists(query.partition("=")[0]):
        hidden = (404,) if "{" in path else ()  # a cursor is opened when what it is of was found
        refused(root.get(f"{filled(path)}?{query}"), 422, *hidden)


def test_a_cursor_of_another_list_opens_none(root: Person, ada: Person) -> None:
    workshop.shelf(ada, ("Chairs",) * 2)
    [cursor] = httpx.URL(root.get("/api/models?limit=1").links["next"]["url"]).params.get_list(
        "cursor"
    )
    foreign = [path for path in lists() if path != "/api/models" and "{" not in path]
    assert len(foreign) > 10

    for path in foreign:
        refused(root.get(path, params={"cursor": cursor}))


@pytest.mark.parametrize("route", WRITES, ids=" ".join)
def test_bodies_that_are_none(route: tuple[str, str], root: Person) -> None:
    method, path = route
    fields = WRITES[route]
    texts = [json.dumps(fields | {"surprise": 1}), *BODIES]
    for name in fields:
        rest = json.dumps({key: value for key, value in fields.items() if key != name})[1:-1]
        values = [each for each in VALUES if path not in SECRETS or "u0000" not in each]
        texts += [f'{{"{name}": {value}{", " * bool(rest)}{rest}}}' for value in values]
    told = documented.document()["paths"][path][method.lower()]["requestBody"]
    if not told.get("required"):
        texts.remove("")
    before = cloud.rows()

    for text in texts:
        answer = root.request(method, filled(path), content=text.encode(), headers=JSON)
        refused(answer, 413, 422)

    assert cloud.rows() == before


@pytest.mark.parametrize(
    "body",
    ["[]", "null", "1", "{", '{"a": NaN}', '{"a": Infinity}', '{"a": "\\ud800"}', DEEP,
     '{"a": ' + DEEP + "}", json.dumps({"a": "x" * 400_000})],
)  # fmt: skip
def test_homepages_that_are_none(body: str, root: Person) -> None:
    before = cloud.rows()

    refused(root.put("/api/admin/homepage", content=body.encode(), headers=JSON), 413, 422)

    assert cloud.rows() == before


def test_sliders_that_are_none(castle: int, ada: Person, root: Person) -> None:
    waiting = workshop.stored_model(ada).id
    before = cloud.rows()

    for wrong in ([castle, castle], [castle, waiting], [castle, 1], list(range(1, 30))):
        refused(root.put("/api/admin/slider", json=wrong))
        refused(root.put("/api/admin/slider", json={"model_ids": wrong}))
    refused(root.put("/api/admin/slider", json={"ids": [castle]}))

    assert cloud.rows() == before


def test_what_the_rules_of_the_house_forbid(
    castle: int, ada: Person, bea: Person, root: Person, anyone: Caller
) -> None:
    waiting = workshop.stored_model(ada).id
    bounty = f"/api/bounties/{ada.post('/api/bounties', json=TITLE).json()['id']}"
    own = workshop.stored_model(root).id
    before = cloud.rows()

    refused(root.post(f"/api/admin/models/{waiting}/reject"))
    refused(root.post(f"/api/admin/models/{own}/approve"), 409)
    refused(bea.post(f"/api/models/{castle}/reviews", json={"rating": 5}), 403)
    refused(bea.post(f"/api/models/{waiting}/purchase"), 404)
    refused(ada.post(f"/api/models/{castle}/purchase"), 409)
    refused(ada.post(f"{bounty}/apply"), 409)
    refused(ada.post(f"{bounty}/award", json={"user_id": bea.id}), 409)
    refused(root.post(f"/api/admin/users/{root.id}/ban"), 409)
    refused(root.delete("/api/users/me"), 409)
    name = {"email": "Ada <eve@example.com>", "username": "eve", "password": PASSWORD}
    refused(anyone.post("/api/auth/register", json=name))

    assert cloud.rows() == before
