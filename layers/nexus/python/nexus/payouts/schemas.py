"""What goes in and out about payouts."""

from typing import Annotated, Literal

from pydantic import Field

from nexus.money import Dollars
from nexus.schema import Answer, Time


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


class Payouts(Answer):
    """`balance` is what we owe a seller; below zero it is carried until it is earned again."""

    status: Literal["none", "incomplete", "ready"]
    balance: Dollars
    payouts: list[Payout]
