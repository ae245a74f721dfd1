"""Calls 16 and 17, and how models come and go."""

from typing import Any

import pytest

from tests import stream, workshop
from tests.contract.shapes import DOWNLOAD, MODEL, UPLOAD, mistakes
from tests.gateway import Caller
from tests.people import Person


def ids(models: list[dict[str, Any]]) -> list[int]:
    return [model["id"] for model in models]


def test_only_what_is_approved_is_listed(castle: int, ada: Person, anyone: Caller) -> None:
    pending = workshop.stored_model(ada).id

    for path in ("/api/models", "/api/models/"):
        models = anyone.get(path).json()
        assert ids(models) == [castle]
        assert mistakes(models[0], MODEL) == []
    assert anyone.get(f"/api/models/{pending}").status_code == 404


def test_skip_limit_and_category(ada: Person, anyone: Caller) -> None:
    shelf = workshop.shelf(ada, ("Lamps", "Chairs", "Lamps"))

    assert ids(anyone.get("/api/models?skip=1&limit=1").json()) == shelf[1:2]
    assert ids(anyone.get("/api/models?category=Lamps").json()) == shelf[::2]
    page = anyone.get("/api/models?limit=2")
    rest = anyone.get(page.links["next"]["url"])
    assert ids(rest.json()) == shelf[2:]
    assert ids(anyone.get(rest.links["prev"]["url"]).json()) == shelf[:2]


@pytest.mark.parametrize("slash", ["", "/"])
def test_one_model(slash: str, castle: int, ada: Person, anyone: Caller) -> None:
    model = anyone.get(f"/api/models/{castle}{slash}").json()

    assert mistakes(model, MODEL) == []
    assert model["price"] == 19.99
    assert model["formats"] == '["glb"]'
    assert model["texture_resolution"] == "2K"
    assert (model["description"], model["subcategory"]) == (None, None)
    assert model["creator"] == {"id": ada.id, "username": "ada", "is_verified": False}
    assert model["file_url"].endswith(f"/api/models/{castle}/download")


@pytest.mark.usefixtures("living_house")
def test_looking_counts_a_view(castle: int, anyone: Caller) -> None:
    before = anyone.get(f"/api/models/{castle}").json()["views"]
    stream.settle()

    assert anyone.get(f"/api/models/{castle}").json()["views"] > before


def test_a_model_that_is_not_there(anyone: Caller) -> None:
    answer = anyone.get("/api/models/1")

    assert (answer.status_code, answer.json()["detail"]) == (404, "Model not found")


def test_the_unapproved_are_for_their_creator_and_admins(
    ada: Person, bea: Person, root: Person, anyone: Caller
) -> None:
    path = f"/api/models/{workshop.stored_model(ada).id}"

    statuses = [each.get(path).status_code for each in (anyone, bea, ada, root)]

    assert statuses == [404, 404, 200, 200]


def test_from_an_upload_to_a_model(ada: Person, bea: Person) -> None:
    promised = ada.post("/api/uploads", json={"filename": "keep.glb", "size": 20})
    assert promised.status_code == 201
    form = promised.json()
    assert {"id", "url", "fields"} <= set(form)
    upload = ada.get(f"/api/uploads/{form['id']}").json()
    assert (mistakes(upload, UPLOAD), upload["status"]) == ([], "waiting")
    assert bea.get(f"/api/uploads/{form['id']}").status_code == 404

    wanted = {
        "name": "Keep",
        "description": "Four walls",
        "price": 5,
        "category": "Buildings",
        "subcategory": "Castles",
        "tags": ["stone"],
        "upload_ids": [workshop.upload(ada)],
        "claims": {"poly_count": 7},
    }
    answer = ada.post("/api/models", json=wanted)
    assert answer.status_code == 201
    model = answer.json()
    assert (mistakes(model, MODEL), model["status"]) == ([], "pending")
    assert (model["subcategory"], model["tags"], model["price"]) == ("Castles", ["stone"], 5)
    assert model["poly_count"] == workshop.FACTS.triangles
    assert model["claims"]["poly_count"] == 7


def test_editing_text_and_price_keeps_it_on_sale(castle: int, ada: Person, bea: Person) -> None:
    path = f"/api/models/{castle}"
    seen = ada.get(path).headers["etag"]
    change = {"price": 7.5, "description": "Cheaper"}

    assert bea.patch(path, json=change, headers={"If-Match": seen}).status_code == 404
    assert ada.patch(path, json=change).status_code == 428
    edited = ada.patch(path, json=change, headers={"If-Match": seen})
    assert (edited.status_code, mistakes(edited.json(), MODEL)) == (200, [])
    assert (edited.json()["price"], edited.json()["status"]) == (7.5, "approved")
    assert ada.patch(path, json=change, headers={"If-Match": seen}).status_code == 412
    files = {"upload_ids": [workshop.stored_upload(ada).id]}
    again = ada.patch(path, json=files, headers={"If-Match": "*"})
    assert again.json()["status"] == "pending"


def test_buyers_keep_what_is_withdrawn(castle: int, ada: Person, bea: Person) -> None:
    bea.post(f"/api/models/{castle}/purchase")

    assert bea.delete(f"/api/models/{castle}").status_code == 404
    assert ada.delete(f"/api/models/{castle}").status_code == 204
    assert bea.get(f"/api/models/{castle}").status_code == 404
    assert bea.get(f"/api/models/{castle}/download").status_code == 200


def test_downloads_are_for_the_entitled(
    castle: int, ada: Person, bea: Person, root: Person, anyone: Caller
) -> None:
    path = f"/api/models/{castle}/download"
    assert anyone.get(path).status_code == 401
    assert bea.get(path).status_code == 403
    bea.post(f"/api/models/{castle}/purchase")

    for each in (ada, bea, root):
        answer = each.get(path)
        [file] = answer.json()["files"]
        assert mistakes(file, DOWNLOAD) == []
        assert answer.headers["cache-control"] == "no-store"
