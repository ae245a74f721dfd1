"""Bodies that no frontend sends: each is answered with a 4xx, and changes nothing."""

import json

import pytest

from tests import cloud
from tests.people import Person

JSON = {"Content-Type": "application/json"}
ROUTES = (
    "/api/auth/register",
    "/api/auth/login",
    "/api/auth/refresh",
    "/api/uploads",
    "/api/models",
)

BODIES: dict[str, bytes] = {
    "nothing": b"",
    "spaces": b"   ",
    "no JSON": b"{",
    "text": b"hello",
    "two values": b"{}{}",
    "null": b"null",
    "a number": b"1",
    "a list": b"[]",
    "an empty object": b"{}",
    "deep lists": b"[" * 100_000,
    "deep and closed lists": b"[" * 100_000 + b"]" * 100_000,
    "deep objects": b'{"a":' * 40_000 + b"1" + b"}" * 40_000,
    "a deep field": b'{"name":' + b"[" * 100_000 + b"]" * 100_000 + b"}",
    "NaN": b'{"price": NaN, "size": NaN, "email": NaN, "refresh_token": NaN}',
    "Infinity": b'{"price": Infinity, "size": -Infinity}',
    "1e309": b'{"price": 1e309, "size": 1e309}',
    "many digits": b'{"price": ' + b"9" * 5000 + b', "size": ' + b"9" * 5000 + b"}",
    "many decimals": b'{"price": 0.' + b"1" * 5000 + b"}",
    "invalid UTF-8": b'{"email": "\xff\xfe"}',
    "UTF-16": '{"email": "a"}'.encode("utf-16"),
    "a byte order mark": b"\xef\xbb\xbf{}",
    "NUL": b'{"email": "\x00"}',
    "lone surrogates": json.dumps(
        {
            "email": "\ud800@example.com",
            "username": "\udfff",
            "password": "\ud800 velvet otter quilt",
            "refresh_token": "\ud800",
            "filename": "\ud800.glb",
            "name": "\ud800",
            "\ud800": "\ud800",
        }
    ).encode(),
    "the same key twice": b'{"email": "a", "email": "b"}',
    "a prototype": b'{"__proto__": {"is_admin": true}, "constructor": 1}',
}


@pytest.mark.parametrize("name", BODIES)
def test_odd_bodies(name: str, creator: Person) -> None:
    before = cloud.rows()

    for path in ROUTES:
        answer = creator.post(path, content=BODIES[name], headers=JSON)
        assert answer.status_code == 422, (path, answer.text)
        assert answer.json()["status"] == 422

    assert cloud.rows() == before


@pytest.mark.parametrize(
    "content_type",
    ["", "text/plain", "application/xml", "multipart/form-data", "multipart/form-data; boundary=x",
     "application/x-www-form-urlencoded", "application/json; charset=utf-16", "nonsense/\u00e9"],
)  # fmt: skip
def test_odd_content_types(content_type: str, creator: Person) -> None:
    headers = [(b"Content-Type", content_type.encode())]

    for path in ROUTES:
        answer = creator.post(path, content=b"<a>&b=c%ff", headers=headers)
        assert answer.status_code == 422, (path, answer.text)


def test_a_file_in_a_form_is_no_login(creator: Person) -> None:
    files = {"username": ("a.txt", b"x" * 1000), "password": ("b.txt", b"y")}

    assert creator.post("/api/auth/login", files=files).status_code == 422


@pytest.mark.parametrize("field", ["id", "status", "owner_id", "asset_key", "key", "bucket"])
def test_uploads_take_no_more_than_they_ask_for(field: str, creator: Person) -> None:
    wanted = {"filename": "a.glb", "size": 1, field: "1"}

    answer = creator.post("/api/uploads", json=wanted)

    assert answer.status_code == 422
    assert answer.json()["errors"][0]["loc"] == ["body", field]


@pytest.mark.parametrize(
    "field",
    ["id", "status", "creator_id", "is_featured", "is_trending", "downloads", "rating", "files",
     "poly_count", "formats", "file_url", "thumbnail_url", "created_at", "price_cents", "version"],
)  # fmt: skip
def test_models_take_no_more_than_they_ask_for(field: str, creator: Person) -> None:
    wanted = {"name": "a", "price": 1, "category": "b", "upload_ids": [1], field: 1}

    answer = creator.post("/api/models", json=wanted)

    assert answer.status_code == 422
    assert ["body", field] in [error["loc"] for error in answer.json()["errors"]]


@pytest.mark.parametrize(
    "query",
    ["skip=-1", "skip=10001", "skip=one", "skip=1.5", "skip=", "limit=0", "limit=101", "limit=-5",
     "limit=1e9", "limit=NaN", "limit=%00", "cursor=%ff", "cursor=" + "A" * 2001,
     "category=" + "a" * 51, "skip=9" + "9" * 50],
)  # fmt: skip
def test_odd_queries(query: str, creator: Person) -> None:
    answer = creator.get(f"/api/models?{query}")

    assert answer.status_code == 422
    assert answer.json()["errors"][0]["loc"][0] == "query"


@pytest.mark.parametrize("query", ["unknown=1", "category=%f0%9f%a6%8a", "category=", "skip=10000"])
def test_queries_that_find_nothing(query: str, creator: Person) -> None:
    assert creator.get(f"/api/models?{query}").json() == []
