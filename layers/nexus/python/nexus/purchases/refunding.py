"""Giving money back: whole or in parts, never more than was paid."""

from datetime import datetime, timedelta

from nexus.errors import Conflict, NotFound, Unavailable
from nexus.money import dollars
from nexus.outside import payments
from nexus.outside.payments import PaymentsClosed, ProviderDown, RefundRefused
from nexus.purchases.events import own_event, write
from nexus.purchases.schemas import Transaction
from nexus.purchases.settlement import settle
from nexus.table.items import ConditionFailed, Step
from nexus.table.outbox import record_deed
from nexus.table.payments import Book, EventItem, Overtaken, find_book, only_return
from nexus.table.purchases import TransactionItem
from nexus.table.users import UserItem

TRIES = 10
NOT_FOUND = "Transaction not found"
NOTED = "The refund is noted, and will be made as soon as possible"
DISPUTED = "What was disputed cannot be returned"
CHANGE_OF_MIND = timedelta(days=14)


def refund(
    transaction_id: int,
    *,
    admin: UserItem,
    refund_id: int,
    amount_cents: int | None,
    reason: str | None,
    now: datetime,
) -> Transaction:
    """Give a buyer's money back, all that is left or some of it. After all of it the model is
    theirs no more. The same `refund_id` again (a retry) gives nothing more.

    Raises `NotFound`, `Conflict` where there is not so much left, and `Unavailable` where it is
    noted but not made yet: then the same `refund_id` goes on with it.
    """
    subject = f"transaction {transaction_id}"
    deed = record_deed(refund_id, admin.id, "transaction.refund", subject, reason, now)
    return Transaction.of(_give_back(transaction_id, str(refund_id), amount_cents, now, deed))


def take_back(
    transaction_id: int, *, buyer: UserItem, refund_id: int, now: datetime
) -> Transaction:
    """Return what one bought at most 14 days ago and has never downloaded, once for each model:
    who could return it again and again would use up its seller's codes and patience.

    Raises `NotFound`, `Conflict` and, as `refund`, `Unavailable`.
    """
    book = _book(transaction_id)
    sale = book.sale
    if sale.buyer_id != buyer.id:
        raise NotFound(NOT_FOUND)
    if sale.paid_at and now - sale.paid_at > CHANGE_OF_MIND:
        raise Conflict("Purchases can be returned for 14 days")
    subject, once = str(refund_id), only_return(sale)
    try:
        given = _give_back(transaction_id, subject, None, now, once, undownloaded=True)
    except ConditionFailed as failure:
        raise Conflict("You have returned this model before; that can be done once") from failure
    return Transaction.of(given)


def finish(transaction_id: int, *, now: datetime) -> int:
    """Carry out what was begun and broke off, and tell how many refunds that were."""
    events = _book(transaction_id).events
    ended = {e.subject for e in events if e.about in {"refunded", "returned", "refund_refused"}}
    begun = [e for e in events if e.about == "refund_requested" and e.subject not in ended]
    for event in begun:
        _give_back(transaction_id, event.subject, event.amount_cents, now)
    return len(begun)


def _book(transaction_id: int) -> Book:
    book = find_book(transaction_id)
    if book is None:
        raise NotFound(NOT_FOUND)
    return book


def _give_back(
    transaction_id: int,
    subject: str,
    amount_cents: int | None,
    now: datetime,
    *also: Step,
    undownloaded: bool = False,
) -> TransactionItem:
    """One step after the other, each of which may be found done: requested, refunded.

    Raises `Unavailable` once it is requested and cannot be made now, and `Conflict` before.
    """
    for _ in range(TRIES):
        book = _book(transaction_id)
        if book.knows(f"refunded-{subject}"):
            return book.sale
        request = _event(book, f"requested-{subject}")
        try:
            if request is not None:
                return _carry_out(book, request, now)
            amount = _possible(book, amount_cents)
            if undownloaded and book.sale.dispute:
                raise Conflict(DISPUTED)
            first = _first_step(book.sale, subject, amount, now)
            sale = write(book, first, *also, now=now, undownloaded=undownloaded)
            if first.about == "refunded":
                return sale
        except Overtaken:
            continue
    if _book(transaction_id).knows(f"requested-{subject}"):
        raise Unavailable(NOTED)
    raise Conflict("This transaction is changing at this moment")


def _first_step(sale: TransactionItem, subject: str, amount: int, now: datetime) -> EventItem:
    """What is not made at once is requested first."""
    if payments.at_once(sale.payment_method):
        return own_event(sale, f"refunded-{subject}", "refunded", amount, now, subject=subject)
    return own_event(sale, f"requested-{subject}", "refund_requested", amount, now, subject=subject)


def _was_refused(book: Book, subject: str) -> bool:
    return any(e.about == "refund_refused" and e.subject == subject for e in book.events)


def _event(book: Book, event_id: str) -> EventItem | None:
    return next((event for event in book.events if event.event_id == event_id), None)


def _possible(book: Book, amount_cents: int | None) -> int:
    """The amount that can be given back. Raises `Conflict`."""
    sale, settled = book.sale, settle(book.sale, book.events)
    left = sale.amount_cents - settled.committed_cents
    wanted = left if amount_cents is None else amount_cents
    if settled.status != "completed":
        raise Conflict(f"This transaction is {settled.status}")
    if settled.entitlement == "suspended" or (sale.amount_cents and not left):
        raise Conflict("This transaction is disputed, or its refund is under way")
    if wanted > left:
        raise Conflict(f"No more than ${dollars(left):.2f} of it can be given back")
    return wanted


def _carry_out(book: Book, request: EventItem, now: datetime) -> TransactionItem:
    sale, amount = book.sale, request.amount_cents
    subject, from_seller = request.subject, bool(sale.destination)
    if _was_refused(book, subject):
        raise Conflict("The refund was refused")

    def event(step: str, about: str, **more: bool) -> EventItem:
        return own_event(sale, f"{step}-{subject}", about, amount, now, subject=subject, **more)

    try:
        provider = payments.provider(sale.payment_method)
        provider.refund(str(sale.payment_reference), amount, subject, from_seller=from_seller)
    except RefundRefused as why:
        write(book, event("refused", "refund_refused"), now=now)
        raise Conflict(f"The refund was refused: {why}") from why
    except (ProviderDown, PaymentsClosed) as down:
        raise Unavailable(NOTED) from down
    return write(book, event("refunded", "refunded", from_seller=from_seller), now=now)
