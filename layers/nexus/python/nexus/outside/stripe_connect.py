"""Stripe Connect: the accounts that sellers have at Stripe."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from nexus.outside.stripe_payments import api, failing_alike

MOST_PAYOUTS = 20


def may_be_paid(account: Mapping[str, Any]) -> bool:
    """Whether an account, as Stripe tells of it, gets its part of a payment and that paid out.

    https://docs.stripe.com/connect/account-capabilities#transfers
    """
    may_take = (account.get("capabilities") or {}).get("transfers") == "active"
    return may_take and bool(account.get("charges_enabled") and account.get("payouts_enabled"))


class StripeConnect:
    """https://docs.stripe.com/connect/express-accounts"""

    def open_account(self, user_id: int) -> str:
        wanted = {
            "type": "express",
            "capabilities": {"transfers": {"requested": True}},
            "metadata": {"user_id": str(user_id)},
        }
        with failing_alike():
            account = api().accounts.create(wanted, {"idempotency_key": f"account-{user_id}"})
            return str(account.id)

    def onboarding(self, account: str, back: str) -> tuple[str, datetime]:
        wanted = {
            "account": account,
            "type": "account_onboarding",
            "refresh_url": f"{back}/payouts?again",
            "return_url": f"{back}/payouts",
        }
        with failing_alike():
            link = api().account_links.create(wanted)
            return str(link.url), datetime.fromtimestamp(link.expires_at, UTC)

    def is_ready(self, account: str) -> bool:
        with failing_alike():
            return may_be_paid(api().accounts.retrieve(account).to_dict())

    def payouts(self, account: str) -> list[dict[str, object]]:
        with failing_alike():
            listed = api().payouts.list({"limit": MOST_PAYOUTS}, {"stripe_account": account})
        return [
            {
                "id": each.id,
                "amount": each.amount,
                "currency": each.currency.upper(),
                "status": each.status,
                "arrives_at": datetime.fromtimestamp(each.arrival_date, UTC),
            }
            for each in listed.data
        ]
