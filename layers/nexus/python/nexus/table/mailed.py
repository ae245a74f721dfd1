"""Secrets that went out by mail: each does one thing, once, for a while."""

from datetime import datetime
from typing import Literal

from pynamodb.attributes import UnicodeAttribute

from nexus.table import keys
from nexus.table.items import Delete, IntegerAttribute, Item, Put, create, epoch_seconds, find

type Purpose = Literal["verify-email", "reset-password"]


class MailedItem(Item, discriminator="Mailed"):
    """Keeps the SHA-256 of a secret, so that whoever reads the table cannot use it.

    `address_digest` is of the secret and the address it went to: it outlives an erased account.
    """

    purpose = UnicodeAttribute()
    user_id = IntegerAttribute()
    address_digest = UnicodeAttribute()

    @classmethod
    def of(
        cls, digest: str, purpose: Purpose, user_id: int, address_digest: str, until: datetime
    ) -> "MailedItem":
        return cls(
            *keys.mailed(digest),
            purpose=purpose,
            user_id=user_id,
            address_digest=address_digest,
            expires_at=epoch_seconds(until),
        )


def keep_mailed(item: MailedItem) -> Put:
    """The step that makes a secret good."""
    return create(item)


def find_mailed(digest: str, purpose: Purpose, now: datetime) -> MailedItem | None:
    """What a secret is good for, if it still is: TTL deletes days late."""
    item = find(MailedItem, keys.mailed(digest))
    if item is None or item.purpose != purpose or (item.expires_at or 0) <= now.timestamp():
        return None
    return item


def spend_mailed(item: MailedItem) -> Delete:
    """The step that uses a secret up; it fails for all but the first who comes with it."""
    return Delete(MailedItem(*item.key), MailedItem.pk.exists())
