"""Buying: who may, once, at which price, and what is written of it."""

from typing import Any

import pytest

from nexus.settings import settings
from nexus.table.catalogue import ModelItem, change_model
from nexus.table.outbox import OutboxItem
from nexus.table.purchases import LedgerItem, OwnedItem, TransactionItem
from tests import cloud
from tests.gateway import Caller
from tests.people import Person, an_admin, ban
from tests.workshop import stocked, stored_model


@pytest.fixture
def castle(creator: Person) -> int:
    return stocked(creator)


def buy(caller: Caller, model_id: int, query: str = "", **request: Any) -> tuple[int, Any]:
    answer = caller.post(f"/api/models/{model_id}/purchase{query}", **request)
    return answer.status_code, answer.json()


def nothing_was_sold() -> None:
    for kind in (TransactionItem, OwnedItem, LedgerItem):
        assert cloud.of_kind(kind) == []


def test_a_sale_is_told_as_the_storefront_expects(castle: int, buyer: Person) -> None:
    status, told = buy(buyer, castle)

    assert status == 200
    [sale] = cloud.of_kind(TransactionItem)
    assert told == {
        "message": "Purchase successful",
        "transaction_id": sale.id,
        "status": "completed",
        "payment": None,
    }


def test_the_facts_of_a_sale(castle: int, creator: Person, buyer: Person) -> None:
    buy(buyer, castle)

    [sale] = cloud.of_kind(TransactionItem)
    assert (sale.amount_cents, sale.fee_cents, sale.net_cents) == (1999, 150, 1849)
    assert (sale.buyer_id, sale.seller_id, sale.model_id) == (buyer.id, creator.id, castle)
    assert (sale.fee_per_mille, sale.payment_method, sale.status) == (75, "sandbox", "completed")
    lines = [line for line in cloud.of_kind(LedgerItem) if line.entry == "sale"]
    ledger = {line.account: line.amount_cents for line in lines}
    assert ledger == {f"buyer {buyer.id}": -1999, f"seller {creator.id}": 1849, "platform": 150}
    mails = {mail.template: mail for mail in cloud.of_kind(OutboxItem)}
    assert mails["sale_notification"].user_id == creator.id
    assert mails["sale_notification"].data == {
        "model_id": castle,
        "model_name": "Castle",
        "amount_cents": 1999,
        "revenue_cents": 1849,
    }
    assert mails["purchase_confirmation"].user_id == buyer.id
    assert mails["purchase_confirmation"].data == {
        "model_id": castle,
        "model_name": "Castle",
    }


def test_buyer_and_seller_see_the_sale(castle: int, creator: Person, buyer: Person) -> None:
    _, told = buy(buyer, castle)

    [purchase] = buyer.get("/api/users/me/purchases").json()
    [sale] = creator.get("/api/users/me/sales").json()

    shown = Caller().get(f"/api/models/{castle}").json()
    assert purchase.pop("model") | {"views": 1} == shown
    assert purchase == sale
    assert sale.pop("created_at").endswith("Z")
    assert sale == {
        "id": told["transaction_id"],
        "amount": 19.99,
        "platform_fee": 1.5,
        "seller_revenue": 18.49,
        "buyer_id": buyer.id,
        "seller_id": creator.id,
        "model_id": castle,
        "status": "completed",
        "payment_method": "sandbox",
        "currency": "USD",
        "refunded_amount": 0,
        "dispute": None,
    }
    assert buyer.get("/api/users/me/sales").json() == []
    assert creator.get("/api/users/me/purchases").json() == []


def test_a_refunded_purchase_is_still_told(castle: int, buyer: Person, admin: Person) -> None:
    _, first = buy(buyer, castle)
    admin.post(f"/api/admin/transactions/{first['transaction_id']}/refund")
    _, second = buy(buyer, castle)

    told = buyer.get("/api/users/me/purchases").json()
    exported = buyer.get("/api/users/me/export").json()

    assert [(each["id"], each["status"], each["refunded_amount"]) for each in told] == [
        (second["transaction_id"], "completed", 0),
        (first["transaction_id"], "refunded", 19.99),
    ]
    assert exported["purchases"] == told
    assert exported["unpaid_purchases"] == []


def test_purchases_come_page_by_page(creator: Person, buyer: Person, admin: Person) -> None:
    bought = [buy(buyer, stocked(creator))[1]["transaction_id"] for _ in range(3)]
    admin.post(f"/api/admin/transactions/{bought[1]}/refund")

    first = buyer.get("/api/users/me/purchases?limit=2")
    rest = buyer.get(first.links["next"]["url"])

    assert [each["id"] for each in first.json() + rest.json()] == bought[::-1]
    assert "next" not in rest.links


def test_a_model_is_sold_once_to_each_buyer(castle: int, buyer: Person, stranger: Person) -> None:
    assert buy(buyer, castle)[0] == 200

    status, told = buy(buyer, castle)

    assert (status, told["detail"]) == (409, "You already own this model")
    assert buy(stranger, castle)[0] == 200
    assert len(cloud.of_kind(TransactionItem)) == 2


def test_nobody_buys_their_own_model(castle: int, creator: Person) -> None:
    status, told = buy(creator, castle)

    assert (status, told["detail"]) == (409, "You made this model; it is yours already")
    nothing_was_sold()


def test_what_is_not_on_sale_is_not_to_be_found(
    creator: Person, admin: Person, buyer: Person
) -> None:
    pending, rejected = stored_model(creator), stored_model(creator)
    no = {"status": "rejected", "reason": "No."}
    change_model(rejected, no, rejected.created_at, ModelItem.status == "pending")

    for model_id in (pending.id, rejected.id, 12345):
        for person in (buyer, admin):
            status, told = buy(person, model_id)
            assert (status, told["detail"]) == (404, "Model not found")
    nothing_was_sold()


def test_a_banned_creator_sells_nothing(castle: int, creator: Person, buyer: Person) -> None:
    ban(creator)

    assert buy(buyer, castle)[0] == 404
    nothing_was_sold()


def test_a_banned_buyer_buys_nothing(castle: int, buyer: Person) -> None:
    ban(buyer)

    assert buy(buyer, castle)[0] == 401
    nothing_was_sold()


def test_visitors_buy_nothing(castle: int, visitor: Caller, buyer: Person) -> None:
    assert buy(visitor, castle)[0] == 401
    assert buy(visitor, castle, f"?buyer_id={buyer.id}")[0] == 401
    nothing_was_sold()


def test_the_buyer_is_whoever_is_signed_in(castle: int, buyer: Person, stranger: Person) -> None:
    assert buy(buyer, castle, f"?buyer_id={stranger.id}")[0] == 403
    assert buy(buyer, castle, f"?buyer_id={buyer.id}&buyer_id={stranger.id}")[0] == 403
    assert buy(buyer, castle, "?buyer_id=someone")[0] == 422
    assert buy(buyer, castle, "?buyer_id=0")[0] == 422
    nothing_was_sold()

    elsewhere = {"X-Buyer-Id": str(stranger.id), "buyer_id": str(stranger.id)}
    status, _ = buy(buyer, castle, json={"buyer_id": stranger.id}, headers=elsewhere)

    assert status == 200
    assert cloud.of_kind(TransactionItem)[0].buyer_id == buyer.id


def test_the_storefronts_own_query_is_fine(castle: int, buyer: Person) -> None:
    assert buy(buyer, castle, f"?buyer_id={buyer.id}")[0] == 200


def test_a_free_model_is_had_without_a_payment(creator: Person, buyer: Person) -> None:
    model_id = stocked(creator, 0)

    assert buy(buyer, model_id)[0] == 200

    [sale] = cloud.of_kind(TransactionItem)
    assert (sale.amount_cents, sale.fee_cents, sale.net_cents) == (0, 0, 0)
    assert sale.payment_method == "free"
    assert sale.payment_reference is None
    assert buyer.get(f"/api/models/{model_id}/download").status_code == 200


@pytest.mark.parametrize(
    ("price", "fee"), [(0.01, 0), (0.06, 0), (0.07, 0.01), (0.2, 0.02), (19.99, 1.5), (1e6, 75000)]
)
def test_the_fee_is_seven_and_a_half_per_cent_to_the_cent(
    price: float, fee: float, creator: Person, buyer: Person
) -> None:
    buy(buyer, stocked(creator, round(price * 100)))

    [sale] = creator.get("/api/users/me/sales").json()

    assert (sale["amount"], sale["platform_fee"]) == (price, fee)
    assert sale["seller_revenue"] == round(price - fee, 2)


def test_while_payments_are_closed_only_free_models_can_be_had(
    creator: Person, buyer: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    priced, free = stocked(creator), stocked(creator, 0)
    monkeypatch.setenv("PAYMENT_PROVIDER", "none")
    settings.cache_clear()

    status, told = buy(buyer, priced)

    assert status == 409
    assert told["detail"] == "Payments are not open yet; only free models can be had"
    nothing_was_sold()
    assert buy(buyer, free)[0] == 200


def test_admins_buy_like_anyone(castle: int) -> None:
    assert buy(an_admin("other-admin"), castle)[0] == 200
