"""Everything we hold about a user, for that user (GDPR art. 15 and 20)."""

from collections.abc import Callable, Iterator
from datetime import datetime
from itertools import islice

from nexus.accounts import service as accounts
from nexus.bounties import service as bounties
from nexus.catalogue import service as catalogue
from nexus.export.schemas import Export
from nexus.notifications import service as notifications
from nexus.purchases import service as purchases
from nexus.table.items import Start
from nexus.table.users import UserItem

PAGE = 100
MOST = 1000
"""Of each kind: an answer of a function may have 6 MB."""


def export(user: UserItem, *, now: datetime) -> Export:
    until = notifications.last_read(user.id)
    return Export(
        exported_at=now,
        profile=accounts.present(user),
        models=_all(lambda start: catalogue.made_by(user.id, start, PAGE)),
        purchases=_all(lambda start: purchases.purchases_of(user.id, start, PAGE)),
        unpaid_purchases=_all(lambda start: purchases.unpaid_of(user.id, start, PAGE)),
        sales=_all(lambda start: purchases.sales_of(user.id, start, PAGE)),
        likes=_all(lambda start: catalogue.liked_models(user.id, start, PAGE)),
        bounties=_all(lambda start: bounties.posted(user, start, PAGE)),
        applications=_all(lambda start: bounties.applications_by(user, start, PAGE)),
        notifications=_all(lambda start: notifications.inbox(user.id, until, start, PAGE)),
    )


def _all[T](read: Callable[[Start], tuple[list[T], Start]]) -> list[T]:
    return list(islice(_each(read), MOST))


def _each[T](read: Callable[[Start], tuple[list[T], Start]]) -> Iterator[T]:
    start: Start = None
    while True:
        items, start = read(start)
        yield from items
        if start is None:
            return
