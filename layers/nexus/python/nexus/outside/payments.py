"""Who takes the money. The sandbox takes none and says so; it runs on stage `local` only."""

from dataclasses import dataclass
from typing import Literal, Protocol

from nexus.settings import settings


@dataclass(frozen=True)
class Quote:
    """What a buyer was asked to pay, in cents, and for which version of which model."""

    transaction_id: int
    model_id: int
    model_version: int
    amount_cents: int
    fee_cents: int
    currency: Literal["USD"] = "USD"

    @property
    def net_cents(self) -> int:
        return self.amount_cents - self.fee_cents


@dataclass(frozen=True)
class Payment:
    method: str
    reference: str | None
    status: Literal["pending", "completed"]


class PaymentsClosed(Exception):
    """No provider is configured, so nothing that costs money can be sold."""


class Provider(Protocol):
    def charge(self, quote: Quote) -> Payment: ...

    def refund(self, payment: Payment) -> None: ...


class Sandbox:
    """Completes at once, for demonstrations and tests."""

    def charge(self, quote: Quote) -> Payment:
        return Payment("sandbox", f"sandbox_{quote.transaction_id}", "completed")

    def refund(self, payment: Payment) -> None:
        """Nothing was taken, so nothing is given back."""


class Closed:
    def charge(self, quote: Quote) -> Payment:
        raise PaymentsClosed(quote.model_id)

    def refund(self, payment: Payment) -> None:
        raise PaymentsClosed(payment.reference)


PROVIDERS: dict[str, type[Provider]] = {"sandbox": Sandbox, "none": Closed}


def charge(quote: Quote) -> Payment:
    """Take the money of a quote. A free model needs no provider. Raises `PaymentsClosed`."""
    if quote.amount_cents == 0:
        return Payment("free", None, "completed")
    return PROVIDERS[settings().payment_provider]().charge(quote)


def refund(payment: Payment) -> None:
    """Give the money of a payment back; of a free one there is none. Raises `PaymentsClosed`."""
    if payment.method != "free":
        PROVIDERS[settings().payment_provider]().refund(payment)
