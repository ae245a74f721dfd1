"""Sums, projected from the stream and never written by a request."""

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta

from nexus.table import keys
from nexus.table.items import (
    ConditionFailed,
    IntegerAttribute,
    Item,
    Update,
    commit,
    create,
    epoch_seconds,
    find,
    find_all,
)
from nexus.table.keys import Key

REPLAY_DAYS = 7
"""How long a marker is kept: DynamoDB streams hold their records for one day."""


class CountersItem(Item, discriminator="Counters"):
    """The sums of one subject: a model, a user, a day or the platform. Money is in cents."""

    downloads = IntegerAttribute(default=0)
    models = IntegerAttribute(default=0)
    pending_models = IntegerAttribute(default=0)
    approved_models = IntegerAttribute(default=0)
    likes = IntegerAttribute(default=0)
    views = IntegerAttribute(default=0)
    rating_sum = IntegerAttribute(default=0)
    rating_count = IntegerAttribute(default=0)
    users = IntegerAttribute(default=0)
    sales = IntegerAttribute(default=0)
    revenue_cents = IntegerAttribute(default=0)
    fees_cents = IntegerAttribute(default=0)
    earned_cents = IntegerAttribute(default=0)


class AppliedItem(Item, discriminator="Applied"):
    """Says that a stream record is in the sums. Written in the same transaction as they are."""


type Changes = Mapping[Key, Mapping[str, int]]
"""What to add to which counters: {subject's key: {name: amount}}."""


def apply_once(event_id: str, changes: Changes, now: datetime) -> None:
    """Add the changes that a stream record brings, unless they were added before."""
    until = epoch_seconds(now + timedelta(days=REPLAY_DAYS))
    marker = create(AppliedItem(*keys.applied(event_id), expires_at=until))
    additions = [
        Update(
            CountersItem(*key),
            [
                Item.kind.set(CountersItem),
                *(getattr(CountersItem, name).add(amount) for name, amount in amounts.items()),
            ],
        )
        for key, amounts in changes.items()
    ]
    try:
        commit(marker, *additions)
    except ConditionFailed:
        return


def counters(key: Key) -> CountersItem:
    """The sums of a subject; all are 0 where nothing was counted yet."""
    return find(CountersItem, key, consistent=False) or CountersItem(*key)


def counters_of(subjects: Iterable[Key]) -> dict[Key, CountersItem]:
    wanted = list(subjects)
    found = find_all(wanted)
    return {
        key: item if isinstance(item := found.get(key), CountersItem) else CountersItem(*key)
        for key in wanted
    }
