"""What goes in and out about campaigns."""

from typing import Annotated, Literal, cast

from pydantic import AfterValidator, Field

from nexus.schema import (
    MOST_BYTES,
    Answer,
    Change,
    Line,
    Moment,
    Schema,
    Time,
    absent,
    whole_text,
)
from nexus.table.campaigns import CampaignItem
from nexus.table.counters import CountersItem

type Segment = Literal["all", "creators", "buyers"]
type CampaignStatus = Literal["draft", "scheduled", "sending", "sent", "cancelled", "failed"]


type Html = Annotated[
    str,
    Field(max_length=MOST_BYTES, description="HTML, at most 100 KB; sanitised when it is sent"),
    AfterValidator(whole_text),
]


class Mailing(Schema):
    """A campaign that is sent at once."""

    subject: Line
    content: Html
    segment: Segment


class MailingFields(Schema):
    """What of a mailing comes in the body; the rest is in the query."""

    subject: Line | None = None
    content: Html | None = None
    segment: Segment | None = None


class NewCampaign(Mailing):
    name: Line


class CampaignChanges(Change):
    name: Line = absent()
    subject: Line = absent()
    content: Html = absent()
    segment: Segment = absent()


class Schedule(Schema):
    """A moment with its zone, at most a year ahead."""

    scheduled_at: Moment


class EmailCampaign(Answer):
    """`audience` were planned for, of whom each is `sent`, `skipped`, `failed` or `unknown` in
    the end. Opened and clicked count people; what machines did is apart.
    """

    id: int
    name: str
    subject: str
    content: str
    segment: Segment
    status: CampaignStatus
    sent: int
    opened: int
    clicked: int
    scheduled_at: Time | None
    sent_at: Time | None
    created_at: Time
    trouble: str | None
    audience: int
    skipped: int
    failed: int
    unknown: int
    delivered: int
    bounced: int
    complained: int
    unsubscribed: int
    machine_opened: int
    machine_clicked: int

    @classmethod
    def of(cls, campaign: CampaignItem, content: str, sums: CountersItem) -> "EmailCampaign":
        counted = {
            name: getattr(sums, name)
            for name in cls.model_fields
            if name in CountersItem.get_attributes()
        }
        return cls(
            id=campaign.id,
            name=campaign.name,
            subject=campaign.subject,
            content=content,
            segment=cast("Segment", campaign.segment),
            status=cast("CampaignStatus", campaign.status),
            scheduled_at=campaign.scheduled_at,
            sent_at=campaign.sent_at,
            created_at=campaign.created_at,
            trouble=campaign.trouble,
            **counted,
        )


class Preview(Answer):
    """The mail as it will be, and how many would get it now."""

    subject: str
    html: str
    text: str
    recipients: int
