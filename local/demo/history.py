"""The weeks that the demo storefront looks back on: which model was bought, liked and reviewed
when. Made up, but always alike: the dice are named after the model.
"""

import random
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from local.demo.voices import CUSTOMERS, PRAISE, Words

WEEKS = 8
WEEKEND = 0.5
"""How much is sold on a day of the weekend, against another one."""
GROWTH = 0.2
"""By how much of the first week's sales each week is better than the one before."""
STARS = {5: 55, 4: 30, 3: 11, 2: 4}
REVIEWED, LIKED = 0.4, 0.6
"""How many of those who buy say something, and how many like it."""
VIEWS_A_SALE = 35


@dataclass(frozen=True)
class Review:
    stars: int
    words: Words
    at: datetime


@dataclass(frozen=True)
class Visit:
    """A customer (by position among them) buys a model; what they think of it comes later."""

    customer: int
    at: datetime
    likes: bool
    review: Review | None


@dataclass(frozen=True)
class History:
    """`views` were had in all, `lately` of them in the last day."""

    published: datetime
    visits: tuple[Visit, ...]
    views: int
    lately: int


def history(name: str, rank: int, now: datetime) -> History:
    """What happened to a model; those of a low `rank` (from 0) sell best."""
    dice = random.Random(name)
    published = now - timedelta(days=dice.uniform(0.3, 1) * 7 * WEEKS)
    most = len(CUSTOMERS) * 0.75
    sales = round(most / (1 + rank / 6) * dice.uniform(0.7, 1.3)) or 1
    customers = dice.sample(range(len(CUSTOMERS)), min(sales, len(CUSTOMERS)))
    moments = sorted(_moment(dice, published, now) for _ in customers)
    visits = tuple(_visits(dice, customers, moments, now))
    views = sales * VIEWS_A_SALE + dice.randrange(90)
    return History(published, visits, views, views // 20)


def _moment(dice: random.Random, since: datetime, now: datetime) -> datetime:
    """Later weeks are better, weekends quieter, evenings busier."""
    days = [since + timedelta(days=number) for number in range((now - since).days + 1)]
    weights = [_weight(day, now) for day in days]
    [day] = dice.choices(days, weights)
    minute = round(dice.triangular(7 * 60, 23 * 60, 19 * 60))
    moment = day.replace(hour=minute // 60, minute=minute % 60, second=dice.randrange(60))
    return moment if since < moment < now else dice.uniform(0.01, 0.99) * (now - since) + since


def _weight(day: datetime, now: datetime) -> float:
    week = WEEKS - (now - day).days / 7
    return (WEEKEND if day.weekday() >= 5 else 1) * (1 + GROWTH * week)


def _visits(
    dice: random.Random, customers: list[int], moments: list[datetime], now: datetime
) -> Iterator[Visit]:
    for customer, at in zip(customers, moments, strict=True):
        review = None
        if dice.random() < REVIEWED:
            [stars] = dice.choices(list(STARS), list(STARS.values()))
            words = dice.choice(PRAISE[stars])
            told = min(at + timedelta(days=dice.uniform(0.5, 6)), now - timedelta(minutes=1))
            review = Review(stars, words, told)
        yield Visit(customer, at, dice.random() < LIKED, review)
