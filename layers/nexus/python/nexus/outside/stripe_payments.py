"""Stripe: PaymentIntents and refunds. The library costs a quarter of a second to import."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from functools import cache
from typing import Any

import stripe

from nexus.outside.payments import (
    Booked,
    Payment,
    PaymentRefused,
    ProviderDown,
    Quote,
    RefundRefused,
)
from nexus.outside.secrets import texts
from nexus.settings import settings

SECONDS = 3
RETRIES = 1
"""A request of ours calls Stripe up to four times, each of which may be tried again (a connection
may have died while the function was frozen), and it must end before its function does.
"""
STATUSES = {"succeeded": "paid", "canceled": "canceled"}


class Stripe:
    """https://docs.stripe.com/api/payment_intents"""

    def open(self, quote: Quote) -> Payment:
        wanted: dict[str, Any] = {
            "amount": quote.amount_cents,
            "currency": quote.currency.lower(),
            "automatic_payment_methods": {"enabled": True},
            "metadata": {
                "transaction_id": str(quote.transaction_id),
                "model_id": str(quote.model_id),
                "model_version": str(quote.model_version),
            },
        }
        if quote.destination:
            wanted["application_fee_amount"] = quote.fee_cents
            wanted["transfer_data"] = {"destination": quote.destination}
        key = {"idempotency_key": f"purchase-{quote.transaction_id}"}
        with failing_alike(), _refusing():
            return _payment(api().payment_intents.create(wanted, key))

    def look(self, reference: str) -> Payment:
        with failing_alike(), _refusing():
            return _payment(api().payment_intents.retrieve(reference))

    def cancel(self, reference: str) -> Payment:
        with failing_alike():
            try:
                return _payment(api().payment_intents.cancel(reference))
            except stripe.InvalidRequestError:  # it is paid, or was canceled before
                return self.look(reference)

    def refund(self, reference: str, amount_cents: int, subject: str, *, from_seller: bool) -> None:
        wanted: dict[str, Any] = {
            "payment_intent": reference,
            "amount": amount_cents,
            "metadata": {"refund_id": subject},
        }
        if from_seller:
            wanted |= {"reverse_transfer": True, "refund_application_fee": True}
        with failing_alike():
            try:
                if _has_refund(reference, subject):  # keys are forgotten after a day
                    return
                api().refunds.create(wanted, {"idempotency_key": f"refund-{subject}"})
            except stripe.InvalidRequestError as error:
                raise RefundRefused(error.user_message or str(error)) from error

    def booked(self, since: datetime, until: datetime) -> Iterator[Booked]:
        wanted: dict[str, Any] = {
            "created": {"gte": int(since.timestamp()), "lt": int(until.timestamp())},
            "limit": 100,
            "expand": ["data.latest_charge"],
        }
        with failing_alike():
            for intent in api().payment_intents.list(wanted).auto_paging_iter():
                yield _booked(intent.to_dict())


def _has_refund(reference: str, subject: str) -> bool:
    """Whether a refund was made before, whatever Stripe still knows of its idempotency key.

    https://docs.stripe.com/api/idempotent_requests
    """
    made = api().refunds.list({"payment_intent": reference, "limit": 100})
    told = (each.to_dict() for each in made.auto_paging_iter())
    return any((each["metadata"] or {}).get("refund_id") == subject for each in told)


def _booked(intent: dict[str, Any]) -> Booked:
    named = (intent.get("metadata") or {}).get("transaction_id", "")
    charge = intent.get("latest_charge") or {}
    return Booked(
        reference=intent["id"],
        transaction_id=int(named) if named.isdecimal() else None,
        is_paid=intent["status"] == "succeeded",
        received_cents=intent["amount_received"],
        refunded_cents=charge.get("amount_refunded", 0),
        currency=intent["currency"].upper(),
    )


def _payment(intent: Any) -> Payment:
    told = {
        "provider": "stripe",
        "client_secret": intent.client_secret,
        "publishable_key": settings().stripe_publishable_key,
    }
    status: Any = STATUSES.get(intent.status, "open")
    return Payment(intent.id, status, told if status == "open" else {})


@contextmanager
def _refusing() -> Iterator[None]:
    """Raises `PaymentRefused` where Stripe is there and finds fault with what it is asked.

    https://docs.stripe.com/error-handling#invalid-request-errors
    """
    try:
        yield
    except stripe.InvalidRequestError as error:
        raise PaymentRefused(str(error)) from error


@contextmanager
def failing_alike() -> Iterator[None]:
    """Raises `ProviderDown` for whatever went wrong at Stripe or on the way there."""
    try:
        yield
    except stripe.StripeError as error:
        raise ProviderDown(str(error)) from error


def api() -> Any:
    return _client_with(texts(settings().needed("stripe_key_name"))[0], settings().stripe_url)


@cache
def _http() -> Any:
    return stripe.RequestsClient(timeout=SECONDS)


@cache
def _client_with(key: str, url: str) -> Any:
    return stripe.StripeClient(
        key,
        base_addresses={"api": url} if url else {},
        http_client=_http(),
        max_network_retries=RETRIES,
    ).v1
