"""Accounts, their sessions and the names they hold."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from pynamodb.attributes import (
    BooleanAttribute,
    UnicodeAttribute,
    UTCDateTimeAttribute,
)

from nexus.table import keys
from nexus.table.items import (
    Check,
    ConditionFailed,
    IntegerAttribute,
    Item,
    Step,
    Update,
    commit,
    create,
    epoch_seconds,
    find,
    find_all,
    find_by_id,
    put,
    remove,
    update,
)

NO_ONE = 0
"""An id that no account has."""


class UserItem(Item, discriminator="User"):
    id = IntegerAttribute()
    email = UnicodeAttribute()
    username = UnicodeAttribute()
    full_name = UnicodeAttribute(null=True)
    password_hash = UnicodeAttribute()
    is_verified = BooleanAttribute(default=False)
    is_admin = BooleanAttribute(default=False)
    is_banned = BooleanAttribute(default=False)
    is_erased = BooleanAttribute(default=False)
    is_email_verified = BooleanAttribute(default=False)
    wants_news = BooleanAttribute(default=True)
    unreachable = UnicodeAttribute(null=True)
    ban_reason = UnicodeAttribute(null=True)
    version = IntegerAttribute(default=1)
    token_version = IntegerAttribute(default=1)
    created_at = UTCDateTimeAttribute()

    @property
    def gets_news(self) -> bool:
        """Whether campaigns may be mailed to them; `unreachable` tells why mail fails."""
        return self.wants_news and not (self.is_banned or self.is_erased or self.unreachable)

    @classmethod
    def of(cls, user_id: int, **fields: Any) -> "UserItem":
        pk, sk = keys.user(user_id)
        gsi1_pk, gsi1_sk = keys.among_users(user_id)
        gsi2_pk, gsi2_sk = keys.among_usernames(fields["username"].casefold())
        return cls(
            pk=pk,
            sk=sk,
            gsi1_pk=gsi1_pk,
            gsi1_sk=gsi1_sk,
            gsi2_pk=gsi2_pk,
            gsi2_sk=gsi2_sk,
            id=user_id,
            **fields,
        )


class ReservationItem(Item, discriminator="Reservation"):
    """Holds an e-mail address or a username for one user, in its normal form."""

    user_id = IntegerAttribute()


class SessionItem(Item, discriminator="Session"):
    """A login and all refresh tokens that come of it (RFC 9700 §4.14.2 calls it a family).

    Only the newest token's hash is kept: whoever shows another one replays an old token.
    """

    user_id = IntegerAttribute()
    family = UnicodeAttribute()
    token_hash = UnicodeAttribute()
    token_version = IntegerAttribute()
    created_at = UTCDateTimeAttribute()

    @classmethod
    def of(
        cls, user: UserItem, family: str, token_hash: str, now: datetime, until: datetime
    ) -> "SessionItem":
        pk, sk = keys.session(user.id, family)
        return cls(
            pk=pk,
            sk=sk,
            user_id=user.id,
            family=family,
            token_hash=token_hash,
            token_version=user.token_version,
            created_at=now,
            expires_at=epoch_seconds(until),
        )


class EmailTaken(Exception):
    pass


class UsernameTaken(Exception):
    pass


class AccountErased(Exception):
    pass


def create_user(user: UserItem, email: str, username: str, *also: Step) -> bool:
    """Write the account together with the two names (in normal form) that it holds.

    False where it was written before, by an earlier try. Raises `EmailTaken`, `UsernameTaken`,
    `AccountErased` where it was and is no more, and `ConditionFailed` for a step of `also`.
    """
    address = ReservationItem(*keys.email(email), user_id=user.id)
    name = ReservationItem(*keys.username(username), user_id=user.id)
    beginning, taking_address, taking_name = create(user), create(address), create(name)
    try:
        commit(beginning, taking_address, taking_name, *also)
    except ConditionFailed as failure:
        holder = find(ReservationItem, address.key)
        if holder and holder.user_id == user.id:
            return False
        if taking_address in failure.steps:
            raise EmailTaken from failure
        if taking_name in failure.steps:
            raise UsernameTaken from failure
        if beginning in failure.steps:
            raise AccountErased from failure
        raise
    return True


def find_user(user_id: int) -> UserItem | None:
    return find(UserItem, keys.user(user_id))


def find_user_by_email(email: str) -> UserItem | None:
    """The account that holds an address, given in normal form. Two reads, found or not."""
    reservation = find(ReservationItem, keys.email(email))
    return find_user(reservation.user_id if reservation else NO_ONE)


def find_users(user_ids: set[int]) -> dict[int, UserItem]:
    return find_by_id(UserItem, (keys.user(user_id) for user_id in user_ids))


def find_users_now(user_ids: Iterable[int]) -> dict[int, UserItem]:
    """As they are at this moment: consistent reads."""
    return find_by_id(UserItem, (keys.user(user_id) for user_id in user_ids), consistent=True)


def find_user_and_session(user_id: int, family: str) -> tuple[UserItem | None, SessionItem | None]:
    """Both in one consistent call: what a signed-in request asks first."""
    user_key, session_key = keys.user(user_id), keys.session(user_id, family)
    found = find_all([user_key, session_key], consistent=True)
    user, session = found.get(user_key), found.get(session_key)
    return (
        user if isinstance(user, UserItem) else None,
        session if isinstance(session, SessionItem) else None,
    )


def open_session(session: SessionItem) -> None:
    put(create(session))


def rotate_session(session: SessionItem, shown_hash: str, next_hash: str) -> bool:
    """Replace the family's token, if the one shown is the newest. False when it is not."""
    shown_is_newest = SessionItem.token_hash == shown_hash
    done_before = SessionItem.token_hash == next_hash  # and the reply was lost: only we know it
    try:
        update(
            Update(session, [SessionItem.token_hash.set(next_hash)], shown_is_newest | done_before)
        )
    except ConditionFailed:
        return False
    return True


def close_session(user_id: int, family: str) -> None:
    pk, sk = keys.session(user_id, family)
    remove(SessionItem(pk, sk))


def set_admin(user: UserItem, *, is_admin: bool) -> None:
    update(Update(user, [UserItem.is_admin.set(is_admin)], UserItem.pk.exists()))


def not_banned(user_id: int) -> Check:
    """The step that lets a transaction happen only while an account stands."""
    return Check(UserItem(*keys.user(user_id)), UserItem.is_banned == False)  # noqa: E712
