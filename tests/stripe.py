"""Stripe in the tests: its stand-in over HTTP, and the webhooks that it would send."""

import asyncio
import contextlib
import json
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx

from local.cloud import free_port
from local.stripe.deliveries import signed
from local.stripe.peer import KEY
from local.stripe.running import CONNECT_SECRET, WEBHOOK_SECRET, standing_in
from tests.gateway import Caller
from tests.people import Person

VARIABLES = {
    "PaymentProvider": "PAYMENT_PROVIDER",
    "StripePublishableKey": "STRIPE_PUBLISHABLE_KEY",
    "StripeUrl": "STRIPE_URL",
}
"""The template's parameters, as the functions' environment has them."""
GOOD_CARD, EMPTY_CARD = "pm_card_visa", "pm_card_chargeCustomerFail"

type Event = dict[str, Any]


class Stripe(httpx.Client):
    """Stripe as its customers and their banks see it."""

    def __init__(self, url: str) -> None:
        super().__init__(base_url=url, auth=(KEY, ""), timeout=20, trust_env=False)
        self.url = url
        self._told = len(self.events())

    def forget(self) -> None:
        """What others have paid only costs time."""
        self.delete("/_config/data").raise_for_status()
        self._told = 0

    def pay(self, bought: Any, card: str = GOOD_CARD) -> int:
        """The buyer's browser confirms the payment; the status of the answer."""
        intent = bought["payment"]["client_secret"].partition("_secret_")[0]
        answer = self.post(f"/v1/payment_intents/{intent}/confirm", data={"payment_method": card})
        return answer.status_code

    def dispute(self, reference: str, **more: Any) -> str:
        wanted = {"payment_intent": reference, **more}
        return str(self.post("/_peer/disputes", json=wanted).json()["id"])

    def end_dispute(self, dispute: str, status: str, reinstated: int = 0) -> None:
        """`reinstated` are the cents given back of a dispute that is lost, which is won in part."""
        wanted = {"status": status, "reinstated": reinstated}
        self.post(f"/_peer/disputes/{dispute}", json=wanted).raise_for_status()

    def escalate(self, inquiry: str) -> None:
        """The bank makes a dispute of an inquiry."""
        self.post(f"/_peer/disputes/{inquiry}", json={"status": "needs_response"})

    def refund(self, reference: str, cents: int, **more: str) -> None:
        """Someone gives money back in Stripe's dashboard."""
        wanted = {"payment_intent": reference, "amount": str(cents), **more}
        self.post("/v1/refunds", data=wanted).raise_for_status()

    def change(self, account: str, **facts: Any) -> None:
        """What becomes of a seller's account."""
        self.post(f"/_peer/accounts/{account}", json=facts).raise_for_status()

    def end_account(self, account: str) -> None:
        """A seller's account is no more; nobody is told."""
        self.delete(f"/_peer/accounts/{account}").raise_for_status()

    def events(self) -> list[Event]:
        listed: list[Event] = self.get("/v1/events").json()["data"]
        return listed

    def fresh(self) -> list[Event]:
        """What has happened since this was asked before."""
        events = self.events()[self._told :]
        self._told += len(events)
        return events

    def settle(self) -> list[int]:
        """Tell all that has happened; the statuses of the answers."""
        return [tell(event).status_code for event in self.fresh()]


def onboarded(creator: Person, provider: Stripe) -> str:
    """A creator who has told Stripe where the money goes; their account there."""
    link = creator.post("/api/users/me/payouts/onboarding").json()["url"]
    assert httpx.get(link, trust_env=False).status_code == 303
    assert provider.settle() == [200]
    return str(link.rpartition("/")[2])


def tell(event: Event, secret: str = "", at: float | None = None) -> httpx.Response:
    """A webhook, signed by the endpoint that the event goes to if not told otherwise, at a time
    (seconds since 1970) or now.
    """
    secret = secret or (CONNECT_SECRET if event.get("account") else WEBHOOK_SECRET)
    body = json.dumps(event, indent=2, ensure_ascii=False).encode()
    return send(body, signed(body, secret, int(at if at is not None else time.time())))


def send(body: bytes, signature: str | None) -> httpx.Response:
    headers = {"Content-Type": "application/json; charset=utf-8"}
    if signature is not None:
        headers["Stripe-Signature"] = signature
    return Caller().post("/api/webhooks/stripe", content=body, headers=headers)


@contextlib.contextmanager
def running() -> Iterator[str]:
    """The stand-in as a process of its own; its url."""
    with (
        tempfile.TemporaryDirectory() as name,
        contextlib.closing(asyncio.new_event_loop()) as loop,
    ):
        (Path(name) / "logs").mkdir()
        stand_in = standing_in(free_port(), Path(name))
        started = loop.run_until_complete(stand_in.__aenter__())
        try:
            yield started.url
        finally:
            loop.run_until_complete(stand_in.__aexit__(None, None, None))
