"""Call 1, and the rules that hold everywhere."""

import json
from itertools import pairwise
from typing import Any

import httpx
import pytest

from tests import cloud, documented, workshop
from tests.contract.shapes import FIELD_ERROR, PROBLEM, identifier, list_of, mistakes
from tests.gateway import Caller
from tests.people import Person

MADE: dict[str, dict[str, Any]] = {
    "/api/uploads": {"filename": "a.glb", "size": 5},
    "/api/bounties": {"title": "A moat", "description": "Round it", "budget": 5},
    "/api/admin/categories": {"name": "Moats"},
    "/api/admin/testimonials": {"author": "Eve", "text": "Good", "rating": 5},
    "/api/admin/tutorials": {"title": "T", "content": "c", "category": "Beginner"},
}
"""What is created by a POST of its own alone."""


def problem_of(answer: httpx.Response) -> dict[str, Any]:
    problem: dict[str, Any] = answer.json()
    assert answer.headers["content-type"] == "application/problem+json"
    assert (mistakes(problem, PROBLEM), problem["status"]) == ([], answer.status_code)
    return problem


def test_the_greeting(anyone: Caller) -> None:
    assert anyone.get("/").json() == {"message": "Nexus Models API"}


def lists() -> list[str]:
    """The paths of all reads without a variable; a table for spreadsheets is no JSON."""
    paths = documented.document()["paths"]
    reads = [path for path, told in paths.items() if "get" in told and "{" not in path]
    return [path for path in reads if not path.endswith(".csv")]


@pytest.mark.usefixtures("house")
def test_every_read_answers_with_and_without_a_slash(root: Person) -> None:
    for path in lists():
        plain, slashed = root.get(path), root.get(f"{path.rstrip('/')}/")
        assert (plain.status_code, slashed.status_code) == (200, 200), path
        changing = {"exported_at", "views"}
        if type(plain.json()) is dict and changing & plain.json().keys():
            continue
        assert plain.json() == slashed.json(), path


@pytest.mark.usefixtures("house")
def test_names_are_snake_case_but_in_the_three_sums(root: Person, castle: int) -> None:
    root.post(f"/api/models/{castle}/purchase")
    sums = {"/api/admin/stats", "/api/admin/revenue", "/api/admin/analytics"}

    camel = {path for path in lists() if names_with_capitals(root.get(path).json())}

    assert camel - {"/api/homepage", "/api/admin/homepage"} == sums


def names_with_capitals(value: Any) -> set[str]:
    if isinstance(value, list):
        return {name for each in value for name in names_with_capitals(each)}
    if not isinstance(value, dict):
        return set()
    inside = {name for each in value.values() for name in names_with_capitals(each)}
    return inside | {name for name in value if name != name.lower()}


def test_problems(castle: int, ada: Person, bea: Person, anyone: Caller) -> None:
    missing = problem_of(anyone.get("/api/users/me"))
    assert (missing["status"], missing["detail"]) == (401, "Not authenticated")
    assert anyone.get("/api/users/me").headers["www-authenticate"] == "Bearer"
    forbidden = problem_of(ada.get("/api/admin/stats"))
    assert (forbidden["status"], forbidden["detail"]) == (403, "Not enough permissions")
    assert problem_of(bea.get("/api/models/1"))["detail"] == "Model not found"
    assert problem_of(ada.post(f"/api/models/{castle}/purchase"))["status"] == 409
    malformed = problem_of(bea.get("/api/models?limit=0"))
    assert malformed["status"] == 422
    assert malformed["errors"] != []
    assert list_of(FIELD_ERROR)(malformed["errors"])


@pytest.mark.parametrize("query", ["skip=-1", "limit=0", "limit=101", "limit=100000", "cursor=x"])
def test_pages_have_their_bounds(query: str, anyone: Caller, house: None) -> None:
    assert anyone.get(f"/api/models?{query}").status_code == 422
    assert anyone.get("/api/models?limit=100").status_code == 200


def test_ids_do_not_follow_each_other(ada: Person) -> None:
    made = [ada.post("/api/uploads", json=MADE["/api/uploads"]).json()["id"] for _ in range(6)]

    assert all(map(identifier, made))
    steps = {abs(one - other) for one, other in pairwise(made)}
    assert len(steps) == 5
    assert 1 not in steps


@pytest.mark.parametrize("path", MADE)
def test_a_key_makes_one_of_each(path: str, root: Person) -> None:
    def post(body: dict[str, Any]) -> httpx.Response:
        return root.post(path, json=body, headers={"Idempotency-Key": "once"})

    first, again = post(MADE[path]), post(MADE[path])
    before = cloud.rows()

    if path == "/api/uploads":  # signed anew, as the first form may be over
        assert (first.status_code, first.json()["id"]) == (201, again.json()["id"])
    else:
        assert (first.status_code, first.content) == (201, again.content)
        assert again.headers["idempotency-replayed"] == "true"
    assert again.headers.get("etag") == first.headers.get("etag")
    other = post(MADE[path] | {"nothing": 1})
    assert other.status_code == 422
    assert cloud.rows() == before


def test_a_key_makes_one_model_purchase_review_and_application(
    ada: Person, bea: Person, castle: int
) -> None:
    model = {"name": "A", "price": 1, "category": "Buildings"}
    model["upload_ids"] = [workshop.stored_upload(ada).id]
    bounty = ada.post("/api/bounties", json=MADE["/api/bounties"]).json()["id"]
    for caller, path, body in (
        (ada, "/api/models", model),
        (bea, f"/api/models/{castle}/purchase", None),
        (bea, f"/api/models/{castle}/reviews", {"rating": 5}),
        (bea, f"/api/bounties/{bounty}/apply", {}),
    ):
        key = {"Idempotency-Key": "once"}
        first, again = (caller.post(path, json=body, headers=key) for _ in range(2))
        assert first.is_success, first.text
        assert (again.status_code, again.content) == (first.status_code, first.content)


def test_every_post_that_creates_or_moves_money_takes_a_key() -> None:
    told = documented.document()["paths"]
    creating = {
        path
        for path, operations in told.items()
        if "post" in operations and "201" in operations["post"]["responses"]
    }
    with_key = {
        path
        for path, operations in told.items()
        for parameter in operations.get("post", {}).get("parameters", ())
        if parameter["name"] == "idempotency-key"
    }

    moving = {
        "/api/models/{model_id}/purchase",
        "/api/admin/transactions/{transaction_id}/refund",
        "/api/admin/users/{user_id}/disbursements",
    }
    assert creating | moving <= with_key


def test_every_answer_names_its_request(anyone: Caller) -> None:
    answer = anyone.get("/api/models/1")

    assert answer.headers["x-request-id"] == json.loads(answer.content)["request_id"]
