"""Campaigns, and the batches in which they are sent.

draft ─▶ scheduled ─▶ sending ─▶ sent | failed
  └────────┴────────────┴──▶ cancelled
"""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from pynamodb.attributes import (
    ListAttribute,
    UnicodeAttribute,
    UTCDateTimeAttribute,
)
from pynamodb.expressions.condition import Condition

from nexus.table import keys
from nexus.table.items import (
    ConditionFailed,
    Delete,
    IntegerAttribute,
    Item,
    Put,
    Start,
    Step,
    Update,
    commit,
    create,
    find,
    find_all,
    find_by_id,
    new_values,
    put,
    update,
)
from nexus.table.pages import SizedItem, sized_page


class CampaignItem(SizedItem, discriminator="Campaign"):
    """`clock` names the schedule that begins it; `batches` tells how many there are, once all are
    planned; `trouble` why it failed.
    """

    id = IntegerAttribute()
    name = UnicodeAttribute()
    subject = UnicodeAttribute()
    segment = UnicodeAttribute()
    status = UnicodeAttribute(default="draft")
    scheduled_at = UTCDateTimeAttribute(null=True)
    clock = UnicodeAttribute(null=True)
    sent_at = UTCDateTimeAttribute(null=True)
    batches = IntegerAttribute(null=True)
    trouble = UnicodeAttribute(null=True)
    version = IntegerAttribute(default=1)
    created_at = UTCDateTimeAttribute()

    @classmethod
    def of(cls, campaign_id: int, created_at: datetime, **fields: Any) -> "CampaignItem":
        return cls(*keys.campaign(campaign_id), id=campaign_id, created_at=created_at, **fields)


class CampaignTextItem(Item, discriminator="CampaignText"):
    """The HTML as it was written."""

    content = UnicodeAttribute()


class BatchItem(Item, discriminator="Batch"):
    """Recipients to whom a campaign is sent in one call of the provider. Written once, so that
    whoever is in it is in no other.

    `state` is planned, claimed (by `claim`, who looks whom to skip), calling, and then sent,
    refused, unknown or cancelled.
    """

    campaign_id = IntegerAttribute()
    number = IntegerAttribute()
    user_ids: ListAttribute[int] = ListAttribute()
    skipped: ListAttribute[int] = ListAttribute(default=list)
    state = UnicodeAttribute(default="planned")
    claim = UnicodeAttribute(null=True)
    trouble = UnicodeAttribute(null=True)

    @classmethod
    def of(cls, campaign_id: int, number: int, user_ids: list[int]) -> "BatchItem":
        key = keys.batch(campaign_id, number)
        return cls(*key, campaign_id=campaign_id, number=number, user_ids=user_ids)


OVER = ("sent", "refused", "unknown", "cancelled")


def create_campaign(campaign: CampaignItem, content: str, *also: Step) -> None:
    """Raises `ConditionFailed` when its id is taken."""
    commit(create(campaign), _text(campaign.id, content), *also)


def find_campaign(campaign_id: int) -> CampaignItem | None:
    return find(CampaignItem, keys.campaign(campaign_id))


def find_campaigns(campaign_ids: Iterable[int]) -> dict[int, CampaignItem]:
    return find_by_id(CampaignItem, (keys.campaign(each) for each in campaign_ids))


def contents_of(campaign_ids: Iterable[int]) -> dict[int, str]:
    wanted = {keys.campaign_text(each): each for each in campaign_ids}
    found = find_all(wanted, consistent=True)
    return {
        wanted[key]: text.content
        for key, text in found.items()
        if isinstance(text, CampaignTextItem)
    }


def newest_campaigns(start: Start, limit: int, skip: int) -> tuple[list[CampaignItem], Start]:
    """A page of them as they are now, newest first, cut as `sized_page` does."""
    return sized_page(CampaignItem, keys.CAMPAIGNS, start, limit, skip=skip, consistent=True)


def change_campaign(
    campaign: CampaignItem, changes: dict[str, Any], *also: Step, content: str | None = None
) -> None:
    """Change a campaign as it was read. Raises `ConditionFailed` when it has changed since."""
    actions = [*new_values(CampaignItem, changes), CampaignItem.version.add(1)]
    unchanged = CampaignItem.version == campaign.version
    text = [] if content is None else [_text(campaign.id, content)]
    commit(Update(CampaignItem(*campaign.key), actions, unchanged), *text, *also)


def move_campaign(campaign: CampaignItem, origins: Iterable[str], changes: dict[str, Any]) -> bool:
    """Change a campaign if its status is one of these; False if it is not."""
    actions = [*new_values(CampaignItem, changes), CampaignItem.version.add(1)]
    step = Update(CampaignItem(*campaign.key), actions, CampaignItem.status.is_in(*origins))
    try:
        update(step)
    except ConditionFailed:
        return False
    return True


def delete_campaign(campaign: CampaignItem, *also: Step) -> None:
    """Raises `ConditionFailed` when it has changed since it was read."""
    unchanged = CampaignItem.version == campaign.version
    commit(
        Delete(CampaignItem(*campaign.key), unchanged),
        Delete(CampaignTextItem(*keys.campaign_text(campaign.id))),
        *also,
    )


def _text(campaign_id: int, content: str) -> Put:
    return Put(CampaignTextItem(*keys.campaign_text(campaign_id), content=content))


def find_batch(campaign_id: int, number: int) -> BatchItem | None:
    return find(BatchItem, keys.batch(campaign_id, number))


def plan_batch(batch: BatchItem) -> bool:
    """Write a batch, unless there is one of its number; False if there is."""
    try:
        put(create(batch))
    except ConditionFailed:
        return False
    return True


def claim_batch(batch: BatchItem, claim: str) -> bool:
    """Be the one to look whom to skip, in place of whoever was it before and has not called."""
    before = BatchItem.claim == batch.claim if batch.claim else BatchItem.claim.does_not_exist()
    open_ = BatchItem.state.is_in("planned", "refused", "claimed") & before
    ours = (BatchItem.state == "claimed") & (BatchItem.claim == claim)
    return _move(batch, {"state": "claimed", "claim": claim}, open_ | ours)


def begin_call(batch: BatchItem, claim: str, skipped: list[int]) -> bool:
    """Take note that the provider is called now, which happens once. False if the claim is lost."""
    ours = BatchItem.state.is_in("claimed", "calling") & (BatchItem.claim == claim)
    return _move(batch, {"state": "calling", "skipped": skipped}, ours)


def end_batch(
    batch: BatchItem, state: str, origins: tuple[str, ...], trouble: str | None = None
) -> bool:
    """Take note of what came of a batch that is in one of these states."""
    again = BatchItem.state == state
    return _move(
        batch, {"state": state, "trouble": trouble}, BatchItem.state.is_in(*origins) | again
    )


def _move(batch: BatchItem, changes: dict[str, Any], condition: Condition) -> bool:
    """Change a batch and load what it is then; False where the condition does not hold."""
    try:
        update(Update(batch, new_values(BatchItem, changes), condition))
    except ConditionFailed:
        return False
    return True
