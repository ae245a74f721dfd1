"""Refunds that someone makes in Stripe's dashboard: whose money it was, and who owes it now."""

from collections.abc import Callable, Iterable

import pytest

from nexus.purchases.settlement import settle
from nexus.table.payments import EventItem, find_book
from nexus.verification.books import findings_in
from tests.people import Person
from tests.stripe import Stripe, onboarded
from tests.till import balances, paid_sale, pay, refund, the_sale
from tests.workshop import stocked


@pytest.fixture
def reference(creator: Person, buyer: Person, provider: Stripe) -> str:
    """A payment of which the seller has their part."""
    onboarded(creator, provider)
    return str(pay(buyer, stocked(creator), provider).payment_reference)


def sound() -> bool:
    book = find_book(the_sale().id)
    assert book
    return not list(findings_in(book))


def test_a_seller_owes_their_part_of_what_was_not_taken_back_from_them(
    reference: str, provider: Stripe
) -> None:
    provider.refund(reference, 1999)
    provider.settle()

    assert balances() == {"seller": -1849, "provider": 1849}
    assert the_sale().status == "refunded"
    assert sound()


def test_a_seller_owes_nothing_of_what_was_taken_back_from_them(
    reference: str, provider: Stripe
) -> None:
    provider.refund(reference, 1999, reverse_transfer="true")
    provider.settle()

    assert balances() == {}
    assert sound()


def test_of_two_parts_one_is_owed(reference: str, provider: Stripe) -> None:
    provider.refund(reference, 500, reverse_transfer="true")
    provider.refund(reference, 1499)
    provider.settle()

    assert balances() == {"seller": -1387, "provider": 1387}
    assert sound()


def test_a_reversal_that_is_not_booked_is_found(reference: str, provider: Stripe) -> None:
    provider.refund(reference, 1999, reverse_transfer="true")
    provider.settle()
    book = find_book(the_sale().id)
    assert book

    for event in book.events:
        event.from_seller = False

    [found] = findings_in(book)
    assert "should have passed on 1849: 0" in found


def test_our_own_refunds_are_taken_back_from_the_seller(
    reference: str, admin: Person, provider: Stripe
) -> None:
    assert refund(admin, the_sale().id, amount=5)[0] == 200
    provider.settle()

    assert balances() == {"provider": -112, "platform": 112}
    assert sound()


@pytest.mark.parametrize("order", [list, reversed])
def test_one_who_knows_whose_money_it_was_is_enough(
    order: Callable[[list[EventItem]], Iterable[EventItem]],
) -> None:
    sale = paid_sale(1999, fee_cents=150)
    sale.destination = "acct_1"
    paid = EventItem.of(1, "paid", about="paid", amount_cents=1999)
    ours = EventItem.of(1, "r", about="refunded", subject="r", amount_cents=1999, from_seller=True)
    theirs = EventItem.of(1, "evt", about="refunded", subject="r", amount_cents=1999)

    lines = settle(sale, [paid, *order([ours, theirs])]).lines

    assert not sum(line.amount_cents for line in lines if line.account.startswith("seller"))
