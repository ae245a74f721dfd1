"""A creator makes a model of uploads that are ready."""

import dataclasses
import json
from typing import Any

import httpx
import pytest

from imaging.report import Report
from nexus.catalogue import submission
from nexus.table.catalogue import ModelItem
from nexus.table.items import commit
from nexus.table.uploads import UploadItem, find_uploads, use_upload
from tests import cloud
from tests.gateway import Caller
from tests.people import Person
from tests.workshop import FACTS, READY, promised, shelf, stored_upload, submitted, upload

MODEL = {"name": "Castle", "price": 19.99, "category": "Buildings"}
REJECTED = Report(status="rejected", reason="This is text.", reason_code="not_a_model")


@pytest.fixture
def ready(creator: Person) -> int:
    return stored_upload(creator).id


def submit(creator: Caller, upload_ids: object, **fields: object) -> httpx.Response:
    return creator.post("/api/models", json=MODEL | {"upload_ids": upload_ids} | fields)


def refused(answer: httpx.Response, status: int, *place: str) -> None:
    assert answer.status_code == status, answer.text
    if place:
        assert answer.json()["errors"][0]["loc"] == list(place)
    assert cloud.of_kind(ModelItem) == []
    assert all(item.model_id is None for item in cloud.of_kind(UploadItem))


def test_ones_own_models_are_listed_newest_first_within_a_second_too(creator: Person) -> None:
    made = shelf(creator, ("Chairs",) * 6)

    assert [model["id"] for model in creator.get("/api/users/me/models").json()] == made


def test_a_model_has_the_names_and_shapes_of_the_contract(creator: Person, ready: int) -> None:
    answer = submit(
        creator,
        [ready],
        description="Many towers.\r\nTwo moats.",
        subcategory="Forts",
        tags=["stone", "medieval"],
        claims={"poly_count": 1000, "is_rigged": True, "texture_resolution": "4K"},
    )

    assert answer.status_code == 201
    model = answer.json()
    for name in ("created_at", "updated_at"):
        assert model.pop(name).endswith("Z")
    [file] = model.pop("files")
    assert set(file) == {"format", "filename", "size", "sha256"}
    codes = [finding["code"] for finding in model.pop("findings")]
    assert codes == ["is_rigged_differs", "poly_count_differs", "texture_resolution_differs"]
    pictures = model.pop("pictures")
    assert model.pop("thumbnail_url") == pictures["512"]
    model_id = model.pop("id")
    assert model == {
        "name": "Castle",
        "description": "Many towers.\nTwo moats.",
        "price": 19.99,
        "poly_count": 1200,
        "category": "Buildings",
        "subcategory": "Forts",
        "file_url": f"http://localhost:8000/api/models/{model_id}/download",
        "formats": '["glb"]',
        "is_rigged": False,
        "is_animated": False,
        "texture_resolution": "2K",
        "downloads": 0,
        "likes": 0,
        "views": 0,
        "rating": 0,
        "status": "pending",
        "is_trending": False,
        "is_featured": False,
        "creator_id": creator.id,
        "creator": {"id": creator.id, "username": "creator", "is_verified": False},
        "tags": ["stone", "medieval"],
        "claims": {"poly_count": 1000, "is_rigged": True, "texture_resolution": "4K"},
        "preview_url": None,
        "reason": None,
        "is_withdrawn": False,
    }
    assert isinstance(model_id, int)
    assert 0 < model_id < 2**53


def test_what_was_left_out_is_null(creator: Person, ready: int) -> None:
    model = submit(creator, [ready]).json()

    assert (model["description"], model["subcategory"], model["claims"]) == (None, None, None)
    assert model["tags"] == []


def test_facts_come_from_the_files_together(creator: Person) -> None:
    still = upload(creator, "a.glb")
    walking = dataclasses.replace(
        FACTS, triangles=9, is_rigged=True, is_animated=True, texture_resolution="4K"
    )
    report = dataclasses.replace(READY, format="zip", formats=["obj", "glb"], facts=walking)
    other = upload(creator, "b.zip", report)

    model = submit(creator, [still, other]).json()

    assert json.loads(model["formats"]) == ["glb", "obj"]
    assert model["poly_count"] == 1200
    assert (model["is_rigged"], model["is_animated"]) == (True, True)
    assert model["texture_resolution"] == "4K"
    assert [file["filename"] for file in model["files"]] == ["a.glb", "b.zip"]


def test_uploads_must_be_ones_own(creator: Person, stranger: Person) -> None:
    foreign, unknown = upload(stranger), 12345

    for upload_id in (foreign, unknown):
        answer = submit(creator, [upload_id])
        refused(answer, 422, "body", "upload_ids")
        assert answer.json()["detail"] == f"Upload {upload_id} not found"


def test_uploads_must_be_inspected(creator: Person, ready: int) -> None:
    waiting = promised(creator)["id"]
    rejected = upload(creator, "b.glb", REJECTED)

    refused(submit(creator, [waiting]), 409)
    answer = submit(creator, [ready, rejected])
    refused(answer, 409)
    assert answer.json()["detail"] == f"Upload {rejected} was rejected: This is text."


def test_an_upload_is_used_once(creator: Person, ready: int) -> None:
    assert submit(creator, [ready]).status_code == 201
    fresh = upload(creator, "b.glb")

    answer = submit(creator, [fresh, ready])

    assert answer.status_code == 409
    assert answer.json()["detail"] == "An upload belongs to another model already"
    assert len(cloud.of_kind(ModelItem)) == 1
    assert submit(creator, [fresh]).status_code == 201, "it stayed free"


def test_of_two_models_at_once_one_gets_the_upload(
    creator: Person, ready: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    look = find_uploads

    def overtaken(upload_ids: list[int]) -> list[UploadItem]:
        found = look(upload_ids)
        commit(use_upload(found[0], model_id=1))
        return found

    monkeypatch.setattr(submission, "find_uploads", overtaken)

    assert submit(creator, [ready]).status_code == 409
    assert cloud.of_kind(ModelItem) == []


@pytest.mark.parametrize(
    "upload_ids",
    [[], None, "1", 1, ["1"], [1.0], [True], [0], [-1], [2**53], [[1]], [1, 1], list(range(1, 12))],
)
def test_upload_ids_are_a_short_list_of_distinct_ids(upload_ids: object, creator: Person) -> None:
    assert submit(creator, upload_ids).status_code == 422


def test_a_model_cannot_be_made_of_nothing(creator: Person) -> None:
    assert creator.post("/api/models", json=MODEL).status_code == 422


@pytest.mark.parametrize(
    "price",
    ["-1", "-0.01", "1e309", "-1e309", "NaN", "Infinity", '"free"', '"5"', '""', "0.001", "19.999",
     "1e-30", "5e-324", "1000000.01", "1e20", "true", "false", "null", "[]", "{}"],
)  # fmt: skip
def test_prices_that_are_none(price: str, creator: Person, ready: int) -> None:
    body = json.dumps(MODEL | {"price": "PRICE", "upload_ids": [ready]}).replace('"PRICE"', price)

    answer = creator.post("/api/models", content=body, headers={"Content-Type": "application/json"})

    refused(answer, 422, "body", "price")


@pytest.mark.parametrize(
    ("price", "cents"),
    [("0", 0), ("-0.0", 0), ("0.01", 1), ("0.1", 10), ("1e3", 100_000), ("19.99", 1999),
     ("4.35", 435), ("1.10", 110), ("999999.99", 99_999_999), ("1000000", 100_000_000)],
)  # fmt: skip
def test_prices_are_kept_to_the_cent(price: str, cents: int, creator: Person, ready: int) -> None:
    body = json.dumps(MODEL | {"price": "PRICE", "upload_ids": [ready]}).replace('"PRICE"', price)

    answer = creator.post("/api/models", content=body, headers={"Content-Type": "application/json"})

    assert answer.status_code == 201
    assert answer.json()["price"] == float(price)
    assert cloud.of_kind(ModelItem)[0].price_cents == cents


TEXTS: dict[str, list[Any]] = {
    "name": ["", "   ", "a" * 121, "a\nb", "a\rb", "a\u0000", "a\u2028b", "a\u001bb", 5, None],
    "description": ["", "a" * 10_001, "a\u0000b", "a\u001bb", 5],
    "category": ["", " ", "a" * 51, "a\nb", 5, None],
    "subcategory": ["", "a" * 51, "a\tb", 5],
    "tags": ["stone", [""], ["a" * 51], ["a\nb"], ["a", "a"], [5], ["x"] * 2, None,
             [str(n) for n in range(21)]],
    "claims": [5, "x", {"poly_count": "5"}, {"poly_count": -1}, {"poly_count": True},
               {"is_rigged": 1}, {"is_rigged": "yes"}, {"texture_resolution": "big"},
               {"unknown": 1}, {"texture_resolution": "4K\n"}],
}  # fmt: skip


@pytest.mark.parametrize(
    ("field", "value"), [(field, value) for field, values in TEXTS.items() for value in values]
)
def test_texts_that_are_none(field: str, value: object, creator: Person) -> None:
    answer = submit(creator, [1], **{field: value})

    assert answer.status_code == 422
    assert field in {error["loc"][1] for error in answer.json()["errors"]}


def test_texts_of_all_languages_are_kept(creator: Person, ready: int) -> None:
    words = {
        "name": "Schloß Neuschwanstein 城 🏰 <script>alert(1)</script>",
        "description": "Zeile eins\n\tZeile zwei & mehr",
        "tags": ["été", "مدينة", "{{7*7}}", "'; DROP TABLE"],
    }

    model = submit(creator, [ready], **words).json()

    assert {name: model[name] for name in words} == words
    again = [stored_upload(creator).id]
    assert submitted(creator, name="cafe\u0301", upload_ids=again)["name"] == "caf\u00e9"


def test_only_signed_in_users_submit(visitor: Caller) -> None:
    assert submit(visitor, [1]).status_code == 401
