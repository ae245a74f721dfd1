"""What SendGrid tells of a mail.

https://www.twilio.com/docs/sendgrid/for-developers/tracking-events/event
"""

from datetime import datetime
from typing import Annotated, Any

from pydantic import BaseModel, BeforeValidator, ConfigDict

from nexus.schema import Answer, Time
from nexus.table.receipts import ReceiptItem


def _text(value: object) -> str:
    return value if isinstance(value, str) else ""


type Told = Annotated[str, BeforeValidator(_text)]


class Event(BaseModel):
    """Of the many fields those that we look at; whatever else comes is passed over."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    event: Told
    timestamp: datetime
    email: Told = ""
    receipt: Told = ""
    type: Told = ""
    reason: Told = ""
    useragent: Told = ""
    sg_machine_open: Any = False


class CampaignMail(Answer):
    """What we were told of a campaign's mail to someone; of openings and clicks those that name no
    machine. `subject` is null where the campaign is gone.
    """

    campaign_id: int
    subject: str | None
    delivered_at: Time | None
    first_open: Time | None
    last_open: Time | None
    first_click: Time | None
    last_click: Time | None
    bounced: bool
    complained: bool
    unsubscribed: bool

    @classmethod
    def of(cls, receipt: ReceiptItem, subject: str | None) -> "CampaignMail":
        return cls(
            campaign_id=receipt.campaign_id,
            subject=subject,
            delivered_at=receipt.delivered_at,
            first_open=receipt.first_open,
            last_open=receipt.last_open,
            first_click=receipt.first_click,
            last_click=receipt.last_click,
            bounced=receipt.bounced,
            complained=receipt.complained,
            unsubscribed=receipt.unsubscribed,
        )
