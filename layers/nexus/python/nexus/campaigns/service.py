"""Campaigns, as the admins keep them: written, tried, scheduled, sent, cancelled.

Sending is only begun here; `sending` carries it out.
"""

from contextlib import suppress
from datetime import UTC, datetime, timedelta

from nexus.campaigns import sending
from nexus.campaigns.schemas import (
    CampaignChanges,
    EmailCampaign,
    Mailing,
    NewCampaign,
    Preview,
)
from nexus.errors import CHANGED, Conflict, Malformed, NotFound, PreconditionFailed, check_version
from nexus.ids import new_id
from nexus.mail import service as mail
from nexus.outside.schedules import TooLate
from nexus.outside.schedules import schedule as set_clock
from nexus.outside.schedules import unschedule as stop_clock
from nexus.table import keys
from nexus.table.campaigns import (
    CampaignItem,
    change_campaign,
    contents_of,
    create_campaign,
    delete_campaign,
    find_campaign,
    newest_campaigns,
)
from nexus.table.counters import counters, counters_of
from nexus.table.items import ConditionFailed, Item, Put, Start, Step, commit
from nexus.table.outbox import owe_mail, record_deed
from nexus.table.pages import weight
from nexus.table.segments import resegment
from nexus.table.users import UserItem

NOT_FOUND = "Campaign not found"
NOBODY = "Nobody is in this segment"
WHEN = "The time must be in the future, at most a year ahead"
FURTHEST = timedelta(days=365)
NOT_YET_BEGUN = {"draft", "scheduled"}

type Shown = tuple[EmailCampaign, int]
"""A campaign and its version."""


def every(start: Start, limit: int, skip: int) -> tuple[list[EmailCampaign], Start]:
    """A page of all campaigns, newest first, of which the first `skip` come without content.

    It ends early when the contents together grow too long for an answer.
    """
    items, following = newest_campaigns(start, limit, skip)
    contents = contents_of(item.id for item in items[skip:])
    sums = counters_of(keys.campaign_counters(item.id) for item in items)
    shown = [
        EmailCampaign.of(item, contents.get(item.id, ""), sums[keys.campaign_counters(item.id)])
        for item in items
    ]
    return shown, following


def show(campaign_id: int) -> Shown:
    """Raises `NotFound`."""
    campaign = _get(campaign_id)
    sums = counters(keys.campaign_counters(campaign_id))
    return EmailCampaign.of(campaign, _content(campaign_id), sums), campaign.version


def _get(campaign_id: int, version: int | None = None) -> CampaignItem:
    campaign = find_campaign(campaign_id)
    if campaign is None:
        raise NotFound(NOT_FOUND)
    check_version(version, campaign.version)
    return campaign


def _content(campaign_id: int) -> str:
    return contents_of([campaign_id]).get(campaign_id, "")


def add(wanted: NewCampaign, *, campaign_id: int, admin: UserItem, now: datetime) -> Shown:
    """The same `campaign_id` again (a retry) is no error."""
    _create(wanted, wanted.name, "create", campaign_id, admin, now)
    return show(campaign_id)


def _create(
    wanted: Mailing, name: str, deed: str, campaign_id: int, admin: UserItem, now: datetime
) -> None:
    campaign = CampaignItem.of(
        campaign_id,
        now,
        name=name,
        subject=wanted.subject,
        segment=wanted.segment,
        size=weight(wanted.content),
        **(sending.begun(now) if deed == "send" else {"status": "draft"}),
    )
    try:
        create_campaign(campaign, wanted.content, _deed(deed, campaign_id, name, admin, now))
    except ConditionFailed:
        _get(campaign_id)


def edit(
    campaign_id: int,
    changes: CampaignChanges,
    *,
    version: int | None,
    admin: UserItem,
    now: datetime,
) -> Shown:
    """Raises `NotFound`, `PreconditionFailed`, and `Conflict` for what has begun."""
    campaign = _get(campaign_id, version)
    _require_not_begun(campaign)
    values = changes.given()
    content = values.pop("content", None)
    if content is not None:
        values["size"] = weight(content)
    detail = ", ".join(sorted(changes.given()))
    _change(campaign, values, _deed("update", campaign_id, detail, admin, now), content=content)
    return show(campaign_id)


def _require_not_begun(campaign: CampaignItem) -> None:
    if campaign.status not in NOT_YET_BEGUN:
        raise Conflict(f"This campaign is {campaign.status}")


def _change(
    campaign: CampaignItem, values: dict[str, object], *also: Step, content: str | None = None
) -> None:
    try:
        change_campaign(campaign, values, *also, content=content)
    except ConditionFailed:
        raise PreconditionFailed from None


def delete(campaign_id: int, *, admin: UserItem, now: datetime) -> None:
    """Raises `NotFound`, and `Conflict` for one that is planned or of which mails went out."""
    campaign = _get(campaign_id)
    if (
        campaign.status not in {"draft", "cancelled"}
        or counters(keys.campaign_counters(campaign_id)).audience
    ):
        raise Conflict(f"This campaign is {campaign.status} and stays on record")
    try:
        delete_campaign(campaign, _deed("delete", campaign_id, campaign.name, admin, now))
    except ConditionFailed:
        raise Conflict(CHANGED) from None


def preview(campaign_id: int) -> Preview:
    """Raises `NotFound`."""
    campaign = _get(campaign_id)
    letter = mail.to_many(campaign.subject, _content(campaign_id), "preview")
    html, text = (each.replace(mail.UNSUBSCRIBE, "#") for each in (letter.html, letter.text))
    return Preview(
        subject=campaign.subject, html=html, text=text, recipients=_count(campaign.segment)
    )


def _count(segment: str) -> int:
    return counters(keys.segment_counters(segment)).members


def test(campaign_id: int, *, test_id: int, admin: UserItem, now: datetime) -> None:
    """Mail a campaign to the admin alone; the same `test_id` again (a retry) mails nothing more.

    Raises `NotFound`.
    """
    campaign = _get(campaign_id)
    data = {
        "subject": campaign.subject,
        "content": _content(campaign_id),
    }
    owed = owe_mail(f"TEST-{test_id}", mail.TRIAL, admin.id, data, now)
    with suppress(ConditionFailed):
        commit(owed, _deed("test", campaign_id, None, admin, now))


def schedule(
    campaign_id: int, at: datetime, *, version: int | None, admin: UserItem, now: datetime
) -> Shown:
    """Have a campaign sent at a time, instead of any time it had before.

    The clock is set first: one that nobody waits for any more finds nothing to do.
    Raises `NotFound`, `PreconditionFailed`, `Malformed` for the time and `Conflict`.
    """
    campaign = _get(campaign_id, version)
    _require_not_begun(campaign)
    at = at.astimezone(UTC).replace(microsecond=0)
    if not now < at <= now + FURTHEST:
        raise Malformed(WHEN, ("body", "scheduled_at"))
    due = {"start": campaign_id, "scheduled_at": at.isoformat()}
    clock = f"campaign-{campaign_id}-{campaign.version}-{at:%Y%m%dT%H%M%S}"
    try:
        set_clock(clock, at, due)
    except TooLate:
        raise Malformed(WHEN, ("body", "scheduled_at")) from None
    deed = _deed("schedule", campaign_id, at.isoformat(), admin, now)
    _change(campaign, {"status": "scheduled", "scheduled_at": at, "clock": clock}, deed)
    _stop_clock_of(campaign)
    return show(campaign_id)


def _stop_clock_of(campaign: CampaignItem) -> None:
    """The clock that it had when it was read: each is set for one version and one time, so it is
    nobody else's.
    """
    if campaign.clock:
        stop_clock(campaign.clock)


def send(campaign_id: int, *, version: int | None, admin: UserItem, now: datetime) -> Shown:
    """Begin to send a campaign now.

    Raises `NotFound`, `PreconditionFailed`, and `Conflict` for one that has begun or is for
    nobody.
    """
    campaign = _get(campaign_id, version)
    _require_not_begun(campaign)
    if not _count(campaign.segment):
        raise Conflict(NOBODY)
    try:
        change_campaign(
            campaign, sending.begun(now), _deed("send", campaign_id, campaign.name, admin, now)
        )
    except ConditionFailed:
        raise Conflict(CHANGED) from None
    _stop_clock_of(campaign)
    return show(campaign_id)


def mail_at_once(wanted: Mailing, *, campaign_id: int, admin: UserItem, now: datetime) -> int:
    """Make a campaign of a mail and begin to send it; tells to how many.

    Raises `Conflict` where there is nobody.
    """
    recipients = _count(wanted.segment)
    if not recipients:
        raise Conflict(NOBODY)
    _create(wanted, wanted.subject, "send", campaign_id, admin, now)
    return recipients


def cancel(campaign_id: int, *, version: int | None, admin: UserItem, now: datetime) -> Shown:
    """Send nothing (more) of a campaign. Mails that are on their way arrive.

    Raises `NotFound`, `PreconditionFailed`, and `Conflict` for one that is over.
    """
    campaign = _get(campaign_id, version)
    if campaign.status not in {*NOT_YET_BEGUN, "sending", "cancelled"}:
        raise Conflict(f"This campaign is {campaign.status}")
    if campaign.status != "cancelled":
        deed = _deed("cancel", campaign_id, campaign.status, admin, now)
        _change(campaign, {"status": "cancelled"}, deed)
    _stop_clock_of(campaign)
    return show(campaign_id)


def follow(before: Item | None, after: Item | None, now: datetime) -> None:
    """Let happen what follows when a campaign begins, or a batch of it is over."""
    sending.follow(before, after, now)


def follow_user(before: Item | None, after: Item | None, _: datetime) -> None:
    """Bring into its segments who has registered, left, come back, or was banned."""
    old = isinstance(before, UserItem) and before.gets_news
    new = isinstance(after, UserItem) and after.gets_news
    if old != new and isinstance(after, UserItem):
        resegment(after.id)


def confirm(campaign_id: int, number: int) -> None:
    """The provider has told of one of a batch's mails, so it has all of them."""
    sending.confirm(campaign_id, number)


def resend(campaign_id: int, number: int) -> bool:
    """Send a batch again of which nobody knows whether it went out; False where it is known."""
    return sending.resend(campaign_id, number)


def _deed(what: str, campaign_id: int, detail: str | None, admin: UserItem, now: datetime) -> Put:
    subject = f"campaign {campaign_id}"
    return record_deed(new_id(now), admin.id, f"campaign.{what}", subject, detail, now)
