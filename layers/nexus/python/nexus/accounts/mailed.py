"""What a link in a mail can do: prove an address, set a new password."""

from datetime import datetime

from nexus.accounts import passwords
from nexus.accounts.mailing import digest, mail_secret
from nexus.accounts.names import email_key
from nexus.accounts.service import get_user
from nexus.accounts.throttling import allows_mail
from nexus.errors import Conflict, Malformed
from nexus.table.items import ConditionFailed, commit
from nexus.table.mailed import MailedItem, Purpose, find_mailed, spend_mailed
from nexus.table.profiles import change_user
from nexus.table.users import NO_ONE, UserItem, find_user_by_email

NO_GOOD = {
    "reset-password": "This link is no longer good. Please ask for a new one.",
    "verify-email": "This link is no longer good. Setting a new password proves an address too.",
}


def forgot_password(email: str, *, now: datetime) -> None:
    """Mail a link to whoever holds an address. Does and says the same where nobody does."""
    key = email_key(email)
    allowed = allows_mail(key, now)
    user = find_user_by_email(key)
    stands = user is not None and not user.is_banned
    commit(*mail_secret("reset-password", user if stands and allowed else None, key, now))


def reset_password(secret: str, password: str, *, now: datetime) -> None:
    """Set a new password, once per link, and end all sessions.

    Raises `Malformed` for a link that is no good and for a password that is easy to guess,
    which leaves the link good. A new password, or a ban, ends all links from before it.
    """
    item, user = _found(secret, "reset-password", now)
    if item.token_version != user.token_version:
        raise _no_good(item.purpose)
    if weak := passwords.weakness(password, [user.email, user.username, user.full_name or ""]):
        raise Malformed(weak, ("body", "password"))
    changes = {
        "password_hash": passwords.hash_password(password),
        "token_version": user.token_version + 1,
        "is_email_verified": True,
    }
    _spend(item, user, changes)


def verify_email(secret: str, *, now: datetime) -> None:
    """Take note that mail to an account's address arrives. Raises `Malformed`."""
    item, user = _found(secret, "verify-email", now)
    if item.address_digest != digest(secret + email_key(user.email)):
        raise _no_good(item.purpose)
    _spend(item, user, {"is_email_verified": True})


def _found(secret: str, purpose: Purpose, now: datetime) -> tuple[MailedItem, UserItem]:
    item = find_mailed(digest(secret), purpose, now)
    if item is None or item.user_id == NO_ONE:
        raise _no_good(purpose)
    return item, get_user(item.user_id)


def _spend(item: MailedItem, user: UserItem, changes: dict[str, object]) -> None:
    try:
        changed = change_user(user, changes, spend_mailed(item))
    except ConditionFailed:
        raise _no_good(item.purpose) from None
    if not changed:
        raise Conflict("Your account is being changed at this moment. Please try again.")


def _no_good(purpose: str) -> Malformed:
    return Malformed(NO_GOOD[purpose], ("body", "token"))
