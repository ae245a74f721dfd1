"""Recounting all sums from the facts, to find and mend what the projector missed.

A stream keeps its records for a day; what is not projected by then is drift for ever, unless it
is recounted. Facts go on changing meanwhile, so only drift that is the same in two counts is
mended, and only while the sum is still what it was.
"""

from collections import Counter, defaultdict
from dataclasses import dataclass, field

from nexus.statistics.contributions import contribution
from nexus.table.catalogue import (
    ModelItem,
    ShelfItem,
    put_on_shelf,
    shelves,
    take_off_shelf,
)
from nexus.table.counters import CountersItem, addition, correct, everything
from nexus.table.items import commit
from nexus.table.keys import Key

PROJECTED = (
    "applicants",
    "approved_models",
    "downloads",
    "earned_cents",
    "fees_cents",
    "likes",
    "models",
    "pending_models",
    "rating_count",
    "rating_sum",
    "revenue_cents",
    "sales",
    "users",
)
"""Views are no facts: they are sampled, so they cannot be recounted."""


@dataclass
class Count:
    """One look at everything: what the sums should be, what they are, and the same of shelves."""

    right: defaultdict[Key, Counter[str]] = field(default_factory=lambda: defaultdict(Counter))
    found: dict[Key, CountersItem] = field(default_factory=dict)
    shelves: dict[Key, int] = field(default_factory=dict)
    shelved: dict[Key, int] = field(default_factory=dict)

    @classmethod
    def now(cls) -> "Count":
        count = cls()
        for item in everything():
            for key, amounts in contribution(item).items():
                count.right[key].update(amounts)
            if isinstance(item, CountersItem):
                count.found[item.key] = item
            elif isinstance(item, ModelItem):
                count.shelves.update(dict.fromkeys(shelves(item), item.id))
            elif isinstance(item, ShelfItem):
                count.shelved[item.key] = item.model_id
        return count

    def drift(self) -> set[tuple[Key, str, int, int]]:
        """What differs: (subject, name, as it is, as it should be)."""
        subjects = self.right.keys() | self.found.keys()
        return {
            (key, name, is_, should)
            for key in subjects
            for name in PROJECTED
            if (is_ := self._sum(key, name)) != (should := self.right[key][name])
        }

    def _sum(self, key: Key, name: str) -> int:
        return int(getattr(self.found[key], name)) if key in self.found else 0


@dataclass(frozen=True)
class Repair:
    """What a reconciliation has mended, for the operators: one line each."""

    sums: list[str]
    shelves: list[str]


def reconcile() -> Repair:
    """Recount everything, mend what differs twice alike, and tell what that was."""
    first, second = Count.now(), Count.now()
    return Repair(_mend_sums(first, second), _mend_shelves(first, second))


def _mend_sums(first: Count, second: Count) -> list[str]:
    wrong: defaultdict[Key, dict[str, tuple[int, int]]] = defaultdict(dict)
    for key, name, is_, should in first.drift() & second.drift():
        wrong[key][name] = is_, should
    mended = []
    for key, sums in wrong.items():
        if key in second.found:
            done = correct(second.found[key], {name: right for name, (_, right) in sums.items()})
        else:
            commit(addition(key, {name: right for name, (_, right) in sums.items()}))
            done = True
        if done:
            mended += [f"{key.pk} {key.sk} {n}: {a} → {b}" for n, (a, b) in sorted(sums.items())]
    return mended


def _mend_shelves(first: Count, second: Count) -> list[str]:
    missing = (first.shelves.keys() - first.shelved.keys()) & (
        second.shelves.keys() - second.shelved.keys()
    )
    stale = (first.shelved.keys() - first.shelves.keys()) & (
        second.shelved.keys() - second.shelves.keys()
    )
    for key in missing:
        put_on_shelf(key, second.shelves[key])
    for key in stale:
        take_off_shelf(key)
    return [f"+ {key.pk} {key.sk}" for key in missing] + [f"- {key.pk} {key.sk}" for key in stale]
