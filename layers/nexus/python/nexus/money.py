"""Money is an integer of cents everywhere but in JSON, where it is dollars."""

from decimal import Decimal
from typing import Annotated

from pydantic import BeforeValidator, PlainSerializer, WithJsonSchema

LARGEST_PRICE_CENTS = 100_000_000
FEE_PER_MILLE = 75


def platform_fee(amount_cents: int) -> int:
    """7.5 % of an amount in cents, half a cent rounded up."""
    return (FEE_PER_MILLE * amount_cents + 500) // 1000


def dollars(cents: int) -> float:
    """Cents as the number of dollars that JSON shows: 1999 → 19.99.

    Exact to the cent below 2^53 cents: the nearest double prints with these two decimals.
    """
    return cents / 100


def _cents(value: object) -> int:
    """Cents from a JSON number of dollars. Refuses text, booleans and parts of a cent."""
    if isinstance(value, bool) or not isinstance(value, int | float | Decimal):
        raise ValueError("must be a number of dollars, such as 19.99")  # noqa: TRY004  pydantic wants ValueError
    amount = Decimal(str(value))
    if not amount.is_finite():
        raise ValueError("must be a finite number")
    if not 0 <= amount * 100 <= LARGEST_PRICE_CENTS:
        raise ValueError(f"must be between 0 and {LARGEST_PRICE_CENTS // 100} dollars")
    if amount * 100 != int(amount * 100):
        raise ValueError("must have at most two decimal places")
    return int(amount * 100)


PriceCents = Annotated[
    int,
    BeforeValidator(_cents),
    WithJsonSchema(
        {
            "type": "number",
            "minimum": 0,
            "maximum": LARGEST_PRICE_CENTS // 100,
            "multipleOf": 0.01,
            "description": "US dollars with at most two decimal places",
        }
    ),
]
"""A price that comes in as dollars and is kept as cents."""

Dollars = Annotated[
    int,
    PlainSerializer(dollars, return_type=float),
    WithJsonSchema({"type": "number", "description": "US dollars with at most two decimal places"}),
]
"""An amount kept as cents that goes out as dollars."""
