"""What happened for a user, and how far they have read."""

from datetime import datetime, timedelta
from typing import Any

from pynamodb.attributes import (
    BooleanAttribute,
    JSONAttribute,
    UnicodeAttribute,
    UTCDateTimeAttribute,
)

from nexus.ids import LARGEST
from nexus.table import keys
from nexus.table.items import (
    ConditionFailed,
    IntegerAttribute,
    Item,
    Start,
    Update,
    count_some,
    create,
    epoch_seconds,
    find,
    put,
    update,
)
from nexus.table.pages import page

KEPT = timedelta(days=180)


class NotificationItem(Item, discriminator="Notification"):
    """`about` is the kind of event, `data` what its text tells, `link` a path of the API."""

    id = IntegerAttribute()
    user_id = IntegerAttribute()
    about = UnicodeAttribute()
    data: JSONAttribute = JSONAttribute()
    link = UnicodeAttribute()
    read = BooleanAttribute(default=False)
    created_at = UTCDateTimeAttribute()

    @classmethod
    def of(
        cls, notification_id: int, user_id: int, created_at: datetime, **fields: Any
    ) -> "NotificationItem":
        pk, sk = keys.notification(user_id, notification_id)
        gsi1_pk, gsi1_sk = keys.in_inbox(user_id, created_at, notification_id)
        return cls(
            pk=pk,
            sk=sk,
            gsi1_pk=gsi1_pk,
            gsi1_sk=gsi1_sk,
            gsi2_pk=keys.unread_of(user_id),
            gsi2_sk=gsi1_sk,
            id=notification_id,
            user_id=user_id,
            created_at=created_at,
            expires_at=epoch_seconds(created_at + KEPT),
            **fields,
        )


class InboxItem(Item, discriminator="Inbox"):
    """Whatever came until `read_until` is read, without a mark on each."""

    read_until = UTCDateTimeAttribute()


def notify(notification: NotificationItem) -> None:
    """Write a notification, unless it is there already."""
    try:
        put(create(notification))
    except ConditionFailed:
        return


def notifications_for(
    user_id: int, start: Start, limit: int
) -> tuple[list[NotificationItem], Start]:
    """A page of someone's notifications, newest first."""
    return page(NotificationItem, keys.in_inbox_of(user_id), start, limit, index="GSI1")


def read_until(user_id: int) -> datetime | None:
    inbox = find(InboxItem, keys.inbox(user_id))
    return inbox.read_until if inbox else None


def count_unread(user_id: int, since: datetime | None, most: int) -> int:
    """How many came after a moment and are not marked as read, counted up to `most`."""
    _, after = keys.in_inbox(user_id, since, LARGEST) if since else ("", "0")
    return count_some(keys.unread_of(user_id), Item.gsi2_sk > after, "GSI2", most)


def mark_read(user_id: int, notification_id: int) -> None:
    """Mark one as read; nothing happens where the user has no such notification."""
    item = NotificationItem(*keys.notification(user_id, notification_id))
    actions = [
        NotificationItem.read.set(True),
        Item.gsi2_pk.remove(),
        Item.gsi2_sk.remove(),
    ]
    try:
        update(Update(item, actions, Item.pk.exists()))
    except ConditionFailed:
        return


def mark_all_read(user_id: int, until: datetime) -> None:
    item = InboxItem(*keys.inbox(user_id))
    update(Update(item, [Item.kind.set(InboxItem), InboxItem.read_until.set(until)]))
