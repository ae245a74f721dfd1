"""Everything we hold about someone, in as many answers as it takes."""

from collections import defaultdict
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from nexus.export import service
from tests import cloud, workshop
from tests.limits import LAMBDA_ANSWERS_BYTES, QUOTE, bytes_of
from tests.people import Person
from tests.stripe import Stripe, onboarded

EXPORT = "/api/users/me/export"


def parts(person: Person, path: str = EXPORT) -> list[dict[str, Any]]:
    """An export, part by part, each by the link of the one before."""
    found = []
    while path:
        answer = person.get(path)
        assert bytes_of(answer) < LAMBDA_ANSWERS_BYTES
        found.append(answer.json())
        path = answer.links.get("next", {}).get("url", "")
        assert found[-1]["truncated"] is bool(path)
    return found


def ids(found: list[dict[str, Any]]) -> dict[str, list[int]]:
    """The ids of all entries of all parts, by their kind."""
    together: dict[str, list[int]] = defaultdict(list)
    for part in found:
        for kind, entries in part.items():
            if isinstance(entries, list):
                together[kind] += [entry["id"] for entry in entries]
    return dict(together)


def test_it_has_what_one_said_sent_and_offers(
    creator: Person, admin: Person, buyer: Person
) -> None:
    model_id = workshop.on_sale(creator, admin, price=0)
    buyer.post(f"/api/models/{model_id}/purchase")
    buyer.post(f"/api/models/{model_id}/reviews", json={"rating": 5, "text": "A view of mine"})
    buyer.post("/api/users/me/discounts", json={"code": "MYCODE", "percent": 10})
    upload_id = workshop.upload(buyer, "tower.glb")

    [export] = parts(buyer)

    assert [each["text"] for each in export["reviews"]] == ["A view of mine"]
    assert [each["code"] for each in export["discounts"]] == ["MYCODE"]
    assert [(each["id"], each["filename"]) for each in export["uploads"]] == [
        (upload_id, "tower.glb")
    ]
    [other] = parts(creator)
    assert other["reviews"] == other["discounts"] == []


def test_it_has_what_was_booked_for_a_seller(creator: Person, buyer: Person, admin: Person) -> None:
    model_id = workshop.on_sale(creator, admin)
    sale = buyer.post(f"/api/models/{model_id}/purchase").json()["transaction_id"]
    admin.post(f"/api/admin/transactions/{sale}/refund", json={"amount": 5})

    [export] = parts(creator)

    booked = [(each["entry"], each["amount"]) for each in export["bookings"]]
    assert booked == [("refund", -4.62), ("sale", 18.49)]
    assert export["bookings"] == creator.get("/api/users/me/statement").json()
    assert parts(buyer)[0]["bookings"] == []


def test_it_names_the_account_where_a_seller_is_paid(
    creator: Person, buyer: Person, provider: Stripe
) -> None:
    account = onboarded(creator, provider)

    assert parts(creator)[0]["payout_account"] == account
    assert parts(buyer)[0]["payout_account"] is None


def test_what_is_too_many_or_too_much_for_one_answer_comes_in_the_next(
    creator: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(service, "PAGE", 3)
    workshop.shelf(creator, ("Chairs", "Lamps") * 4)
    for code in ("SPRING", "SUMMER"):
        creator.post("/api/users/me/discounts", json={"code": code, "percent": 10})
    whole = parts(creator)
    assert [len(each["models"]) for each in whole] == [8]

    few = parts(creator, f"{EXPORT}?limit=4")
    monkeypatch.setattr(service, "MOST_BYTES", 2000)
    small = parts(creator)

    assert ids(few) == ids(small) == ids(whole)
    assert len(few) == 5
    assert len(small) > 5


@pytest.mark.parametrize("sign", ["\U0001f600", QUOTE, "\\"])
def test_long_descriptions_of_many_models_do_not_burst_an_answer(
    sign: str, creator: Person
) -> None:
    now = datetime.now(UTC)
    for number in range(200):
        at = now - timedelta(minutes=number)
        upload = workshop.unsaved_upload(creator.id, at)
        model = workshop.unsaved_model(creator.id, upload, "Buildings", at)
        model.description, upload.model_id = sign * 10_000, model.id
        cloud.store([upload, model])

    found = ids(parts(creator))

    assert len(found["models"]) == len(set(found["models"])) == 200
    assert len(found["uploads"]) == 200
