"""What users do with their account, besides entering it: edit, erase, export."""

from datetime import datetime
from typing import Any

from nexus.accounts.names import email_key, username_key
from nexus.accounts.schemas import ProfileChanges, PublicCreator, User
from nexus.accounts.service import get_user, present
from nexus.errors import CHANGED, Conflict, NotFound, PreconditionFailed, check_version
from nexus.table import keys
from nexus.table.changes import announce_leaving
from nexus.table.counters import counters
from nexus.table.profiles import change_user, release_names, rename_user
from nexus.table.users import UserItem, UsernameTaken


def edit(user: UserItem, changes: ProfileChanges, *, version: int | None) -> tuple[User, int]:
    """Change one's profile, and tell its new version.

    Raises `PreconditionFailed`, and `Conflict` for a username that is taken.
    """
    check_version(version, user.version)
    wanted: dict[str, Any] = changes.model_dump(exclude_unset=True)
    try:
        changed = rename_user(user, wanted, username_key(changes.username or user.username))
    except UsernameTaken:
        raise Conflict("This username is already taken") from None
    if not changed:
        raise PreconditionFailed
    fresh = get_user(user.id)
    return present(fresh), fresh.version


def erase(user: UserItem, *, now: datetime) -> None:
    """Forget who a user is (GDPR art. 17), for good.

    The account becomes a nameless, closed one at once, which ends its sessions and hides its
    models; the projector clears what else is kept of the user. Sales and the ledger stay,
    without a name (art. 17 (3) b). Raises `Conflict` for admins: another one removes them first.
    """
    if user.is_admin:
        raise Conflict("An admin cannot erase themselves")
    anonymous: dict[str, Any] = {
        "email": f"erased-{user.id}@erased.invalid",
        "username": f"erased-{user.id}",
        "full_name": None,
        "ban_reason": None,
        "password_hash": f"erased {now:%Y-%m-%d}",
        "is_banned": True,
        "is_erased": True,
        "is_verified": False,
        "token_version": user.token_version + 1,
        "gsi2_pk": None,
        "gsi2_sk": None,
    }
    names = release_names(email_key(user.email), username_key(user.username), user.id)
    if not change_user(user, anonymous, *names, announce_leaving(user.id, now)):
        raise Conflict(CHANGED)


def public_page(user_id: int) -> PublicCreator:
    """What strangers see of a creator. Raises `NotFound`, also for the banned and the erased."""
    user = get_user(user_id)
    if user.is_banned:
        raise NotFound("User not found")
    return PublicCreator.showing(user, counters(keys.user_counters(user_id)))
