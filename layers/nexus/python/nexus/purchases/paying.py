"""Paying: a pending sale with its quote, the provider's payment for it, and what ends it."""

from datetime import datetime, timedelta

from nexus.errors import Conflict, Unavailable
from nexus.outside import payments
from nexus.outside.payments import Payment, ProviderDown, Quote, Told
from nexus.purchases.events import take
from nexus.table.items import Step
from nexus.table.payments import (
    CheckoutItem,
    checkouts_until,
    find_checkout,
    note_reference,
    open_checkout,
)
from nexus.table.purchases import TransactionItem, find_transaction

QUOTED = timedelta(minutes=30)
AT_ONCE = 100
"""How many payments the job ends in one go."""

BUSY = "This purchase is changing at this moment. Please try again."


def begin(sale: TransactionItem, *also: Step, now: datetime) -> tuple[TransactionItem, Payment]:
    """Open the payment of a new sale; or of the one that this buyer is paying for already.

    Raises `ConditionFailed` for a step of `also`.
    """
    sale.quoted_until = now + QUOTED
    if not open_checkout(sale, sale.quoted_until, *also):
        found = find_checkout(sale.buyer_id, sale.model_id)
        earlier = find_transaction(found.transaction_id) if found else None
        if earlier is None:
            raise Conflict(BUSY)
        sale = earlier
    return sale, _payment(sale)


def resume(checkout: CheckoutItem, *, now: datetime) -> tuple[TransactionItem, Payment] | None:
    """The payment a buyer has begun; None where it has ended, so that a new one may begin."""
    sale = find_transaction(checkout.transaction_id)
    if sale is None or sale.status != "pending":
        return None
    payment = _payment(sale)
    if payment.status == "open" and checkout.until <= now:
        payment = _ended(sale)
    if payment.status == "canceled":
        _note_cancellation(sale, payment, now)
        return None
    return sale, payment


def _payment(sale: TransactionItem) -> Payment:
    """The provider's payment of a sale; made, if it is not there yet. Raises `Unavailable`."""
    try:
        provider = payments.provider(sale.payment_method)
        if sale.payment_reference:
            return provider.look(sale.payment_reference)
        payment = provider.open(_quote(sale))
        note_reference(sale, payment.reference)
    except ProviderDown as down:
        raise Unavailable("Payments cannot be reached. Please try again.") from down
    return payment


def _ended(sale: TransactionItem) -> Payment:
    try:
        return payments.provider(sale.payment_method).cancel(str(sale.payment_reference))
    except ProviderDown as down:
        raise Unavailable("Payments cannot be reached. Please try again.") from down


def _note_cancellation(sale: TransactionItem, payment: Payment, now: datetime) -> None:
    """The provider's own event of it may be under way: it changes nothing more."""
    told = Told(
        event_id="canceled",
        about="canceled",
        reference=payment.reference,
        amount_cents=sale.amount_cents,
        currency=sale.currency,
        livemode=sale.livemode,
        happened_at=now,
    )
    take(told, now=now)


def end_expired(now: datetime) -> int:
    """End the payments whose quote has run out, and tell how many; what is paid stays paid.

    At most `AT_ONCE` are ended, however many that are paid and mistrusted wait before them.
    Raises `Unavailable` where some could not be ended, after all others were.
    """
    ended, left = 0, list[int]()
    for checkout in checkouts_until(now):
        if ended + len(left) == AT_ONCE:
            break
        try:
            ended += resume(checkout, now=now) is None
        except Unavailable:
            left.append(checkout.transaction_id)
    if left:
        raise Unavailable(f"These payments could not be ended: {left}")
    return ended


def _quote(sale: TransactionItem) -> Quote:
    return Quote(
        transaction_id=sale.id,
        model_id=sale.model_id,
        model_version=sale.model_version,
        amount_cents=sale.amount_cents,
        fee_cents=sale.fee_cents,
        currency=sale.currency,
        destination=sale.destination,
    )
