"""Attempts counted in windows of time, exactly, however many come at once."""

from pynamodb.attributes import NumberAttribute

from nexus.table import keys
from nexus.table.items import Item, Update, update


class ThrottleItem(Item, discriminator="Throttle"):
    attempts = NumberAttribute(default=0)


def count_attempt(bucket: str, window: int, expires_at: int) -> int:
    """Count one more attempt in a window and tell how many there are now."""
    item = ThrottleItem(*keys.throttle(bucket, window))
    update(
        Update(
            item,
            [
                Item.kind.set(ThrottleItem),
                ThrottleItem.attempts.add(1),
                Item.expires_at.set(expires_at),
            ],
        )
    )
    return int(item.attempts)


def forget_attempts(bucket: str, window: int) -> None:
    ThrottleItem(*keys.throttle(bucket, window)).delete()
