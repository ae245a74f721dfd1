"""Sums over everything: kept up to date by the projector, read by the admins."""

from datetime import date, datetime, timedelta

from nexus.accounts.schemas import User
from nexus.accounts.service import present_all
from nexus.catalogue import service as catalogue
from nexus.catalogue.schemas import Model3D
from nexus.outside.load import server_load
from nexus.purchases.schemas import Transaction
from nexus.statistics.contributions import Contribution, difference, ranks
from nexus.statistics.schemas import Analytics, Day, Deed, Revenue, Stats
from nexus.table import keys
from nexus.table.counters import apply_once, best, counters, days, rank
from nexus.table.items import Item, Start, find_all
from nexus.table.keys import Key
from nexus.table.outbox import deeds
from nexus.table.purchases import TransactionItem, newest_sales
from nexus.table.segments import resegment
from nexus.table.users import UserItem

NEWEST = 10
BEST = 10
RANKED = 30
"""How many of the best are read: some may be hidden since."""


def project(event_id: str, before: Item | None, after: Item | None, now: datetime) -> None:
    """Bring a change of an item into the sums, once per event id, and its subjects into rank."""
    changes = difference(before, after)
    if changes:
        apply_once(event_id, changes, now)
    for user_id in _buying_or_creating(changes):
        resegment(user_id)
    sale = after if after is not None else before
    if isinstance(sale, TransactionItem):
        for subject, (list_, name) in ranks(sale).items():
            rank(subject, list_, name)


def _buying_or_creating(changes: Contribution) -> set[int]:
    """Users who have bought or sold more or less than before: their segments may be others."""
    deciding = {"approved_models", "purchases"}
    users = (keys.user_of(key) for key, amounts in changes.items() if deciding & amounts.keys())
    return {user_id for user_id in users if user_id is not None}


def platform_stats() -> Stats:
    sums = counters(keys.PLATFORM_COUNTERS)
    return Stats(
        totalRevenue=sums.revenue_cents,
        platformFees=sums.fees_cents,
        activeUsers=sums.users,
        pendingModels=sums.pending_models,
        totalModels=sums.models,
        serverLoad=server_load(),
    )


def revenue() -> Revenue:
    """The average is rounded half up to the cent."""
    sums = counters(keys.PLATFORM_COUNTERS)
    newest, _ = newest_sales(None, NEWEST)
    average = (2 * sums.revenue_cents + sums.sales) // (2 * sums.sales) if sums.sales else 0
    return Revenue(
        totalRevenue=sums.revenue_cents,
        platformFees=sums.fees_cents,
        avgTransaction=average,
        transactions=[Transaction.of(sale) for sale in newest],
    )


def revenue_by_day(first: date, last: date) -> list[Day]:
    """Each day of a period (UTC), also those on which nothing was sold."""
    found = days(first, last)
    period = [first + timedelta(days=number) for number in range((last - first).days + 1)]
    return [
        Day(
            date=day,
            revenue=sums.revenue_cents if (sums := found.get(day)) else 0,
            fees=sums.fees_cents if sums else 0,
            sales=sums.sales if sums else 0,
        )
        for day in period
    ]


def analytics() -> Analytics:
    return Analytics(topModels=_top_models(), topCreators=_top_creators())


def _top_models() -> list[Model3D]:
    ids = [_id(key) for key in best(keys.TOP_MODELS, RANKED)]
    return catalogue.visible_by_id(ids)[:BEST]


def _top_creators() -> list[User]:
    wanted = [keys.user(_id(key)) for key in best(keys.TOP_CREATORS, RANKED)]
    found = find_all(wanted)
    users = [user for key in wanted if isinstance(user := found.get(key), UserItem)]
    return present_all([user for user in users if not user.is_banned][:BEST])


def _id(key: Key) -> int:
    return int(key.pk.partition("#")[2])


def audit(start: Start, limit: int) -> tuple[list[Deed], Start]:
    """A page of what admins did, newest first."""
    found, following = deeds(start, limit)
    return [Deed.of(item) for item in found], following
