"""Payments that Stripe refuses, or does not know: they end, and keep no other from its end."""

from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import pytest

from nexus.errors import Unavailable
from nexus.payouts.service import destination_of
from nexus.purchases import paying
from nexus.purchases.paying import end_expired
from nexus.settings import settings
from nexus.table import keys
from nexus.table.discounts import DiscountItem
from nexus.table.items import Update, update
from nexus.table.payments import CheckoutItem
from nexus.table.payouts import PayoutAccountItem
from nexus.table.purchases import TransactionItem
from tests import cloud
from tests.people import Person
from tests.stripe import Stripe, onboarded
from tests.workshop import stocked


@pytest.fixture
def restricted(creator: Person, provider: Stripe) -> str:
    """The account of a creator whom Stripe has just forbidden transfers; nobody told us."""
    account = onboarded(creator, provider)
    provider.change(account, capabilities={"transfers": "inactive"})
    provider.fresh()
    return account


def buy(buyer: Person, model_id: int, **request: Any) -> httpx.Response:
    return buyer.post(f"/api/models/{model_id}/purchase", **request)


def statuses() -> list[str]:
    return sorted(sale.status for sale in cloud.of_kind(TransactionItem))


def later() -> datetime:
    return datetime.now(UTC) + timedelta(minutes=31)


def known_as(sale: TransactionItem, reference: str) -> None:
    update(Update(TransactionItem(*sale.key), [TransactionItem.payment_reference.set(reference)]))


def test_what_stripe_refuses_has_failed_and_can_be_tried_again(
    creator: Person,
    buyer: Person,
    provider: Stripe,
    restricted: str,
    capsys: pytest.CaptureFixture[str],
) -> None:
    castle, key = stocked(creator), {"Idempotency-Key": "one"}

    refused = buy(buyer, castle, headers=key)

    assert (refused.status_code, refused.json()["detail"]) == (409, paying.REFUSED)
    assert "PaymentsToLookAt" in capsys.readouterr().out
    assert (statuses(), cloud.of_kind(CheckoutItem)) == (["failed"], [])
    assert end_expired(later()) == 0

    provider.pay(buy(buyer, castle, headers=key).json())
    provider.settle()
    first, again = sorted(cloud.of_kind(TransactionItem), key=lambda sale: sale.created_at)
    assert (first.status, again.status) == ("failed", "completed")
    assert first.destination == restricted
    assert not again.destination, "we hold it for them"


def test_a_seller_whose_account_is_gone_goes_on_selling_and_gets_another(
    creator: Person, buyer: Person, provider: Stripe
) -> None:
    gone = onboarded(creator, provider)
    provider.end_account(gone)
    castle = stocked(creator)

    assert [buy(buyer, castle).status_code for _ in range(2)] == [409, 200]

    assert not destination_of(creator.id), "we hold it for them"
    told = creator.get("/api/users/me/payouts").json()
    assert (told["status"], told["payouts"]) == ("incomplete", [])
    account = onboarded(creator, provider)
    assert account != gone
    assert destination_of(creator.id) == account
    assert [item.key for item in cloud.of_kind(PayoutAccountItem)] == [keys.payout_account(account)]


@pytest.mark.usefixtures("restricted")
def test_a_code_whose_payment_is_refused_may_be_used_again(creator: Person, buyer: Person) -> None:
    castle = stocked(creator)
    code = {"code": "SPRING", "percent": 50, "most_uses": 1}
    assert creator.post("/api/users/me/discounts", json=code).status_code == 201

    assert buy(buyer, castle, params={"discount": "SPRING"}).status_code == 409

    [left] = cloud.of_kind(DiscountItem)
    assert (left.left, left.uses) == (1, 0)


def begun_while_stripe_was_away(
    buyer: Person, model_id: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as away:
        away.setenv("STRIPE_URL", "http://127.0.0.1:9")
        settings.cache_clear()
        assert buy(buyer, model_id).status_code == 503
    settings.cache_clear()


@pytest.mark.usefixtures("restricted")
def test_what_was_begun_and_is_refused_afterwards_is_ended_by_the_job(
    creator: Person, buyer: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    begun_while_stripe_was_away(buyer, stocked(creator), monkeypatch)

    assert end_expired(later()) == 1

    assert (statuses(), cloud.of_kind(CheckoutItem)) == (["failed"], [])


@pytest.mark.usefixtures("restricted")
def test_who_comes_back_to_what_is_refused_now_begins_anew(
    creator: Person,
    buyer: Person,
    provider: Stripe,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    castle = stocked(creator)
    begun_while_stripe_was_away(buyer, castle, monkeypatch)

    assert buy(buyer, castle).json()["status"] == "pending"

    assert statuses() == ["failed", "pending"]


def test_what_stripe_does_not_know_keeps_no_other_from_its_end(
    creator: Person, buyer: Person, provider: Stripe, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(paying, "AT_ONCE", 1)
    castle = stocked(creator)
    assert buy(buyer, castle).status_code == 200
    [lost] = cloud.of_kind(TransactionItem)
    known_as(lost, "pi_that_is_not_there")
    for _ in range(2):
        assert buy(buyer, stocked(creator)).status_code == 200

    for _ in range(2):
        with pytest.raises(Unavailable, match=str(lost.id)):
            end_expired(later())

    assert statuses() == ["failed", "failed", "pending"]
    assert buy(buyer, castle).json()["detail"] == paying.REFUSED
    known_as(lost, str(lost.payment_reference))


def test_where_stripe_is_away_the_job_does_not_ask_for_all(
    creator: Person, buyer: Person, provider: Stripe, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(paying, "UNANSWERED", 1)
    for _ in range(2):
        assert buy(buyer, stocked(creator)).status_code == 200

    with monkeypatch.context() as away:
        away.setenv("STRIPE_URL", "http://127.0.0.1:9")
        settings.cache_clear()
        with pytest.raises(Unavailable, match=r"\[\d+\]$"):
            end_expired(later())
    settings.cache_clear()

    assert statuses() == ["pending", "pending"]
