"""Sending a campaign: plan → batches → one call of the provider for each.

Every step is a message of one queue and may come again. Nobody is in two batches, because a batch
is written once and the next begins after its last member. A batch is sent once, because what
`begin_call` writes is written once; whom to skip is read after the claim, so that whoever has
left before it gets nothing.
"""

import logging
import uuid
from collections.abc import Iterable, Sequence
from contextlib import suppress
from datetime import datetime
from math import ceil
from typing import Any

from pydantic import TypeAdapter

from nexus.mail import service as mail
from nexus.outside import queues
from nexus.outside.mail import (
    MOST_RECIPIENTS,
    Door,
    Letter,
    NotTaken,
    Recipient,
    Refused,
    Unanswered,
    receipt,
)
from nexus.schema import Schema
from nexus.settings import settings
from nexus.subscriptions import service as subscriptions
from nexus.table import keys
from nexus.table.campaigns import (
    OVER,
    BatchItem,
    CampaignItem,
    begin_call,
    change_campaign,
    claim_batch,
    contents_of,
    end_batch,
    find_batch,
    find_campaign,
    move_campaign,
    plan_batch,
)
from nexus.table.counters import CountersItem
from nexus.table.items import ConditionFailed, Item, find
from nexus.table.segments import members_after
from nexus.table.users import UserItem, find_users_now

logger = logging.getLogger(__name__)


class Due(Schema):
    """The clock says: the campaign was to be sent at this time."""

    start: int
    scheduled_at: datetime


class Planning(Schema):
    """Make the batch of this number, and go on with the next."""

    plan: int
    number: int


class Sending(Schema):
    """Send the batch of this number."""

    send: int
    number: int


type Work = Due | Planning | Sending
WORK: TypeAdapter[Work] = TypeAdapter(Work)
TRIES = 8


class Unsettled(Exception):
    """A batch is not out; its message must come again."""


def take(body: str, handle: str, attempts: int, *, now: datetime) -> None:
    """Do what a message that comes for the `attempts`th time asks for.

    Raises `Unsettled` where it must come again, after having told the queue when.
    """
    match WORK.validate_json(body):
        case Due(start=campaign_id, scheduled_at=at):
            _start(campaign_id, at, now)
        case Planning(plan=campaign_id, number=number):
            _plan(campaign_id, number)
        case Sending(send=campaign_id, number=number) as work:
            try:
                _send(campaign_id, number)
            except NotTaken as trouble:
                url = settings().needed("campaigns_queue_url")
                queues.put_off(url, handle, attempts, at_least=trouble.wait)
                raise Unsettled(f"batch {number} of {campaign_id}: {trouble}") from trouble
            except Refused as refusal:
                logger.warning("batch refused", extra=work.model_dump() | {"why": str(refusal)})
                queues.put(settings().needed("campaigns_dead_letters_url"), work.model_dump())


def begun(now: datetime) -> dict[str, Any]:
    """How a campaign changes that begins to be sent."""
    return {"status": "sending", "sent_at": now}


def _start(campaign_id: int, at: datetime, now: datetime) -> None:
    """Begin, if this is still the time for it: it may have been moved, or begun by hand."""
    for _ in range(TRIES):
        campaign = find_campaign(campaign_id)
        if campaign is None or (campaign.status, campaign.scheduled_at) != ("scheduled", at):
            return
        with suppress(ConditionFailed):
            change_campaign(campaign, begun(now))
            return
    raise Unsettled(f"campaign {campaign_id} changes too fast to begin")


def follow(before: Item | None, after: Item | None, _: datetime) -> None:
    """Plan what has begun, and end what is done."""
    if isinstance(after, CampaignItem) and after.status == "sending":
        if not isinstance(before, CampaignItem) or before.status != "sending":
            _put(Planning(plan=after.id, number=1))
        elif after.batches is not None:
            _conclude(after.id)
    elif isinstance(after, BatchItem) and after.state in OVER:
        _conclude(after.campaign_id)


def _put(work: Work, *, delay: int = 0) -> None:
    queues.put(settings().needed("campaigns_queue_url"), work.model_dump(mode="json"), delay=delay)


def _plan(campaign_id: int, number: int) -> None:
    """Write one batch and pass it on; its size and the pause after it make the rate."""
    campaign = find_campaign(campaign_id)
    if campaign is None or campaign.status != "sending":
        return
    rate = settings().campaign_rate
    size = min(MOST_RECIPIENTS, rate)
    batch = find_batch(campaign_id, number) or _next_batch(campaign, number, size)
    if batch is None:
        _end_of_plan(campaign, number - 1)
        return
    _put(Sending(send=campaign_id, number=number))
    _put(Planning(plan=campaign_id, number=number + 1), delay=ceil(60 * size / rate))


def _next_batch(campaign: CampaignItem, number: int, size: int) -> BatchItem | None:
    """The batch of this number; none when everybody is in one. It is what was written first."""
    before = find_batch(campaign.id, number - 1)
    after = before.user_ids[-1] if before else 0
    user_ids = members_after(campaign.segment, int(after), size)
    if not user_ids:
        return None
    batch = BatchItem.of(campaign.id, number, user_ids)
    return batch if plan_batch(batch) else find_batch(campaign.id, number)


def _end_of_plan(campaign: CampaignItem, batches: int) -> None:
    if batches:
        move_campaign(campaign, ["sending"], {"batches": batches})
    else:
        nobody = {"status": "failed", "trouble": "Nobody was in the segment"}
        move_campaign(campaign, ["sending"], nobody)


def _send(campaign_id: int, number: int) -> None:
    batch = find_batch(campaign_id, number)
    campaign = find_campaign(campaign_id)
    if batch is None or campaign is None or batch.state in {"sent", "unknown", "cancelled"}:
        return
    if batch.state == "calling":
        end_batch(batch, "unknown", ("calling",), "the one who called did not come back")
        return
    letter, door = _letter(campaign), Door()
    claim = uuid.uuid4().hex
    if not claim_batch(batch, claim):
        raise Unsettled("another one has claimed the batch")
    _carry_out(batch, claim, letter, door)


def _letter(campaign: CampaignItem) -> Letter:
    content = contents_of([campaign.id])[campaign.id]
    return mail.to_many(campaign.subject, content, f"campaign-{campaign.id}")


def _carry_out(batch: BatchItem, claim: str, letter: Letter, door: Door) -> None:
    """Send a batch that one has claimed. Raises `NotTaken` or `Refused`."""
    campaign = find_campaign(batch.campaign_id)
    if campaign is None or campaign.status == "cancelled":
        end_batch(batch, "cancelled", ("claimed",))
        return
    user_ids = [int(each) for each in batch.user_ids]
    users = find_users_now(user_ids)
    wanted = [user for each in user_ids if (user := users.get(each)) and user.gets_news]
    skipped = sorted(set(user_ids) - {user.id for user in wanted})
    recipients = [_recipient(batch, user) for user in wanted]
    if not begin_call(batch, claim, skipped):
        raise Unsettled("another one has taken the batch over")
    try:
        _call(batch, door, letter, recipients)
    except Unanswered as trouble:
        end_batch(batch, "unknown", ("calling",), str(trouble))
    except Refused as refusal:
        if not refusal.addresses:
            raise
        _go_on_without(batch, [wanted[place] for place in refusal.addresses])


def _call(batch: BatchItem, door: Door, letter: Letter, recipients: Sequence[Recipient]) -> None:
    try:
        if recipients:
            door.send(letter, recipients)
    except NotTaken as trouble:
        end_batch(batch, "planned", ("calling", "unknown"), str(trouble))
        raise
    except Refused as refusal:
        state = "planned" if refusal.addresses else "refused"
        end_batch(batch, state, ("calling", "unknown"), str(refusal))
        raise
    end_batch(batch, "sent", ("calling", "unknown"))


def _go_on_without(batch: BatchItem, users: Iterable[UserItem]) -> None:
    """Mail the others of a batch: one address that the provider dislikes must not stop them."""
    for user in users:
        subscriptions.mark_unreachable(user.id, user.email, "bounced")
    _put(Sending(send=batch.campaign_id, number=batch.number))


def _recipient(batch: BatchItem, user: UserItem) -> Recipient:
    link = subscriptions.link(user.id, batch.campaign_id)
    return Recipient(
        user.email,
        receipt(f"campaign {batch.campaign_id} {batch.number} {user.id}"),
        blanks={mail.UNSUBSCRIBE: link},
        headers=subscriptions.headers(link),
    )


def confirm(campaign_id: int, number: int) -> None:
    """The provider has told of one mail of a batch, so it has taken all of them."""
    batch = find_batch(campaign_id, number)
    if batch and batch.state in {"calling", "unknown"}:
        end_batch(batch, "sent", ("calling", "unknown"))


def resend(campaign_id: int, number: int) -> bool:
    """Let a batch of which nobody knows be sent again: an operator has looked. False if known."""
    batch = find_batch(campaign_id, number)
    if batch is None or batch.state != "unknown":
        return False
    end_batch(batch, "planned", ("unknown",), "released by an operator")
    _put(Sending(send=campaign_id, number=number))
    return True


def _conclude(campaign_id: int) -> None:
    """End a campaign all of whose batches are over, by the sums as they are now."""
    campaign = find_campaign(campaign_id)
    sums = find(CountersItem, keys.campaign_counters(campaign_id))
    if campaign is None or sums is None or campaign.batches != sums.batches:
        return
    reached = sums.sent + sums.unknown
    ended = {"status": "failed" if sums.failed and not reached else "sent"}
    if campaign.status != ended["status"]:
        move_campaign(campaign, ["sending", "failed"], ended)
