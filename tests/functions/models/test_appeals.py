"""Disputes that were lost, and are won after all."""

from collections.abc import Callable, Iterable

import pytest

from nexus.purchases.refunding import DISPUTED
from nexus.purchases.settlement import settle
from nexus.table.payments import EventItem, find_book
from nexus.table.purchases import TransactionItem
from nexus.verification.books import findings_in
from tests import cloud
from tests.people import Person
from tests.stripe import Event, Stripe, tell
from tests.till import balances, may_download, paid_sale, pay, refund, the_sale
from tests.workshop import stocked


@pytest.fixture
def castle(creator: Person) -> int:
    return stocked(creator)


@pytest.mark.parametrize("order", [list, reversed])
def test_a_dispute_that_was_lost_can_be_won_on_appeal(
    order: Callable[[list[Event]], Iterable[Event]], castle: int, buyer: Person, provider: Stripe
) -> None:
    sale = pay(buyer, castle, provider)

    dispute = provider.dispute(str(sale.payment_reference))
    provider.end_dispute(dispute, "lost")
    provider.end_dispute(dispute, "won")
    *before, appeal = provider.fresh()
    appeal["created"] += 3600
    for event in order([*before, appeal]):
        assert tell(event).status_code == 200

    assert (the_sale().status, the_sale().dispute) == ("completed", "won")
    assert may_download(buyer, castle)
    assert balances() == {"provider": -1999, "seller": 1849, "platform": 150}
    book = find_book(sale.id)
    assert book
    assert not list(findings_in(book))


def test_who_bought_again_before_the_appeal_was_won_owns_it_once(
    castle: int,
    buyer: Person,
    admin: Person,
    provider: Stripe,
    capsys: pytest.CaptureFixture[str],
) -> None:
    sale = pay(buyer, castle, provider)
    dispute = provider.dispute(str(sale.payment_reference))
    provider.end_dispute(dispute, "lost")
    provider.settle()
    provider.pay(buyer.post(f"/api/models/{castle}/purchase").json())
    provider.end_dispute(dispute, "won")
    *before, appeal = provider.fresh()
    appeal["created"] += 3600

    for event in [*before, appeal]:
        assert tell(event).status_code == 200

    assert "PaymentsToLookAt" in capsys.readouterr().out
    assert may_download(buyer, castle)
    sales = sorted(cloud.of_kind(TransactionItem), key=lambda each: each.created_at)
    assert [each.entitlement for each in sales] == ["ended", "owned"]
    assert balances() == {"provider": -3998, "seller": 3698, "platform": 300}, "it was paid twice"
    assert [refund(admin, each.id)[0] for each in sales] == [200, 200]
    assert balances() == {}


def test_what_was_won_on_appeal_cannot_be_returned(
    castle: int, buyer: Person, provider: Stripe
) -> None:
    sale = pay(buyer, castle, provider)
    assert may_download(buyer, castle)
    dispute = provider.dispute(str(sale.payment_reference))
    provider.end_dispute(dispute, "lost")
    provider.end_dispute(dispute, "won")
    *before, appeal = provider.fresh()
    appeal["created"] += 3600
    for event in [*before, appeal]:
        tell(event)

    answer = buyer.post(f"/api/users/me/purchases/{sale.id}/refund")

    assert (answer.status_code, answer.json()["detail"]) == (409, DISPUTED)


@pytest.mark.parametrize("order", [list, reversed])
def test_of_two_ends_of_one_moment_the_worse_counts(
    order: Callable[[list[EventItem]], Iterable[EventItem]],
) -> None:
    sale = paid_sale(1999, fee_cents=150)
    paid = EventItem.of(1, "paid", about="paid", amount_cents=1999)
    ends = [
        EventItem.of(1, about, about=about, subject="d", amount_cents=1999)
        for about in ("dispute_lost", "dispute_won")
    ]

    assert settle(sale, [paid, *order(ends)]).dispute == "lost"
