"""Sales as facts: the transaction, who owns what because of it, and its ledger."""

from datetime import datetime
from typing import Any

from pynamodb.attributes import UnicodeAttribute, UTCDateTimeAttribute

from nexus.table import keys
from nexus.table.items import (
    ConditionFailed,
    Delete,
    IntegerAttribute,
    Item,
    Start,
    Step,
    Update,
    commit,
    create,
    find,
    find_all,
)


class TransactionItem(Item, discriminator="Transaction"):
    """A sale: `amount_cents = fee_cents + net_cents`.

    `status` is pending, completed or refunded.
    """

    id = IntegerAttribute()
    amount_cents = IntegerAttribute()
    fee_cents = IntegerAttribute()
    net_cents = IntegerAttribute()
    fee_per_mille = IntegerAttribute()
    buyer_id = IntegerAttribute()
    seller_id = IntegerAttribute()
    model_id = IntegerAttribute()
    model_version = IntegerAttribute()
    status = UnicodeAttribute()
    payment_method = UnicodeAttribute()
    payment_reference = UnicodeAttribute(null=True)
    created_at = UTCDateTimeAttribute()

    @classmethod
    def of(
        cls, transaction_id: int, seller_id: int, created_at: datetime, **fields: Any
    ) -> "TransactionItem":
        pk, sk = keys.transaction(transaction_id)
        gsi1_pk, gsi1_sk = keys.among_sales(created_at, transaction_id)
        gsi2_pk, gsi2_sk = keys.sale_by(seller_id, created_at, transaction_id)
        return cls(
            pk=pk,
            sk=sk,
            gsi1_pk=gsi1_pk,
            gsi1_sk=gsi1_sk,
            gsi2_pk=gsi2_pk,
            gsi2_sk=gsi2_sk,
            id=transaction_id,
            seller_id=seller_id,
            created_at=created_at,
            **fields,
        )


class OwnedItem(Item, discriminator="Owned"):
    """The entitlement: this buyer may download this model, because of this transaction."""

    buyer_id = IntegerAttribute()
    model_id = IntegerAttribute()
    transaction_id = IntegerAttribute()
    owned_since = UTCDateTimeAttribute()

    @classmethod
    def by(cls, sale: TransactionItem) -> "OwnedItem":
        pk, sk = keys.owned(sale.buyer_id, sale.model_id)
        return cls(
            pk=pk,
            sk=sk,
            gsi1_pk=keys.purchases_of(sale.buyer_id),
            gsi1_sk=keys.timestamp(sale.created_at),
            buyer_id=sale.buyer_id,
            model_id=sale.model_id,
            transaction_id=sale.id,
            owned_since=sale.created_at,
        )


class LedgerItem(Item, discriminator="Ledger"):
    """One line of double entry: the lines of an entry (`sale`, `refund`) add up to nothing."""

    transaction_id = IntegerAttribute()
    entry = UnicodeAttribute()
    account = UnicodeAttribute()
    amount_cents = IntegerAttribute()
    created_at = UTCDateTimeAttribute()

    @classmethod
    def of(
        cls, sale: TransactionItem, entry: str, account: str, amount_cents: int, now: datetime
    ) -> "LedgerItem":
        pk, sk = keys.ledger(sale.id, entry, account)
        return cls(
            pk=pk,
            sk=sk,
            transaction_id=sale.id,
            entry=entry,
            account=account,
            amount_cents=amount_cents,
            created_at=now,
        )


class AlreadyOwned(Exception):
    """`transaction_id` tells because of which sale."""

    def __init__(self, transaction_id: int) -> None:
        super().__init__(transaction_id)
        self.transaction_id = transaction_id


def record_sale(sale: TransactionItem, ledger: list[LedgerItem], *also: Step) -> None:
    """Write all facts of a sale at once. Raises `AlreadyOwned`.

    A retry whose first try went through (the reply was lost) finds its own marker: no error.
    """
    owned = OwnedItem.by(sale)
    try:
        commit(create(sale), create(owned), *map(create, ledger), *also)
    except ConditionFailed:
        holder = find(OwnedItem, owned.key)
        if holder is None:
            raise
        if holder.transaction_id != sale.id:
            raise AlreadyOwned(holder.transaction_id) from None


def find_transaction(transaction_id: int) -> TransactionItem | None:
    return find(TransactionItem, keys.transaction(transaction_id))


def find_ownership(buyer_id: int, model_id: int) -> OwnedItem | None:
    return find(OwnedItem, keys.owned(buyer_id, model_id))


def bought_by(buyer_id: int, start: Start, limit: int) -> tuple[list[TransactionItem], Start]:
    """A page of what someone bought, newest first."""
    results = Item.query(
        keys.purchases_of(buyer_id),
        index_name="GSI1",
        scan_index_forward=False,
        limit=limit,
        last_evaluated_key=start,
    )
    owned = [item for item in results if isinstance(item, OwnedItem)]
    sale_keys = [keys.transaction(item.transaction_id) for item in owned]
    found = find_all(sale_keys)
    sales = (found.get(key) for key in sale_keys)
    return [sale for sale in sales if isinstance(sale, TransactionItem)], results.last_evaluated_key


def sold_by(seller_id: int, start: Start, limit: int) -> tuple[list[TransactionItem], Start]:
    """A page of someone's sales, newest first."""
    results = Item.query(
        keys.sales_by(seller_id),
        index_name="GSI2",
        scan_index_forward=False,
        limit=limit,
        last_evaluated_key=start,
    )
    sales = [item for item in results if isinstance(item, TransactionItem)]
    return sales, results.last_evaluated_key


def newest_sales(start: Start, limit: int) -> tuple[list[TransactionItem], Start]:
    """A page of all sales, newest first."""
    results = Item.query(
        keys.SALES,
        index_name="GSI1",
        scan_index_forward=False,
        limit=limit,
        last_evaluated_key=start,
    )
    sales = [item for item in results if isinstance(item, TransactionItem)]
    return sales, results.last_evaluated_key


def record_refund(sale: TransactionItem, ledger: list[LedgerItem], *also: Step) -> bool:
    """Undo a completed sale, its entitlement included; False when it is not completed."""
    refunded = Update(
        TransactionItem(*sale.key),
        [TransactionItem.status.set("refunded")],
        TransactionItem.status == "completed",
    )
    owned = OwnedItem.by(sale)
    ended = Delete(owned, OwnedItem.transaction_id == sale.id)
    try:
        commit(refunded, ended, *map(create, ledger), *also)
    except ConditionFailed:
        return False
    return True
