"""How a bounty ends: awarded and completed, or closed."""

from datetime import datetime

from nexus.bounties.schemas import Bounty
from nexus.bounties.service import NOT_OPEN, move, owe, own, present, require_open, visible
from nexus.errors import CHANGED, Conflict, Forbidden
from nexus.ids import new_id
from nexus.table.bounties import change_bounty, due_bounties, find_bounty, has_applied
from nexus.table.items import ConditionFailed, Step
from nexus.table.outbox import record_deed
from nexus.table.users import UserItem, not_banned

CLOSED_AT_ONCE = 500


def award(bounty_id: int, winner_id: int, *, user: UserItem, now: datetime) -> Bounty:
    """Choose one of the applicants. Raises `NotFound`, `Forbidden` and `Conflict`."""
    bounty = own(bounty_id, user)
    if bounty.winner_id != winner_id:
        require_open(bounty, now)
        applied, stands = has_applied(bounty_id, winner_id), not_banned(winner_id)
        chosen = {"status": "In Progress", "winner_id": winner_id}
        mail = owe(f"BOUNTY-{bounty_id}", "bounty_awarded", winner_id, bounty, now)
        try:
            change_bounty(bounty, chosen, now, applied, stands, mail)
        except ConditionFailed as failure:
            if applied in failure.steps:
                raise Conflict("This user has not applied for the bounty") from None
            if stands in failure.steps:
                raise Conflict("This user is no longer a member") from None
            raise Conflict(CHANGED) from None
    return present(bounty, user)


def complete(bounty_id: int, *, user: UserItem, now: datetime) -> Bounty:
    """Say that the winner has delivered. Raises `NotFound`, `Forbidden` and `Conflict`."""
    bounty = own(bounty_id, user)
    if bounty.status not in {"In Progress", "Completed"}:
        raise Conflict("This bounty is not in progress")
    if bounty.status == "In Progress":
        cause = f"BOUNTY-{bounty_id}"
        mail = owe(cause, "bounty_completed", bounty.winner_id, bounty, now)
        move(bounty, "Completed", now, mail)
    return present(bounty, user)


def close(bounty_id: int, *, user: UserItem, now: datetime) -> Bounty:
    """End an open bounty of one's own without a winner; an admin any.

    Raises `NotFound`, `Forbidden` and `Conflict`.
    """
    bounty, creator = visible(bounty_id, user)
    if not user.is_admin and user.id != creator.id:
        raise Forbidden
    if bounty.status not in {"Open", "Closed"}:
        raise Conflict(NOT_OPEN)
    if bounty.status == "Open":
        also: list[Step] = []
        if user.id != creator.id:
            subject = f"bounty {bounty_id}"
            also.append(record_deed(new_id(now), user.id, "bounty.close", subject, None, now))
            also.append(owe(f"BOUNTY-{bounty_id}", "bounty_closed", creator.id, bounty, now))
        move(bounty, "Closed", now, *also)
    return present(bounty, creator)


def close_expired(now: datetime) -> int:
    """Close open bounties whose deadline has come, and tell how many."""
    closed = 0
    for bounty_id in due_bounties(now, CLOSED_AT_ONCE):
        bounty = find_bounty(bounty_id)
        if bounty is None or bounty.due is None or bounty.due > now:
            continue
        cause = f"BOUNTY-{bounty_id}"
        mail = owe(cause, "bounty_closed", bounty.creator_id, bounty, now)
        try:
            move(bounty, "Closed", now, mail)
        except Conflict:
            continue
        closed += 1
    return closed
