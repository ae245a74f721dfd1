"""What follows for bounties when someone has erased their account; called with stream records."""

from collections.abc import Iterator
from datetime import datetime

from nexus.bounties.outcome import move
from nexus.table.bounties import (
    ApplicationItem,
    applications_of,
    find_bounties,
    forget_message,
    posted_by,
    withdraw_application,
)
from nexus.table.items import Item, Start
from nexus.table.users import UserItem

PAGE = 100


def follow_erasure(before: Item | None, after: Item | None, now: datetime) -> None:
    """Close what an erased user asked for and withdraw what they offered.

    Who was chosen stays an applicant, without their words.
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
    start: Start = None
    while True:
        bounty_ids, start = posted_by(user_id, start, PAGE)
        for bounty in find_bounties(bounty_ids).values():
            if bounty.status == "Open":
                move(bounty, "Closed", now)
        if start is None:
            return


def _applications(user_id: int) -> Iterator[tuple[ApplicationItem, bool]]:
    """Each application of someone, and whether they were chosen."""
    start: Start = None
    while True:
        applications, start = applications_of(user_id, start, PAGE)
        bounties = find_bounties([each.bounty_id for each in applications])
        for application in applications:
            yield application, bounties[application.bounty_id].winner_id == user_id
        if start is None:
            return
