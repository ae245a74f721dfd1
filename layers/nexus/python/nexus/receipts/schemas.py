"""What SendGrid tells of a mail.

https://www.twilio.com/docs/sendgrid/for-developers/tracking-events/event
"""

from datetime import datetime
from typing import Annotated, Any

from pydantic import BaseModel, BeforeValidator, ConfigDict


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
