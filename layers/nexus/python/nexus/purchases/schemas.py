"""What goes in and out about purchases."""

from typing import Annotated, Literal, cast

from pydantic import Field

from nexus.catalogue.schemas import Model3D
from nexus.money import Dollars, PriceCents
from nexus.outside.payments import Payment
from nexus.schema import Answer, Reason, Schema, Time
from nexus.table.purchases import LedgerItem, TransactionItem
from nexus.table.users import UserItem

type PaidStatus = Literal["pending", "completed"]
type Dispute = Literal["open", "won", "lost"]


class Transaction(Answer):
    """`failed` is only ever told of one's own purchase, where nothing was paid in time."""

    id: int
    amount: Dollars
    platform_fee: Dollars
    seller_revenue: Dollars
    buyer_id: int
    seller_id: int
    model_id: int
    status: Literal["pending", "completed", "refunded", "failed"]
    payment_method: str
    created_at: Time
    currency: str
    refunded_amount: Dollars
    dispute: Dispute | None

    @classmethod
    def of(cls, sale: TransactionItem) -> "Transaction":
        return cls.model_validate(cls.fields_of(sale))

    @staticmethod
    def fields_of(sale: TransactionItem) -> dict[str, object]:
        return {
            "id": sale.id,
            "amount": sale.amount_cents,
            "platform_fee": sale.fee_cents,
            "seller_revenue": sale.net_cents,
            "buyer_id": sale.buyer_id,
            "seller_id": sale.seller_id,
            "model_id": sale.model_id,
            "status": sale.status,
            "payment_method": sale.payment_method,
            "created_at": sale.created_at,
            "currency": sale.currency,
            "refunded_amount": sale.refunded_cents,
            "dispute": sale.dispute,
        }


class Purchase(Transaction):
    """A transaction as its buyer sees it, with what was bought."""

    model: Model3D


class ToPay(Answer):
    """What the buyer's browser needs to pay: for Stripe's elements, until `expires_at`."""

    provider: str
    client_secret: str
    publishable_key: str
    amount: Dollars
    currency: str
    expires_at: Time


class Bought(Answer):
    """With status `pending` it is bought once `payment` is made."""

    message: Literal["Purchase successful", "Payment required"]
    transaction_id: int
    status: PaidStatus
    payment: ToPay | None = None

    @classmethod
    def of(cls, sale: TransactionItem, payment: Payment | None) -> "Bought":
        done = sale.status == "completed"
        return cls(
            message="Purchase successful" if done else "Payment required",
            transaction_id=sale.id,
            status=cast("PaidStatus", sale.status),
            payment=_to_pay(sale, payment) if payment and payment.client else None,
        )


def _to_pay(sale: TransactionItem, payment: Payment) -> ToPay:
    return ToPay.model_validate(
        {
            **payment.client,
            "amount": sale.amount_cents,
            "currency": sale.currency,
            "expires_at": sale.quoted_until,
        }
    )


class Refund(Schema):
    """Without an amount all that is left is given back."""

    amount: Annotated[PriceCents, Field(ge=1)] | None = None
    reason: Reason | None = None


class Booking(Answer):
    """One line of a seller's account: above zero what they earned, below what was taken back, or
    paid to them. Of what was paid past the provider `model` is empty, and `transaction_id` that
    of the disbursement.
    """

    booked_at: Time
    transaction_id: int
    entry: str
    model: str
    amount: Dollars

    @classmethod
    def of(cls, line: LedgerItem, model: str) -> "Booking":
        return cls(
            booked_at=line.created_at,
            transaction_id=line.transaction_id,
            entry=line.entry.split()[0],
            model=model,
            amount=line.amount_cents,
        )


class Receipt(Answer):
    """`number` is the transaction's id."""

    number: int
    paid_at: Time
    buyer: str
    seller: str
    model: str
    amount: Dollars
    refunded_amount: Dollars
    currency: str
    payment_method: str

    @classmethod
    def of(cls, sale: TransactionItem, model: str, seller: str, buyer: UserItem) -> "Receipt":
        return cls.model_validate(
            {
                "number": sale.id,
                "paid_at": sale.paid_at,
                "buyer": buyer.full_name or buyer.username,
                "seller": seller,
                "model": model,
                "amount": sale.amount_cents,
                "refunded_amount": sale.refunded_cents,
                "currency": sale.currency,
                "payment_method": sale.payment_method,
            }
        )
