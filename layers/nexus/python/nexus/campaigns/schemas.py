"""What goes in and out about campaigns."""

import unicodedata
from datetime import datetime
from typing import Annotated, Literal, cast

from pydantic import AfterValidator, BeforeValidator, Field

from nexus.schema import Answer, Change, Line, Schema, Time, absent, in_utc, text_of_a_moment
from nexus.table.campaigns import CampaignItem
from nexus.table.counters import CountersItem

MOST_BYTES = 100_000
"""Mail programs show no more: Gmail cuts at 102 KB."""

type Segment = Literal["all", "creators", "buyers"]
type Status = Literal["draft", "scheduled", "sending", "sent", "cancelled", "failed"]


def _html(text: str) -> str:
    if any(unicodedata.category(sign) in {"Cc", "Cs"} for sign in text if sign not in "\r\n\t"):
        raise ValueError("must not contain control characters other than line breaks and tabs")
    if not text.strip():
        raise ValueError("must not be empty")
    if len(text.encode()) > MOST_BYTES:
        raise ValueError(f"must not be longer than {MOST_BYTES} bytes")
    return text


type Html = Annotated[
    str,
    Field(max_length=MOST_BYTES, description="HTML, at most 100 KB; sanitised when it is sent"),
    AfterValidator(_html),
]


class Mailing(Schema):
    """A campaign that is sent at once."""

    subject: Line
    content: Html
    segment: Segment


class NewCampaign(Mailing):
    name: Line


class CampaignChanges(Change):
    name: Line = absent()
    subject: Line = absent()
    content: Html = absent()
    segment: Segment = absent()


class Schedule(Schema):
    """A moment with its zone, at most a year ahead."""

    scheduled_at: Annotated[datetime, BeforeValidator(text_of_a_moment), AfterValidator(in_utc)]


class EmailCampaign(Answer):
    """`audience` were planned for, of whom each is `sent`, `skipped`, `failed` or `unknown` in
    the end. Opened and clicked count people; what machines did is apart.
    """

    id: int
    name: str
    subject: str
    content: str
    segment: Segment
    status: Status
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
            status=cast("Status", campaign.status),
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
