"""What goes in and out about prices: codes that lower them, and how they have changed."""

from typing import Annotated, Self

from pydantic import AfterValidator, Field, StringConstraints, model_validator

from nexus.money import Dollars, PriceCents
from nexus.schema import Answer, Moment, Schema, Time, formed
from nexus.table.discounts import UNLIMITED, DiscountItem, PriceItem

CODE = "^[A-Za-z0-9-]{3,30}$"

type Code = Annotated[
    str,
    StringConstraints(strip_whitespace=True),
    Field(json_schema_extra={"pattern": CODE}),
    AfterValidator(formed(CODE, "must have 3 to 30 of the letters A to Z, digits and dashes")),
    AfterValidator(str.upper),
]


class NewDiscount(Schema):
    """Either percent or an amount in dollars off, for as long and as often as is said."""

    code: Code
    percent: Annotated[int, Field(strict=True, ge=1, le=100)] | None = None
    amount: Annotated[PriceCents, Field(ge=1)] | None = None
    starts_at: Moment | None = None
    ends_at: Moment | None = None
    most_uses: Annotated[int, Field(strict=True, ge=1, le=10**6)] | None = None

    @model_validator(mode="after")
    def one_kind_and_some_time(self) -> Self:
        if (self.percent is None) == (self.amount is None):
            raise ValueError("must have either percent or amount")
        if self.starts_at and self.ends_at and self.starts_at >= self.ends_at:
            raise ValueError("must end after it starts")
        return self


class Discount(Answer):
    id: int
    code: str
    percent: int | None
    amount: Dollars | None
    starts_at: Time | None
    ends_at: Time | None
    most_uses: int | None
    uses: int
    created_at: Time

    @classmethod
    def of(cls, item: DiscountItem) -> "Discount":
        total = item.left + item.uses
        return cls(
            id=item.id,
            code=item.code,
            percent=item.percent,
            amount=item.amount_cents,
            starts_at=item.starts_at,
            ends_at=item.ends_at,
            most_uses=None if total >= UNLIMITED else total,
            uses=item.uses,
            created_at=item.created_at,
        )


class PriceChange(Answer):
    price: Dollars
    previous_price: Dollars
    changed_at: Time

    @classmethod
    def of(cls, item: PriceItem) -> "PriceChange":
        return cls(
            price=item.price_cents,
            previous_price=item.previous_cents,
            changed_at=item.changed_at,
        )


class Price(Answer):
    """What a model costs, with a code if one was given; `lowest_price_30_days` is the lowest at
    which it was on sale in that time, without codes.
    """

    price: Dollars
    discount: Dollars
    amount: Dollars
    currency: str = "USD"
    lowest_price_30_days: Dollars
    changes: list[PriceChange]
