"""Paying: a pending sale with its quote, the provider's payment for it, and what ends it."""

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta

from nexus.errors import Conflict, Unavailable
from nexus.logs import count
from nexus.outside import payments
from nexus.outside.payments import Payment, PaymentRefused, ProviderDown, Quote, Told
from nexus.payouts import service as payouts
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
UNANSWERED = 20
"""After so many, each of which took seven seconds at worst, the provider is down."""

BUSY = "This purchase is changing at this moment. Please try again."
DOWN = "Payments cannot be reached. Please try again."
REFUSED = "The payment provider does not take this payment. We know of it; please try again later."

logger = logging.getLogger(__name__)


def begin(sale: TransactionItem, *also: Step, now: datetime) -> tuple[TransactionItem, Payment]:
    """Open the payment of a new sale; or of the one that this buyer is paying for already.

    Raises `ConditionFailed` for a step of `also`, `Unavailable`, and `Conflict` where the provider
    refuses the payment; the sale has failed then, and another may begin.
    """
    sale.quoted_until = now + QUOTED
    if not open_checkout(sale, sale.quoted_until, *also):
        found = find_checkout(sale.buyer_id, sale.model_id)
        earlier = find_transaction(found.transaction_id) if found else None
        if earlier is None:
            raise Conflict(BUSY)
        sale = earlier
    with _told_to_the_buyer():
        payment = _payment(sale, now)
        if payment is None:
            raise Conflict(REFUSED)
        return sale, payment


def resume(checkout: CheckoutItem, *, now: datetime) -> tuple[TransactionItem, Payment] | None:
    """The payment a buyer has begun; None where it has ended, so that a new one may begin.

    Raises `Unavailable`, and `Conflict` where the provider does not know the payment.
    """
    with _told_to_the_buyer():
        return _go_on(checkout, now)


def _go_on(checkout: CheckoutItem, now: datetime) -> tuple[TransactionItem, Payment] | None:
    """Raises `ProviderDown` and `PaymentRefused`."""
    sale = find_transaction(checkout.transaction_id)
    if sale is None or sale.status != "pending":
        return None
    payment = _payment(sale, now)
    if payment and payment.status == "open" and checkout.until <= now:
        payment = payments.provider(sale.payment_method).cancel(payment.reference)
    if payment and payment.status == "canceled":
        _note_end(sale, "canceled", payment.reference, now)
        return None
    return (sale, payment) if payment else None


def _payment(sale: TransactionItem, now: datetime) -> Payment | None:
    """The provider's payment of a sale; made, if it is not there yet. None where the provider
    refuses to make it, which ends the sale.

    Raises `ProviderDown`, and `PaymentRefused` for a payment that the provider does not know.
    """
    provider = payments.provider(sale.payment_method)
    if sale.payment_reference:
        return provider.look(sale.payment_reference)
    try:
        payment = provider.open(_quote(sale))
    except PaymentRefused as why:
        logger.error("the payment of transaction %s is refused: %s", sale.id, why)  # noqa: TRY400
        count("PaymentsToLookAt", "payments")
        _note_end(sale, "refused", "", now)
        if sale.destination:  # the seller's account may be the reason, and the next try be another
            payouts.doubt(sale.seller_id, now)
        return None
    note_reference(sale, payment.reference)
    return payment


@contextmanager
def _told_to_the_buyer() -> Iterator[None]:
    try:
        yield
    except ProviderDown as down:
        raise Unavailable(DOWN) from down
    except PaymentRefused as why:
        raise Conflict(REFUSED) from why


def _note_end(sale: TransactionItem, event_id: str, reference: str, now: datetime) -> None:
    """The provider's own event of it may be under way: it changes nothing more."""
    told = Told(
        event_id=event_id,
        about="canceled",
        reference=reference,
        amount_cents=sale.amount_cents,
        currency=sale.currency,
        livemode=sale.livemode,
        happened_at=now,
        transaction_id=sale.id,
    )
    take(told, now=now)


def end_expired(now: datetime) -> int:
    """End the payments whose quote has run out, and tell how many; what is paid stays paid.

    At most `AT_ONCE` are ended, however many that cannot be wait before them: some are paid and
    mistrusted, some not known to the provider. After `UNANSWERED` the rest waits.
    Raises `Unavailable` where some could not be ended, after all others were.
    """
    ended, unanswered, unknown = 0, list[int](), list[int]()
    for checkout in checkouts_until(now):
        if ended == AT_ONCE or len(unanswered) == UNANSWERED:
            break
        try:
            ended += _go_on(checkout, now) is None
        except (ProviderDown, Conflict):
            unanswered.append(checkout.transaction_id)
        except PaymentRefused:
            unknown.append(checkout.transaction_id)
    if left := unanswered + unknown:
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
