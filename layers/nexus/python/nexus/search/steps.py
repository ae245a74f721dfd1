"""Steps of each order: small numbers that rise with its value, for models with about the same one.

They are terms of the index, so that the best of an order are found without looking at all: see
`best`. A model of a higher step has a higher value, always.
"""

import math

FINE = 8
"""Steps for each doubling of a number."""
FACTORS = 500
"""Steps for each whole of the factor by which relevance is multiplied."""
DAYS_BITS = 27
"""A step of newest has 2^27 milliseconds, a day and a half."""


def newest(since_ms: int) -> int:
    return since_ms >> DAYS_BITS


def doubling(number: int) -> int:
    return int(FINE * math.log2(1 + number))


def rating(stars: int, reviews: int) -> int:
    return stars << 8 | doubling(reviews)


def factor(value: float) -> int:
    return int(FACTORS * value)


def term(order: str, step: int) -> str:
    return f"{order}:{step:09}"


def step_of(term: str) -> int:
    return int(term.rpartition(":")[2])
