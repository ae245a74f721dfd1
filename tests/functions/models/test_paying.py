"""Buying with a card: quoted, pending, and bought once Stripe says it is paid."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from nexus.purchases import paying
from nexus.purchases.paying import end_expired
from nexus.settings import settings
from nexus.table.catalogue import ModelItem, change_model, find_model
from nexus.table.outbox import OutboxItem
from nexus.table.payments import CheckoutItem, EventItem
from nexus.table.purchases import LedgerItem, OwnedItem, TransactionItem
from tests import cloud, stripe
from tests.people import Person, ban
from tests.stripe import Stripe
from tests.workshop import stocked

pytestmark = pytest.mark.usefixtures("provider")


@pytest.fixture
def castle(creator: Person) -> int:
    return stocked(creator)


def buy(buyer: Person, model_id: int, **request: Any) -> Any:
    answer = buyer.post(f"/api/models/{model_id}/purchase", **request)
    assert answer.status_code == 200, answer.text
    return answer.json()


def the_sale() -> TransactionItem:
    [sale] = cloud.of_kind(TransactionItem)
    return sale


def may_download(buyer: Person, model_id: int) -> bool:
    return buyer.get(f"/api/models/{model_id}/download").status_code == 200


def test_nothing_is_bought_before_it_is_paid(castle: int, buyer: Person) -> None:
    told = buy(buyer, castle)

    payment = told.pop("payment")
    assert told == {
        "message": "Payment required",
        "transaction_id": the_sale().id,
        "status": "pending",
    }
    assert payment["client_secret"].startswith("pi_")
    left = datetime.fromisoformat(payment.pop("expires_at")) - datetime.now(UTC)
    assert timedelta(minutes=29) < left <= timedelta(minutes=30)
    del payment["client_secret"]
    assert payment == {
        "provider": "stripe",
        "publishable_key": "pk_test_local",
        "amount": 19.99,
        "currency": "USD",
    }
    assert not may_download(buyer, castle)
    assert buyer.get("/api/users/me/purchases").json() == []
    [unpaid] = buyer.get("/api/users/me/export").json()["unpaid_purchases"]
    assert (unpaid["id"], unpaid["status"]) == (the_sale().id, "pending")
    assert [*cloud.of_kind(OwnedItem), *cloud.of_kind(LedgerItem)] == []


def test_what_is_paid_is_bought(
    castle: int, creator: Person, buyer: Person, provider: Stripe
) -> None:
    told = buy(buyer, castle)

    assert provider.pay(told) == 200
    assert provider.settle() == [200]

    mine = f"/api/users/me/purchases/{told['transaction_id']}"
    assert buyer.get(mine).json()["status"] == "completed"
    assert may_download(buyer, castle)
    [sale] = creator.get("/api/users/me/sales").json()
    assert (sale["amount"], sale["seller_revenue"], sale["payment_method"]) == (
        19.99,
        18.49,
        "stripe",
    )
    assert buyer.post(f"/api/models/{castle}/purchase").status_code == 409
    assert cloud.of_kind(CheckoutItem) == []
    mails = {mail.template for mail in cloud.of_kind(OutboxItem)}
    assert {"sale_notification", "purchase_confirmation"} <= mails


def test_a_declined_card_may_be_followed_by_another(
    castle: int, buyer: Person, provider: Stripe
) -> None:
    told = buy(buyer, castle)

    assert provider.pay(told, stripe.EMPTY_CARD) == 402
    provider.settle()
    assert the_sale().status == "pending"
    assert provider.pay(told) == 200
    provider.settle()

    assert the_sale().status == "completed"


def test_who_comes_back_goes_on_with_the_same_payment(castle: int, buyer: Person) -> None:
    first, second = buy(buyer, castle), buy(buyer, castle)

    assert first == second
    assert len(cloud.of_kind(TransactionItem)) == 1


def test_what_was_quoted_is_what_is_paid(castle: int, buyer: Person, provider: Stripe) -> None:
    told = buy(buyer, castle)
    model = find_model(castle)
    assert model
    change_model(model, {"price_cents": 9900}, model.created_at, ModelItem.status == "approved")

    assert buy(buyer, castle) == told
    provider.pay(told)
    provider.settle()

    assert (the_sale().amount_cents, the_sale().model_version) == (1999, model.version)


def test_a_quote_holds_for_half_an_hour_and_then_another_may_begin(
    castle: int, buyer: Person, provider: Stripe
) -> None:
    late = buy(buyer, castle)

    assert end_expired(datetime.now(UTC) + timedelta(minutes=29)) == 0
    assert end_expired(datetime.now(UTC) + timedelta(minutes=31)) == 1

    assert the_sale().status == "failed"
    assert provider.pay(late) == 400, "it cannot be paid any more"
    again = buy(buyer, castle)
    assert again["transaction_id"] != late["transaction_id"]
    provider.pay(again)
    assert set(provider.settle()) == {200}
    assert sorted(sale.status for sale in cloud.of_kind(TransactionItem)) == ["completed", "failed"]


def test_what_was_paid_in_time_is_kept_though_the_news_come_late(
    castle: int, buyer: Person, provider: Stripe
) -> None:
    provider.pay(buy(buyer, castle))

    assert end_expired(datetime.now(UTC) + timedelta(minutes=31)) == 0
    provider.settle()

    assert the_sale().status == "completed"


def test_what_is_paid_and_not_yet_told_keeps_no_other_from_its_end(
    creator: Person, buyer: Person, provider: Stripe, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(paying, "AT_ONCE", 1)
    provider.pay(buy(buyer, stocked(creator)))
    buy(buyer, stocked(creator))

    assert end_expired(datetime.now(UTC) + timedelta(minutes=31)) == 1

    provider.settle()
    statuses = sorted(sale.status for sale in cloud.of_kind(TransactionItem))
    assert statuses == ["completed", "failed"]


@pytest.mark.parametrize(
    ("cents", "status"), [(49, 409), (50, 200), (99_999_999, 200), (100_000_000, 409)]
)
def test_cards_pay_what_stripe_takes(
    cents: int, status: int, creator: Person, buyer: Person
) -> None:
    answer = buyer.post(f"/api/models/{stocked(creator, cents)}/purchase")

    assert answer.status_code == status, answer.text
    assert len(cloud.of_kind(CheckoutItem)) == (status == 200)


def test_a_payment_that_began_before_a_ban_is_kept(
    castle: int, creator: Person, buyer: Person, provider: Stripe
) -> None:
    told = buy(buyer, castle)
    ban(creator)
    provider.pay(told)
    provider.settle()

    assert may_download(buyer, castle)


def test_a_free_model_needs_no_provider(creator: Person, buyer: Person, provider: Stripe) -> None:
    told = buy(buyer, stocked(creator, 0))

    assert (told["status"], told["payment"]) == ("completed", None)
    assert provider.fresh() == []


def test_a_key_sent_again_is_answered_alike(castle: int, buyer: Person) -> None:
    key = {"Idempotency-Key": "one"}

    assert buy(buyer, castle, headers=key) == buy(buyer, castle, headers=key)


def test_others_do_not_see_a_purchase(castle: int, buyer: Person, stranger: Person) -> None:
    path = f"/api/users/me/purchases/{buy(buyer, castle)['transaction_id']}"

    assert buyer.get(path).json()["status"] == "pending"
    assert stranger.get(path).status_code == 404


@pytest.mark.parametrize(
    "lie",
    [
        {"amount_received": 1},
        {"amount_received": 2000},
        {"currency": "eur"},
        {"livemode": True},
        {"account": "acct_of_another"},
        {"id": "pi_of_another"},
    ],
    ids=str,
)
def test_what_does_not_fit_the_quote_buys_nothing(
    lie: dict[str, Any],
    castle: int,
    buyer: Person,
    provider: Stripe,
    capsys: pytest.CaptureFixture[str],
) -> None:
    provider.pay(buy(buyer, castle))
    [event] = provider.fresh()
    for name, value in lie.items():
        target = event if name in {"livemode", "account"} else event["data"]["object"]
        target[name] = value

    assert stripe.tell(event).status_code == 200

    assert the_sale().status == "pending"
    assert not may_download(buyer, castle)
    assert [each for each in cloud.of_kind(EventItem) if each.mistrust]
    assert cloud.of_kind(LedgerItem) == []
    assert "PaymentsToLookAt" in capsys.readouterr().out, "somebody should look at it"


def test_while_stripe_does_not_answer_nothing_is_lost(
    castle: int, buyer: Person, provider: Stripe, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as away:
        away.setenv("STRIPE_URL", "http://127.0.0.1:9")
        settings.cache_clear()
        answer = buyer.post(f"/api/models/{castle}/purchase")
    settings.cache_clear()

    assert (answer.status_code, answer.headers["retry-after"]) == (503, "5")
    told = buy(buyer, castle)
    assert told["transaction_id"] == the_sale().id
    provider.pay(told)
    provider.settle()
    assert may_download(buyer, castle)
