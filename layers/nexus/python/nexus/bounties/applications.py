"""Applying for a bounty, and seeing who did."""

from datetime import datetime, timedelta

from nexus.accounts.schemas import Creator
from nexus.bounties.schemas import Application, NewApplication
from nexus.bounties.service import owe, require_open, standing, visible
from nexus.errors import CHANGED, Conflict, Forbidden, TooManyRequests
from nexus.ids import first_id
from nexus.table.bounties import (
    ApplicationItem,
    applications_for,
    count_applied_since,
    find_application,
    record_application,
)
from nexus.table.items import ConditionFailed, Start
from nexus.table.users import UserItem, not_banned

APPLICATIONS_A_DAY = 50


def apply(
    bounty_id: int, wanted: NewApplication, *, user: UserItem, application_id: int, now: datetime
) -> Application:
    """Offer to make what a bounty asks for, once; its creator is told.

    Raises `NotFound`, `Conflict` and `TooManyRequests`. The same `application_id` again (a retry)
    is no error.
    """
    bounty, creator = visible(bounty_id, user)
    if creator.id == user.id:
        raise Conflict("This bounty is yours; others apply for it")
    if earlier := find_application(bounty_id, user.id):
        return _earlier(earlier, application_id, user)
    require_open(bounty, now)
    yesterday = first_id(now - timedelta(days=1))
    if count_applied_since(user.id, yesterday, APPLICATIONS_A_DAY) >= APPLICATIONS_A_DAY:
        raise TooManyRequests(f"You can apply for {APPLICATIONS_A_DAY} bounties a day.", 3600)
    item = ApplicationItem.of(
        application_id, bounty_id, user.id, message=wanted.message, created_at=now
    )
    cause = f"APPLICATION-{application_id}"
    mail = owe(cause, "bounty_application", creator.id, bounty, now)
    try:
        record_application(item, bounty, not_banned(creator.id), mail)
    except ConditionFailed:
        if earlier := find_application(bounty_id, user.id):
            return _earlier(earlier, application_id, user)
        raise Conflict(CHANGED) from None
    return Application.of(item, Creator.of(user))


def _earlier(earlier: ApplicationItem, application_id: int, user: UserItem) -> Application:
    if earlier.id != application_id:
        raise Conflict("You have applied for this bounty already")
    return Application.of(earlier, Creator.of(user))


def applications(
    bounty_id: int, *, user: UserItem, start: Start, limit: int
) -> tuple[list[Application], Start]:
    """A page of who applied, oldest first: all for the creator and admins, else only one's own.

    Raises `NotFound`, and `Forbidden` for whoever did not apply.
    """
    bounty, _ = visible(bounty_id, user)
    if not user.is_admin and user.id != bounty.creator_id:
        own = find_application(bounty_id, user.id)
        if own is None:
            raise Forbidden
        return [Application.of(own, Creator.of(user))], None
    users: dict[int, UserItem] = {}

    def of_the_standing(items: list[ApplicationItem]) -> list[ApplicationItem]:
        users.update(standing({item.user_id for item in items}))
        return [item for item in items if item.user_id in users]

    items, following = applications_for(bounty_id, start, limit, of_the_standing)
    return [Application.of(each, Creator.of(users[each.user_id])) for each in items], following
