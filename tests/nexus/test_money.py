from decimal import ROUND_HALF_UP, Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import TypeAdapter, ValidationError

from nexus.money import LARGEST_PRICE_CENTS, PriceCents, dollars, platform_fee

cents = st.integers(0, 10**9)
price = TypeAdapter[int](PriceCents)


@pytest.mark.parametrize(
    ("amount", "fee"),
    [(0, 0), (1, 0), (6, 0), (7, 1), (13, 1), (20, 2), (100, 8), (1999, 150), (10**9, 75_000_000)],
)
def test_the_fee_of_some_amounts(amount: int, fee: int) -> None:
    assert platform_fee(amount) == fee


@settings(max_examples=1000, deadline=None)
@given(cents)
def test_the_fee_is_half_up_and_leaves_the_rest(amount: int) -> None:
    fee = platform_fee(amount)

    exact = Decimal(amount) * Decimal("0.075")
    assert fee == int(exact.quantize(Decimal(1), ROUND_HALF_UP))
    assert 0 <= fee <= amount
    assert fee + (amount - fee) == amount


@settings(max_examples=200, deadline=None)
@given(cents, cents)
def test_a_larger_amount_has_no_smaller_fee(one: int, other: int) -> None:
    assert (platform_fee(one) <= platform_fee(other)) or one > other


@settings(max_examples=500, deadline=None)
@given(st.integers(0, LARGEST_PRICE_CENTS))
def test_dollars_come_back_as_the_same_cents(amount: int) -> None:
    assert price.validate_python(dollars(amount)) == amount
    assert price.validate_json(repr(dollars(amount))) == amount


@settings(max_examples=500, deadline=None)
@given(st.one_of(st.floats(), st.integers(), st.text(), st.none(), st.booleans()))
def test_whatever_else_comes_is_refused_or_a_price(value: object) -> None:
    try:
        amount = price.validate_python(value)
    except ValidationError:
        return
    assert isinstance(value, int | float)
    assert not isinstance(value, bool)
    assert 0 <= amount <= LARGEST_PRICE_CENTS
    assert dollars(amount) == value
