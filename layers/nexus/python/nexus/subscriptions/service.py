"""Who gets our news: links to leave and come back, and addresses that mail does not reach."""

from typing import cast

from nexus.errors import NotFound
from nexus.outside.seals import seal, unseal
from nexus.settings import settings
from nexus.subscriptions.schemas import MailProblem, Subscription
from nexus.table.profiles import change_user
from nexus.table.receipts import find_receipt, keep_receipt
from nexus.table.users import UserItem, find_user

NOT_FOUND = "This link is no longer good"
LINK = "unsubscribe"
TRIES = 8
NO_CAMPAIGN = 0
"""In links of mails that an admin sends to try a campaign: who leaves by them left none."""


class Restless(Exception):
    """Something changes faster than it can be written."""


def link(user_id: int, campaign_id: int) -> str:
    """Where someone who got a campaign's mail can leave, without signing in."""
    return (
        f"{settings().needed('api_url')}/api/unsubscribe/{seal(LINK, f'{user_id}.{campaign_id}')}"
    )


def headers(link: str) -> dict[str, str]:
    """What lets mail programs leave for their users (RFC 8058)."""
    return {
        "List-Unsubscribe": f"<{link}>",
        "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
    }


def show(token: str) -> Subscription:
    """Whose link this is. Raises `NotFound`."""
    return _present(_holder(token)[0])


def unsubscribe(token: str) -> Subscription:
    """Send no more news to whom a link was sent. Raises `NotFound`."""
    user, campaign_id = _holder(token)
    if user.wants_news and campaign_id != NO_CAMPAIGN:
        mark_unsubscribed(campaign_id, user.id)
    return _present(set_wish(user.id, wants_news=False) or user)


def resubscribe(token: str) -> Subscription:
    """Send news again. Raises `NotFound`."""
    user, _ = _holder(token)
    return _present(set_wish(user.id, wants_news=True) or user)


def set_wish(user_id: int, *, wants_news: bool) -> UserItem | None:
    """Take note of whether someone wants our news; the account as it is then."""
    return _change(user_id, "wants_news", wants_news)


def mark_unreachable(user_id: int, email: str, why: str) -> None:
    """Mail no news to an address that bounces, or whose holder complained of them."""
    user = find_user(user_id)
    if user and user.email.casefold() == email.casefold():
        _change(user_id, "unreachable", why)


def mark_unsubscribed(campaign_id: int, user_id: int) -> None:
    """Count one who left because of a campaign."""
    for _ in range(TRIES):
        receipt = find_receipt(campaign_id, user_id)
        if receipt.unsubscribed:
            return
        receipt.unsubscribed = True
        if keep_receipt(receipt):
            return
    raise Restless(user_id)


def _change(user_id: int, name: str, value: object) -> UserItem | None:
    for _ in range(TRIES):
        user = find_user(user_id)
        if user is None or user.is_erased or getattr(user, name) == value:
            return user
        if change_user(user, {name: value}):
            setattr(user, name, value)
            return user
    raise Restless(user_id)


def _holder(token: str) -> tuple[UserItem, int]:
    content = unseal(LINK, token)
    user_id, _, campaign_id = content.partition(".") if content else ("0", "", "0")
    user = find_user(int(user_id))
    if user is None or user.is_erased:
        raise NotFound(NOT_FOUND)
    return user, int(campaign_id)


def _present(user: UserItem) -> Subscription:
    """Links are forwarded with their mails, so the address is only hinted at."""
    name, _, domain = user.email.partition("@")
    return Subscription(
        address=f"{name[0]}…@{domain}",
        wants_news=user.wants_news,
        gets_news=user.gets_news,
        problem=cast("MailProblem | None", user.unreachable),
    )
