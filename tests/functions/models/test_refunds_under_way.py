"""Refunds that are noted and not made yet: asked for again, they are the same refunds."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from nexus.purchases import refunding
from nexus.purchases.reconciliation import reconcile_payments
from nexus.settings import settings
from nexus.table.purchases import TransactionItem
from tests import cloud
from tests.people import Person
from tests.stripe import Stripe
from tests.workshop import stocked

NOTED = (503, "The refund is noted, and will be made as soon as possible")


@pytest.fixture
def sale(creator: Person, buyer: Person, provider: Stripe) -> TransactionItem:
    """A sale by card, of $19.99."""
    provider.pay(buyer.post(f"/api/models/{stocked(creator)}/purchase").json())
    provider.settle()
    return the_sale()


def the_sale() -> TransactionItem:
    [sale] = cloud.of_kind(TransactionItem)
    return sale


@contextmanager
def unreachable(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """While this lasts nobody answers where Stripe should be."""
    with monkeypatch.context() as away:
        away.setenv("STRIPE_URL", "http://127.0.0.1:9")
        settings.cache_clear()
        yield
    settings.cache_clear()


def refund(admin: Person, sale: TransactionItem, **wanted: Any) -> tuple[int, str | None]:
    """An admin gives money back, always under the same key."""
    answer = admin.post(
        f"/api/admin/transactions/{sale.id}/refund",
        json=wanted or None,
        headers={"Idempotency-Key": "one"},
    )
    return answer.status_code, answer.json().get("detail")


def a_job_comes_by() -> int:
    """The refunds that the job finishes some days later."""
    return reconcile_payments(datetime.now(UTC) + timedelta(days=10)).finished


def given_back(provider: Stripe) -> list[int]:
    """The refunds that Stripe made, in cents."""
    return [event["data"]["object"]["amount"] for event in provider.fresh()]


def test_a_refund_noted_in_an_outage_is_made_once_by_whoever_comes_first(
    sale: TransactionItem, admin: Person, provider: Stripe, monkeypatch: pytest.MonkeyPatch
) -> None:
    with unreachable(monkeypatch):
        assert refund(admin, sale, amount=5) == NOTED
        assert refund(admin, sale, amount=5) == NOTED

    assert refund(admin, sale, amount=5) == (200, None)
    assert a_job_comes_by() == 0

    assert given_back(provider) == [500]
    assert the_sale().refunded_cents == 500


def test_a_refund_that_the_job_has_made_is_told_to_who_asked(
    sale: TransactionItem, admin: Person, provider: Stripe, monkeypatch: pytest.MonkeyPatch
) -> None:
    with unreachable(monkeypatch):
        assert refund(admin, sale, amount=5) == NOTED
    assert a_job_comes_by() == 1

    assert refund(admin, sale, amount=5) == (200, None)

    assert given_back(provider) == [500]
    assert the_sale().refunded_cents == 500


def test_a_return_noted_in_an_outage_goes_on(
    sale: TransactionItem, buyer: Person, provider: Stripe, monkeypatch: pytest.MonkeyPatch
) -> None:
    path, key = f"/api/users/me/purchases/{sale.id}/refund", {"Idempotency-Key": "one"}
    with unreachable(monkeypatch):
        assert buyer.post(path, headers=key).status_code == 503

    assert buyer.post(path, headers=key).json()["status"] == "refunded"

    assert given_back(provider) == [1999]


def test_a_refund_that_was_overtaken_after_it_was_noted_is_not_asked_for_anew(
    sale: TransactionItem, admin: Person, provider: Stripe, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as busy:
        busy.setattr(refunding, "TRIES", 1)  # it is noted, and then no try is left
        assert refund(admin, sale, amount=5) == NOTED

    assert refund(admin, sale, amount=5) == (200, None)

    assert given_back(provider) == [500]
    assert the_sale().refunded_cents == 500


def test_a_refund_that_was_noted_and_then_refused_stays_refused(
    sale: TransactionItem, admin: Person, provider: Stripe, monkeypatch: pytest.MonkeyPatch
) -> None:
    with unreachable(monkeypatch):
        assert refund(admin, sale, amount=5) == NOTED
    provider.refund(str(sale.payment_reference), 1999)  # someone was faster, at Stripe
    a_job_comes_by()
    provider.settle()

    assert refund(admin, sale, amount=5) == (409, "The refund was refused")
    assert the_sale().refunded_cents == 1999
