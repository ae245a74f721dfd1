"""Sums, projected from the stream and never written by a request."""

from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from datetime import date, datetime, timedelta

from pynamodb.expressions.condition import Condition

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
    update,
)
from nexus.table.keys import Key

REPLAY_DAYS = 7
"""How long a marker is kept: DynamoDB streams hold their records for one day."""


class CountersItem(Item, discriminator="Counters"):
    """The sums of one subject: a model, a user, a segment, a campaign, a day, the platform.

    Money is in cents.
    """

    applicants = IntegerAttribute(default=0)
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
    balance_cents = IntegerAttribute(default=0)
    disbursed_cents = IntegerAttribute(default=0)
    purchases = IntegerAttribute(default=0)
    members = IntegerAttribute(default=0)
    audience = IntegerAttribute(default=0)
    batches = IntegerAttribute(default=0)
    sent = IntegerAttribute(default=0)
    skipped = IntegerAttribute(default=0)
    failed = IntegerAttribute(default=0)
    unknown = IntegerAttribute(default=0)
    delivered = IntegerAttribute(default=0)
    opened = IntegerAttribute(default=0)
    clicked = IntegerAttribute(default=0)
    machine_opened = IntegerAttribute(default=0)
    machine_clicked = IntegerAttribute(default=0)
    bounced = IntegerAttribute(default=0)
    complained = IntegerAttribute(default=0)
    unsubscribed = IntegerAttribute(default=0)


class AppliedItem(Item, discriminator="Applied"):
    """Says that a stream record is in the sums. Written in the same transaction as they are."""


type Changes = Mapping[Key, Mapping[str, int]]
"""What to add to which counters: {subject's key: {name: amount}}."""


def apply_once(event_id: str, changes: Changes, now: datetime) -> None:
    """Add the changes that a stream record brings, unless they were added before."""
    until = epoch_seconds(now + timedelta(days=REPLAY_DAYS))
    marker = create(AppliedItem(*keys.applied(event_id), expires_at=until))
    additions = [addition(key, amounts) for key, amounts in changes.items()]
    try:
        commit(marker, *additions)
    except ConditionFailed:
        return


def addition(key: Key, amounts: Mapping[str, int]) -> Update:
    """The step that adds to the sums of a subject, be they there yet or not."""
    index = keys.counters_index(key)
    placed = [Item.gsi1_pk.set(index.pk), Item.gsi1_sk.set(index.sk)] if index else []
    added = [getattr(CountersItem, name).add(amount) for name, amount in amounts.items()]
    return Update(CountersItem(*key), [Item.kind.set(CountersItem), *placed, *added])


def correct(item: CountersItem, right: Mapping[str, int]) -> bool:
    """Set sums to what they should be, if they are still as they were read."""
    unchanged = Item.pk.exists()
    for name in right:
        unchanged &= _still(name, getattr(item, name))
    actions = [getattr(CountersItem, name).set(value) for name, value in right.items()]
    try:
        update(Update(CountersItem(*item.key), actions, unchanged))
    except ConditionFailed:
        return False
    return True


def _still(name: str, value: int) -> Condition:
    """That a sum has a value; one that nothing was ever added to is not there, and 0."""
    attribute = getattr(CountersItem, name)
    same: Condition = attribute == value
    return same if value else same | attribute.does_not_exist()


def active_models(day: date) -> list[CountersItem]:
    """The sums of that day of all models to which anything happened."""
    found = Item.query(keys.active_on(day), index_name="GSI1")
    return [item for item in found if isinstance(item, CountersItem)]


def everything() -> Iterator[Item]:
    """All items, for jobs only: this reads the whole table."""
    return iter(Item.scan())


def add_views(subject: Key, amount: int) -> int:
    """Add to the views of a subject and tell how many it has now."""
    item = CountersItem(*subject)
    update(Update(item, addition(subject, {"views": amount}).actions))
    return item.views


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


def rank(key: Key, list_: str, name: str) -> None:
    """Bring a subject to its place in a list of the best, by one of its sums as it is now.

    When the sum moves meanwhile, whoever moved it comes here too.
    """
    sums = find(CountersItem, key)
    if sums is None:
        return
    value = getattr(sums, name)
    gsi1_pk, gsi1_sk = keys.rank(list_, value)
    actions = [Item.gsi1_pk.set(gsi1_pk), Item.gsi1_sk.set(gsi1_sk)]
    with suppress(ConditionFailed):
        update(Update(CountersItem(*key), actions, getattr(CountersItem, name) == value))


def best(list_: str, limit: int) -> list[Key]:
    """The subjects at the top of a list, the best first."""
    results = Item.query(list_, index_name="GSI1", scan_index_forward=False, limit=limit)
    return [item.key for item in results]


def days(first: date, last: date) -> dict[date, CountersItem]:
    """The sums of those days of a period on which there were any."""
    pk, since = keys.day_counters(first)
    until = keys.day_counters(last).sk
    found = Item.query(pk, Item.sk.between(since, until))
    prefix = len(keys.day_counters(first).sk) - len(first.isoformat())
    return {
        date.fromisoformat(item.sk[prefix:]): item
        for item in found
        if isinstance(item, CountersItem)
    }
