"""Money between sellers and us that went past the payment provider."""

from typing import Any

from pynamodb.attributes import UnicodeAttribute, UTCDateTimeAttribute

from nexus.table import keys
from nexus.table.items import IntegerAttribute, Item, Step, Update, commit, create, find
from nexus.table.purchases import PAYBACK, PAYOUT, PROVIDER, LedgerItem, account_of_seller


class DisbursementItem(Item, discriminator="Disbursement"):
    """What we paid a seller, or below zero what they paid us. `reference` finds it at the bank."""

    id = IntegerAttribute()
    user_id = IntegerAttribute()
    amount_cents = IntegerAttribute()
    reference = UnicodeAttribute()
    created_at = UTCDateTimeAttribute()

    @classmethod
    def of(cls, disbursement_id: int, **fields: Any) -> "DisbursementItem":
        return cls(*keys.disbursement(disbursement_id), id=disbursement_id, **fields)

    def lines(self) -> list[LedgerItem]:
        """Its entry in the ledger."""
        seller, cents = account_of_seller(self.user_id), self.amount_cents
        entry = PAYOUT if cents > 0 else PAYBACK
        return [
            LedgerItem.line(self.id, self.user_id, entry, account, amount_cents, self.created_at)
            for account, amount_cents in ((seller, -cents), (PROVIDER, cents))
        ]


class DisbursedItem(Item, discriminator="Disbursed"):
    """All that was paid to a seller, less what came from them. It is written with each
    disbursement, so of two at the same moment one knows of the other.
    """

    user_id = IntegerAttribute()
    cents = IntegerAttribute(default=0)


def find_disbursement(disbursement_id: int) -> DisbursementItem | None:
    return find(DisbursementItem, keys.disbursement(disbursement_id))


def find_disbursed(user_id: int) -> DisbursedItem:
    key = keys.disbursed(user_id)
    return find(DisbursedItem, key) or DisbursedItem(*key, user_id=user_id)


def record_disbursement(disbursement: DisbursementItem, known: DisbursedItem, *also: Step) -> None:
    """Write it with its entry in the ledger. Raises `ConditionFailed` where it is there already,
    or another was written since `known` was read.
    """
    actions = [
        Item.kind.set(DisbursedItem),
        DisbursedItem.user_id.set(known.user_id),
        DisbursedItem.cents.set(known.cents + disbursement.amount_cents),
    ]
    same = DisbursedItem.cents == known.cents
    unchanged = same if known.cents else same | Item.pk.does_not_exist()
    total = Update(DisbursedItem(*known.key), actions, unchanged)
    commit(create(disbursement), *map(create, disbursement.lines()), total, *also)
