"""What Stripe tells of itself: webhooks, believed only when they are signed and of this moment."""

import json
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

import stripe

from nexus.outside.payments import About, AccountTold, Told
from nexus.outside.secrets import texts
from nexus.outside.stripe_connect import may_be_paid
from nexus.settings import settings

TOLERANCE_SECONDS = 300

type Event = Mapping[str, Any]


class NotFromStripe(Exception):
    """The signature is missing, wrong, too old, or of a time to come."""


def read_event(body: bytes, signature: str | None, now: datetime) -> dict[str, Any]:
    """The event in a webhook's body, exactly as it was sent. Raises `NotFromStripe`.

    Two endpoints lead here, one for our own account and one for those of sellers, and each signs
    with a secret of its own. Those before the last ones are good too, so that they can be changed
    without a gap.
    https://docs.stripe.com/webhooks#verify-manually
    https://docs.stripe.com/connect/webhooks
    """
    kept = texts(settings().needed("stripe_webhook_secret_name"))
    for secret in (each for text in kept for each in text.split()):
        try:
            stripe.Webhook.construct_event(body, signature, secret, TOLERANCE_SECONDS)
        except (stripe.SignatureVerificationError, ValueError, AttributeError, TypeError):
            continue
        if _signed_at(signature or "") > now.timestamp() + TOLERANCE_SECONDS:
            raise NotFromStripe("signed in the future")
        event: dict[str, Any] = json.loads(body)
        return event
    raise NotFromStripe("no signature of ours")


def _signed_at(signature: str) -> int:
    """The library looks at the first `t` too, and refuses old ones only."""
    parts = (part.partition("=") for part in signature.split(","))
    return next(int(value) for name, _, value in parts if name == "t")


def understand(event: Event) -> Told | None:
    """What an event means for a payment; None for what does not concern us."""
    read = READERS.get(str(event.get("type")))
    if read is None:
        return None
    told = event["data"]["object"]
    reading = read(told)
    if reading is None or not reading[3]:
        return None
    about, subject, amount, reference = reading
    named = (told.get("metadata") or {}).get("transaction_id", "")
    return Told(
        event_id=str(event["id"]),
        about=about,
        subject=subject,
        reference=reference,
        amount_cents=int(amount),
        currency=str(told["currency"]).upper(),
        livemode=bool(event["livemode"]),
        account=event.get("account"),
        happened_at=datetime.fromtimestamp(event["created"], UTC),
        transaction_id=int(named) if named.isdecimal() and about == "paid" else None,
        from_seller=bool(told.get("transfer_reversal")),
    )


def understand_account(event: Event) -> AccountTold | None:
    """What an event means for a seller's account; None for any other event."""
    if event.get("type") != "account.updated":
        return None
    account = event["data"]["object"]
    return AccountTold(
        account=str(account["id"]),
        is_ready=may_be_paid(account),
        livemode=bool(event["livemode"]),
        told_at=datetime.fromtimestamp(event["created"], UTC),
    )


type Reading = tuple[About, str, int, str]
"""What it is about, which refund or dispute, how many cents, and of which PaymentIntent."""


def _succeeded(intent: Event) -> Reading:
    return "paid", "", intent.get("amount_received", intent["amount"]), intent["id"]


def _canceled(intent: Event) -> Reading:
    return "canceled", "", intent["amount"], intent["id"]


def _refund(refund: Event) -> Reading:
    about: About = "returned" if refund["status"] in {"failed", "canceled"} else "refunded"
    subject = (refund.get("metadata") or {}).get("refund_id") or refund["id"]
    return about, subject, refund["amount"], refund["payment_intent"]


def _dispute_opened(dispute: Event) -> Reading | None:
    """An inquiry is none yet: no money moves, and it may end with a refund. Nor is one that was
    prevented, which is blocked or ends with a refund that is told of as one.

    https://docs.stripe.com/disputes/how-disputes-work#inquiries
    https://docs.stripe.com/api/disputes/object#dispute_object-status
    """
    if dispute["status"].startswith("warning") or dispute["status"] == "prevented":
        return None
    return "disputed", dispute["id"], dispute["amount"], dispute["payment_intent"]


def _dispute_closed(dispute: Event) -> Reading | None:
    match dispute["status"]:
        case "lost":
            return "dispute_lost", dispute["id"], _lost_cents(dispute), dispute["payment_intent"]
        case "won" | "prevented":
            return "dispute_won", dispute["id"], dispute["amount"], dispute["payment_intent"]
    return None


def _lost_cents(dispute: Event) -> int:
    """What was withdrawn, and not given back: a dispute that is won in part is told of as lost.

    Withdrawals are in the account's currency; in another one they tell nothing of ours.
    https://docs.stripe.com/api/disputes/object#dispute_object-balance_transactions
    """
    moved = dispute.get("balance_transactions") or []
    if not moved or {each["currency"] for each in moved} != {dispute["currency"]}:
        return int(dispute["amount"])
    return max(-sum(int(each["amount"]) for each in moved), 0)


READERS = {
    "payment_intent.succeeded": _succeeded,
    "payment_intent.canceled": _canceled,
    "refund.created": _refund,
    "refund.updated": _refund,
    "refund.failed": _refund,
    "charge.dispute.created": _dispute_opened,
    "charge.dispute.funds_withdrawn": _dispute_opened,
    "charge.dispute.closed": _dispute_closed,
}
"""A declined card is no event for us: the buyer tries another one on the same payment."""
