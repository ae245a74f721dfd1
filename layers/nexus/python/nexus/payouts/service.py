"""Payouts: sellers' accounts at the provider, and what they got from there."""

from contextlib import suppress
from datetime import datetime

from nexus.errors import Conflict, Unavailable
from nexus.outside import payments
from nexus.outside.payments import AccountGone, AccountTold, Connect, PaymentsClosed, ProviderDown
from nexus.payouts.schemas import Onboarding, Payout, Payouts
from nexus.settings import settings
from nexus.table import keys
from nexus.table.counters import counters
from nexus.table.payouts import (
    PayoutItem,
    find_payout,
    note_readiness,
    open_payout,
    owner_of,
    replace_payout,
)
from nexus.table.users import UserItem

DOWN = "Payments cannot be reached. Please try again."


def onboard(user: UserItem) -> Onboarding:
    """A link on which a seller opens, or completes, their account at the provider.

    One that is gone there is replaced. Raises `Conflict` where payments are closed, and
    `Unavailable`.
    """
    connect = _connect()
    back = settings().frontend_url.partition(",")[0]
    try:
        payout = find_payout(user.id)
        if payout is None:
            payout = open_payout(user.id, connect.open_account(user.id))
        try:
            url, expires_at = connect.onboarding(payout.account, back)
        except AccountGone:
            new = connect.open_account(user.id, instead_of=payout.account)
            payout = replace_payout(user.id, payout, new)
            url, expires_at = connect.onboarding(payout.account, back)
    except (ProviderDown, AccountGone) as down:
        raise Unavailable(DOWN) from down
    return Onboarding(url=url, expires_at=expires_at)


def payouts_of(user: UserItem, *, now: datetime) -> Payouts:
    """How a seller's account stands, and what it was paid lately. Raises `Unavailable`."""
    found = find_payout(user.id)
    paid: list[Payout] = []
    status = "none"
    if found is not None:
        try:
            status = "ready" if _asked(user.id, found, now) else "incomplete"
            with suppress(AccountGone):
                paid = [Payout.model_validate(e) for e in _connect().payouts(found.account)]
        except ProviderDown as down:
            raise Unavailable(DOWN) from down
    balance = counters(keys.user_counters(user.id)).balance_cents
    return Payouts.model_validate({"status": status, "balance": balance, "payouts": paid})


def account_of(seller_id: int) -> str | None:
    """A seller's account at the provider, in its words; None where there is none."""
    found = find_payout(seller_id)
    return found.account if found else None


def destination_of(seller_id: int) -> str | None:
    """Where a seller's part of a payment goes at once; None where we hold it for them."""
    found = find_payout(seller_id)
    return found.account if found and found.is_ready else None


def doubt(seller_id: int, now: datetime) -> None:
    """Ask the provider how a seller's account stands, if there is one, and keep that."""
    found = find_payout(seller_id)
    if found is not None:
        with suppress(ProviderDown, Conflict):
            _asked(seller_id, found, now)


def _asked(seller_id: int, payout: PayoutItem, now: datetime) -> bool:
    """Whether an account may receive money, from the provider itself: its news are told in no
    order, those of a second have the same time, and some never come. Raises `ProviderDown`.
    """
    is_ready = _connect().is_ready(payout.account)
    if is_ready != payout.is_ready:
        note_readiness(seller_id, is_ready=is_ready, told_at=now)
    return is_ready


def hear(told: AccountTold) -> bool:
    """Take in what the provider tells of an account; whether it is one of ours.

    Endpoints of sellers' accounts are told of test accounts too, also where real money moves.
    """
    user_id = owner_of(told.account) if told.livemode == payments.livemode() else None
    if user_id is None:
        return False
    note_readiness(user_id, is_ready=told.is_ready, told_at=told.told_at)
    return True


def _connect() -> Connect:
    try:
        return payments.connect()
    except PaymentsClosed:
        raise Conflict("Payments are not open yet") from None
