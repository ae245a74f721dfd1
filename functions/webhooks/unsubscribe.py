"""The link in our news with which one leaves. Looking at it changes nothing: scanners look."""

from functools import cache
from html import escape
from pathlib import Path
from string import Template

from fastapi import Response
from fastapi.responses import HTMLResponse

from nexus.subscriptions import service
from nexus.subscriptions.schemas import Subscription
from nexus.web.app import answers, router
from nexus.web.identity import Anyone

unsubscribe = router("/api/unsubscribe", "unsubscribe")

PAGE_POLICY = (
    "default-src 'none'; style-src 'unsafe-inline'; form-action 'self'; frame-ancestors 'none'"
)


@unsubscribe.get(
    "/{token}", dependencies=[Anyone], response_class=HTMLResponse, responses=answers(404)
)
async def ask(token: str) -> Response:
    """A page with one button."""
    return _page(service.show(token), token)


@unsubscribe.post(
    "/{token}", dependencies=[Anyone], response_class=HTMLResponse, responses=answers(404)
)
async def leave(token: str) -> Response:
    """Send no more news: what the button does, and mail programs for their users (RFC 8058)."""
    return _page(service.unsubscribe(token), token)


@unsubscribe.post(
    "/{token}/undo", dependencies=[Anyone], response_class=HTMLResponse, responses=answers(404)
)
async def come_back(token: str) -> Response:
    """Send news again."""
    return _page(service.resubscribe(token), token)


WHY_NOT = {
    "bounced": ", because a mail to this address came back",
    "complained": ", because one of our mails to this address was reported as spam",
    None: "",
}


def _page(subscription: Subscription, token: str) -> Response:
    wants = subscription.wants_news
    path = f"/api/unsubscribe/{escape(token)}"
    values = {
        "heading": _heading(subscription),
        "text": _text(subscription),
        "action": path if wants else f"{path}/undo",
        "button": "Unsubscribe" if wants else "Subscribe again",
    }
    headers = {"Content-Security-Policy": PAGE_POLICY, "Referrer-Policy": "no-referrer"}
    return HTMLResponse(_frame().substitute(values), headers=headers)


def _heading(subscription: Subscription) -> str:
    if subscription.gets_news:
        return "Unsubscribe?"
    return "You get no news" if subscription.wants_news else "You are unsubscribed"


def _text(subscription: Subscription) -> str:
    address = escape(subscription.address)
    if subscription.gets_news:
        return (
            f"{address} gets news from Nexus Models. Mails about your account, your sales and"
            " purchases will come in any case."
        )
    return f"{address} gets no more news from Nexus Models{WHY_NOT[subscription.problem]}."


@cache
def _frame() -> Template:
    return Template(Path(__file__).with_name("page.html").read_text())
