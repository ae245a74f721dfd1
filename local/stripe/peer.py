"""What localstripe lacks of Stripe, put in front of it; the rest is passed on.

- `Idempotency-Key`: the same answer for the same request, an error for another one
- confirming with a payment method, also after a card was declined
- refunds of no more than was paid; lists by time
- events of all that happens, signed and sent to webhooks at once, and again while they fail
- disputes: `POST /_peer/disputes {payment_intent, amount, status}`, where the status is that of an
  inquiry if it begins as one, and `POST /_peer/disputes/ID {status, reinstated}`
- Connect: accounts, links to onboard them, which do so when they are opened, and payouts;
  what becomes of an account: `POST /_peer/accounts/ID {…}`, or `DELETE`; no transfers to one that
  may not
- the book of events: `GET /v1/events`; webhooks, of our own account or of the others:
  `POST /_config/webhooks/ID {url, secret, connect}`
- a fresh start, but for accounts and webhooks: `DELETE /_config/data`

Amounts, payment intents, charges and refunds are localstripe's own.
"""

import asyncio
import json
import secrets
import time
from collections import defaultdict
from typing import Any
from urllib.parse import parse_qsl

import httpx
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from local.stripe.connect import Connect, Refused
from local.stripe.deliveries import deliver

KEY = "sk_test_local"
UNKNOWN_UPSTREAM = (
    "automatic_payment_methods",
    "application_fee_amount",
    "transfer_data",
    "reverse_transfer",
    "refund_application_fee",
    "expand",
)

type Form = dict[str, str]
type Json = dict[str, Any]


class Peer:
    def __init__(self, upstream: httpx.AsyncClient) -> None:
        self._upstream = upstream
        self._answers: dict[str, tuple[str, Response]] = {}
        self._locks: defaultdict[str, asyncio.Lock] = defaultdict(asyncio.Lock)
        self._webhooks: dict[str, tuple[str, str, bool]] = {}
        self._deliveries: set[asyncio.Task[None]] = set()
        self.more: defaultdict[str, Json] = defaultdict(dict)
        self.events: list[Json] = []
        self.disputes: dict[str, Json] = {}
        self.connect = Connect(self.happens)

    def app(self) -> Starlette:
        return Starlette(
            routes=[
                Route("/_config/webhooks/{id}", self.register, methods=["POST"]),
                Route("/_config/data", self.forget, methods=["DELETE"]),
                Route("/_peer/disputes", self.open_dispute, methods=["POST"]),
                Route("/_peer/disputes/{id}", self.close_dispute, methods=["POST"]),
                Route("/_peer/onboard/{id}", self.connect.onboard, methods=["GET", "POST"]),
                Route("/_peer/accounts/{id}", self.connect.change, methods=["POST"]),
                Route("/_peer/accounts/{id}", self.connect.close, methods=["DELETE"]),
                Route("/_peer/payouts/{id}", self.connect.pay_out, methods=["POST"]),
                Route("/v1/events", self.list_events),
                Route("/v1/payment_intents", self.list_intents),
                Route("/{path:path}", self.answer, methods=["GET", "POST", "DELETE"]),
            ],
        )

    async def answer(self, request: Request) -> Response:
        """The same for the same idempotency key; what failed on this side is not kept."""
        key = request.headers.get("idempotency-key")
        if key is None or request.method != "POST":
            return await self._carry_out(request)
        asked = f"{request.url.path} {(await request.body()).decode()}"
        async with self._locks[key]:
            if key in self._answers:
                first, kept = self._answers[key]
                if first != asked:
                    error = {"type": "idempotency_error", "message": "Another request had this key"}
                    return JSONResponse({"error": error}, 400)
                return Response(kept.body, kept.status_code, media_type="application/json")
            response = await self._carry_out(request)
            if response.status_code < 500:
                self._answers[key] = asked, response
            return response

    async def _carry_out(self, request: Request) -> Response:
        form = dict(parse_qsl((await request.body()).decode()))
        try:
            match request.method, request.url.path.strip("/").split("/"):
                case "POST", ["v1", "payment_intents"]:
                    return await self._open(form)
                case "POST", ["v1", "payment_intents", intent, "confirm"]:
                    return await self._confirm(intent, form)
                case "POST", ["v1", "payment_intents", intent, "cancel"]:
                    return await self._cancel(intent)
                case "POST", ["v1", "refunds"]:
                    return await self._refund(form)
                case "POST", ["v1", "accounts"]:
                    return self.connect.open(form)
                case "GET", ["v1", "accounts", account]:
                    return self.connect.tell(account)
                case "POST", ["v1", "account_links"]:
                    return self.connect.link(form, str(request.base_url))
                case "GET", ["v1", "payouts"]:
                    return self.connect.list_payouts(request.headers.get("stripe-account", ""))
        except Refused as refused:
            return refused.response
        got = await self._pass(request.method, str(request.url.path), form, request.url.query)
        return self._told(got)

    async def _pass(self, method: str, path: str, form: Any, query: str = "") -> httpx.Response:
        kept = {k: v for k, v in form.items() if not k.startswith(UNKNOWN_UPSTREAM)}
        params = {k: v for k, v in parse_qsl(query) if not k.startswith(UNKNOWN_UPSTREAM)}
        return await self._upstream.request(
            method, path, data=kept or None, params=params, auth=(KEY, "")
        )

    def _told(self, got: httpx.Response) -> Response:
        return JSONResponse(self._whole(got.json()), got.status_code)

    def _whole(self, told: Json) -> Json:
        """An object with what localstripe does not know of it."""
        if told.get("object") == "payment_intent":
            paid = told["amount"] if told["status"] == "succeeded" else 0
            told = {**told, "amount_received": paid}
        return {**told, **self.more.get(str(told.get("id")), {})}

    async def _open(self, form: Form) -> Response:
        if destination := form.get("transfer_data[destination]"):
            self.connect.must_take_transfers(destination)
        got = await self._pass("POST", "/v1/payment_intents", form)
        if got.is_success:
            more = self.more[got.json()["id"]]
            if fee := form.get("application_fee_amount"):
                more["application_fee_amount"] = int(fee)
            if destination:
                more["transfer_data"] = {"destination": destination}
        return self._told(got)

    async def _confirm(self, intent: str, form: Form) -> Response:
        if method := form.get("payment_method"):
            await self._must_be_open(intent)
            begun = {"payment_method": method, "latest_charge": None}
            await self._upstream.post(f"/v1/payment_intents/{intent}", json=begun, auth=(KEY, ""))
        got = await self._pass("POST", f"/v1/payment_intents/{intent}/confirm", {})
        told = await self._intent(intent)
        if told["status"] == "succeeded":
            self.happens("payment_intent.succeeded", told)
        elif told["last_payment_error"]:
            self.happens("payment_intent.payment_failed", told)
            return JSONResponse(
                {"error": {"type": "card_error", **told["last_payment_error"]}}, 402
            )
        return self._told(got)

    async def _must_be_open(self, intent: str) -> None:
        if (await self._intent(intent))["status"] in {"succeeded", "canceled"}:
            raise Refused("This payment has ended", "payment_intent_unexpected_state")

    async def _cancel(self, intent: str) -> Response:
        got = await self._pass("POST", f"/v1/payment_intents/{intent}/cancel", {})
        if got.is_success:
            self.happens("payment_intent.canceled", self._whole(got.json()))
        return self._told(got)

    async def _refund(self, form: Form) -> Response:
        intent = await self._intent(form["payment_intent"])
        if intent.get("status") != "succeeded":
            raise Refused("This payment was not made", "resource_missing")
        listed = await self._pass("GET", "/v1/refunds", {}, f"payment_intent={intent['id']}")
        left = intent["amount"] - sum(each["amount"] for each in listed.json()["data"])
        if int(form.get("amount", left)) > left:
            raise Refused("This charge has been refunded already", "charge_already_refunded")
        got = await self._pass("POST", "/v1/refunds", {"amount": str(left), **form})
        if got.is_success:
            reversal = f"trr_{secrets.token_hex(8)}" if "reverse_transfer" in form else None
            self.more[got.json()["id"]] = {"transfer_reversal": reversal}
            self.happens("refund.created", self._whole(got.json()))
        return self._told(got)

    async def _intent(self, intent: str) -> Json:
        got = await self._pass("GET", f"/v1/payment_intents/{intent}", {})
        return self._whole(got.json())

    async def list_intents(self, request: Request) -> Response:
        since = int(request.query_params.get("created[gte]", 0))
        until = int(request.query_params.get("created[lt]", 2**40))
        found, page = list[Json](), "limit=100"
        while True:
            listed = (await self._pass("GET", "/v1/payment_intents", {}, page)).json()
            told = [self._whole(each) for each in listed["data"]]
            found += [each for each in told if since <= each["created"] < until]
            if not listed["has_more"]:
                return JSONResponse({**listed, "data": found})
            page = f"limit=100&starting_after={told[-1]['id']}"

    # ---- Disputes, which only banks open

    async def open_dispute(self, request: Request) -> Response:
        wanted = await request.json()
        intent = await self._intent(wanted["payment_intent"])
        dispute = {
            "id": f"dp_{secrets.token_hex(8)}",
            "object": "dispute",
            "amount": wanted.get("amount", intent["amount"]),
            "currency": intent["currency"],
            "payment_intent": intent["id"],
            "status": wanted.get("status", "needs_response"),
            "balance_transactions": [],
            "created": int(time.time()),
            "metadata": {},
        }
        self.disputes[dispute["id"]] = dispute
        self.happens("charge.dispute.created", dispute)
        if dispute["status"] == "needs_response":
            self._withdraw(dispute)
        return JSONResponse(dispute)

    async def close_dispute(self, request: Request) -> Response:
        dispute, wanted = self.disputes[request.path_params["id"]], await request.json()
        dispute["status"] = wanted["status"]
        if dispute["status"] == "needs_response":  # what was an inquiry
            self._withdraw(dispute)
            return JSONResponse(dispute)
        back = dispute["amount"] if dispute["status"] == "won" else wanted.get("reinstated", 0)
        if back:
            self._move(dispute, back, "charge.dispute.funds_reinstated")
        self.happens("charge.dispute.closed", dispute)
        return JSONResponse(dispute)

    def _withdraw(self, dispute: Json) -> None:
        self._move(dispute, -dispute["amount"], "charge.dispute.funds_withdrawn")

    def _move(self, dispute: Json, amount: int, told_as: str) -> None:
        moved = {
            "id": f"txn_{secrets.token_hex(8)}",
            "amount": amount,
            "currency": dispute["currency"],
        }
        dispute["balance_transactions"].append(moved)
        self.happens(told_as, dispute)

    # ---- Events, and who is told of them

    def happens(self, kind: str, told: Json, account: str | None = None) -> None:
        event = {
            "id": f"evt_{secrets.token_hex(12)}",
            "object": "event",
            "type": kind,
            "created": int(time.time()),
            "livemode": False,
            "data": {"object": json.loads(json.dumps(told))},
            **({"account": account} if account else {}),
        }
        self.events.append(event)
        for url, secret, connect in self._webhooks.values():
            if connect != bool(account):
                continue
            task = asyncio.create_task(deliver(event, url, secret))
            self._deliveries.add(task)
            task.add_done_callback(self._deliveries.discard)

    async def list_events(self, _request: Request) -> Response:
        return JSONResponse({"object": "list", "data": self.events, "has_more": False})

    async def forget(self, request: Request) -> Response:
        for kept in (self._answers, self.more, self.events, self.disputes):
            kept.clear()
        await self._pass("DELETE", request.url.path, {})
        return Response()

    async def register(self, request: Request) -> Response:
        wanted = await request.json()
        endpoint = wanted["url"], wanted["secret"], bool(wanted.get("connect"))
        self._webhooks[request.path_params["id"]] = endpoint
        return Response()
