"""What admins do with accounts: find, verify, ban."""

from datetime import datetime
from typing import Any

from nexus.accounts.names import LONGEST_USERNAME, as_registered, email_key, username_key
from nexus.accounts.schemas import User
from nexus.accounts.service import get_user, present_all
from nexus.errors import CHANGED, Conflict
from nexus.ids import new_id
from nexus.table.changes import announce_leaving
from nexus.table.items import ConditionFailed, Start, Step
from nexus.table.outbox import record_deed
from nexus.table.profiles import change_user, newest_users, standing_admin, users_named
from nexus.table.users import UserItem, find_user_by_email

TRIES = 5
REASON = "ban_reason"


def users(search: str | None, start: Start, limit: int) -> tuple[list[User], Start]:
    """A page of accounts, newest first; or who has an e-mail address, or a name that begins so."""
    if search is None:
        found, following = newest_users(start, limit)
    elif "@" in search:
        holder = find_user_by_email(email_key(as_registered(search)))
        found, following = ([holder] if holder else []), None
    else:
        beginning = username_key(search)[: LONGEST_USERNAME + 1]  # one more still finds nobody
        found, following = users_named(beginning, start, limit)
    return present_all(found), following


def verify(user_id: int, *, admin: UserItem, now: datetime) -> None:
    """Give a creator the badge. Raises `NotFound`."""
    _change(user_id, {"is_verified": True}, "user.verify", None, admin, now)


def ban(user_id: int, reason: str | None, *, admin: UserItem, now: datetime) -> None:
    """Close an account: its sessions end, its models are hidden, nothing of it is sold.

    The audit keeps the reason, also after an erasure: docs/decisions/0020.
    Raises `NotFound`, and `Conflict` for oneself.
    """
    if user_id == admin.id:
        raise Conflict("You cannot ban yourself")
    _change(user_id, {"is_banned": True, REASON: reason}, "user.ban", reason, admin, now)


def lift_ban(user_id: int, *, admin: UserItem, now: datetime) -> None:
    """Open an account again. Raises `NotFound`, and `Conflict` for an erased one."""
    if get_user(user_id).is_erased:
        raise Conflict("This account was erased by its holder")
    changes = {"is_banned": False, REASON: None}
    _change(user_id, changes, "user.unban", None, admin, now)


def _change(
    user_id: int,
    changes: dict[str, Any],
    action: str,
    reason: str | None,
    admin: UserItem,
    now: datetime,
) -> None:
    """Change an account, once: what holds already is neither written nor audited again.

    A ban, or its end, makes all tokens from before it useless.
    """
    also: list[Step] = [announce_leaving(user_id, now)] if changes.get("is_banned") else []
    own = user_id == admin.id  # an item is in a transaction once: its version is guard enough
    if not own:
        also.append(standing_admin(admin))
    for _ in range(TRIES):
        user = admin if own else get_user(user_id)
        if all(getattr(user, name) == value for name, value in changes.items() if name != REASON):
            return
        wanted = dict(changes)
        if "is_banned" in changes:
            wanted["token_version"] = user.token_version + 1
        deed = record_deed(new_id(now), admin.id, action, f"user {user_id}", reason, now)
        try:
            if change_user(user, wanted, deed, *also):
                return
        except ConditionFailed:
            break
    raise Conflict(CHANGED)
