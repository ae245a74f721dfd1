"""Bounties: someone asks for a model, others apply, one is chosen.

    Open ──award──▶ In Progress ──complete──▶ Completed
      └──close, or the deadline──▶ Closed

Until the deadline people apply and the creator awards; then it is closed. Each step is taken on
the bounty as it was read (its version), so of two at once one is told to look again. A step that
is repeated answers as the first time and changes nothing.
"""

from collections.abc import Iterator
from datetime import datetime, timedelta
from functools import partial
from typing import Any

from nexus.accounts.schemas import Creator
from nexus.bounties.schemas import Application, Bounty, BountyChanges, NewBounty
from nexus.errors import (
    CHANGED,
    Conflict,
    Forbidden,
    Malformed,
    NotFound,
    PreconditionFailed,
    TooManyRequests,
    check_version,
)
from nexus.ids import first_id
from nexus.table import keys
from nexus.table.bounties import (
    ApplicationItem,
    BountyItem,
    applications_of,
    change_bounty,
    count_posted_since,
    create_bounty,
    find_bounties,
    find_bounty,
    forget_message,
    list_bounties,
    posted_by,
    withdraw_application,
)
from nexus.table.counters import counters_of
from nexus.table.items import ConditionFailed, Item, Put, Start, Step
from nexus.table.outbox import owe_mail
from nexus.table.pages import pages
from nexus.table.users import UserItem, find_users

BOUNTIES_A_DAY = 20
LONGEST = timedelta(days=2 * 365)

NOT_FOUND = "Bounty not found"
NOT_OPEN = "This bounty is no longer open"
OVERDUE = "The deadline of this bounty has passed"
WORDLESS = {"title": "Erased", "description": "Its creator has left and took their words along."}


def post(wanted: NewBounty, *, creator: UserItem, bounty_id: int, now: datetime) -> Bounty:
    """Ask for a model. Raises `Malformed` for its deadline and `TooManyRequests`."""
    _check_deadline(wanted.deadline, now)
    yesterday = first_id(now - timedelta(days=1))
    if count_posted_since(creator.id, yesterday, BOUNTIES_A_DAY) >= BOUNTIES_A_DAY:
        raise TooManyRequests(f"You can post {BOUNTIES_A_DAY} bounties a day.", 3600)
    bounty = BountyItem.of(bounty_id, creator.id, now, **_columns(wanted.model_dump()))
    try:
        create_bounty(bounty)
    except ConditionFailed:
        bounty = get_bounty(bounty_id)
        if bounty.creator_id != creator.id:
            raise
    return present(bounty, creator)


def _check_deadline(deadline: datetime | None, now: datetime) -> None:
    if deadline is not None and not now < deadline <= now + LONGEST:
        raise Malformed(
            "The deadline must be in the future, at most two years ahead", ("body", "deadline")
        )


def _columns(wanted: dict[str, Any]) -> dict[str, Any]:
    return {"budget_cents" if name == "budget" else name: it for name, it in wanted.items()}


def listed(status: str | None, start: Start, limit: int) -> tuple[list[Bounty], Start]:
    """A page of the bounties of a status or of all, newest first; none of banned creators."""
    creators: dict[int, UserItem] = {}

    def of_the_standing(bounties: list[BountyItem]) -> list[BountyItem]:
        creators.update(standing({bounty.creator_id for bounty in bounties} - creators.keys()))
        return [bounty for bounty in bounties if bounty.creator_id in creators]

    bounties, following = list_bounties(status, start, limit, of_the_standing)
    applicants = _applicants(bounties)
    shown = [
        Bounty.of(bounty, Creator.of(creators[bounty.creator_id]), applicants[bounty.id])
        for bounty in bounties
    ]
    return shown, following


def standing(user_ids: set[int]) -> dict[int, UserItem]:
    """Those of the users who are there and not banned."""
    return {each.id: each for each in find_users(user_ids).values() if not each.is_banned}


def posted(user: UserItem, start: Start, limit: int) -> tuple[list[Bounty], Start]:
    """A page of someone's own bounties, newest first."""
    bounty_ids, following = posted_by(user.id, start, limit)
    found = find_bounties(bounty_ids)
    mine = [found[each] for each in bounty_ids if each in found]
    applicants = _applicants(mine)
    return [Bounty.of(each, Creator.of(user), applicants[each.id]) for each in mine], following


def _applicants(bounties: list[BountyItem]) -> dict[int, int]:
    sums = counters_of(keys.bounty_counters(bounty.id) for bounty in bounties)
    return {each.id: sums[keys.bounty_counters(each.id)].applicants for each in bounties}


def get_bounty(bounty_id: int) -> BountyItem:
    """A bounty, whoever asks. Raises `NotFound`."""
    bounty = find_bounty(bounty_id)
    if bounty is None:
        raise NotFound(NOT_FOUND)
    return bounty


def show(bounty_id: int, viewer: UserItem | None) -> Bounty:
    """A bounty; of a banned creator only for its winner and admins. Raises `NotFound`."""
    return present(*visible(bounty_id, viewer))


def visible(bounty_id: int, viewer: UserItem | None) -> tuple[BountyItem, UserItem]:
    """A bounty that the viewer may see, and its creator. Raises `NotFound`."""
    bounty = get_bounty(bounty_id)
    creator = find_users({bounty.creator_id}).get(bounty.creator_id)
    concerns = viewer is not None and (viewer.is_admin or viewer.id == bounty.winner_id)
    if creator is None or (creator.is_banned and not concerns):
        raise NotFound(NOT_FOUND)
    return bounty, creator


def present(bounty: BountyItem, creator: UserItem) -> Bounty:
    """A bounty with its sums."""
    return Bounty.of(bounty, Creator.of(creator), _applicants([bounty])[bounty.id])


def edit(
    bounty_id: int, changes: BountyChanges, *, user: UserItem, version: int | None, now: datetime
) -> Bounty:
    """Change an open bounty of one's own.

    Raises `NotFound`, `Forbidden`, `Conflict` where it is not open, `Malformed` for its deadline
    and `PreconditionFailed`.
    """
    bounty = own(bounty_id, user)
    check_version(version, bounty.version)
    require_open(bounty, now)
    _check_deadline(changes.deadline, now)
    try:
        change_bounty(bounty, _columns(changes.model_dump(exclude_unset=True)), now)
    except ConditionFailed:
        raise PreconditionFailed from None
    return present(bounty, user)


def own(bounty_id: int, user: UserItem) -> BountyItem:
    """A bounty of the user's own. Raises `NotFound` and `Forbidden`."""
    bounty, creator = visible(bounty_id, user)
    if creator.id != user.id:
        raise Forbidden
    return bounty


def require_open(bounty: BountyItem, now: datetime) -> None:
    """Raises `Conflict` for what is decided, closed or overdue."""
    if bounty.status != "Open":
        raise Conflict(NOT_OPEN)
    if bounty.due and bounty.due <= now:
        raise Conflict(OVERDUE)


def owe(cause: str, template: str, user_id: int, bounty: BountyItem, now: datetime) -> Put:
    """The step that promises someone a mail about a bounty."""
    data = {"bounty_id": bounty.id, "bounty_title": bounty.title}
    return owe_mail(cause, template, user_id, data, now)


def move(bounty: BountyItem, status: str, now: datetime, *also: Step) -> None:
    """Give a bounty as it was read another status. Raises `Conflict` when it has changed."""
    try:
        change_bounty(bounty, {"status": status}, now, *also)
    except ConditionFailed:
        raise Conflict(CHANGED) from None


def applications_by(user: UserItem, start: Start, limit: int) -> tuple[list[Application], Start]:
    """A page of someone's own applications, newest first."""
    items, following = applications_of(user.id, start, limit)
    return [Application.of(item, Creator.of(user)) for item in items], following


def follow_erasure(before: Item | None, after: Item | None, now: datetime) -> None:
    """Close what an erased user asked for and withdraw what they offered.

    What somebody won keeps its words for the winner. Who was chosen stays an applicant, without
    theirs.
    """
    if not isinstance(before, UserItem) or not isinstance(after, UserItem):
        return
    if before.is_erased or not after.is_erased:
        return
    _close_bounties(after.id, now)
    for application, chosen in _applications(after.id):
        if chosen:
            forget_message(application)
        else:
            withdraw_application(application)


def _close_bounties(user_id: int, now: datetime) -> None:
    """Close what nobody won, without its words. What meets another step is left to a second try."""
    for bounty_ids in pages(partial(posted_by, user_id)):
        for bounty in find_bounties(bounty_ids).values():
            if bounty.winner_id is None:
                change_bounty(bounty, {"status": "Closed", **WORDLESS}, now)


def _applications(user_id: int) -> Iterator[tuple[ApplicationItem, bool]]:
    """Each application of someone, and whether they were chosen."""
    for applications in pages(partial(applications_of, user_id)):
        bounties = find_bounties([each.bounty_id for each in applications])
        for application in applications:
            yield application, bounties[application.bounty_id].winner_id == user_id
