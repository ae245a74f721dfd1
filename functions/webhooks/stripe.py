"""What Stripe tells of payments."""

from typing import Annotated

from fastapi import Header, Request

from nexus.purchases import webhooks
from nexus.schema import Message
from nexus.web.app import answers, router
from nexus.web.identity import Anyone, Now

stripe = router("/api/webhooks", "webhooks")

Signature = Annotated[str | None, Header(alias="Stripe-Signature")]


@stripe.post(
    "/stripe", response_model=Message, dependencies=[Anyone], responses=answers(400, 409, 413)
)
async def hear_stripe(request: Request, now: Now, signature: Signature = None) -> Message:
    """An event, as its bytes were signed. However often it comes, it has its effects once."""
    return Message(message=webhooks.hear(await request.body(), signature, now=now))
