"""Who takes the money. The sandbox takes none and says so; it runs on stage `local` only."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal, Protocol

from nexus.money import dollars
from nexus.settings import settings

type About = Literal[
    "paid",
    "canceled",
    "refund_requested",
    "refund_refused",
    "refunded",
    "returned",
    "disputed",
    "dispute_won",
    "dispute_lost",
]


@dataclass(frozen=True)
class Quote:
    """What a buyer was asked to pay, in cents, and for which version of which model."""

    transaction_id: int
    model_id: int
    model_version: int
    amount_cents: int
    fee_cents: int
    currency: str = "USD"
    destination: str | None = None

    @property
    def net_cents(self) -> int:
        return self.amount_cents - self.fee_cents


@dataclass(frozen=True)
class Payment:
    """A payment at its provider; `client` is what the buyer's browser needs to make it."""

    reference: str
    status: Literal["open", "paid", "canceled"]
    client: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Told:
    """What a provider tells of a payment. `subject` is the refund or the dispute it is about;
    `from_seller` tells of a refund that the seller's part of it was taken back from them.
    """

    event_id: str
    about: About
    reference: str
    amount_cents: int
    currency: str
    livemode: bool
    happened_at: datetime
    account: str | None = None
    subject: str = ""
    transaction_id: int | None = None
    from_seller: bool = False


@dataclass(frozen=True)
class Booked:
    """A payment as its provider has it in its books."""

    reference: str
    transaction_id: int | None
    is_paid: bool
    received_cents: int
    refunded_cents: int
    currency: str


LEAST_BY_CARD_CENTS, MOST_BY_CARD_CENTS = 50, 99_999_999
"""https://docs.stripe.com/currencies#minimum-and-maximum-charge-amounts"""


class NotByCard(Exception):
    """Cards pay neither so little nor so much; its text says which amounts they pay."""


class PaymentsClosed(Exception):
    """No provider is configured, so nothing that costs money can be sold."""


class ProviderDown(Exception):
    """The provider does not answer, or not as it should. Nothing is known of what was done."""


class PaymentRefused(Exception):
    """The provider does not take a payment, and would not if asked again; its text says why."""


class AccountGone(Exception):
    """The provider has no such account, or none that is ours to ask about any more."""


class RefundRefused(Exception):
    """The provider will not give the money back; its text says why."""


class Provider(Protocol):
    def open(self, quote: Quote) -> Payment:
        """The payment of a quote: always the same one for the same transaction.

        Raises `PaymentRefused`.
        """

    def look(self, reference: str) -> Payment:
        """The payment as it stands. Raises `PaymentRefused` for one that is not known."""

    def cancel(self, reference: str) -> Payment:
        """Let a payment not be made any more; one that is made already stays so.

        Raises `PaymentRefused` for one that is not known.
        """

    def refund(self, reference: str, amount_cents: int, subject: str, *, from_seller: bool) -> None:
        """Give back some of what was paid, once for each `subject`. Raises `RefundRefused`.

        With `from_seller` their part and our fee are taken back from where they went.
        """

    def booked(self, since: datetime, until: datetime) -> Iterator[Booked]:
        """The payments begun in a period, as they stand in the provider's books."""


@dataclass(frozen=True)
class AccountTold:
    """What the provider tells of a seller's account."""

    account: str
    is_ready: bool
    livemode: bool
    told_at: datetime


class Connect(Protocol):
    """The provider's accounts of sellers."""

    def open_account(self, user_id: int, instead_of: str | None = None) -> str:
        """The account of a seller: always the same one for the same seller, unless it is gone."""

    def onboarding(self, account: str, back: str) -> tuple[str, datetime]:
        """An address where its holder completes an account, and until when it is good.

        Raises `AccountGone`.
        """

    def is_ready(self, account: str) -> bool:
        """Whether an account may receive money, at this moment; one that is gone may not."""

    def payouts(self, account: str) -> list[dict[str, object]]:
        """What was paid out lately, newest first: id, amount, currency, status, arrives_at.

        An amount is a `Decimal` of whole units of its currency: 18.49 USD, 5000 JPY. Raises
        `AccountGone`.
        """


def connect() -> Connect:
    """Raises `PaymentsClosed`."""
    if settings().payment_provider != "stripe":
        raise PaymentsClosed
    from nexus.outside.stripe_connect import StripeConnect

    return StripeConnect()


def at_once(method: str) -> bool:
    """Whether a payment is complete as soon as it is asked for, and a refund too."""
    return method in {"free", "sandbox"}


def method_of(amount_cents: int) -> str:
    """How an amount is paid. A free model needs no provider.

    Raises `PaymentsClosed`, and `NotByCard` for what Stripe would refuse.
    """
    if amount_cents == 0:
        return "free"
    method = settings().payment_provider
    if method == "none":
        raise PaymentsClosed
    if method == "stripe" and not LEAST_BY_CARD_CENTS <= amount_cents <= MOST_BY_CARD_CENTS:
        least, most = dollars(LEAST_BY_CARD_CENTS), dollars(MOST_BY_CARD_CENTS)
        raise NotByCard(f"Cards pay from ${least:.2f} to ${most:,.2f}")
    return method


def livemode() -> bool:
    """Whether real money moves."""
    return settings().stage == "prod"


def provider(method: str) -> Provider:
    """The provider of a payment that is not complete at once. Raises `PaymentsClosed`."""
    if method != "stripe" or not settings().stripe_key_name:
        raise PaymentsClosed(method)
    from nexus.outside.stripe_payments import Stripe

    return Stripe()
