"""Payments on their way: what the provider told, what is open, and all that is known of one."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from pynamodb.attributes import BooleanAttribute, UnicodeAttribute, UTCDateTimeAttribute

from nexus.table import keys
from nexus.table.discounts import give_back_use
from nexus.table.items import (
    Check,
    ConditionFailed,
    Delete,
    IntegerAttribute,
    Item,
    Put,
    Step,
    Update,
    commit,
    create,
    find,
    new_values,
)
from nexus.table.purchases import LedgerItem, OwnedItem, TransactionItem


class EventItem(Item, discriminator="PaymentEvent"):
    """One thing that happened to a payment. `subject` is the refund or the dispute it is about, and
    `from_seller` tells of a refund that the provider took their part back from where it went;
    `superseded`, that the money came back when the buyer owned the model by another sale.

    What does not fit the quote is kept for the operators, with `mistrust`, and has no effect.
    """

    event_id = UnicodeAttribute()
    about = UnicodeAttribute()
    subject = UnicodeAttribute(default="")
    reference = UnicodeAttribute(null=True)
    amount_cents = IntegerAttribute()
    currency = UnicodeAttribute()
    livemode = BooleanAttribute()
    account = UnicodeAttribute(null=True)
    mistrust = UnicodeAttribute(null=True)
    reason = UnicodeAttribute(null=True)
    from_seller = BooleanAttribute(default=False)
    superseded = BooleanAttribute(default=False)
    happened_at = UTCDateTimeAttribute()
    received_at = UTCDateTimeAttribute()

    @classmethod
    def of(cls, transaction_id: int, event_id: str, **fields: Any) -> "EventItem":
        event = cls(*keys.payment_event(transaction_id, event_id), event_id=event_id, **fields)
        if event.about == "refund_requested":
            index = keys.among_refunds(event.received_at, transaction_id)
            event.gsi1_pk, event.gsi1_sk = index
        return event


class ReturnedItem(Item, discriminator="Returned"):
    """A buyer has returned a model: that can be done once, whatever they buy later."""

    transaction_id = IntegerAttribute()


class PaymentItem(Item, discriminator="Payment"):
    """Which transaction a payment of the provider is for."""

    transaction_id = IntegerAttribute()


class CheckoutItem(Item, discriminator="Checkout"):
    """A buyer is paying for a model, until `until`. There is one at most for each pair."""

    buyer_id = IntegerAttribute()
    model_id = IntegerAttribute()
    transaction_id = IntegerAttribute()
    until = UTCDateTimeAttribute()

    @classmethod
    def of(cls, sale: TransactionItem, until: datetime) -> "CheckoutItem":
        pk, sk = keys.checkout(sale.buyer_id, sale.model_id)
        gsi1_pk, gsi1_sk = keys.among_checkouts(until, sale.id)
        return cls(
            pk=pk,
            sk=sk,
            gsi1_pk=gsi1_pk,
            gsi1_sk=gsi1_sk,
            buyer_id=sale.buyer_id,
            model_id=sale.model_id,
            transaction_id=sale.id,
            until=until,
        )


@dataclass
class Book:
    """All that is known of one payment."""

    sale: TransactionItem
    events: list[EventItem] = field(default_factory=list)
    ledger: list[LedgerItem] = field(default_factory=list)

    def knows(self, event_id: str) -> bool:
        return any(event.event_id == event_id for event in self.events)


class Overtaken(Exception):
    """Something else happened to the payment meanwhile: look again."""


def open_checkout(sale: TransactionItem, until: datetime, *also: Step) -> bool:
    """Write a pending sale; False where the buyer owns the model or is paying for it already.

    Raises `ConditionFailed` where nothing but a step of `also` is in the way.
    """
    checkout, owned = CheckoutItem.of(sale, until), OwnedItem.by(sale)
    ours = (create(sale), create(checkout), Check(owned, _absent()))
    try:
        commit(*ours, *also)
    except ConditionFailed as failure:
        if not set(failure.steps) & set(ours):
            raise
        return False
    return True


def find_checkout(buyer_id: int, model_id: int) -> CheckoutItem | None:
    return find(CheckoutItem, keys.checkout(buyer_id, model_id))


def no_checkout(sale: TransactionItem) -> Check:
    """The condition that the buyer is not paying for the model at this moment."""
    return Check(CheckoutItem(*keys.checkout(sale.buyer_id, sale.model_id)), _absent())


def checkouts_until(moment: datetime) -> Iterator[CheckoutItem]:
    """Payments that were to be made before a moment, those that are due longest first."""
    found = Item.query(keys.CHECKOUTS, Item.gsi1_sk < keys.timestamp(moment), index_name="GSI1")
    yield from (item for item in found if isinstance(item, CheckoutItem))


def refunds_since(moment: datetime) -> list[int]:
    """The transactions of which a refund was asked for since a moment."""
    found = Item.query(keys.REFUNDS, Item.gsi1_sk >= keys.timestamp(moment), index_name="GSI1")
    asked = [item for item in found if isinstance(item, EventItem)]
    return list(dict.fromkeys(int(item.gsi1_sk.rpartition("#")[2]) for item in asked))


def only_return(sale: TransactionItem) -> Put:
    """The step that holds only where its buyer has returned no other purchase of the model."""
    key = keys.returned(sale.buyer_id, sale.model_id)
    same = ReturnedItem.transaction_id == sale.id
    return Put(ReturnedItem(*key, transaction_id=sale.id), _absent() | same)


def note_reference(sale: TransactionItem, reference: str) -> None:
    """Keep by which name the provider knows the payment. Repeating it changes nothing."""
    known = TransactionItem.payment_reference == reference
    noted = Update(
        TransactionItem(*sale.key),
        [TransactionItem.payment_reference.set(reference)],
        TransactionItem.payment_reference.does_not_exist() | known,
    )
    pointer = PaymentItem(*keys.payment(reference), transaction_id=sale.id)
    commit(noted, Put(pointer, _absent() | (PaymentItem.transaction_id == sale.id)))
    sale.payment_reference = reference


def find_payment(reference: str) -> int | None:
    """The transaction that a payment is for."""
    found = find(PaymentItem, keys.payment(reference))
    return found.transaction_id if found else None


def find_book(transaction_id: int) -> Book | None:
    sale, events, ledger = None, [], []
    for item in Item.query(keys.transaction(transaction_id).pk, consistent_read=True):
        if isinstance(item, TransactionItem):
            sale = item
        elif isinstance(item, EventItem):
            events.append(item)
        elif isinstance(item, LedgerItem):
            ledger.append(item)
    return Book(sale, events, ledger) if sale else None


class OwnedTwice(Exception):
    """The buyer owns the model because of another sale."""


class Downloaded(Exception):
    """The buyer has downloaded the model."""


def record_event(
    book: Book,
    event: EventItem,
    changes: dict[str, Any],
    lines: list[LedgerItem],
    *also: Step,
    undownloaded: bool = False,
) -> None:
    """Write what happened together with all its effects.

    Raises `Overtaken`, `OwnedTwice`, and with `undownloaded` also `Downloaded`.
    """
    sale = book.sale
    actions = [*new_values(TransactionItem, changes), TransactionItem.revision.add(1)]
    moved = Update(TransactionItem(*sale.key), actions, TransactionItem.revision == sale.revision)
    owning = _entitling(sale, changes, undownloaded=undownloaded)
    try:
        commit(moved, create(event), *map(create, lines), *owning, *_closing(sale, changes), *also)
    except ConditionFailed as failure:
        failed = [step.item for step in failure.steps]
        if any(isinstance(item, TransactionItem | EventItem) for item in failed):
            raise Overtaken from failure
        if any(isinstance(item, OwnedItem) for item in failed):
            raise (Downloaded if undownloaded else OwnedTwice) from failure
        raise


def _entitling(sale: TransactionItem, changes: dict[str, Any], *, undownloaded: bool) -> list[Step]:
    """The step that brings ownership from where it stands to where it must be."""
    before, after = sale.entitlement, changes.get("entitlement", sale.entitlement)
    if before == after or (before, after) == ("none", "ended"):
        return []
    owned = OwnedItem.by(sale, suspended=after == "suspended")
    if before in {"none", "ended"}:  # a dispute that was lost may be won on appeal
        return [create(owned)]
    mine = OwnedItem.transaction_id == sale.id
    if undownloaded:
        mine &= OwnedItem.downloaded_at.does_not_exist()
    if after == "ended":
        return [Delete(owned, mine)]
    suspension = OwnedItem.suspended.set(after == "suspended")
    return [Update(OwnedItem(*owned.key), [suspension], mine)]


def _closing(sale: TransactionItem, changes: dict[str, Any]) -> list[Step]:
    """Once a payment is made or has failed, the buyer may begin another."""
    if sale.status != "pending" or changes.get("status", "pending") == "pending":
        return []
    checkout = CheckoutItem(*keys.checkout(sale.buyer_id, sale.model_id))
    steps: list[Step] = [Delete(checkout, _absent() | (CheckoutItem.transaction_id == sale.id))]
    if changes["status"] == "failed" and sale.discount_code:
        steps.append(give_back_use(sale.seller_id, sale.discount_code))
    return steps


def _absent() -> Any:
    return Item.pk.does_not_exist()
