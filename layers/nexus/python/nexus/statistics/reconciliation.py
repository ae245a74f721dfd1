"""Recounting all sums from the facts, to find and mend what the projector missed.

A stream keeps its records for a day; what is not projected by then is drift for ever, unless it
is recounted. Facts go on changing meanwhile, so only drift that is the same in two counts is
mended, and only while the sum is still what it was. Ranks, what a ban hides and where a model
stands in its index follow the facts as the sums do, and are looked after alike; so is who has to
be told of mails and campaigns. Where a repair
changes a fact (a model is hidden), what follows from that comes through the stream, as always.
"""

from collections import Counter, defaultdict
from collections.abc import Callable
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field
from datetime import UTC, datetime

from nexus.campaigns import service as campaigns
from nexus.mail import service as mail
from nexus.statistics.contributions import contribution, ranks
from nexus.table import keys
from nexus.table.campaigns import BatchItem, CampaignItem
from nexus.table.catalogue import ModelItem, hide_model, is_misplaced
from nexus.table.counters import CountersItem, addition, correct, everything, rank
from nexus.table.items import Item, commit
from nexus.table.keys import Key
from nexus.table.outbox import OutboxItem
from nexus.table.purchases import TransactionItem
from nexus.table.segments import SEGMENTS, MemberItem, resegment, segments_of
from nexus.table.users import UserItem

PROJECTED = (
    "applicants",
    "approved_models",
    "audience",
    "balance_cents",
    "batches",
    "bounced",
    "clicked",
    "complained",
    "delivered",
    "disbursed_cents",
    "downloads",
    "earned_cents",
    "failed",
    "fees_cents",
    "likes",
    "machine_clicked",
    "machine_opened",
    "members",
    "models",
    "opened",
    "pending_models",
    "purchases",
    "rating_count",
    "rating_sum",
    "revenue_cents",
    "sales",
    "sent",
    "skipped",
    "unknown",
    "unsubscribed",
    "users",
)
"""Views are no facts: they are sampled, so they cannot be recounted."""


@dataclass
class Count:
    """One look at everything: what should follow from the facts, and what is there."""

    right: defaultdict[Key, Counter[str]] = field(default_factory=lambda: defaultdict(Counter))
    found: dict[Key, CountersItem] = field(default_factory=dict)
    ranked: dict[Key, tuple[str, str]] = field(default_factory=dict)
    models: dict[int, ModelItem] = field(default_factory=dict)
    banned: set[int] = field(default_factory=set)
    users: list[UserItem] = field(default_factory=list)
    members: set[Key] = field(default_factory=set)
    owed: dict[Key, OutboxItem] = field(default_factory=dict)
    begun: dict[int, CampaignItem] = field(default_factory=dict)
    planned: set[int] = field(default_factory=set)

    @classmethod
    def now(cls) -> "Count":
        count = cls()
        for item in everything():
            for key, amounts in contribution(item).items():
                count.right[key].update(amounts)
            if isinstance(item, CountersItem):
                count.found[item.key] = item
            elif isinstance(item, ModelItem):
                count.models[item.id] = item
            elif isinstance(item, TransactionItem):
                count.ranked.update(ranks(item))
            elif isinstance(item, UserItem):
                count.users.append(item)
                if item.is_banned:
                    count.banned.add(item.id)
            elif isinstance(item, MemberItem):
                count.members.add(item.key)
            else:
                count._note(item)
        return count

    def _note(self, item: Item) -> None:
        """What is to be sent."""
        if isinstance(item, OutboxItem) and item.state == "owed":
            self.owed[item.key] = item
        elif isinstance(item, CampaignItem) and item.status == "sending":
            self.begun[item.id] = item
        elif isinstance(item, BatchItem):
            self.planned.add(item.campaign_id)

    def drift(self) -> set[tuple[Key, str, int, int]]:
        """What differs: (subject, name, as it is, as it should be)."""
        subjects = self.right.keys() | self.found.keys()
        return {
            (key, name, is_, should)
            for key in subjects
            for name in PROJECTED
            if (is_ := self._sum(key, name)) != (should := self.right[key][name])
        }

    def misplaced(self) -> set[Key]:
        """Subjects whose place among the best is not that of their sum."""
        return {
            key
            for key, (list_, name) in self.ranked.items()
            if (item := self.found.get(key))
            and keys.rank(list_, getattr(item, name)) != (item.gsi1_pk, item.gsi1_sk)
        }

    def wrongly_shown(self) -> set[tuple[int, bool]]:
        """Models that are hidden although their creator is not banned, or the other way round, or
        not where they belong in the index: (id, whether to hide it).
        """
        return {
            (model.id, should)
            for model in self.models.values()
            if model.is_hidden != (should := model.creator_id in self.banned) or is_misplaced(model)
        }

    def untold(self) -> dict[Key, OutboxItem | CampaignItem]:
        """Mails that are owed, and campaigns that have begun and have no batch. Their messages may
        be on the way; one more does no harm.
        """
        begun = (each for each in self.begun.values() if each.id not in self.planned)
        return {**self.owed, **{each.key: each for each in begun}}

    def _sum(self, key: Key, name: str) -> int:
        return int(getattr(self.found[key], name)) if key in self.found else 0


@dataclass(frozen=True)
class Repair:
    """What a reconciliation has mended, for the operators: one line each."""

    sums: list[str]
    ranks: list[str]
    hidden: list[str]
    segments: list[str]
    told_again: list[str]

    @property
    def drift(self) -> int:
        """How much was wrong."""
        return len(self.sums) + len(self.ranks) + len(self.hidden) + len(self.segments)


def reconcile(pause: Callable[[], object]) -> Repair:
    """Recount everything, mend what differs twice alike, and tell what that was.

    `pause` comes between the two counts, for the projector to bring what is on its way. What comes
    later still is counted twice, until the next reconciliation.
    """
    first = Count.now()
    pause()
    second = Count.now()
    sums = _mend_sums(first, second)
    return Repair(
        sums=[line for lines in sums.values() for line in lines],
        ranks=_mend_ranks(first, second, sums.keys()),
        hidden=_mend_hidden(first, second),
        segments=_mend_segments(first, second),
        told_again=_tell_again(first, second),
    )


def _mend_sums(first: Count, second: Count) -> dict[Key, list[str]]:
    wrong: defaultdict[Key, dict[str, tuple[int, int]]] = defaultdict(dict)
    for key, name, is_, should in first.drift() & second.drift():
        wrong[key][name] = is_, should
    mended = {}
    for key, sums in wrong.items():
        if key in second.found:
            done = correct(second.found[key], {name: right for name, (_, right) in sums.items()})
        else:
            commit(addition(key, {name: right for name, (_, right) in sums.items()}))
            done = True
        if done:
            told = sorted(sums.items())
            mended[key] = [f"{key.pk} {key.sk} {name}: {a} → {b}" for name, (a, b) in told]
    return mended


def _mend_ranks(first: Count, second: Count, mended: AbstractSet[Key]) -> list[str]:
    misplaced = first.misplaced() & second.misplaced()
    for key in misplaced | (mended & second.ranked.keys()):
        rank(key, *second.ranked[key])
    return [f"{key.pk} in {second.ranked[key][0]}" for key in misplaced]


def _mend_hidden(first: Count, second: Count) -> list[str]:
    wrong = first.wrongly_shown() & second.wrongly_shown()
    for model_id, hidden in wrong:
        hide_model(second.models[model_id], hidden=hidden)
    return [f"model {model_id}: {'hidden' if hidden else 'shown'}" for model_id, hidden in wrong]


def _mend_segments(first: Count, second: Count) -> list[str]:
    """Whoever is in a wrong segment is looked at once more, as they are now."""
    wrong = _in_wrong_segments(first) & _in_wrong_segments(second)
    for user_id in wrong:
        resegment(user_id)
    return [f"user {user_id}" for user_id in wrong]


def _tell_again(first: Count, second: Count) -> list[str]:
    """Let those be told who send what is still to be sent: the record of it may be lost."""
    earlier = first.untold()
    found = [item for key, item in second.untold().items() if key in earlier]
    for item in found:
        mail.post(None, item, datetime.now(UTC))
        campaigns.follow(None, item, datetime.now(UTC))
    return [f"{item.pk} {item.sk}" for item in found]


def _in_wrong_segments(count: Count) -> set[int]:
    return {user.id for user in count.users if _belongs(user, count) != _stands(user, count)}


def _belongs(user: UserItem, count: Count) -> set[str]:
    right = count.right[keys.user_counters(user.id)]
    sums = CountersItem(approved_models=right["approved_models"], purchases=right["purchases"])
    return segments_of(user, sums)


def _stands(user: UserItem, count: Count) -> set[str]:
    return {each for each in SEGMENTS if keys.member(each, user.id) in count.members}
