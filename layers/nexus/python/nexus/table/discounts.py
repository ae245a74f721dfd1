"""Discount codes of creators, and what prices were before."""

from datetime import UTC, datetime
from typing import Any

from pynamodb.attributes import UnicodeAttribute, UTCDateTimeAttribute

from nexus.table import keys
from nexus.table.catalogue import ModelItem
from nexus.table.items import IntegerAttribute, Item, Put, Start, Update, create, find, update
from nexus.table.pages import page

UNLIMITED = 10**9


class DiscountItem(Item, discriminator="Discount"):
    """A code of a creator: `percent` or `amount_cents` off, `left` times more. None is deleted:
    payments under way may give their use back.
    """

    id = IntegerAttribute()
    creator_id = IntegerAttribute()
    code = UnicodeAttribute()
    percent = IntegerAttribute(null=True)
    amount_cents = IntegerAttribute(null=True)
    starts_at = UTCDateTimeAttribute(null=True)
    ends_at = UTCDateTimeAttribute(null=True)
    uses = IntegerAttribute(default=0)
    left = IntegerAttribute()
    created_at = UTCDateTimeAttribute()

    @classmethod
    def of(cls, creator_id: int, code: str, **fields: Any) -> "DiscountItem":
        return cls(*keys.discount(creator_id, code), creator_id=creator_id, code=code, **fields)


class PriceItem(Item, discriminator="Price"):
    """The price at which a model is on sale changed.

    The previous one was on offer until then, or until `offered_until` where the model was off
    sale in between.
    """

    price_cents = IntegerAttribute()
    previous_cents = IntegerAttribute()
    offered_until = UTCDateTimeAttribute(null=True)
    changed_at = UTCDateTimeAttribute()


def find_discount(creator_id: int, code: str) -> DiscountItem | None:
    return find(DiscountItem, keys.discount(creator_id, code))


def discounts_of(creator_id: int, start: Start, limit: int) -> tuple[list[DiscountItem], Start]:
    """A page of a creator's codes, by their letters."""
    return page(DiscountItem, keys.discounts_of(creator_id), start, limit, newest_first=False)


def use_discount(creator_id: int, code: str) -> Update:
    """The step that uses a code once; of two who want the last use, one gets it."""
    actions = [DiscountItem.left.add(-1), DiscountItem.uses.add(1)]
    return Update(DiscountItem(*keys.discount(creator_id, code)), actions, DiscountItem.left > 0)


def give_back_use(creator_id: int, code: str) -> Update:
    actions = [DiscountItem.left.add(1), DiscountItem.uses.add(-1)]
    return Update(DiscountItem(*keys.discount(creator_id, code)), actions)


def end_discount(discount: DiscountItem, now: datetime) -> None:
    update(Update(DiscountItem(*discount.key), [DiscountItem.ends_at.set(now)]))


def change_price(model: ModelItem, after: int, now: datetime) -> Put:
    """The step that keeps at which price a model is, or was last, on sale."""
    before = model.price_cents if model.offered_cents is None else model.offered_cents
    return create(
        PriceItem(
            *keys.price(model.id, now),
            price_cents=after,
            previous_cents=before,
            offered_until=model.offered_until,
            changed_at=now,
        )
    )


def prices_since(model_id: int, since: datetime) -> list[PriceItem]:
    """How a price has changed since a moment, the latest change first; all of it, as whoever
    changes it often must not push a low one out of sight.
    """
    pk, first = keys.price(model_id, since)
    last = keys.price(model_id, datetime.max.replace(tzinfo=UTC)).sk
    found = Item.query(pk, Item.sk.between(first, last), scan_index_forward=False)
    return [item for item in found if isinstance(item, PriceItem)]
