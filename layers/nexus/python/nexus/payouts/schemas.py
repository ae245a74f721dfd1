"""What goes in and out about payouts."""

from typing import Annotated, Literal

from pydantic import Field

from nexus.money import Dollars, PriceCents
from nexus.schema import Answer, Line, Schema, Time
from nexus.table.disbursements import DisbursementItem


class Onboarding(Answer):
    """`url` leads to the provider, once, until `expires_at`."""

    url: str
    expires_at: Time


class Payout(Answer):
    id: str
    amount: Annotated[float, Field(description="In units of `currency`: 18.49 USD, 5000 JPY")]
    currency: str
    status: str
    arrives_at: Time


class NewDisbursement(Schema):
    """Money that went past the provider, such as by bank transfer: `paid` to a seller, or
    `received` from one who owed it. `reference` finds it in the bank's books; the audit keeps it
    for good, so it should name nobody.
    """

    amount: Annotated[PriceCents, Field(ge=1)]
    direction: Literal["paid", "received"] = "paid"
    reference: Line


class Disbursement(Answer):
    """`amount` is above zero for what was paid to the seller, below for what came from them."""

    id: int
    user_id: int
    amount: Dollars
    reference: str
    booked_at: Time

    @classmethod
    def of(cls, item: DisbursementItem) -> "Disbursement":
        return cls(
            id=item.id,
            user_id=item.user_id,
            amount=item.amount_cents,
            reference=item.reference,
            booked_at=item.created_at,
        )


class Payouts(Answer):
    """`balance` is what we owe a seller; below zero it is carried until it is earned again."""

    status: Literal["none", "incomplete", "ready"]
    balance: Dollars
    payouts: list[Payout]
