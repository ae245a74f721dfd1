"""Connect, which localstripe does not know: sellers' accounts and what is paid out to them."""

import secrets
import time
from collections import defaultdict
from collections.abc import Callable
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response

LINK_SECONDS = 300

type Json = dict[str, Any]


class Refused(Exception):
    def __init__(self, message: str, code: str, status: int = 400) -> None:
        super().__init__(message)
        error = {"type": "invalid_request_error", "message": message, "code": code}
        self.response = JSONResponse({"error": error}, status)


class Connect:
    def __init__(self, happens: Callable[[str, Json, str | None], None]) -> None:
        self._happens = happens
        self._accounts: dict[str, Json] = {}
        self._back: dict[str, str] = {}
        self._payouts: defaultdict[str, list[Json]] = defaultdict(list)

    def open(self, form: dict[str, str]) -> Response:
        account: Json = {
            "id": f"acct_{secrets.token_hex(8)}",
            "object": "account",
            "type": form.get("type", "express"),
            "charges_enabled": False,
            "payouts_enabled": False,
            "capabilities": {"transfers": "inactive"},
            "created": int(time.time()),
            "metadata": {"user_id": form.get("metadata[user_id]", "")},
        }
        self._accounts[account["id"]] = account
        return JSONResponse(account)

    def link(self, form: dict[str, str], here: str) -> Response:
        account = self._known(form["account"])["id"]
        self._back[account] = form["return_url"]
        now = int(time.time())
        url = f"{here}_peer/onboard/{account}"
        told = {"object": "account_link", "url": url, "created": now}
        return JSONResponse(told | {"expires_at": now + LINK_SECONDS})

    async def onboard(self, request: Request) -> Response:
        """Whoever opens the link has said all there is to say."""
        account = request.path_params["id"]
        active = {"transfers": "active"}
        self._now(
            account, {"charges_enabled": True, "payouts_enabled": True, "capabilities": active}
        )
        return RedirectResponse(self._back[account], 303)

    def tell(self, account: str) -> Response:
        return JSONResponse(self._known(account))

    def _known(self, account: str) -> Json:
        """Stripe answers alike for an account that is gone and for one that is not ours."""
        if account not in self._accounts:
            raise Refused(
                f"The provided key does not have access to account '{account}' (or that account"
                " does not exist). Application access may have been revoked.",
                "account_invalid",
                403,
            )
        return self._accounts[account]

    async def close(self, request: Request) -> Response:
        del self._accounts[request.path_params["id"]]
        return Response()

    async def change(self, request: Request) -> Response:
        return JSONResponse(self._now(request.path_params["id"], await request.json()))

    def _now(self, account: str, changes: Json) -> Json:
        self._accounts[account] |= changes
        self._happens("account.updated", self._accounts[account], account)
        return self._accounts[account]

    def must_take_transfers(self, account: str) -> None:
        if account not in self._accounts:
            raise Refused(f"No such destination: '{account}'", "resource_missing")
        if self._accounts[account]["capabilities"]["transfers"] != "active":
            raise Refused(
                "Your destination account needs to have the transfers capability enabled",
                "insufficient_capabilities_for_transfer",
            )

    async def pay_out(self, request: Request) -> Response:
        now = int(time.time())
        payout = {"object": "payout", "currency": "usd", "status": "paid", "arrival_date": now}
        payout |= {"id": f"po_{secrets.token_hex(8)}", **await request.json()}
        self._payouts[request.path_params["id"]].insert(0, payout)
        return JSONResponse(payout)

    def list_payouts(self, account: str) -> Response:
        url, paid = "/v1/payouts", self._payouts[self._known(account)["id"]]
        listed = {"object": "list", "data": paid, "has_more": False, "url": url}
        return JSONResponse(listed)
