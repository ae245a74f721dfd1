"""Notifications: what a user is told within the storefront, made from facts by the projector."""

import hashlib
from collections.abc import Mapping
from datetime import datetime

from nexus.ids import LARGEST
from nexus.notifications.schemas import Notification
from nexus.table.bounties import ApplicationItem, BountyItem, find_bounty
from nexus.table.catalogue import ModelItem, find_model
from nexus.table.items import Item, Start
from nexus.table.notifications import (
    NotificationItem,
    count_unread,
    mark_all_read,
    mark_read,
    notifications_for,
    notify,
    read_until,
)
from nexus.table.opinions import ReviewItem
from nexus.table.purchases import TransactionItem

MOST_UNREAD = 100


def inbox(
    user_id: int, until: datetime | None, start: Start, limit: int
) -> tuple[list[Notification], Start]:
    """A page of someone's notifications, newest first; those up to `until` are read."""
    items, following = notifications_for(user_id, start, limit)
    shown = [
        Notification.of(item, read=item.read or (until is not None and item.created_at <= until))
        for item in items
    ]
    return shown, following


def last_read(user_id: int) -> datetime | None:
    """Up to when someone marked everything as read."""
    return read_until(user_id)


def unread(user_id: int, until: datetime | None) -> int:
    """How many are unread that came after `until`, counted up to `MOST_UNREAD`."""
    return count_unread(user_id, until, MOST_UNREAD)


def read(user_id: int, notification_ids: list[int] | None, *, now: datetime) -> int:
    """Mark some or all as read, and tell how many are unread then. Foreign ids are passed over."""
    if notification_ids is None:
        mark_all_read(user_id, now)
        return 0
    for notification_id in set(notification_ids):
        mark_read(user_id, notification_id)
    return unread(user_id, read_until(user_id))


def tell_of_sale(before: Item | None, after: Item | None, now: datetime) -> None:
    """Tell the seller, when a sale has been completed."""
    if not isinstance(after, TransactionItem) or after.status != "completed":
        return
    if isinstance(before, TransactionItem) and before.status == "completed":
        return
    if model := find_model(after.model_id):
        link = f"/api/models/{model.id}"
        _tell(after.seller_id, "sale", after.id, {"name": model.name}, link, now)


def tell_of_verdict(before: Item | None, after: Item | None, now: datetime) -> None:
    """Tell the creator, when a model that waited has been approved or rejected."""
    if not isinstance(before, ModelItem) or not isinstance(after, ModelItem):
        return
    if before.status == "pending" and after.status in {"approved", "rejected"}:
        data = {"name": after.name, "reason": after.reason}
        fact = f"{after.id} {after.version}"
        link = f"/api/models/{after.id}"
        _tell(after.creator_id, f"model_{after.status}", fact, data, link, now)


def tell_of_review(before: Item | None, after: Item | None, now: datetime) -> None:
    """Tell the creator of a model that a buyer has reviewed it."""
    if before is not None or not isinstance(after, ReviewItem):
        return
    if model := find_model(after.model_id):
        data = {"name": model.name, "rating": after.rating}
        link = f"/api/models/{model.id}/reviews"
        _tell(model.creator_id, "new_review", after.id, data, link, now)


def tell_of_application(before: Item | None, after: Item | None, now: datetime) -> None:
    """Tell the creator of a bounty that someone wants to make it."""
    if before is not None or not isinstance(after, ApplicationItem):
        return
    if bounty := find_bounty(after.bounty_id):
        link = f"/api/bounties/{bounty.id}/applications"
        _tell(bounty.creator_id, "bounty_application", after.id, {"name": bounty.title}, link, now)


def tell_winner(before: Item | None, after: Item | None, now: datetime) -> None:
    """Tell who was chosen, when a bounty has been awarded and when it has been completed."""
    if not isinstance(before, BountyItem) or not isinstance(after, BountyItem):
        return
    kind = {"In Progress": "bounty_awarded", "Completed": "bounty_completed"}.get(after.status)
    if kind and before.status != after.status and after.winner_id:
        link = f"/api/bounties/{after.id}"
        _tell(after.winner_id, kind, after.id, {"name": after.title}, link, now)


def _tell(
    user_id: int,
    kind: str,
    fact: int | str,
    data: Mapping[str, object],
    link: str,
    now: datetime,
) -> None:
    """Write a notification under an id made of its fact, so that a replay writes none."""
    digest = hashlib.sha256(f"{kind} {fact} {user_id}".encode()).digest()
    notification_id = max(1, int.from_bytes(digest[:8]) & LARGEST)
    notify(NotificationItem.of(notification_id, user_id, now, about=kind, data=data, link=link))
