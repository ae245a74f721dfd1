"""Payments that Stripe takes its time for: a bank debit of some days, or no answer at all."""

import socket
from collections.abc import Iterator
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from nexus.outside import stripe_payments
from nexus.purchases.reconciliation import Comparison, reconcile_payments
from nexus.settings import settings
from nexus.table.items import Update, new_values, update
from nexus.table.payments import CheckoutItem
from nexus.table.purchases import TransactionItem
from tests import cloud
from tests.people import Person
from tests.stripe import Stripe
from tests.till import pay, refund, the_sale
from tests.workshop import stocked

DAYS = timedelta(days=5)


def told_of(sale: TransactionItem, comparison: Comparison) -> list[str]:
    return [each for each in comparison.differences if str(sale.payment_reference) in each]


def change(sale: TransactionItem, values: dict[str, Any]) -> None:
    update(Update(TransactionItem(*sale.key), new_values(TransactionItem, values)))


def test_a_payment_that_took_days_is_known_to_both_books(
    creator: Person, buyer: Person, provider: Stripe
) -> None:
    sale = pay(buyer, stocked(creator), provider)
    now = datetime.now(UTC) + DAYS
    change(sale, sale.paid(now - timedelta(hours=1)))

    assert told_of(sale, reconcile_payments(now)) == []


def test_a_payment_that_took_days_and_that_nobody_told_us_of_is_found(
    creator: Person, buyer: Person, provider: Stripe
) -> None:
    provider.pay(buyer.post(f"/api/models/{stocked(creator)}/purchase").json())
    provider.fresh()  # nobody tells us

    told = told_of(the_sale(), reconcile_payments(datetime.now(UTC) + DAYS))

    reference = the_sale().payment_reference
    assert told == [f"{reference}: paid is False for us and True for the provider"]
    assert len(cloud.of_kind(CheckoutItem)) == 1


def test_a_payment_that_the_provider_does_not_know_is_told_however_late_it_was_made(
    creator: Person, buyer: Person, provider: Stripe
) -> None:
    sale = pay(buyer, stocked(creator), provider)
    now = datetime.now(UTC) + DAYS
    paid_late = sale.paid(now - timedelta(hours=1))
    change(sale, paid_late | {"payment_reference": "pi_not_there"})

    told = told_of(the_sale(), reconcile_payments(now))

    assert told == [f"pi_not_there: the provider does not know it, we sold {sale.id} for it"]
    change(sale, {"payment_reference": sale.payment_reference})


def test_a_refund_that_broke_off_is_made_though_sales_were_closed_since(
    creator: Person,
    buyer: Person,
    admin: Person,
    provider: Stripe,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    sale = pay(buyer, stocked(creator), provider)
    with monkeypatch.context() as away:
        away.setenv("STRIPE_URL", "http://127.0.0.1:9")
        settings.cache_clear()
        assert refund(admin, sale.id)[0] == 503
    monkeypatch.setenv("PAYMENT_PROVIDER", "none")
    settings.cache_clear()

    assert reconcile_payments(datetime.now(UTC)).finished == 1

    assert the_sale().status == "refunded"
    monkeypatch.undo()
    settings.cache_clear()


@pytest.fixture
def silent(monkeypatch: pytest.MonkeyPatch) -> Iterator[socket.socket]:
    """Something that takes every connection and never says a word, in place of Stripe."""
    stripe_payments._http.cache_clear()
    with (
        socket.create_server(("127.0.0.1", 0)) as deaf,
        monkeypatch.context() as away,
    ):
        away.setattr(stripe_payments, "SECONDS", 0.2)
        away.setenv("STRIPE_URL", f"http://127.0.0.1:{deaf.getsockname()[1]}")
        settings.cache_clear()
        yield deaf
    stripe_payments._http.cache_clear()
    settings.cache_clear()


def test_a_buyer_is_told_when_stripe_does_not_answer(
    creator: Person, buyer: Person, provider: Stripe, silent: socket.socket
) -> None:
    answer = buyer.post(f"/api/models/{stocked(creator)}/purchase")

    assert (answer.status_code, answer.headers["content-type"]) == (503, "application/problem+json")
    assert connections(silent) == stripe_payments.RETRIES + 1, "its function has not long to run"


def connections(server: socket.socket) -> int:
    """How many have come to a server and wait."""
    server.settimeout(0)
    count = 0
    with suppress(BlockingIOError):
        while True:
            server.accept()[0].close()
            count += 1
    return count
