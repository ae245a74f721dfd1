"""Whoever is entitled gets links to the files; they live minutes."""

from datetime import UTC, datetime, timedelta
from urllib.parse import parse_qs, unquote, urlsplit

import pytest

from tests import cloud
from tests.gateway import Caller
from tests.people import Person, ban
from tests.workshop import CONTENT, on_sale, submitted, upload


@pytest.fixture
def castle(creator: Person, admin: Person) -> int:
    return on_sale(creator, admin, upload_ids=[upload(creator, "château 1.glb")])


def status(caller: Caller, model_id: int) -> int:
    return caller.get(f"/api/models/{model_id}/download").status_code


def test_a_link_hands_the_file_out_for_five_minutes(castle: int, buyer: Person) -> None:
    buyer.post(f"/api/models/{castle}/purchase")

    answer = buyer.get(f"/api/models/{castle}/download")

    assert answer.status_code == 200
    assert answer.headers["cache-control"] == "no-store"
    [file] = answer.json()["files"]
    assert (file["format"], file["filename"], file["size"]) == (
        "glb",
        "château 1.glb",
        len(CONTENT),
    )
    link = urlsplit(file.pop("url"))
    asked = parse_qs(link.query)
    assert asked["X-Amz-Algorithm"] == ["AWS4-HMAC-SHA256"]
    assert asked["X-Amz-Expires"] == ["300"]
    assert asked["response-content-type"] == ["application/octet-stream"]
    assert asked["response-cache-control"] == ["private, no-store"]
    [disposition] = asked["response-content-disposition"]
    assert disposition.startswith("attachment; filename*=UTF-8''")
    assert unquote(disposition.removeprefix("attachment; filename*=UTF-8''")) == "château 1.glb"
    [product] = cloud.stored(cloud.FILES)
    assert link.path.endswith(product)
    assert cloud.FILES in link.netloc + link.path
    left = datetime.fromisoformat(file["expires_at"]) - datetime.now(UTC)
    assert timedelta(seconds=240) < left <= timedelta(seconds=300)


def test_only_the_entitled_get_links(
    castle: int, creator: Person, buyer: Person, stranger: Person, admin: Person, visitor: Caller
) -> None:
    buyer.post(f"/api/models/{castle}/purchase")

    assert [status(each, castle) for each in (buyer, creator, admin)] == [200, 200, 200]
    assert status(stranger, castle) == 403
    assert status(visitor, castle) == 401
    refusal = stranger.get(f"/api/models/{castle}/download").json()
    assert refusal["detail"] == "Buy this model to download it"


def test_what_is_not_on_sale_is_not_to_be_found(
    creator: Person, stranger: Person, admin: Person
) -> None:
    pending = submitted(creator)["id"]

    assert status(stranger, pending) == status(stranger, 12345) == 404
    assert status(creator, pending) == status(admin, pending) == 200


def test_buyers_keep_what_they_own(castle: int, creator: Person, buyer: Person) -> None:
    buyer.post(f"/api/models/{castle}/purchase")

    ban(creator)

    assert status(buyer, castle) == 200
    assert status(creator, castle) == 401


def test_file_url_is_the_door_and_not_the_file(castle: int, visitor: Caller) -> None:
    model = visitor.get(f"/api/models/{castle}").json()

    assert model["file_url"] == f"http://localhost:8000/api/models/{castle}/download"
    assert visitor.get(model["file_url"]).status_code == 401


def test_each_purchase_entitles_to_its_model_only(
    castle: int, creator: Person, admin: Person, buyer: Person
) -> None:
    other = on_sale(creator, admin)
    buyer.post(f"/api/models/{castle}/purchase")

    assert status(buyer, other) == 403
