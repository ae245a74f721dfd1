"""Money that banks take back: what becomes of the model, and of everybody's part."""

from collections.abc import Callable, Iterable
from datetime import UTC, datetime

import pytest

from nexus.purchases.settlement import settle
from nexus.table.payments import EventItem, find_book
from nexus.verification.books import findings_in
from tests.people import Person, an_admin
from tests.stripe import Event, Stripe, tell
from tests.till import balances, may_download, paid_sale, pay, refund, the_sale
from tests.workshop import stocked


@pytest.fixture
def castle(creator: Person) -> int:
    return stocked(creator)


def test_a_dispute_takes_the_model_away_until_it_is_won(
    castle: int, buyer: Person, admin: Person, provider: Stripe
) -> None:
    sale = pay(buyer, castle, provider)
    assert may_download(buyer, castle)

    dispute = provider.dispute(str(sale.payment_reference))
    provider.settle()
    assert not may_download(buyer, castle)
    assert balances() == {}
    assert buyer.get(f"/api/users/me/purchases/{sale.id}").json()["dispute"] == "open"
    assert buyer.post(f"/api/models/{castle}/purchase").status_code == 409
    assert refund(admin, sale.id)[0] == 409

    provider.end_dispute(dispute, "won")
    provider.settle()
    assert may_download(buyer, castle)
    assert balances() == {"provider": -1999, "seller": 1849, "platform": 150}


def test_a_dispute_of_a_part_takes_the_model_away_too() -> None:
    sale = paid_sale(1999, fee_cents=150)
    paid = EventItem.of(1, "paid", about="paid", amount_cents=1999)
    disputed = EventItem.of(1, "d", about="disputed", subject="d", amount_cents=500)

    assert settle(sale, [paid]).entitlement == "owned"
    assert settle(sale, [paid, disputed]).entitlement == "suspended"


def test_a_lost_dispute_is_a_refund(
    castle: int, buyer: Person, creator: Person, provider: Stripe
) -> None:
    sale = pay(buyer, castle, provider)

    dispute = provider.dispute(str(sale.payment_reference))
    provider.end_dispute(dispute, "lost")
    provider.settle()

    [told] = creator.get("/api/users/me/sales").json()
    assert (told["status"], told["dispute"], told["refunded_amount"]) == ("refunded", "lost", 19.99)
    assert not may_download(buyer, castle)
    assert an_admin("another").post(f"/api/models/{castle}/purchase").status_code == 200


SOLD = {"provider": -1999, "seller": 1849, "platform": 150}


def sound() -> bool:
    """Whether sale and ledger are as its events make them."""
    book = find_book(the_sale().id)
    assert book
    return not list(findings_in(book))


def test_an_inquiry_moves_no_money_until_it_is_a_dispute(
    castle: int, buyer: Person, provider: Stripe
) -> None:
    sale = pay(buyer, castle, provider)

    inquiry = provider.dispute(str(sale.payment_reference), status="warning_needs_response")
    provider.settle()
    assert balances() == SOLD
    assert may_download(buyer, castle)

    provider.escalate(inquiry)
    provider.settle()
    assert balances() == {}
    assert not may_download(buyer, castle)
    assert sound()


@pytest.mark.parametrize("status", ["prevented", "needs_response"])
def test_a_dispute_that_was_prevented_takes_nothing(
    status: str, castle: int, buyer: Person, provider: Stripe
) -> None:
    sale = pay(buyer, castle, provider)

    dispute = provider.dispute(str(sale.payment_reference), status=status)
    provider.settle()
    assert may_download(buyer, castle) is (status == "prevented")

    provider.end_dispute(dispute, "prevented")
    provider.settle()
    assert may_download(buyer, castle)
    assert balances() == SOLD
    assert sound()


def test_a_dispute_that_was_settled_with_a_refund_takes_the_price_once(
    castle: int, buyer: Person, provider: Stripe
) -> None:
    sale = pay(buyer, castle, provider)

    dispute = provider.dispute(str(sale.payment_reference), status="prevented")
    provider.refund(str(sale.payment_reference), 1999)
    provider.end_dispute(dispute, "prevented")
    provider.settle()

    assert the_sale().status == "refunded"
    assert balances() == {}
    assert sound()


def test_an_inquiry_ends_with_a_refund(
    castle: int, buyer: Person, admin: Person, provider: Stripe
) -> None:
    sale = pay(buyer, castle, provider)
    inquiry = provider.dispute(str(sale.payment_reference), status="warning_needs_response")
    provider.settle()

    assert refund(admin, sale.id)[0] == 200
    provider.end_dispute(inquiry, "warning_closed")
    provider.settle()

    assert the_sale().status == "refunded"
    assert not the_sale().dispute
    assert sound()


def test_a_whole_that_is_disputed_after_a_part_was_refunded_costs_the_platform(
    castle: int, buyer: Person, admin: Person, provider: Stripe
) -> None:
    sale = pay(buyer, castle, provider)
    assert refund(admin, sale.id, amount=5)[0] == 200

    dispute = provider.dispute(str(sale.payment_reference))
    provider.settle()
    assert balances() == {"provider": 500, "platform": -500}
    assert sound()

    provider.end_dispute(dispute, "lost")
    provider.settle()
    assert (the_sale().status, the_sale().refunded_cents) == ("refunded", 1999)
    assert (the_sale().refunded_fee_cents, sound()) == (150, True)


def test_such_a_dispute_that_is_won_leaves_what_was_refunded(
    castle: int, buyer: Person, admin: Person, provider: Stripe
) -> None:
    sale = pay(buyer, castle, provider)
    refund(admin, sale.id, amount=5)

    provider.end_dispute(provider.dispute(str(sale.payment_reference)), "won")
    provider.settle()

    assert balances() == {"provider": -1499, "seller": 1387, "platform": 112}
    assert (the_sale().status, the_sale().refunded_cents) == ("completed", 500)
    assert sound()


def test_a_bank_may_take_more_than_was_paid(castle: int, buyer: Person, provider: Stripe) -> None:
    sale = pay(buyer, castle, provider)

    dispute = provider.dispute(str(sale.payment_reference), amount=2050)
    provider.end_dispute(dispute, "lost")
    provider.settle()

    assert not may_download(buyer, castle)
    assert (the_sale().status, the_sale().refunded_cents) == ("refunded", 1999)
    assert balances() == {"provider": 51, "platform": -51}
    assert sound()


@pytest.mark.parametrize("order", [list, reversed])
def test_a_dispute_won_in_part_is_lost_for_the_rest(
    order: Callable[[list[Event]], Iterable[Event]], castle: int, buyer: Person, provider: Stripe
) -> None:
    sale = pay(buyer, castle, provider)

    dispute = provider.dispute(str(sale.payment_reference))
    provider.end_dispute(dispute, "lost", reinstated=999)
    for event in order(provider.fresh()):
        assert tell(event).status_code == 200

    assert (the_sale().status, the_sale().refunded_cents) == ("completed", 1000)
    assert balances() == {"provider": -999, "seller": 924, "platform": 75}
    assert not may_download(buyer, castle)
    assert sound()


def test_a_withdrawal_in_another_currency_tells_nothing_of_ours(
    castle: int, buyer: Person, provider: Stripe
) -> None:
    sale = pay(buyer, castle, provider)
    provider.end_dispute(provider.dispute(str(sale.payment_reference)), "lost")
    events = provider.fresh()
    for moved in events[-1]["data"]["object"]["balance_transactions"]:
        moved |= {"currency": "eur", "amount": -1700}

    for event in events:
        tell(event)

    assert the_sale().refunded_cents == 1999


@pytest.mark.parametrize("part", [1, 100, 133, 1000, 1998])
def test_parts_by_refund_and_by_dispute_take_back_all_of_the_fee(part: int) -> None:
    sale = paid_sale(1999, fee_cents=150)
    events = [
        EventItem.of(1, "paid", about="paid", amount_cents=1999),
        EventItem.of(1, "r", about="refunded", subject="r", amount_cents=part),
        EventItem.of(1, "d", about="dispute_lost", subject="d", amount_cents=1999 - part),
    ]

    settled = settle(sale, events)

    assert settled.refunded_fee_cents == 150
    assert not sum(line.amount_cents for line in settled.lines if line.account == "platform")


def test_many_small_parts_take_back_no_more_fee_than_a_large_one() -> None:
    sale = paid_sale(1999, fee_cents=150)
    events = [EventItem.of(1, "paid", about="paid", amount_cents=1999)]
    for number in range(200):
        name = str(number)
        events.append(EventItem.of(1, name, about="refunded", subject=name, amount_cents=7))

    settled = settle(sale, events)

    platform = sum(line.amount_cents for line in settled.lines if line.account == "platform")
    assert (settled.refunded_fee_cents, platform) == (105, 45)


def test_a_sale_is_of_the_moment_it_was_paid_however_late_that_is_told(
    castle: int, buyer: Person, provider: Stripe
) -> None:
    provider.pay(buyer.post(f"/api/models/{castle}/purchase").json())
    [paid] = provider.fresh()
    paid["created"] -= 7200

    tell(paid)

    assert the_sale().paid_at == datetime.fromtimestamp(paid["created"], UTC)
