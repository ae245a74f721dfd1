"""The index made from the table: for a snapshot, and for a copy that has none."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import batched

from nexus.search.index import Index
from nexus.search.service import entries, entries_as_they_are
from nexus.table.catalogue import approved_models
from nexus.table.changes import LATE, ChangeItem, changes_between
from nexus.table.items import Start

AT_ONCE = 100
LAG = timedelta(minutes=1)
"""How far the table's indexes may be behind the table."""


@dataclass(frozen=True)
class Position:
    """How far the change log is followed: up to a moment, and of the last seconds before it these
    lines. What they tell is not to be made again: it may be older than what is known by now.
    """

    moment: datetime
    lines: frozenset[str] = frozenset()


def read_some(index: Index, start: Start) -> Start:
    """Take in the next models on sale, the newest first; tells where to go on.

    What the index has already it has from the change log, which is newer.
    """
    models, following = approved_models(start, AT_ONCE)
    index.build(entry for entry in entries(models) if entry.card["id"] not in index)
    return following


def settle(index: Index, began: datetime) -> Position:
    """Read those models once more that changed while the index was made."""
    until = datetime.now(UTC)
    lines = changes_between(began - LAG, until)
    index.commit()
    for creator_id in {line.creator_id for line in lines if line.gone and not line.model_id}:
        index.remove_all_of(creator_id)
    changed = {line.model_id for line in lines if line.model_id}
    for some in batched(changed, AT_ONCE, strict=False):
        known = entries_as_they_are(some)
        for model_id in set(some) - {entry.card["id"] for entry in known}:
            index.remove(model_id)
        index.put(known)
    index.commit()
    return Position(until, _last(lines, until))


def _last(lines: Iterable[ChangeItem], until: datetime) -> frozenset[str]:
    return frozenset(line.sk for line in lines if line.moment >= until - LATE)
