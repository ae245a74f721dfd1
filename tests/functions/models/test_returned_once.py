"""What buyers may return: what is still theirs, and each model once."""

from collections import Counter
from typing import Any

import pytest

from nexus.table.items import put
from nexus.table.outbox import OutboxItem
from nexus.table.payments import only_return
from nexus.table.purchases import TransactionItem
from tests import cloud
from tests.people import Person
from tests.stripe import Stripe
from tests.workshop import stocked

ONCE = "You have returned this model before; that can be done once"


@pytest.fixture
def castle(creator: Person) -> int:
    return stocked(creator)


def buy(buyer: Person, model_id: int, code: str | None = None) -> int:
    """Buy through the sandbox; the transaction's id."""
    query = {"discount": code} if code else None
    answer = buyer.post(f"/api/models/{model_id}/purchase", params=query)
    assert answer.status_code == 200, answer.text
    return int(answer.json()["transaction_id"])


def give_back(buyer: Person, sale: int, key: str | None = None) -> tuple[int, Any]:
    headers = {"Idempotency-Key": key} if key else {}
    answer = buyer.post(f"/api/users/me/purchases/{sale}/refund", headers=headers)
    return answer.status_code, answer.json()


def test_what_was_downloaded_and_charged_back_in_part_cannot_be_returned(
    castle: int, buyer: Person, admin: Person, provider: Stripe
) -> None:
    provider.pay(buyer.post(f"/api/models/{castle}/purchase").json())
    provider.settle()
    [sale] = cloud.of_kind(TransactionItem)
    assert buyer.get(f"/api/models/{castle}/download").status_code == 200
    dispute = provider.dispute(str(sale.payment_reference), amount=100)
    provider.end_dispute(dispute, "lost")
    provider.settle()

    status, told = give_back(buyer, sale.id)

    assert (status, told["detail"]) == (409, "What was disputed cannot be returned")
    [sale] = cloud.of_kind(TransactionItem)
    assert sale.refunded_cents == 100
    assert admin.post(f"/api/admin/transactions/{sale.id}/refund").status_code == 200


def test_a_model_is_returned_once_by_each_buyer(
    castle: int, buyer: Person, stranger: Person, admin: Person
) -> None:
    assert give_back(buyer, buy(buyer, castle))[0] == 200
    again = buy(buyer, castle)

    status, told = give_back(buyer, again)

    assert (status, told["detail"]) == (409, ONCE)
    assert buyer.get(f"/api/models/{castle}/download").status_code == 200, "it is theirs"
    assert give_back(stranger, buy(stranger, castle))[0] == 200
    assert admin.post(f"/api/admin/transactions/{again}/refund").status_code == 200


def test_a_return_that_is_sent_again_is_the_same_return(castle: int, buyer: Person) -> None:
    sale = buy(buyer, castle)

    first, second = (give_back(buyer, sale, "one") for _ in range(2))

    assert first[0] == 200
    assert first == second


def test_a_return_that_the_provider_refused_may_be_tried_again(castle: int, buyer: Person) -> None:
    """What a refused one leaves is the mark of its own purchase."""
    sale = buy(buyer, castle)
    [item] = cloud.of_kind(TransactionItem)
    put(only_return(item))

    assert give_back(buyer, sale)[0] == 200


def test_nobody_uses_up_a_code_by_returning(
    castle: int, creator: Person, buyer: Person, stranger: Person
) -> None:
    wanted = {"code": "SPRING", "percent": 100, "most_uses": 3}
    assert creator.post("/api/users/me/discounts", json=wanted).status_code == 201

    assert give_back(buyer, buy(buyer, castle, "SPRING"))[0] == 200
    assert give_back(buyer, buy(buyer, castle, "SPRING"))[0] == 409

    buy(stranger, castle, "SPRING")
    mails = Counter((mail.template, mail.user_id) for mail in cloud.of_kind(OutboxItem))
    assert mails["sale_notification", creator.id] == 3
