"""What happens to payments: each event is written once, in one transaction with all its effects."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from nexus.catalogue import service as catalogue
from nexus.errors import Conflict
from nexus.logs import count
from nexus.outside.payments import Told
from nexus.purchases.settlement import Line, Settlement, missing_lines, settle
from nexus.table.catalogue import ModelItem
from nexus.table.items import Put, Step
from nexus.table.outbox import owe_mail
from nexus.table.payments import (
    Book,
    Downloaded,
    EventItem,
    Overtaken,
    OwnedTwice,
    find_book,
    find_payment,
    record_event,
)
from nexus.table.purchases import LedgerItem, TransactionItem

TRIES = 10


def take(told: Told, *, now: datetime) -> TransactionItem | None:
    """Let an event have its effects, if it is new, and tell the sale; None where it is not ours."""
    transaction_id = find_payment(told.reference) or told.transaction_id
    if transaction_id is None:
        return None
    for _ in range(TRIES):
        book = find_book(transaction_id)
        if book is None or book.sale.payment_method != "stripe":
            return None
        if book.knows(told.event_id):
            return book.sale
        try:
            return write(book, _item(told, book.sale, now), now=now)
        except Overtaken:
            continue
    raise Conflict("This payment is changing at this moment")


def write(
    book: Book, event: EventItem, *also: Step, now: datetime, undownloaded: bool = False
) -> TransactionItem:
    """Write an event, and what follows from it together with all before. Raises `Overtaken`.

    With `undownloaded` it takes away what was never downloaded. Raises `Conflict` where it was.
    """
    if event.mistrust:
        return _quarantine(book, event, event.mistrust)
    sale, settled = book.sale, settle(book.sale, [*book.events, event])
    changes = _changes(sale, settled, event, now)
    booked = [Line(line.entry, line.account, line.amount_cents) for line in book.ledger]
    lines = ledger_of(sale, missing_lines(settled.lines, booked, event.event_id), now)
    mails = _mails(sale, now) if "paid_at" in changes else []
    try:
        record_event(book, event, changes, lines, *mails, *also, undownloaded=undownloaded)
    except Downloaded:
        raise Conflict("What was downloaded cannot be returned") from None
    except OwnedTwice:
        if event.about == "paid":
            return _quarantine(book, event, "the buyer owns this model because of another sale")
        event.superseded = True
        count("PaymentsToLookAt", "payments")
        return write(book, event, *also, now=now)
    for name, value in changes.items():
        setattr(sale, name, value)
    if event.about in {"disputed", "dispute_lost", "returned"}:
        count("PaymentsToLookAt", "payments")
    return sale


def _quarantine(book: Book, event: EventItem, why: str) -> TransactionItem:
    """Keep an event for the operators, without any effect, and wake them."""
    event.mistrust = why
    record_event(book, event, {}, [])
    count("PaymentsToLookAt", "payments")
    return book.sale


def _item(told: Told, sale: TransactionItem, now: datetime) -> EventItem:
    return EventItem.of(
        sale.id,
        told.event_id,
        about=told.about,
        subject=told.subject,
        reference=told.reference,
        amount_cents=told.amount_cents,
        currency=told.currency,
        livemode=told.livemode,
        account=told.account,
        mistrust=_mistrust(told, sale),
        from_seller=told.from_seller,
        happened_at=told.happened_at,
        received_at=now,
    )


def _mistrust(told: Told, sale: TransactionItem) -> str | None:
    """Why an event does not fit the quote; None where it does. A bank may dispute more than was
    paid: https://docs.stripe.com/disputes/how-disputes-work
    """
    exact, disputed = told.about == "paid", told.about.startswith("dispute")
    differing = {
        "payment": sale.payment_reference not in {None, told.reference},
        "currency": told.currency != sale.currency,
        "mode": told.livemode != sale.livemode,
        "account": told.account is not None,
        "amount": told.amount_cents != sale.amount_cents
        if exact
        else not (told.amount_cents >= 0 and (disputed or told.amount_cents <= sale.amount_cents)),
    }
    return ", ".join(name for name, differs in differing.items() if differs) or None


def own_event(
    sale: TransactionItem, event_id: str, about: str, amount_cents: int, now: datetime, **more: Any
) -> EventItem:
    """An event of our own making: of a payment that is complete at once, or of a refund."""
    return EventItem.of(
        sale.id,
        event_id,
        about=about,
        reference=sale.payment_reference,
        amount_cents=amount_cents,
        currency=sale.currency,
        livemode=sale.livemode,
        happened_at=now,
        received_at=now,
        **more,
    )


def complete(sale: TransactionItem, now: datetime) -> tuple[EventItem, list[LedgerItem]]:
    """Let a new sale be paid at once; the event and the ledger that go with it."""
    if sale.payment_method == "sandbox":
        sale.payment_reference = f"sandbox_{sale.id}"
    event = own_event(sale, "paid", "paid", sale.amount_cents, now)
    settled = settle(sale, [event])
    for name, value in _changes(sale, settled, event, now).items():
        setattr(sale, name, value)
    return event, ledger_of(sale, settled.lines, now)


def _changes(
    sale: TransactionItem, settled: Settlement, event: EventItem, now: datetime
) -> dict[str, Any]:
    """The attributes of a sale that are not as they must be."""
    wanted = {
        "status": settled.status,
        "entitlement": settled.entitlement,
        "refunded_cents": settled.refunded_cents,
        "refunded_fee_cents": settled.refunded_fee_cents,
        "dispute": settled.dispute,
    }
    if event.reference and sale.payment_reference is None:
        wanted["payment_reference"] = event.reference
    if settled.entitlement != "none" and sale.paid_at is None:
        wanted |= sale.paid(min(event.happened_at, now))
    return {name: value for name, value in wanted.items() if getattr(sale, name) != value}


def ledger_of(sale: TransactionItem, lines: Iterable[Line], now: datetime) -> list[LedgerItem]:
    return [LedgerItem.of(sale, *line, now) for line in lines]


def _mails(sale: TransactionItem, now: datetime) -> list[Put]:
    return sale_mails(sale, catalogue.get_model(sale.model_id), now)


def sale_mails(sale: TransactionItem, model: ModelItem, now: datetime) -> list[Put]:
    cause = f"SALE-{sale.id}"
    sold = {
        "model_id": model.id,
        "model_name": model.name,
        "amount_cents": sale.amount_cents,
        "revenue_cents": sale.net_cents,
    }
    bought = {"model_id": model.id, "model_name": model.name}
    return [
        owe_mail(cause, "sale_notification", sale.seller_id, sold, now),
        owe_mail(cause, "purchase_confirmation", sale.buyer_id, bought, now),
    ]
