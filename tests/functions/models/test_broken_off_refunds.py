"""Refunds of which Stripe's answer, its webhook and a day were lost: made once all the same."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from nexus.purchases.reconciliation import reconcile_payments
from nexus.settings import settings
from nexus.table.payments import EventItem
from nexus.table.purchases import TransactionItem
from tests import cloud
from tests.people import Person
from tests.stripe import Stripe
from tests.workshop import stocked


@pytest.fixture
def noted(
    creator: Person,
    buyer: Person,
    admin: Person,
    provider: Stripe,
    monkeypatch: pytest.MonkeyPatch,
) -> EventItem:
    """A refund of $5 that was asked for; nobody here knows whether Stripe has made it."""
    provider.pay(buyer.post(f"/api/models/{stocked(creator)}/purchase").json())
    provider.settle()
    [sale] = cloud.of_kind(TransactionItem)
    with monkeypatch.context() as away:
        away.setenv("STRIPE_URL", "http://127.0.0.1:9")
        settings.cache_clear()
        path = f"/api/admin/transactions/{sale.id}/refund"
        assert admin.post(path, json={"amount": 5}).status_code == 503
    settings.cache_clear()
    [request] = (each for each in cloud.of_kind(EventItem) if each.about == "refund_requested")
    return request


def made_and_not_told(provider: Stripe, noted: EventItem, subject: str) -> None:
    """Stripe made it, and has forgotten the idempotency key, as it may after a day."""
    wanted: dict[str, Any] = {
        "payment_intent": str(noted.reference),
        "amount": "500",
        "metadata[refund_id]": subject,
    }
    provider.post("/v1/refunds", data=wanted).raise_for_status()
    provider.fresh()


def given_back(provider: Stripe, noted: EventItem) -> list[int]:
    asked = {"payment_intent": str(noted.reference)}
    listed = provider.get("/v1/refunds", params=asked).json()["data"]
    return [each["amount"] for each in listed]


@pytest.mark.parametrize("hours", [1, 30])
def test_a_refund_that_stripe_has_made_is_not_made_again(
    hours: int, noted: EventItem, provider: Stripe
) -> None:
    made_and_not_told(provider, noted, noted.subject)

    assert reconcile_payments(datetime.now(UTC) + timedelta(hours=hours)).finished == 1

    assert given_back(provider, noted) == [500]
    [sale] = cloud.of_kind(TransactionItem)
    assert sale.refunded_cents == 500


def test_another_refund_of_the_same_payment_does_not_stand_for_it(
    noted: EventItem, provider: Stripe
) -> None:
    made_and_not_told(provider, noted, "another")

    assert reconcile_payments(datetime.now(UTC) + timedelta(hours=30)).finished == 1

    assert given_back(provider, noted) == [500, 500]
