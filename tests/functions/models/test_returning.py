"""Money back: by admins in whole or in parts, by buyers who have not downloaded."""

from collections import Counter
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nexus.errors import Conflict
from nexus.purchases import refunding
from nexus.purchases.reconciliation import reconcile_payments
from nexus.purchases.settlement import fee_share, settle
from nexus.settings import settings as ours
from nexus.table.outbox import AuditItem
from nexus.table.payments import EventItem
from nexus.table.users import find_user
from tests import cloud, stream
from tests.people import Person
from tests.stripe import Stripe
from tests.till import balances, may_download, paid_sale, pay, refund, the_sale
from tests.workshop import stocked


@pytest.fixture
def castle(creator: Person) -> int:
    return stocked(creator)


@pytest.fixture
def sale(castle: int, buyer: Person) -> int:
    """A sale through the sandbox."""
    told = buyer.post(f"/api/models/{castle}/purchase").json()
    return int(told["transaction_id"])


def test_parts_add_up_to_the_whole_and_no_further(
    sale: int, castle: int, buyer: Person, admin: Person
) -> None:
    status, told = refund(admin, sale, amount=5, reason="A broken normal map")
    assert (status, told["status"], told["refunded_amount"]) == (200, "completed", 5)
    assert may_download(buyer, castle)
    assert balances() == {"provider": -1499, "seller": 1387, "platform": 112}

    status, told = refund(admin, sale, amount=15)
    assert (status, told["detail"]) == (409, "No more than $14.99 of it can be given back")

    status, told = refund(admin, sale)
    assert (status, told["status"], told["refunded_amount"]) == (200, "refunded", 19.99)
    assert balances() == {}
    assert not may_download(buyer, castle)
    assert refund(admin, sale)[0] == 409
    deeds = [(deed.action, deed.detail) for deed in cloud.of_kind(AuditItem)]
    assert deeds == [("transaction.refund", "A broken normal map"), ("transaction.refund", None)]


@pytest.mark.parametrize("amount", [0, -1, 0.001, 20_000_000, "5", None, True])
def test_amounts_that_are_none(amount: Any, sale: int, admin: Person) -> None:
    status, _ = refund(admin, sale, amount=amount)

    assert status == (200 if amount is None else 422)


def test_a_free_model_is_given_back_once(creator: Person, buyer: Person, admin: Person) -> None:
    told = buyer.post(f"/api/models/{stocked(creator, price_cents=0)}/purchase").json()

    assert refund(admin, told["transaction_id"])[0] == 200
    assert refund(admin, told["transaction_id"])[0] == 409


def test_revenue_counts_what_is_left(creator: Person, buyer: Person, admin: Person) -> None:
    with cloud.streaming():
        castle = stocked(creator)
        told = buyer.post(f"/api/models/{castle}/purchase").json()
        refund(admin, told["transaction_id"], amount=5)
        stream.settle()

        revenue = admin.get("/api/admin/revenue").json()
        assert (revenue["totalRevenue"], revenue["platformFees"]) == (14.99, 1.12)
        assert creator.get("/api/users/me").json()["total_revenue"] == 13.87


def test_a_refund_that_is_sent_again_gives_nothing_more(sale: int, admin: Person) -> None:
    path, key = f"/api/admin/transactions/{sale}/refund", {"Idempotency-Key": "once"}
    wanted = {"amount": 5}

    first, second = (admin.post(path, json=wanted, headers=key) for _ in range(2))

    assert first.json() == second.json()
    assert the_sale().refunded_cents == 500
    assert admin.post(path, json={"amount": 6}, headers=key).status_code == 422


def test_a_refund_that_is_found_made_is_told_again(sale: int, admin: Person) -> None:
    who, now = find_user(admin.id), datetime.now(UTC)
    assert who

    wanted: dict[str, Any] = {"refund_id": 7, "amount_cents": 500, "reason": None, "now": now}
    first, second = (refunding.refund(sale, admin=who, **wanted) for _ in range(2))

    assert (first, the_sale().refunded_cents) == (second, 500)


# ---- Buyers


def give_back(buyer: Person, sale: int) -> tuple[int, Any]:
    answer = buyer.post(f"/api/users/me/purchases/{sale}/refund")
    return answer.status_code, answer.json()


def test_who_has_not_downloaded_may_return_it(
    sale: int, castle: int, buyer: Person, stranger: Person
) -> None:
    assert give_back(stranger, sale)[0] == 404

    status, told = give_back(buyer, sale)

    assert (status, told["status"]) == (200, "refunded")
    assert not may_download(buyer, castle)
    assert give_back(buyer, sale)[0] == 409
    assert buyer.post(f"/api/models/{castle}/purchase").status_code == 200, "may be bought again"


def test_who_has_downloaded_may_not(sale: int, castle: int, buyer: Person) -> None:
    assert may_download(buyer, castle)

    status, told = give_back(buyer, sale)

    assert (status, told["detail"]) == (409, "What was downloaded cannot be returned")
    assert may_download(buyer, castle)


@pytest.mark.parametrize(("days", "ok"), [(13, True), (15, False)])
def test_purchases_can_be_returned_for_two_weeks(
    days: int, *, ok: bool, sale: int, buyer: Person
) -> None:
    who, later = find_user(buyer.id), datetime.now(UTC) + timedelta(days=days)
    assert who
    if ok:
        refunding.take_back(sale, buyer=who, refund_id=1, now=later)
        return
    with pytest.raises(Conflict, match="14 days"):
        refunding.take_back(sale, buyer=who, refund_id=1, now=later)


# ---- Through Stripe


def test_stripe_gives_the_money_back(
    castle: int, buyer: Person, admin: Person, provider: Stripe
) -> None:
    sale = pay(buyer, castle, provider)

    assert refund(admin, sale.id, amount=5)[0] == 200
    assert give_back(buyer, sale.id)[1]["status"] == "refunded"

    told = [event["data"]["object"]["amount"] for event in provider.fresh()]
    assert told == [500, 1499]
    assert balances() == {}


def test_a_refund_made_at_stripe_counts_here_too(
    castle: int, buyer: Person, admin: Person, provider: Stripe
) -> None:
    sale = pay(buyer, castle, provider)

    provider.refund(str(sale.payment_reference), 1500)
    provider.settle()

    assert the_sale().refunded_cents == 1500
    assert refund(admin, sale.id, amount=5)[1]["detail"].startswith("No more than $4.99")


def test_a_refund_that_broke_off_is_finished(
    castle: int, buyer: Person, admin: Person, provider: Stripe, monkeypatch: pytest.MonkeyPatch
) -> None:
    sale = pay(buyer, castle, provider)
    with monkeypatch.context() as away:
        away.setenv("STRIPE_URL", "http://127.0.0.1:9")
        ours.cache_clear()
        assert refund(admin, sale.id)[0] == 503
    ours.cache_clear()
    assert not may_download(buyer, castle), "it is on its way back"
    assert refund(admin, sale.id)[0] == 409, "and is not given back twice"

    later = datetime.now(UTC) + timedelta(days=10)  # the sale is none of the last days any more
    assert reconcile_payments(later).finished == 1
    assert reconcile_payments(later).finished == 0

    assert the_sale().status == "refunded"
    assert len(provider.fresh()) == 1


# ---- Any amounts


@settings(max_examples=200, deadline=None)
@given(st.integers(1, 10**8), st.lists(st.integers(1, 10**8), max_size=6), st.data())
def test_parts_take_back_fee_and_sellers_part_to_the_cent(
    amount: int, cuts: list[int], data: st.DataObject
) -> None:
    fee = data.draw(st.integers(0, amount))
    marks = sorted({0, amount, *(cut % amount for cut in cuts)})
    parts = [last - first for first, last in pairwise(marks)]
    sale = paid_sale(amount, fee_cents=fee)
    events = [EventItem.of(1, "paid", about="paid", amount_cents=amount)]
    for n, part in enumerate(parts):
        events.append(EventItem.of(1, str(n), about="refunded", subject=str(n), amount_cents=part))
        assert 0 <= fee_share(sale, part) <= part

    settled = settle(sale, events)

    sums: Counter[str] = Counter()
    for line in settled.lines:
        sums[line.account.split()[0]] += line.amount_cents
    assert not any(sums.values())
    assert (settled.status, settled.refunded_fee_cents) == ("refunded", fee)
