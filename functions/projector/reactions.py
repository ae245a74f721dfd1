"""What follows a change of an item: kind → reactions, in the order in which they happen.

Streams deliver at least once, so each reaction may run again on the same change. It is given the
event id of the record and the item before and after the change (`None` where there is none).
"""

from collections.abc import Callable
from datetime import datetime

from nexus.accounts.erasure import follow_erasure
from nexus.bounties import erasure as bounties
from nexus.catalogue.shelving import follow_ban, reshelve
from nexus.notifications import service as notifications
from nexus.statistics.service import project
from nexus.table.bounties import ApplicationItem, BountyItem
from nexus.table.catalogue import ModelItem
from nexus.table.items import Item
from nexus.table.opinions import ReviewItem
from nexus.table.purchases import TransactionItem
from nexus.table.users import UserItem

type Reaction = Callable[[Item | None, Item | None, datetime], None]

REACTIONS: dict[type, list[Reaction]] = {
    ModelItem: [reshelve, notifications.tell_of_verdict],
    UserItem: [follow_ban, bounties.follow_erasure, follow_erasure],
    TransactionItem: [notifications.tell_of_sale],
    ReviewItem: [notifications.tell_of_review],
    BountyItem: [notifications.tell_winner],
    ApplicationItem: [notifications.tell_of_application],
}


def react(event_id: str, before: Item | None, after: Item | None, now: datetime) -> None:
    project(event_id, before, after, now)
    kind = type(after if after is not None else before)
    for reaction in REACTIONS.get(kind, []):
        reaction(before, after, now)
