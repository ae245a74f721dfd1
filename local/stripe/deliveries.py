"""Webhooks as Stripe sends them: signed, and again while they fail."""

import asyncio
import hashlib
import hmac
import json
import time
from typing import Any

import httpx

TRIES = 20
PAUSE_SECONDS = 0.25


def signed(body: bytes, secret: str, at: int) -> str:
    """The header with which Stripe signs a body."""
    signature = hmac.new(secret.encode(), b"%d.%s" % (at, body), hashlib.sha256).hexdigest()
    return f"t={at},v1={signature}"


async def deliver(event: dict[str, Any], url: str, secret: str) -> None:
    """Send an event to a webhook, and again while it fails."""
    body = json.dumps(event, indent=2).encode()
    async with httpx.AsyncClient(trust_env=False, timeout=20) as http:
        for attempt in range(TRIES):
            headers = {
                "Content-Type": "application/json; charset=utf-8",
                "Stripe-Signature": signed(body, secret, int(time.time())),
            }
            try:
                if (await http.post(url, content=body, headers=headers)).is_success:
                    return
            except httpx.HTTPError:
                pass
            await asyncio.sleep(PAUSE_SECONDS * (attempt + 1))
