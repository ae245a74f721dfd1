"""The change log of what is on sale, which every copy of the search index follows.

A line is written under the moment at which it can be read. A reader asks for the lines since the
last time, and a little further back (`LATE`), for lines that took their time to appear.
"""

from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any, NamedTuple

from pynamodb.attributes import BooleanAttribute, JSONAttribute, UnicodeAttribute
from pynamodb.exceptions import QueryError

from nexus.table import keys
from nexus.table.items import IntegerAttribute, Item, Put, epoch_seconds, put, remove

KEPT = timedelta(days=3)
"""How long lines are kept; no copy starts from a snapshot that is older."""
LATE = timedelta(seconds=5)
SLOT_SECONDS = 15
"""The counters of a model are told once in such a time, however often they change."""


class ChangeItem(Item, discriminator="Change"):
    """One line: exactly one of these.

    `document`: a model is on sale, with this content. `gone`: a model, or all of a creator, is
    not. `counters`: sums of a model. `snapshot`: there is a new one. `broken`: one is no good.
    Nothing of it: a model will have another content in a moment; who changed it may look already.
    """

    model_id = IntegerAttribute(null=True)
    creator_id = IntegerAttribute(null=True)
    document = UnicodeAttribute(null=True)
    gone = BooleanAttribute(null=True)
    counters: JSONAttribute = JSONAttribute(null=True)
    snapshot = UnicodeAttribute(null=True)
    broken = UnicodeAttribute(null=True)

    @property
    def moment(self) -> datetime:
        return keys.moment_of(self.key)

    @classmethod
    def of(cls, at: datetime, subject: str, **content: Any) -> "ChangeItem":
        until = epoch_seconds(at + KEPT)
        return cls(*keys.change(at, subject), expires_at=until, **content)


def announce(model_id: int, creator_id: int, now: datetime, *, gone: bool) -> Put:
    """The step that tells, together with the change itself, that a model changes."""
    left = True if gone else None
    return Put(
        ChangeItem.of(now, f"{model_id}", model_id=model_id, creator_id=creator_id, gone=left)
    )


def announce_leaving(creator_id: int, now: datetime) -> Put:
    """The step that takes all models of a creator off the lists."""
    return Put(ChangeItem.of(now, f"of {creator_id}", creator_id=creator_id, gone=True))


def log_model(model_id: int, creator_id: int, document: str | None) -> None:
    """Tell what a model on sale is like now; `None` where it is not on sale."""
    gone = True if document is None else None
    _append(
        lambda at: ChangeItem.of(
            at,
            f"{model_id} as it is",
            model_id=model_id,
            creator_id=creator_id,
            document=document,
            gone=gone,
        )
    )


def log_counters(model_id: int, counters: Mapping[str, float]) -> None:
    """Tell the sums of a model; those told before in the same slot are forgotten."""

    def line(at: datetime) -> ChangeItem:
        end = datetime.fromtimestamp((at.timestamp() // SLOT_SECONDS + 1) * SLOT_SECONDS, UTC)
        return ChangeItem.of(end, f"{model_id} counted", model_id=model_id, counters=dict(counters))

    _append(line)


def log_snapshot(name: str) -> None:
    _append(lambda at: ChangeItem.of(at, "snapshot", snapshot=name))


def log_broken(name: str) -> None:
    _append(lambda at: ChangeItem.of(at, "broken", broken=name))


def forget_creator(creator_id: int) -> None:
    """Delete the lines that tell of a creator's models."""
    theirs = ChangeItem.creator_id == creator_id
    for item in Item.query(keys.CHANGES, filter_condition=theirs & ChangeItem.document.exists()):
        remove(item)


def _append(line: Callable[[datetime], ChangeItem]) -> None:
    """Write a line; again, under a later moment, where that took longer than readers look back."""
    while True:
        at = datetime.now(UTC)
        put(Put(line(at)))
        if datetime.now(UTC) - at < LATE:
            return


class LogUnreadable(Exception):
    """DynamoDB did not answer."""


def changes_between(first: datetime, last: datetime) -> list[ChangeItem]:
    """The lines of a period, oldest first. Raises `LogUnreadable`."""
    period = Item.sk.between(*keys.changes_between(first, last))
    try:
        found = list(Item.query(keys.CHANGES, period, consistent_read=True))
    except QueryError as error:
        raise LogUnreadable(str(error)) from error
    return [item for item in found if isinstance(item, ChangeItem)]


class Log(NamedTuple):
    lines: int
    broken: str | None


def look_at_log(since: datetime, most: int) -> Log:
    """How many lines there are since a moment, counted up to `most`, and the last one's complaint
    that a snapshot is no good.
    """
    found = Item.query(
        keys.CHANGES,
        Item.sk > keys.change(since, "").sk,
        limit=most,
        attributes_to_get=["PK", "SK", "kind", "broken"],
    )
    lines = [item for item in found if isinstance(item, ChangeItem)]
    return Log(len(lines), next((item.broken for item in reversed(lines) if item.broken), None))
