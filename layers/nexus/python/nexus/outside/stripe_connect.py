"""Stripe Connect: the accounts that sellers have at Stripe."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import stripe

from nexus.outside.payments import AccountGone
from nexus.outside.stripe_payments import api, failing_alike

GONE = {"account_invalid", "resource_missing"}
"""https://docs.stripe.com/error-codes"""
MOST_PAYOUTS = 20
DECIMALS = dict.fromkeys(
    (
        *("BIF", "CLP", "DJF", "GNF", "JPY", "KMF", "KRW", "MGA", "PYG", "RWF"),
        *("VND", "VUV", "XAF", "XOF", "XPF"),
    ),
    0,
) | dict.fromkeys(("BHD", "JOD", "KWD", "OMR", "TND"), 3)
"""Of the currencies whose smallest unit is no hundredth for Stripe; HUF, ISK, TWD and UGX have
hundredths there, which are 0. https://docs.stripe.com/currencies#zero-decimal
"""


def may_be_paid(account: Mapping[str, Any]) -> bool:
    """Whether an account, as Stripe tells of it, gets its part of a payment and that paid out.

    https://docs.stripe.com/connect/account-capabilities#transfers
    """
    may_take = (account.get("capabilities") or {}).get("transfers") == "active"
    return may_take and bool(account.get("charges_enabled") and account.get("payouts_enabled"))


class StripeConnect:
    """https://docs.stripe.com/connect/express-accounts"""

    def open_account(self, user_id: int, instead_of: str | None = None) -> str:
        key = f"account-{user_id}-after-{instead_of}" if instead_of else f"account-{user_id}"
        wanted = {
            "type": "express",
            "capabilities": {"transfers": {"requested": True}},
            "metadata": {"user_id": str(user_id)},
        }
        with failing_alike():
            account = api().accounts.create(wanted, {"idempotency_key": key})
            return str(account.id)

    def onboarding(self, account: str, back: str) -> tuple[str, datetime]:
        wanted = {
            "account": account,
            "type": "account_onboarding",
            "refresh_url": f"{back}/payouts?again",
            "return_url": f"{back}/payouts",
        }
        with failing_alike(), _missing():
            link = api().account_links.create(wanted)
            return str(link.url), datetime.fromtimestamp(link.expires_at, UTC)

    def is_ready(self, account: str) -> bool:
        try:
            with failing_alike(), _missing():
                return may_be_paid(api().accounts.retrieve(account).to_dict())
        except AccountGone:
            return False

    def payouts(self, account: str) -> list[dict[str, object]]:
        with failing_alike(), _missing():
            listed = api().payouts.list({"limit": MOST_PAYOUTS}, {"stripe_account": account})
        return [
            {
                "id": each.id,
                "amount": _units(each.amount, each.currency.upper()),
                "currency": each.currency.upper(),
                "status": each.status,
                "arrives_at": datetime.fromtimestamp(each.arrival_date, UTC),
            }
            for each in listed.data
        ]


@contextmanager
def _missing() -> Iterator[None]:
    """Raises `AccountGone`. An account that was closed, or whose holder has parted from us, answers
    as one that never was.
    """
    try:
        yield
    except (stripe.InvalidRequestError, stripe.PermissionError) as error:
        if error.error is not None and error.error.code in GONE:
            raise AccountGone(str(error)) from error
        raise


def _units(amount: int, currency: str) -> Decimal:
    return Decimal(amount).scaleb(-DECIMALS.get(currency, 2))
