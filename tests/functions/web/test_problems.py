"""Whatever is wrong is told as a problem document (RFC 9457) that shows nothing of the inside."""

import json
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.gateway import Caller, Context, handler
from tests.people import Person
from tests.workshop import on_sale, submitted

NAMES = {"type", "title", "status", "detail", "request_id"}


def problem(answer: httpx.Response) -> dict[str, Any]:
    document: dict[str, Any] = answer.json()
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.headers["cache-control"] == "no-store"
    assert set(document) - {"errors"} == NAMES
    assert ("errors" in document) == (answer.status_code == 422)
    assert document["status"] == answer.status_code
    assert document["request_id"] == answer.headers["x-request-id"] != ""
    assert isinstance(document["detail"], str)
    for error in document.get("errors", []):
        assert set(error) == {"loc", "msg", "type"}
    return document


def test_401(visitor: Caller) -> None:
    assert problem(visitor.get("/api/uploads/1"))["detail"] == "Not authenticated"


def test_403(creator: Person) -> None:
    assert problem(creator.get("/api/admin/stats"))["detail"] == "Not enough permissions"


def test_404_of_things(visitor: Caller) -> None:
    assert problem(visitor.get("/api/models/12345"))["detail"] == "Model not found"


@pytest.mark.parametrize(
    "path", ["/api/auth/nothing", "/api/users/me/x/y", "/api/models/1/2/3", "/api/admin/nothing"]
)
def test_404_of_paths(visitor: Caller, path: str) -> None:
    answer = visitor.get(path)

    assert answer.status_code == 404
    assert problem(answer)["detail"] == "Not Found"


@pytest.mark.parametrize(
    ("method", "path", "allowed"),
    [
        ("GET", "/api/auth/login", "POST"),
        ("DELETE", "/api/models", "GET"),
        ("PUT", "/api/users/me", "GET"),
        ("TRACE", "/api/models/1", "GET"),
        ("POST", "/api/admin/stats", "GET"),
    ],
)
def test_405(visitor: Caller, method: str, path: str, allowed: str) -> None:
    answer = visitor.request(method, path)

    assert answer.status_code == 405
    assert problem(answer)["detail"] == "Method Not Allowed"
    assert allowed in answer.headers["allow"]


def test_what_is_wrong_is_told_in_words(visitor: Caller, creator: Person, admin: Person) -> None:
    def told(answer: httpx.Response) -> str:
        assert answer.status_code == 422
        return str(problem(answer)["detail"])

    register = {"email": "zoe@example.com", "username": "Zoë", "password": "a tall ship"}
    assert told(visitor.post("/api/auth/register", json=register)).startswith(
        "username: must have 3 to 30 of the letters A to Z, digits"
    )
    code = {"code": "10 % off", "percent": 10}
    assert told(creator.post("/api/users/me/discounts", json=code)) == (
        "code: must have 3 to 30 of the letters A to Z, digits and dashes"
    )
    assert told(visitor.post("/api/auth/login", content='{"email": ')) == "body: is not valid JSON"
    model_id = on_sale(creator, admin)
    for twice in ([model_id, model_id], {"model_ids": [model_id, model_id]}):
        assert told(admin.put("/api/admin/slider", json=twice)) == (
            "model_ids: must not name a model twice"
        )


def test_409(creator: Person, admin: Person) -> None:
    model_id = on_sale(creator, admin)

    answer = creator.post(f"/api/models/{model_id}/purchase")

    assert answer.status_code == 409
    assert problem(answer)["detail"] == "You made this model; it is yours already"


def test_413_of_ten_megabytes(creator: Person) -> None:
    headers = {"Content-Type": "application/json"}
    body = json.dumps({"filename": "a" * 10_000_000}).encode()

    for path in ("/api/uploads", "/api/models", "/api/auth/login", "/api/auth/register"):
        answer = creator.post(path, content=body, headers=headers)
        assert answer.status_code == 413
        assert problem(answer)["detail"] == "The body is larger than 256 KiB"


def test_413_begins_where_it_says(creator: Person) -> None:
    def post(size: int) -> int:
        start, end = b'{"filename": "', b'"}'
        body = start + b"a" * (size - len(start) - len(end)) + end
        headers = {"Content-Type": "application/json"}
        return creator.post("/api/uploads", content=body, headers=headers).status_code

    assert post(256 * 1024) == 422
    assert post(256 * 1024 + 1) == 413


@pytest.mark.parametrize("content_type", ["application/json", "application/octet-stream"])
@pytest.mark.parametrize("sign", ["a", "\u00e4", "\U0001f98a"])
def test_413_counts_bytes_however_they_arrive(
    creator: Person, content_type: str, sign: str
) -> None:
    """API Gateway hands a body over as text or in base64, as its type is."""

    def post(size: int) -> int:
        body = (sign * (size // len(sign.encode()))).encode().ljust(size)
        headers = {"Content-Type": content_type}
        return creator.post("/api/uploads", content=body, headers=headers).status_code

    assert [post(256 * 1024 + extra) for extra in (-2, -1, 0, 1, 2)] == [422, 422, 422, 413, 413]


def test_problems_leave_as_text() -> None:
    event = json.loads(Path("events/content/welcome.json").read_text(encoding="utf-8"))

    event["requestContext"]["http"]["path"] = "/api/nothing"
    answer = handler("ContentFunction")(event, Context())

    assert (answer["statusCode"], answer["isBase64Encoded"]) == (404, False)
    assert json.loads(answer["body"])["detail"] == "Not Found"


def test_422_says_what_our_own_rules_say_and_nothing_of_the_library(visitor: Caller) -> None:
    answer = visitor.get("/api/models", params={"min_price": "9", "max_price": "2"})

    told = problem(answer)
    assert told["detail"] == "query: min_price must not be above max_price"
    assert [error["msg"] for error in told["errors"]] == ["min_price must not be above max_price"]


def test_422_says_where_and_not_what(visitor: Caller) -> None:
    secret = "hunter2 hunter2 hunter2"
    body = {"email": "no address", "username": secret, "password": [secret], "surprise": secret}

    answer = visitor.post("/api/auth/register", json=body)

    document = problem(answer)
    places = [tuple(error["loc"]) for error in document["errors"]]
    assert places == [
        ("body", "email"), ("body", "username"), ("body", "password"), ("body", "surprise")
    ]  # fmt: skip
    assert document["detail"].startswith("email: ")
    assert "hunter2" not in answer.text
    assert "no address" not in answer.text


def test_422_stays_short(visitor: Caller) -> None:
    body = {"x" * 5000 + str(n): n for n in range(40)}

    answer = visitor.post("/api/auth/register", json=body)

    assert answer.status_code == 422
    assert len(problem(answer)["errors"]) == 20
    assert len(answer.content) < 10_000


@pytest.mark.parametrize(
    ("path", "place"),
    [
        ("/api/models/0", "model_id"),
        ("/api/models/-1", "model_id"),
        ("/api/models/9007199254740992", "model_id"),
        ("/api/models/1e3", "model_id"),
        ("/api/models/one", "model_id"),
        ("/api/models/%00", "model_id"),
        ("/api/models/%F0%9F%A6%8A", "model_id"),
        ("/api/models/1%2F2", None),
        ("/api/models/%25", "model_id"),
        ("/api/models/1;DROP", "model_id"),
    ],
)
def test_ids_in_paths_are_ids(visitor: Caller, path: str, place: str | None) -> None:
    answer = visitor.get(path)

    assert answer.status_code == (422 if place else 404)
    if place:
        assert problem(answer)["errors"][0]["loc"] == ["path", place]


def test_both_slash_forms_are_the_same(creator: Person, admin: Person, visitor: Caller) -> None:
    model = submitted(creator)
    admin.post(f"/api/admin/models/{model['id']}/approve/")

    for path in ("/api/models", f"/api/models/{model['id']}"):
        seen = {"If-None-Match": "seen before, so that no view is counted"}
        one, other = (visitor.get(each, headers=seen).json() for each in (path, f"{path}/"))
        assert one == other != []
    for path in ("/api/users/me", "/api/users/me/models"):
        assert creator.get(path).json() == creator.get(f"{path}/").json() != []
    wanted = {"filename": "a.glb", "size": 10}
    assert creator.post("/api/uploads/", json=wanted).status_code == 201


def test_every_answer_carries_the_headers_of_the_house(visitor: Caller) -> None:
    for answer in (
        visitor.get("/"),
        visitor.get("/api/models"),
        visitor.get("/api/users/me"),
        visitor.get("/api/auth/nothing"),
    ):
        assert answer.headers["x-content-type-options"] == "nosniff"
        assert answer.headers["x-request-id"]
        assert "default-src 'none'" in answer.headers["content-security-policy"]
        assert "cache-control" in answer.headers


def test_what_is_private_is_stored_nowhere(creator: Person, visitor: Caller) -> None:
    for answer in (
        creator.get("/api/users/me"),
        creator.get("/api/users/me/models"),
        visitor.post("/api/auth/login", json={"email": "a", "password": "b"}),
    ):
        assert answer.headers["cache-control"] == "no-store"
