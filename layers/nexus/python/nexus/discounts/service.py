"""Prices: what a model costs a buyer now, with a creator's code, and what it cost before."""

from datetime import datetime, timedelta

from nexus.catalogue import service as catalogue
from nexus.discounts.schemas import Discount, NewDiscount, Price, PriceChange
from nexus.errors import Conflict, NotFound
from nexus.table.catalogue import ModelItem
from nexus.table.discounts import (
    UNLIMITED,
    DiscountItem,
    discounts_of,
    end_discount,
    find_discount,
    prices_since,
)
from nexus.table.items import ConditionFailed, Start, create, put
from nexus.table.users import UserItem

NO_GOOD = "This discount code cannot be used (any more)"
LOOKED_BACK = timedelta(days=30)
MOST_CHANGES = 100


def offer(wanted: NewDiscount, *, creator: UserItem, discount_id: int, now: datetime) -> Discount:
    """Make a code. Raises `Conflict` where the creator has had one of these letters."""
    item = DiscountItem.of(
        creator.id,
        wanted.code,
        id=discount_id,
        percent=wanted.percent,
        amount_cents=wanted.amount,
        starts_at=wanted.starts_at,
        ends_at=wanted.ends_at,
        left=wanted.most_uses or UNLIMITED,
        created_at=now,
    )
    try:
        put(create(item))
    except ConditionFailed:
        earlier = find_discount(creator.id, wanted.code)
        if earlier is None or earlier.id != discount_id:
            raise Conflict("You have had a code with these letters") from None
        item = earlier
    return Discount.of(item)


def offered(creator_id: int, start: Start, limit: int) -> tuple[list[Discount], Start]:
    found, following = discounts_of(creator_id, start, limit)
    return [Discount.of(item) for item in found], following


def end(code: str, *, creator: UserItem, now: datetime) -> None:
    """End a code; payments that have begun with it stay as they are. Raises `NotFound`."""
    found = find_discount(creator.id, code.upper())
    if found is None:
        raise NotFound("Discount code not found")
    if found.ends_at is None or found.ends_at > now:
        end_discount(found, now)


def amount_of(model: ModelItem, code: str | None, now: datetime) -> int:
    """What a buyer pays for a model, in cents. Raises `Conflict` for a code that is no good."""
    if code is None:
        return model.price_cents
    found = find_discount(model.creator_id, code.upper())
    if found is None or found.left <= 0 or not _lives(found, now):
        raise Conflict(NO_GOOD)
    if found.percent is not None:
        return model.price_cents - (model.price_cents * found.percent + 50) // 100
    return max(0, model.price_cents - int(found.amount_cents or 0))


def _lives(discount: DiscountItem, now: datetime) -> bool:
    started = discount.starts_at is None or discount.starts_at <= now
    return started and (discount.ends_at is None or now < discount.ends_at)


def price_of(model_id: int, code: str | None, viewer: UserItem | None, now: datetime) -> Price:
    """What a model costs, and has cost while it was on sale. Raises `NotFound` and `Conflict`."""
    model = catalogue.get_visible(model_id, viewer)
    amount = amount_of(model, code, now)
    since = now - LOOKED_BACK
    changes = prices_since(model_id, since)
    asked = [
        each.previous_cents for each in changes if (each.offered_until or each.changed_at) >= since
    ]
    return Price(
        price=model.price_cents,
        discount=model.price_cents - amount,
        amount=amount,
        lowest_price_30_days=min([model.price_cents, *asked]),
        changes=[PriceChange.of(change) for change in changes[:MOST_CHANGES]],
    )
