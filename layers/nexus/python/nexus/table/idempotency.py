"""Requests that carry an idempotency key: claimed once, answered alike for as long as is said."""

from collections.abc import Sequence
from contextlib import suppress
from datetime import datetime, timedelta

from pynamodb.attributes import UnicodeAttribute, UTCDateTimeAttribute
from pynamodb.expressions.update import Action

from nexus.table import keys
from nexus.table.items import (
    ConditionFailed,
    IntegerAttribute,
    Item,
    Put,
    Update,
    epoch_seconds,
    find,
    put,
    remove,
    update,
)


class IdempotencyItem(Item, discriminator="Idempotency"):
    """`new_id` is what the request creates, the same in every try. `status` 0: not yet answered."""

    fingerprint = UnicodeAttribute()
    new_id = IntegerAttribute()
    status = IntegerAttribute(default=0)
    body = UnicodeAttribute(default="")
    etag = UnicodeAttribute(null=True)
    leased_until = UTCDateTimeAttribute()


def claim_request(
    user_id: int,
    digest: str,
    fingerprints: list[str],
    new_id: int,
    now: datetime,
    lease: timedelta,
    kept: timedelta,
) -> tuple[IdempotencyItem, bool]:
    """The record of a request, which is `kept` so long, and whether this call may carry it out.

    It may not when the request was answered, is being carried out, or had another content: none
    of these `fingerprints`, of which the first is kept.
    """
    item = IdempotencyItem(
        *keys.idempotency(user_id, digest),
        fingerprint=fingerprints[0],
        new_id=new_id,
        leased_until=now + lease,
        expires_at=epoch_seconds(now + kept),
    )
    gone = Item.pk.does_not_exist() | (Item.expires_at < epoch_seconds(now))
    try:
        put(Put(item, gone))
    except ConditionFailed:
        return _claim_again(item, fingerprints, now, lease)
    return item, True


def _claim_again(
    item: IdempotencyItem, fingerprints: list[str], now: datetime, lease: timedelta
) -> tuple[IdempotencyItem, bool]:
    abandoned = (
        (IdempotencyItem.status == 0)
        & (IdempotencyItem.leased_until < now)
        & IdempotencyItem.fingerprint.is_in(*fingerprints)
    )
    earlier = IdempotencyItem(*item.key)
    try:
        update(Update(earlier, [IdempotencyItem.leased_until.set(now + lease)], abandoned))
    except ConditionFailed:
        return find(IdempotencyItem, item.key) or item, False
    return earlier, True


def keep_answer(item: IdempotencyItem, status: int, body: str, etag: str | None) -> None:
    kept = [IdempotencyItem.status.set(status), IdempotencyItem.body.set(body)]
    _note(item, [*kept, IdempotencyItem.etag.set(etag)] if etag else kept)


def release_request(item: IdempotencyItem, now: datetime) -> None:
    """End the lease of a try that broke off, or was told to come back: the next one goes on with
    the same id.
    """
    _note(item, [IdempotencyItem.leased_until.set(now - timedelta(seconds=1))])


def _note(item: IdempotencyItem, actions: Sequence[Action]) -> None:
    """Nothing happens where the claim is gone with its erased user: it would never expire."""
    with suppress(ConditionFailed):
        update(Update(item, actions, Item.pk.exists()))


def forget_request(item: IdempotencyItem) -> None:
    """Let the caller try again with the same key: nothing was changed."""
    remove(item)
