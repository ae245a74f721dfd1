"""What follows a change of an item: kind → reactions, in the order in which they happen.

Streams deliver at least once, so each reaction may run again on the same change. It is given the
event id of the record and the item before and after the change (`None` where there is none).
"""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from nexus.bounties import service as bounties
from nexus.campaigns import service as campaigns
from nexus.catalogue.service import follow_creator
from nexus.erasure import service as erasure
from nexus.mail import service as mail
from nexus.notifications import service as notifications
from nexus.search import service as search
from nexus.statistics.service import project
from nexus.table.bounties import ApplicationItem, BountyItem
from nexus.table.campaigns import BatchItem, CampaignItem
from nexus.table.catalogue import ModelItem
from nexus.table.counters import CountersItem
from nexus.table.items import Item, from_image
from nexus.table.opinions import ReviewItem
from nexus.table.outbox import OutboxItem
from nexus.table.purchases import TransactionItem
from nexus.table.uploads import UploadItem
from nexus.table.users import UserItem

type Image = dict[str, Any] | None
type Reaction = Callable[[Item | None, Item | None, datetime], None]

REACTIONS: dict[type, list[Reaction]] = {
    OutboxItem: [mail.post],
    CampaignItem: [campaigns.follow],
    BatchItem: [campaigns.follow],
    ModelItem: [search.follow_model, notifications.tell_of_verdict],
    CountersItem: [search.follow_counters],
    UserItem: [
        follow_creator,
        search.follow_erasure,
        campaigns.follow_user,
        bounties.follow_erasure,
        erasure.follow,
    ],
    UploadItem: [erasure.follow_upload],
    TransactionItem: [notifications.tell_of_sale],
    ReviewItem: [notifications.tell_of_review],
    BountyItem: [notifications.tell_winner],
    ApplicationItem: [notifications.tell_of_application],
}


def follow(event_id: str, old: Image, new: Image, now: datetime) -> None:
    """Let happen what follows a change, told as images in DynamoDB's JSON."""
    before, after = (from_image(image) if image else None for image in (old, new))
    project(event_id, before, after, now)
    kind = type(after if after is not None else before)
    for reaction in REACTIONS.get(kind, []):
        reaction(before, after, now)
