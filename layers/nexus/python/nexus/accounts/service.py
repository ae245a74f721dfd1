"""Accounts: how one begins, how its holder is recognised, and how a session ends."""

import hmac
from datetime import datetime

from nexus.accounts import passwords, throttling, tokens
from nexus.accounts.mailing import mail_secret
from nexus.accounts.names import as_registered, email_key, username_key
from nexus.accounts.schemas import Credentials, Registration, Tokens, User
from nexus.accounts.tokens import REFRESH_LIFE, Access, InvalidToken, Refresh
from nexus.errors import Conflict, Malformed, NotAuthenticated, NotFound
from nexus.table import keys
from nexus.table.counters import counters, counters_of
from nexus.table.outbox import owe_mail
from nexus.table.users import (
    AccountErased,
    EmailTaken,
    SessionItem,
    UserItem,
    UsernameTaken,
    close_session,
    create_user,
    find_user,
    find_user_and_session,
    find_user_by_email,
    open_session,
    rotate_session,
    set_admin,
)

EMAIL_TAKEN = "This email address is already registered"
WRONG_CREDENTIALS = "Incorrect email or password"


def register(wanted: Registration, *, user_id: int, now: datetime) -> Tokens:
    """Open an account and its first session.

    Raises `Malformed` for a password that is easy to guess, `Conflict` for a name that is taken
    and `TooManyRequests` for an address with which accounts were opened again and again. The same
    `user_id` again (a retry) opens a session for the account that it made, if that still stands
    and has this password.
    """
    about = [wanted.email, wanted.username, wanted.full_name or ""]
    if weak := passwords.weakness(wanted.password, about):
        raise Malformed(weak, ("body", "password"))
    user = UserItem.of(
        user_id,
        email=wanted.email,
        username=wanted.username,
        full_name=wanted.full_name,
        password_hash=passwords.hash_password(wanted.password),
        created_at=now,
    )
    key = email_key(wanted.email)
    name = {"name": wanted.username}  # a full name is free text, for whoever has the address
    mails = [
        owe_mail(f"USER-{user_id}", "welcome", user_id, name, now),
        *mail_secret("verify-email", user, key, now),
    ]
    try:
        with throttling.one_more_registration(key, now) as counted:
            new = create_user(user, key, username_key(wanted.username), counted, *mails)
    except EmailTaken:
        raise Conflict(EMAIL_TAKEN) from None
    except UsernameTaken:
        raise Conflict("This username is already taken") from None
    except AccountErased:
        raise Conflict("The account that this request opened was erased") from None
    return _new_session(user if new else _opened_before(user_id, wanted.password), now)


def login(shown: Credentials, *, address: str, now: datetime) -> Tokens:
    """Open a session for whoever knows the password. `address` is the caller's IP address.

    Raises `NotAuthenticated`, alike for an unknown address, a wrong password and a ban, and
    `TooManyRequests`.
    """
    email = email_key(shown.email)
    throttling.count_login(email, address, now)
    user = find_user_by_email(email)
    fits = passwords.verify(shown.password, user.password_hash if user else None)
    if user is None or not fits or user.is_banned:
        raise NotAuthenticated(WRONG_CREDENTIALS)
    throttling.welcome_login(email, address, now)
    return _new_session(user, now)


def refresh(shown: str, *, now: datetime) -> Tokens:
    """New tokens for a refresh token, which is spent thereby.

    A token that was spent before ends the whole session: either the caller or a thief has an
    old copy (RFC 9700 §4.14.2). Raises `NotAuthenticated`.
    """
    try:
        token = Refresh.parse(shown)
    except InvalidToken:
        raise NotAuthenticated from None
    user, session = find_user_and_session(token.user_id, token.family)
    if user is None or session is None or not _stands(user, session, now):
        raise NotAuthenticated
    successor = Refresh.new(token.user_id, token.family)
    if not rotate_session(session, token.hash, successor.hash):
        close_session(token.user_id, token.family)
        raise NotAuthenticated
    return _tokens(user, successor, now)


def logout(shown: str) -> None:
    """End the session of a refresh token; a token that is not (or no longer) good ends nothing."""
    try:
        token = Refresh.parse(shown)
    except InvalidToken:
        return
    _, session = find_user_and_session(token.user_id, token.family)
    if session and hmac.compare_digest(session.token_hash, token.hash):
        close_session(token.user_id, token.family)


def recognise(bearer: str, *, now: datetime) -> UserItem:
    """The account behind an access token, as it is at this moment: one consistent read.

    Raises `NotAuthenticated` when the token is not ours, its session has ended or its account
    is banned.
    """
    try:
        access = tokens.read(bearer)
    except InvalidToken:
        raise NotAuthenticated from None
    user, session = find_user_and_session(access.user_id, access.family)
    if user is None or session is None or not _stands(user, session, now):
        raise NotAuthenticated
    if access.token_version != user.token_version:
        raise NotAuthenticated
    return user


def present(user: UserItem) -> User:
    return User.of(user, counters(keys.user_counters(user.id)))


def present_all(found: list[UserItem]) -> list[User]:
    sums = counters_of(keys.user_counters(user.id) for user in found)
    return [User.of(user, sums[keys.user_counters(user.id)]) for user in found]


def appoint(email: str, *, is_admin: bool) -> int:
    """Make the holder of an address an admin, or one no longer, and tell their id. Raises
    `NotFound`.
    """
    user = find_user_by_email(email_key(as_registered(email)))
    if user is None:
        raise NotFound("User not found")
    set_admin(user, is_admin=is_admin)
    return user.id


def get_user(user_id: int) -> UserItem:
    """Raises `NotFound`."""
    user = find_user(user_id)
    if user is None:
        raise NotFound("User not found")
    return user


def _stands(user: UserItem, session: SessionItem, now: datetime) -> bool:
    lives = int(session.expires_at or 0) > now.timestamp()
    return lives and not user.is_banned and session.token_version == user.token_version


def _opened_before(user_id: int, password: str) -> UserItem:
    """The account that an earlier try opened, as it is now."""
    user = get_user(user_id)
    if user.is_banned or not passwords.verify(password, user.password_hash):
        raise Conflict(EMAIL_TAKEN)
    return user


def _new_session(user: UserItem, now: datetime) -> Tokens:
    token = Refresh.new(user.id)
    open_session(SessionItem.of(user, token.family, token.hash, now, now + REFRESH_LIFE))
    return _tokens(user, token, now)


def _tokens(user: UserItem, token: Refresh, now: datetime) -> Tokens:
    access = Access(user.id, user.token_version, token.family)
    return Tokens(
        access_token=tokens.sign(access, now),
        refresh_token=str(token),
        expires_in=int(tokens.access_life().total_seconds()),
        user=present(user),
    )
