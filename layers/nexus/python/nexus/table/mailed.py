"""Secrets that went out by mail: each does one thing, once, for a while."""

from datetime import datetime
from typing import Literal

from pynamodb.attributes import UnicodeAttribute

from nexus.table import keys
from nexus.table.items import Delete, IntegerAttribute, Item, Put, create, epoch_seconds, find
from nexus.table.users import NO_ONE, UserItem

type Purpose = Literal["verify-email", "reset-password"]


class MailedItem(Item, discriminator="Mailed"):
    """Keeps the SHA-256 of a secret, so that whoever reads the table cannot use it.

    `address_digest` is of the secret and the address it went to: it outlives an erased account.
    `token_version` is the account's when the secret was made: a new password ends those before it.
    """

    purpose = UnicodeAttribute()
    user_id = IntegerAttribute()
    address_digest = UnicodeAttribute()
    token_version = IntegerAttribute()

    @classmethod
    def of(
        cls,
        digest: str,
        purpose: Purpose,
        user: UserItem | None,
        address_digest: str,
        until: datetime,
    ) -> "MailedItem":
        return cls(
            *keys.mailed(digest),
            purpose=purpose,
            user_id=user.id if user else NO_ONE,
            address_digest=address_digest,
            token_version=user.token_version if user else 0,
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
