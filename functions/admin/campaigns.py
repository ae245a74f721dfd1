"""Campaigns, as the admins keep them."""

from typing import Annotated

from fastapi import Query, Response

from nexus.campaigns import service
from nexus.campaigns.schemas import (
    CampaignChanges,
    EmailCampaign,
    Html,
    Mailing,
    MailingFields,
    NewCampaign,
    Preview,
    Schedule,
    Segment,
)
from nexus.errors import Malformed
from nexus.schema import Id, Line, Message
from nexus.web.app import answers, router
from nexus.web.idempotency import FinalId, NewId
from nexus.web.identity import CurrentAdmin, Now
from nexus.web.paging import CurrentPage
from nexus.web.preconditions import OptionalVersion, RequiredVersion, tag

campaigns = router("/api/admin/campaigns", "campaigns")
emails = router("/api/admin/emails", "campaigns")
CHANGED = answers(404, 409, etag=True)


@emails.post("/send", response_model=Message, responses=answers(409))
async def send_email(
    admin: CurrentAdmin,
    campaign_id: FinalId,
    now: Now,
    told: MailingFields | None = None,
    subject: Annotated[Line | None, Query()] = None,
    content: Annotated[Html | None, Query()] = None,
    segment: Annotated[Segment | None, Query()] = None,
) -> Message:
    """Mail to a segment at once; what is said comes in the query or in the body.

    The same within a minute mails nobody twice, also without a key. 409 where nobody is in the
    segment.
    """
    told = told or MailingFields()
    subject, content = told.subject or subject, told.content or content
    segment = told.segment or segment
    if not (subject and content and segment):
        raise Malformed("A subject, a content and a segment are required", ("body",))
    mailing = Mailing(subject=subject, content=content, segment=segment)
    count = service.mail_at_once(mailing, campaign_id=campaign_id, admin=admin, now=now)
    return Message(message=f"Email sent to {count} users")


@campaigns.get("", response_model=list[EmailCampaign])
async def list_campaigns(_: CurrentAdmin, page: CurrentPage) -> list[EmailCampaign]:
    """All of them, newest first. A page of long contents ends early; `Link` leads on."""
    return page.read(lambda start, limit: service.every(start, limit, page.skip))


@campaigns.post("", status_code=201, response_model=EmailCampaign, responses=answers(etag=True))
async def add_campaign(
    wanted: NewCampaign, admin: CurrentAdmin, campaign_id: NewId, response: Response, now: Now
) -> EmailCampaign:
    campaign, version = service.add(wanted, campaign_id=campaign_id, admin=admin, now=now)
    tag(response, version)
    return campaign


@campaigns.get("/{campaign_id}", response_model=EmailCampaign, responses=answers(404, etag=True))
async def read_campaign(campaign_id: Id, _: CurrentAdmin, response: Response) -> EmailCampaign:
    campaign, version = service.show(campaign_id)
    tag(response, version)
    return campaign


@campaigns.patch("/{campaign_id}", response_model=EmailCampaign, responses=CHANGED)
async def edit_campaign(
    campaign_id: Id,
    changes: CampaignChanges,
    admin: CurrentAdmin,
    version: RequiredVersion,
    response: Response,
    now: Now,
) -> EmailCampaign:
    """Change a campaign that has not begun."""
    campaign, saved = service.edit(campaign_id, changes, version=version, admin=admin, now=now)
    tag(response, saved)
    return campaign


@campaigns.delete("/{campaign_id}", status_code=204, responses=answers(404, 409))
async def delete_campaign(campaign_id: Id, admin: CurrentAdmin, now: Now) -> Response:
    """Delete a campaign of which nothing went out; others stay on record."""
    service.delete(campaign_id, admin=admin, now=now)
    return Response(status_code=204)


@campaigns.get("/{campaign_id}/preview", response_model=Preview, responses=answers(404))
async def preview_campaign(campaign_id: Id, _: CurrentAdmin) -> Preview:
    """The mail as it would be, and how many would get it."""
    return service.preview(campaign_id)


@campaigns.post(
    "/{campaign_id}/test", status_code=202, response_model=Message, responses=answers(404)
)
async def test_campaign(campaign_id: Id, admin: CurrentAdmin, test_id: NewId, now: Now) -> Message:
    """Mail a campaign to oneself."""
    service.test(campaign_id, test_id=test_id, admin=admin, now=now)
    return Message(message=f"A test mail is on its way to {admin.email}")


@campaigns.post("/{campaign_id}/schedule", response_model=EmailCampaign, responses=CHANGED)
async def schedule_campaign(
    campaign_id: Id,
    wanted: Schedule,
    admin: CurrentAdmin,
    version: OptionalVersion,
    response: Response,
    now: Now,
) -> EmailCampaign:
    """Have a campaign sent at a time; the last time that was given counts."""
    at = wanted.scheduled_at
    campaign, saved = service.schedule(campaign_id, at, version=version, admin=admin, now=now)
    tag(response, saved)
    return campaign


@campaigns.post("/{campaign_id}/send", response_model=EmailCampaign, responses=CHANGED)
async def send_campaign(
    campaign_id: Id, admin: CurrentAdmin, version: OptionalVersion, response: Response, now: Now
) -> EmailCampaign:
    """Begin to send a campaign now; 409 where it has begun, or nobody is in the segment."""
    campaign, saved = service.send(campaign_id, version=version, admin=admin, now=now)
    tag(response, saved)
    return campaign


@campaigns.post("/{campaign_id}/cancel", response_model=EmailCampaign, responses=CHANGED)
async def cancel_campaign(
    campaign_id: Id, admin: CurrentAdmin, version: OptionalVersion, response: Response, now: Now
) -> EmailCampaign:
    """Send nothing (more) of a campaign. Mails that are on their way arrive."""
    campaign, saved = service.cancel(campaign_id, version=version, admin=admin, now=now)
    tag(response, saved)
    return campaign
