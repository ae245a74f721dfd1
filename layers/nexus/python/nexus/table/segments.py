"""Who is in which segment: an index of the users whom a campaign may be mailed to.

It follows from the users and their sums, so the projector keeps it, and it can be made anew.
"""

from pynamodb.attributes import UnicodeAttribute
from pynamodb.expressions.condition import Condition

from nexus.table import keys
from nexus.table.counters import CountersItem
from nexus.table.items import (
    Check,
    ConditionFailed,
    Delete,
    IntegerAttribute,
    Item,
    Put,
    Step,
    commit,
    find,
    find_all,
)
from nexus.table.users import UserItem, find_user

SEGMENTS = ("all", "creators", "buyers")
TRIES = 8


class MemberItem(Item, discriminator="Member"):
    segment = UnicodeAttribute()
    user_id = IntegerAttribute()

    @classmethod
    def of(cls, segment: str, user_id: int) -> "MemberItem":
        return cls(*keys.member(segment, user_id), segment=segment, user_id=user_id)


class Restless(Exception):
    """A user changes faster than their segments can be told."""


def segments_of(user: UserItem | None, sums: CountersItem | None) -> set[str]:
    """Where a user with these sums belongs."""
    if user is None or not user.gets_news:
        return set()
    creates, buys = (sums.approved_models > 0, sums.purchases > 0) if sums else (False, False)
    return {"all", *(["creators"] if creates else []), *(["buyers"] if buys else [])}


def resegment(user_id: int) -> None:
    """Bring a user into the segments where they belong now. Raises `Restless`.

    What it was decided by must still hold when it is written: two may decide at once.
    """
    for _ in range(TRIES):
        user, sums = find_user(user_id), find(CountersItem, keys.user_counters(user_id))
        wanted = segments_of(user, sums)
        steps = _moves(user_id, wanted)
        try:
            if steps:
                commit(*steps, *_unchanged(user, sums))
        except ConditionFailed:
            continue
        return
    raise Restless(user_id)


def _moves(user_id: int, wanted: set[str]) -> list[Step]:
    places = {segment: keys.member(segment, user_id) for segment in SEGMENTS}
    there = find_all(places.values(), consistent=True)
    coming: list[Step] = [
        Put(MemberItem.of(segment, user_id)) for segment in wanted if places[segment] not in there
    ]
    return coming + [
        Delete(MemberItem(*place))
        for segment, place in places.items()
        if place in there and segment not in wanted
    ]


def _unchanged(user: UserItem | None, sums: CountersItem | None) -> list[Step]:
    checks: list[Step] = []
    if user is not None:
        checks.append(Check(UserItem(*user.key), UserItem.version == user.version))
        key = keys.user_counters(user.id)
        same = _same("approved_models", sums) & _same("purchases", sums)
        checks.append(Check(CountersItem(*key), same))
    return checks


def _same(name: str, sums: CountersItem | None) -> Condition:
    """That a sum is what it was; one that was never added to is not there."""
    attribute = getattr(CountersItem, name)
    value = getattr(sums, name) if sums else 0
    is_same: Condition = attribute == value
    return is_same if value else is_same | attribute.does_not_exist()


def members_after(segment: str, user_id: int, limit: int) -> list[int]:
    """The next members of a segment after a user, as they are now."""
    _, after = keys.member(segment, user_id)
    found = Item.query(keys.members_of(segment), Item.sk > after, consistent_read=True, limit=limit)
    return [item.user_id for item in found if isinstance(item, MemberItem)]
