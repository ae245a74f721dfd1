"""Comparing our books with the provider's: what one has and the other has not, or not so."""

import logging
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from nexus.errors import Problem
from nexus.logs import count
from nexus.outside import payments
from nexus.outside.payments import Booked, PaymentRefused
from nexus.purchases.refunding import finish
from nexus.settings import settings
from nexus.table.pages import every
from nexus.table.payments import checkouts_until, refunds_since
from nexus.table.purchases import TransactionItem, find_transaction, newest_sales

LOOKED_BACK = timedelta(days=3)
"""Longer than a day, so that a run that failed leaves no gap."""
SETTLING = timedelta(hours=1)
"""What is younger may still be on its way between the books."""
BEGUN_BEFORE = timedelta(hours=1)
ASKED_BACK = timedelta(days=30)
"""Refunds are asked for at any time after the sale, and are tried again for as long."""

logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class Comparison:
    """How many payments were compared, how many refunds finished, and what differs, in words."""

    checked: int
    finished: int
    differences: list[str]


def reconcile_payments(now: datetime) -> Comparison:
    """Compare the payments of the last days in both books, and wake someone where they differ."""
    since = now - LOOKED_BACK
    finished, differences = _finish_refunds(now)
    ours = {str(sale.payment_reference): sale for sale in _sold(since)}
    theirs = dict[str, Booked]()
    if ours or settings().payment_provider == "stripe":
        theirs = {
            each.reference: each
            for each in payments.provider("stripe").booked(since - BEGUN_BEFORE, now + SETTLING)
            if each.transaction_id is not None
        }
        differences += sorted(_differences(ours, theirs, now))
        differences += sorted(_untold(theirs, now))
    for difference in differences:
        logger.error("the books differ: %s", difference)
        count("PaymentDifferences", "payments")
    return Comparison(len(ours.keys() | theirs.keys()), finished, differences)


def _finish_refunds(now: datetime) -> tuple[int, list[str]]:
    """Make the refunds that broke off; how many those were, and which could not be made."""
    finished, unfinished = 0, list[str]()
    for transaction_id in refunds_since(now - ASKED_BACK):
        try:
            finished += finish(transaction_id, now=now)
        except Problem as why:
            unfinished.append(f"transaction {transaction_id}: a refund is not made: {why}")
    return finished, unfinished


def _sold(since: datetime) -> Iterator[TransactionItem]:
    """Our sales through the provider since a moment."""
    for sale in every(newest_sales):
        if sale.paid_at and sale.paid_at < since:
            return
        if sale.payment_method == "stripe":
            yield sale


def _differences(
    ours: dict[str, TransactionItem], theirs: dict[str, Booked], now: datetime
) -> Iterator[str]:
    for reference in ours.keys() - theirs.keys():
        if not _is_paid(reference):
            yield f"{reference}: the provider does not know it, we sold {ours[reference].id} for it"
    for reference, booked in theirs.items():
        sale = ours.get(reference) or find_transaction(booked.transaction_id or 0)
        if sale is None:
            yield f"{reference}: we do not know transaction {booked.transaction_id}"
        elif now - sale.created_at > SETTLING or reference in ours:
            yield from _compared(sale, booked)


def _is_paid(reference: str) -> bool:
    """Whether a payment that was begun before the others is in the provider's books: by bank debit
    it may take days.
    """
    try:
        return payments.provider("stripe").look(reference).status == "paid"
    except PaymentRefused:
        return False


def _untold(theirs: Mapping[str, Booked], now: datetime) -> Iterator[str]:
    """Payments that were made long after they began, and that we were not told of."""
    for checkout in checkouts_until(now - SETTLING):
        sale = find_transaction(checkout.transaction_id)
        reference = sale.payment_reference if sale else None
        if reference and reference not in theirs and _is_paid(reference):
            yield f"{reference}: paid is False for us and True for the provider"


def _compared(sale: TransactionItem, booked: Booked) -> Iterator[str]:
    is_paid = sale.paid_at is not None
    refunded = sale.refunded_cents if sale.dispute != "lost" else booked.refunded_cents
    facts = {
        "paid": (is_paid, booked.is_paid),
        "amount": (sale.amount_cents if is_paid else 0, booked.received_cents),
        "refunded": (refunded, booked.refunded_cents),
        "currency": (sale.currency, booked.currency),
    }
    for name, (we, they) in facts.items():
        if we != they:
            yield f"{booked.reference}: {name} is {we} for us and {they} for the provider"
