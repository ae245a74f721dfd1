"""Attempts counted in windows of time, exactly, however many come at once."""

from pynamodb.expressions.update import Action

from nexus.table import keys
from nexus.table.items import IntegerAttribute, Item, Update, find, remove, update


class ThrottleItem(Item, discriminator="Throttle"):
    attempts = IntegerAttribute(default=0)


def count_attempt(bucket: str, window: int, expires_at: int) -> int:
    """Count one more attempt in a window and tell how many there are now."""
    item = ThrottleItem(*keys.throttle(bucket, window))
    update(Update(item, _one_more(expires_at)))
    return item.attempts


def attempt(bucket: str, window: int, expires_at: int, most: int) -> Update:
    """The step that counts one more attempt in a window, as long as there are so few."""
    item = ThrottleItem(*keys.throttle(bucket, window))
    few = ThrottleItem.pk.does_not_exist() | (ThrottleItem.attempts < most)
    return Update(item, _one_more(expires_at), few)


def _one_more(expires_at: int) -> list[Action]:
    return [
        Item.kind.set(ThrottleItem),
        ThrottleItem.attempts.add(1),
        Item.expires_at.set(expires_at),
    ]


def attempts_in(bucket: str, window: int) -> int:
    item = find(ThrottleItem, keys.throttle(bucket, window), consistent=False)
    return item.attempts if item else 0


def forget_attempts(bucket: str, window: int) -> None:
    remove(ThrottleItem(*keys.throttle(bucket, window)))
