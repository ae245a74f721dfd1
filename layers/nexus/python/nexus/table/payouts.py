"""Where sellers get their money: their accounts at the payment provider."""

from datetime import datetime

from pynamodb.attributes import BooleanAttribute, UnicodeAttribute, UTCDateTimeAttribute

from nexus.table import keys
from nexus.table.items import (
    ConditionFailed,
    Delete,
    Item,
    Put,
    Update,
    commit,
    find,
    update,
)


class PayoutItem(Item, discriminator="Payout"):
    """A seller's account at the provider; `is_ready` once it may receive money."""

    account = UnicodeAttribute()
    is_ready = BooleanAttribute(default=False)
    told_at = UTCDateTimeAttribute(null=True)


class PayoutAccountItem(Item, discriminator="PayoutAccount"):
    """Whose an account is."""

    user_id = UnicodeAttribute()


def find_payout(user_id: int) -> PayoutItem | None:
    return find(PayoutItem, keys.payout(user_id))


def open_payout(user_id: int, account: str) -> PayoutItem:
    """Keep a seller's account. Repeating it changes nothing."""
    payout = PayoutItem(*keys.payout(user_id), account=account)
    owner = PayoutAccountItem(*keys.payout_account(account), user_id=str(user_id))
    absent = Item.pk.does_not_exist()
    try:
        commit(Put(payout, absent), Put(owner, absent))
    except ConditionFailed:
        return find_payout(user_id) or payout
    return payout


def replace_payout(user_id: int, payout: PayoutItem, account: str) -> PayoutItem:
    """Keep a new account of a seller instead of one that is gone; the one that is kept now."""
    old = PayoutAccountItem(*keys.payout_account(payout.account))
    owner = PayoutAccountItem(*keys.payout_account(account), user_id=str(user_id))
    new = PayoutItem(*keys.payout(user_id), account=account)
    same = PayoutItem.account == payout.account
    try:
        commit(Put(new, same), Put(owner, Item.pk.does_not_exist()), Delete(old))
    except ConditionFailed:
        return find_payout(user_id) or new
    return new


def owner_of(account: str) -> int | None:
    found = find(PayoutAccountItem, keys.payout_account(account))
    return int(found.user_id) if found else None


def note_readiness(user_id: int, *, is_ready: bool, told_at: datetime) -> bool:
    """Keep what the provider tells of an account; older news change nothing."""
    actions = [PayoutItem.is_ready.set(is_ready), PayoutItem.told_at.set(told_at)]
    first = Item.pk.exists() & PayoutItem.told_at.does_not_exist()
    newer = first | (PayoutItem.told_at <= told_at)
    try:
        update(Update(PayoutItem(*keys.payout(user_id)), actions, newer))
    except ConditionFailed:
        return False
    return True
