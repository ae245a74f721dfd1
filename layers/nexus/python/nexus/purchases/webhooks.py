"""Webhooks of the payment provider: from bytes that are believed to an event with its effects."""

import logging
from datetime import datetime

from nexus.errors import Unverified
from nexus.logs import count
from nexus.payouts import service as payouts
from nexus.purchases.events import take

logger = logging.getLogger(__name__)


def hear(body: bytes, signature: str | None, *, now: datetime) -> str:
    """Take in what was told, and say what became of it. Raises `Unverified`."""
    from nexus.outside.stripe_events import (
        NotFromStripe,
        read_event,
        understand,
        understand_account,
    )

    try:
        event = read_event(body, signature, now)
    except NotFromStripe as why:
        count("ForgedWebhooks", "payments")
        raise Unverified("This is not signed by Stripe") from why
    if account := understand_account(event):
        return "Taken" if payouts.hear(account) else "Unknown account"
    told = understand(event)
    if told is None:
        return "Ignored"
    if take(told, now=now) is None:
        logger.info("an event of a payment that is not ours: %s", told.event_id)
        return "Unknown payment"
    return "Taken"
