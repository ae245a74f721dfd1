"""`Idempotency-Key`: a request that comes twice changes the state once and is answered alike."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import pytest

from models.app import app
from nexus.outside import files
from nexus.outside.secrets import signing_keys
from nexus.purchases.schemas import Bought
from nexus.table.catalogue import ModelItem
from nexus.table.idempotency import IdempotencyItem
from nexus.table.purchases import TransactionItem
from nexus.table.uploads import UploadItem
from nexus.web.identity import this_moment
from tests import cloud
from tests.gateway import Caller
from tests.people import PASSWORD, Person
from tests.workshop import stocked, stored_model, stored_upload

FILE = {"filename": "castle.glb", "size": 20}


def post(caller: Caller, path: str, key: str = "key-1", **request: Any) -> httpx.Response:
    return caller.post(path, headers={"Idempotency-Key": key}, **request)


class Crash(BaseException):
    """As if the process had ended: no handler of ours hears of it, and Mangum answers for it."""


@pytest.fixture
def later() -> Iterator[None]:
    """From now on it is a minute later."""
    app.dependency_overrides[this_moment] = lambda: datetime.now(UTC) + timedelta(minutes=1)
    yield
    app.dependency_overrides.clear()


def test_a_repeated_request_gets_the_same_answer(creator: Person) -> None:
    model = {
        "name": "A",
        "price": 1,
        "category": "Buildings",
        "upload_ids": [stored_upload(creator).id],
    }

    first, second = (post(creator, "/api/models", json=model) for _ in range(2))

    assert (first.status_code, second.status_code) == (201, 201)
    assert first.content == second.content
    assert "idempotency-replayed" not in first.headers
    assert second.headers["idempotency-replayed"] == "true"
    assert second.headers["cache-control"] == "no-store"
    assert len(cloud.of_kind(ModelItem)) == 1


@pytest.mark.parametrize("path", ["/api/uploads", "/api/inspect"])
def test_a_repeated_promise_of_an_upload_is_signed_anew(
    path: str, creator: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A form is good for an hour, and a key for a day."""
    first = post(creator, path, json=FILE).json()
    form = {"url": "https://files.example", "fields": {"policy": "of a later hour"}}
    monkeypatch.setattr(files, "presign_upload", lambda *_: form)

    second = post(creator, path, json=FILE)

    assert (second.status_code, second.json()) == (201, {"id": first["id"], **form})
    assert len(cloud.of_kind(UploadItem)) == 1


def test_every_route_that_creates_honours_the_key(
    creator: Person, buyer: Person, admin: Person
) -> None:
    ids = [stored_upload(creator).id]
    model = {"name": "A", "price": 1, "category": "Buildings", "upload_ids": ids}
    answers = [post(creator, "/api/models", json=model) for _ in range(3)]
    assert {(answer.status_code, answer.content) for answer in answers} == {
        (201, answers[0].content)
    }
    model_id = answers[0].json()["id"]
    admin.post(f"/api/admin/models/{model_id}/approve")

    answers = [post(buyer, f"/api/models/{model_id}/purchase") for _ in range(3)]
    assert {(answer.status_code, answer.content) for answer in answers} == {
        (200, answers[0].content)
    }
    assert len(cloud.of_kind(ModelItem)) == len(cloud.of_kind(TransactionItem)) == 1


def test_without_a_key_every_request_is_its_own(creator: Person) -> None:
    ids = {creator.post("/api/uploads", json=FILE).json()["id"] for _ in range(3)}

    assert len(ids) == 3


def test_a_key_is_for_one_content(creator: Person) -> None:
    post(creator, "/api/uploads", json=FILE)

    answer = post(creator, "/api/uploads", json=FILE | {"size": 21})

    assert answer.status_code == 422
    assert answer.json()["detail"] == "This idempotency key was used for another request"
    assert len(cloud.of_kind(UploadItem)) == 1


def test_a_key_is_for_one_query(buyer: Person, creator: Person) -> None:
    model_id = stocked(creator)
    post(buyer, f"/api/models/{model_id}/purchase")

    answer = post(buyer, f"/api/models/{model_id}/purchase?buyer_id={buyer.id}")

    assert answer.status_code == 422


def test_a_key_outlives_the_signing_key(creator: Person, monkeypatch: pytest.MonkeyPatch) -> None:
    first = post(creator, "/api/uploads", json=FILE)
    with monkeypatch.context() as broken:
        broken.setattr(files, "presign_upload", lambda *_: 1 / 0)
        assert post(creator, "/api/uploads", "key-2", json=FILE).status_code == 500
    keys = {"new": "n" * 64} | signing_keys()
    monkeypatch.setattr("nexus.web.idempotency.signing_keys", lambda: keys)

    assert post(creator, "/api/uploads", json=FILE).json()["id"] == first.json()["id"]
    assert post(creator, "/api/uploads", "key-2", json=FILE).status_code == 201
    assert len(cloud.of_kind(UploadItem)) == 2


def test_users_do_not_share_keys(creator: Person, stranger: Person) -> None:
    mine = post(creator, "/api/uploads", json=FILE)
    theirs = post(stranger, "/api/uploads", json=FILE)

    assert theirs.status_code == 201
    assert mine.json()["id"] != theirs.json()["id"]
    assert "idempotency-replayed" not in theirs.headers


def test_routes_do_not_share_keys(creator: Person, buyer: Person) -> None:
    one, other = stocked(creator), stocked(creator)

    answers = [post(buyer, f"/api/models/{each}/purchase") for each in (one, other)]

    assert [answer.status_code for answer in answers] == [200, 200]
    assert len(cloud.of_kind(TransactionItem)) == 2


def test_a_refused_request_may_be_tried_again(
    creator: Person, buyer: Person, admin: Person
) -> None:
    model_id = stored_model(creator).id
    assert post(buyer, f"/api/models/{model_id}/purchase").status_code == 404
    admin.post(f"/api/admin/models/{model_id}/approve")

    assert post(buyer, f"/api/models/{model_id}/purchase").status_code == 200


def test_a_malformed_request_may_be_mended_under_its_key(creator: Person) -> None:
    assert post(creator, "/api/uploads", json=FILE | {"size": -1}).status_code == 422

    assert post(creator, "/api/uploads", json=FILE).status_code == 201


def test_a_try_that_broke_off_goes_on_with_the_same_id(
    creator: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object) -> None:
        raise ConnectionError

    with monkeypatch.context() as broken:
        broken.setattr(files, "presign_upload", fail)
        assert post(creator, "/api/uploads", json=FILE).status_code == 500
    [item] = cloud.of_kind(UploadItem)

    answer = post(creator, "/api/uploads", json=FILE)

    assert (answer.status_code, answer.json()["id"]) == (201, item.id)
    assert len(cloud.of_kind(UploadItem)) == 1


def test_a_purchase_whose_answer_was_lost_is_the_same_purchase(
    creator: Person, buyer: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = f"/api/models/{stocked(creator)}/purchase"

    def fail(*_: object) -> None:
        raise ConnectionError

    with monkeypatch.context() as broken:
        broken.setattr(Bought, "of", fail)
        assert post(buyer, path).status_code == 500
    [sale] = cloud.of_kind(TransactionItem)

    answer = post(buyer, path)

    assert answer.status_code == 200
    assert answer.json()["transaction_id"] == sale.id
    assert len(cloud.of_kind(TransactionItem)) == 1


def test_a_crash_leaves_a_lease_that_ends(
    creator: Person,
    buyer: Person,
    monkeypatch: pytest.MonkeyPatch,
    request: pytest.FixtureRequest,
) -> None:
    path = f"/api/models/{stocked(creator)}/purchase"

    def crash(*_: object) -> None:
        raise Crash

    with monkeypatch.context() as broken:
        broken.setattr(Bought, "of", crash)
        assert post(buyer, path).status_code == 500
    [sale] = cloud.of_kind(TransactionItem)

    assert post(buyer, path).status_code == 409
    request.getfixturevalue("later")
    answer = post(buyer, path)

    assert (answer.status_code, answer.json()["transaction_id"]) == (200, sale.id)


def test_answers_with_tokens_are_not_kept(visitor: Caller) -> None:
    wanted = {"email": "ada@example.com", "username": "ada", "password": PASSWORD}

    tokens = post(visitor, "/api/auth/register", json=wanted).json()

    kept = str(cloud.rows())
    assert tokens["access_token"] not in kept
    assert tokens["refresh_token"] not in kept


def test_a_stolen_table_does_not_help_to_guess_passwords(
    visitor: Caller, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Equal bodies have no equal fingerprints without the signing key."""
    wanted = {"email": "ada@example.com", "username": "ada", "password": PASSWORD}

    def fingerprint() -> str:
        post(visitor, "/api/auth/register", json=wanted)
        [item] = cloud.of_kind(IdempotencyItem)
        cloud.empty()
        return item.fingerprint

    ours = fingerprint()
    assert ours == fingerprint()
    monkeypatch.setattr("nexus.web.idempotency.signing_keys", lambda: {"kid": "k" * 64})
    assert ours != fingerprint()


@pytest.mark.parametrize("key", ["", "a b", "\u00e9", "x" * 256, "a\tb"])
def test_keys_are_plain(key: str, creator: Person) -> None:
    headers = [(b"Idempotency-Key", key.encode())]

    answer = creator.post("/api/uploads", json=FILE, headers=headers)

    assert answer.status_code == 422
    assert answer.json()["errors"][0]["loc"][0] == "header"


def test_a_key_is_forgotten_after_a_day(creator: Person) -> None:
    post(creator, "/api/uploads", json=FILE)
    [item] = cloud.of_kind(IdempotencyItem)
    item.update([IdempotencyItem.expires_at.set(int(datetime.now(UTC).timestamp()) - 1)])

    answer = post(creator, "/api/uploads", json=FILE | {"size": 21})

    assert answer.status_code == 201
