"""Sales as facts: the transaction, who owns what because of it, and its ledger."""

from datetime import datetime
from typing import Any

from pynamodb.attributes import BooleanAttribute, UnicodeAttribute, UTCDateTimeAttribute

from nexus.table import keys
from nexus.table.items import (
    ConditionFailed,
    IntegerAttribute,
    Item,
    Start,
    Step,
    Update,
    commit,
    create,
    find,
    find_all,
    update,
)
from nexus.table.pages import page


class TransactionItem(Item, discriminator="Transaction"):
    """A sale: `amount_cents = fee_cents + net_cents`. What was quoted never changes.

    `status` is pending, completed, refunded or failed; `entitlement` none, owned, suspended or
    ended; `dispute` open, won or lost. `destination` is where the seller's part goes at once.
    `refunded_cents` is what was taken back of the amount, and `refunded_fee_cents` the platform's
    part of it. A sale is found among others once it is paid, and before among its buyer's unpaid.
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
    currency = UnicodeAttribute(default="USD")
    livemode = BooleanAttribute(default=False)
    discount_code = UnicodeAttribute(null=True)
    discount_cents = IntegerAttribute(default=0)
    destination = UnicodeAttribute(null=True)
    quoted_until = UTCDateTimeAttribute(null=True)
    entitlement = UnicodeAttribute(default="none")
    refunded_cents = IntegerAttribute(default=0)
    refunded_fee_cents = IntegerAttribute(default=0)
    dispute = UnicodeAttribute(null=True)
    revision = IntegerAttribute(default=0)
    paid_at = UTCDateTimeAttribute(null=True)
    created_at = UTCDateTimeAttribute()

    @classmethod
    def of(
        cls, transaction_id: int, seller_id: int, created_at: datetime, **fields: Any
    ) -> "TransactionItem":
        pk, sk = keys.transaction(transaction_id)
        gsi1_pk, gsi1_sk = keys.unpaid(fields["buyer_id"], created_at, transaction_id)
        return cls(
            pk=pk,
            sk=sk,
            gsi1_pk=gsi1_pk,
            gsi1_sk=gsi1_sk,
            id=transaction_id,
            seller_id=seller_id,
            created_at=created_at,
            **fields,
        )

    def paid(self, at: datetime) -> dict[str, Any]:
        """What a sale gets when it is paid: its place among the others."""
        gsi1_pk, gsi1_sk = keys.among_sales(at, self.id)
        gsi2_pk, gsi2_sk = keys.sale_by(self.seller_id, at, self.id)
        return {
            "paid_at": at,
            "gsi1_pk": gsi1_pk,
            "gsi1_sk": gsi1_sk,
            "gsi2_pk": gsi2_pk,
            "gsi2_sk": gsi2_sk,
        }


class OwnedItem(Item, discriminator="Owned"):
    """The entitlement: this buyer may download this model, because of this transaction.

    While the payment is disputed it is suspended.
    """

    buyer_id = IntegerAttribute()
    model_id = IntegerAttribute()
    transaction_id = IntegerAttribute()
    owned_since = UTCDateTimeAttribute()
    suspended = BooleanAttribute(default=False)
    downloaded_at = UTCDateTimeAttribute(null=True)

    @classmethod
    def by(cls, sale: TransactionItem, *, suspended: bool = False) -> "OwnedItem":
        pk, sk = keys.owned(sale.buyer_id, sale.model_id)
        return cls(
            pk=pk,
            sk=sk,
            buyer_id=sale.buyer_id,
            model_id=sale.model_id,
            transaction_id=sale.id,
            owned_since=sale.created_at,
            suspended=suspended,
        )


SALE = "sale"
"""The entry that every sale has once it is paid, whatever becomes of it."""


PLATFORM, PROVIDER = "platform", "provider"
PAYOUT, PAYBACK = "payout", "payback"
"""The entries of what went past the provider."""


class LedgerItem(Item, discriminator="Ledger"):
    """One line of double entry: the lines of an entry add up to nothing.

    Accounts are `buyer <id>`, `seller <id>`, `platform` and `provider`. What an account is owed is
    above zero, what it owes or holds for us below.
    """

    transaction_id = IntegerAttribute()
    entry = UnicodeAttribute()
    account = UnicodeAttribute()
    amount_cents = IntegerAttribute()
    created_at = UTCDateTimeAttribute()

    @classmethod
    def of(
        cls, sale: TransactionItem, entry: str, account: str, amount_cents: int, now: datetime
    ) -> "LedgerItem":
        line = cls.line(sale.id, sale.seller_id, entry, account, amount_cents, now)
        if (entry, account) == (SALE, buyer_account(sale)):
            line.gsi1_pk, line.gsi1_sk = keys.bought(sale.buyer_id, now, sale.id)
        return line

    @classmethod
    def line(
        cls,
        transaction_id: int,
        seller_id: int,
        entry: str,
        account: str,
        amount_cents: int,
        now: datetime,
    ) -> "LedgerItem":
        """A line that no sale need be behind."""
        line = cls(
            *keys.ledger(transaction_id, entry, account),
            transaction_id=transaction_id,
            entry=entry,
            account=account,
            amount_cents=amount_cents,
            created_at=now,
        )
        if account == account_of_seller(seller_id):
            line.gsi1_pk, line.gsi1_sk = keys.in_statement(seller_id, now, transaction_id)
        return line


def seller_account(sale: TransactionItem) -> str:
    return account_of_seller(sale.seller_id)


def account_of_seller(user_id: int) -> str:
    return f"seller {user_id}"


def buyer_account(sale: TransactionItem) -> str:
    return f"buyer {sale.buyer_id}"


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


def note_download(owned: OwnedItem, now: datetime) -> bool:
    """Keep that a buyer has downloaded a model; False where it is not theirs any more."""
    if owned.downloaded_at:
        return True
    mine = (OwnedItem.transaction_id == owned.transaction_id) & (OwnedItem.suspended == False)  # noqa: E712
    try:
        update(Update(OwnedItem(*owned.key), [OwnedItem.downloaded_at.set(now)], mine))
    except ConditionFailed:
        return False
    return True


def bought_by(buyer_id: int, start: Start, limit: int) -> tuple[list[TransactionItem], Start]:
    """A page of what someone paid for, newest first; also what was given back since."""
    of_buyer = keys.purchases_of(buyer_id)
    lines, following = page(LedgerItem, of_buyer, start, limit, index="GSI1")
    sale_keys = [keys.transaction(line.transaction_id) for line in lines]
    found = find_all(sale_keys)
    sales = (found.get(key) for key in sale_keys)
    return [sale for sale in sales if isinstance(sale, TransactionItem)], following


def unpaid_by(buyer_id: int, start: Start, limit: int) -> tuple[list[TransactionItem], Start]:
    """A page of what someone began to buy and has not paid for, newest first."""
    return page(TransactionItem, keys.unpaid_by(buyer_id), start, limit, index="GSI1")


def sold_by(seller_id: int, start: Start, limit: int) -> tuple[list[TransactionItem], Start]:
    """A page of someone's sales, newest first."""
    return page(TransactionItem, keys.sales_by(seller_id), start, limit, index="GSI2")


def booked_for(
    seller_id: int, start: Start, limit: int, period: tuple[datetime, datetime] | None = None
) -> tuple[list[LedgerItem], Start]:
    """A page of the ledger's lines for a seller, newest first; of a period, without its end."""
    moments = [keys.timestamp(moment) for moment in period or ()]
    among = Item.gsi1_sk.between(*moments) if moments else None
    return page(LedgerItem, keys.booked_for(seller_id), start, limit, index="GSI1", among=among)


def newest_sales(start: Start, limit: int) -> tuple[list[TransactionItem], Start]:
    """A page of all sales, newest first."""
    return page(TransactionItem, keys.SALES, start, limit, index="GSI1")
