"""Changes of accounts, each with the rows that go with it."""

from typing import Any

from nexus.table import keys
from nexus.table.items import (
    Check,
    ConditionFailed,
    Delete,
    Item,
    Start,
    Step,
    Update,
    commit,
    create,
    remove,
)
from nexus.table.pages import page
from nexus.table.payments import CheckoutItem
from nexus.table.payouts import PayoutAccountItem, PayoutItem
from nexus.table.purchases import OwnedItem
from nexus.table.users import ReservationItem, UserItem, UsernameTaken


def change_user(user: UserItem, changes: dict[str, Any], *also: Step) -> bool:
    """Set attributes of an account that is as it was read; False when it has changed since."""
    actions = [
        *(
            getattr(UserItem, name).remove()
            if value is None
            else getattr(UserItem, name).set(value)
            for name, value in changes.items()
        ),
        UserItem.version.add(1),
    ]
    step = Update(UserItem(*user.key), actions, UserItem.version == user.version)
    try:
        commit(step, *also)
    except ConditionFailed as failure:
        if step in failure.steps:
            return False
        raise
    return True


def rename_user(user: UserItem, changes: dict[str, Any], new_key: str) -> bool:
    """Change an account together with its username, given in normal form too.

    False when the account has changed since it was read. Raises `UsernameTaken`.
    """
    old_key = user.username.casefold()
    if old_key == new_key:
        return change_user(user, changes)
    taking = create(ReservationItem(*keys.username(new_key), user_id=user.id))
    leaving = Delete(ReservationItem(*keys.username(old_key)), ReservationItem.user_id == user.id)
    changes = {**changes, "gsi2_sk": keys.among_usernames(new_key).sk}
    try:
        return change_user(user, changes, taking, leaving)
    except ConditionFailed as failure:
        if taking in failure.steps:
            raise UsernameTaken from failure
        return False


def release_names(email_key: str, username_key: str, user_id: int) -> list[Step]:
    """The steps that let others have an erased account's names."""
    names = (keys.email(email_key), keys.username(username_key))
    return [Delete(ReservationItem(*name), ReservationItem.user_id == user_id) for name in names]


def standing_admin(admin: UserItem) -> Check:
    """The step that holds only while the acting admin is one: two cannot ban each other."""
    acting = UserItem(*admin.key)
    return Check(acting, (UserItem.is_admin == True) & (UserItem.is_banned == False))  # noqa: E712


def newest_users(start: Start, limit: int) -> tuple[list[UserItem], Start]:
    """A page of all accounts, newest first."""
    return page(UserItem, keys.USERS, start, limit, index="GSI1")


def users_named(prefix: str, start: Start, limit: int) -> tuple[list[UserItem], Start]:
    """A page of the accounts whose username, in normal form, begins so; by name."""
    named = Item.gsi2_sk.startswith(prefix)
    return page(
        UserItem, keys.USERNAMES, start, limit, index="GSI2", among=named, newest_first=False
    )


def traces(user_id: int) -> list[Item]:
    """What names or belongs to a user without being a fact that others rely on.

    Sessions and kept answers, mails owed, notifications, likes, and whose an account at the
    provider is: what it tells of that account later concerns nobody here.
    """
    own = keys.user(user_id)
    kept = {own.sk, keys.user_counters(user_id).sk}
    under = [
        item
        for item in Item.query(own.pk)
        if item.sk not in kept and not isinstance(item, OwnedItem | CheckoutItem)
    ]
    accounts: list[Item] = [
        PayoutAccountItem(*keys.payout_account(item.account))
        for item in under
        if isinstance(item, PayoutItem)
    ]
    told = list(Item.query(keys.notifications_of(user_id)))
    indexed = (keys.mails_to(user_id), keys.likes_of(user_id))
    found = [item for key in indexed for item in Item.query(key, index_name="GSI1")]
    return accounts + under + told + found  # first what only others lead to, for a second try


def delete(items: list[Item]) -> None:
    """Delete items one by one; those that are gone already are no error."""
    for item in items:
        remove(item)
