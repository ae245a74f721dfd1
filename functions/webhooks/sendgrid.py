"""What SendGrid tells of our mails."""

from typing import Annotated

from fastapi import Header, Request

from nexus.receipts import service as receipts
from nexus.schema import Message
from nexus.web.app import answers, router
from nexus.web.identity import Anyone, Now

sendgrid = router("/api/webhooks", "webhooks")

Signature = Annotated[str, Header(alias="X-Twilio-Email-Event-Webhook-Signature")]
Timestamp = Annotated[str, Header(alias="X-Twilio-Email-Event-Webhook-Timestamp")]


@sendgrid.post(
    "/sendgrid", response_model=Message, dependencies=[Anyone], responses=answers(403, 413)
)
async def hear_sendgrid(
    request: Request, now: Now, signature: Signature = "", timestamp: Timestamp = ""
) -> Message:
    """Events of mails, as their bytes were signed. However often they come, in whatever order,
    they have their effects once.
    """
    count = receipts.accept(await request.body(), signature, timestamp, now=now)
    return Message(message=f"{count} events taken")
