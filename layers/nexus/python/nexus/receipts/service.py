"""What became of our mails, as SendGrid tells: late, twice, in any order.

Each event is merged into what is known, in a way that neither order nor repetition changes:
moments are kept as the first and the last, facts stay once they are true.
"""

import re
from collections.abc import Iterable
from datetime import datetime
from itertools import batched

from pydantic import TypeAdapter, ValidationError

from nexus.campaigns import service as campaigns
from nexus.errors import Forbidden, Malformed
from nexus.logs import count
from nexus.mail import service as mail
from nexus.outside import queues
from nexus.outside.mail_events import is_genuine, subject_of
from nexus.receipts.schemas import CampaignMail, Event
from nexus.settings import settings
from nexus.subscriptions import service as subscriptions
from nexus.table.campaigns import find_campaigns
from nexus.table.items import Start
from nexus.table.outbox import find_owed
from nexus.table.receipts import ReceiptItem, find_receipt, keep_receipt, receipts_of

EVENTS = TypeAdapter(list[Event])
A_MESSAGE = 100
TRIES = 8
DEAD = {"bounced address", "invalid"}
"""Why SendGrid drops mail to an address that cannot be reached (docs.sendgrid.com/glossary/drops);
an "Invalid SMTPAPI header" is our own fault."""
MACHINES = re.compile(
    r"bot\b|crawler|spider|scanner|barracuda|mimecast|proofpoint|safelinks|symantec|trendmicro"
    r"|python-requests|curl/|wget/|headless",
    re.IGNORECASE,
)
"""Of user agents those that are known to look at what comes before people do."""


def sent_to(user_id: int, start: Start, limit: int) -> tuple[list[CampaignMail], Start]:
    """A page of the campaigns' mails to someone of which we were told, the newest first."""
    known, following = receipts_of(user_id, start, limit)
    sent = find_campaigns(each.campaign_id for each in known)
    told = []
    for each in known:
        campaign = sent.get(each.campaign_id)
        told.append(CampaignMail.of(each, campaign.subject if campaign else None))
    return told, following


def accept(body: bytes, signature: str, timestamp: str, *, now: datetime) -> int:
    """Take events from SendGrid, to look at them later; tells how many.

    Raises `Forbidden` where it is not SendGrid, or not now, and `Malformed`.
    """
    if not is_genuine(body, signature, timestamp, now):
        count("ForgedWebhooks", "mail")
        raise Forbidden("The signature is not good")
    try:
        events = EVENTS.validate_json(body)
    except ValidationError:
        raise Malformed("The body is not a list of events", ("body",)) from None
    ours = [event for event in events if subject_of(event.receipt)]
    for some in batched(ours, A_MESSAGE, strict=False):
        told = [event.model_dump(mode="json") for event in some]
        queues.put(settings().needed("receipts_queue_url"), {"events": told})
    return len(ours)


def take(events: list[object], *, now: datetime) -> None:
    """Let events of one message have their effect; it may come again."""
    found = EVENTS.validate_python(events)
    news: dict[tuple[int, int, int], list[Event]] = {}
    for event in found:
        match subject_of(event.receipt):
            case ["mail", cause, template]:
                mail.confirm(cause, template, now=now)
                _suppress_owner(cause, template, event)
            case ["campaign", *ids]:
                campaign_id, number, user_id = map(int, ids)
                news.setdefault((campaign_id, number, user_id), []).append(event)
    for campaign_id, number in {key[:2] for key in news}:
        campaigns.confirm(campaign_id, number)
    for (campaign_id, _, user_id), some in news.items():
        for event in some:
            _suppress(user_id, event)
        _keep(campaign_id, user_id, some)


def _suppress_owner(cause: str, template: str, event: Event) -> None:
    if item := find_owed(cause, template):
        _suppress(item.user_id, event)


def _suppress(user_id: int, event: Event) -> None:
    """Mail no more news where this event says so."""
    if _is_hard_bounce(event):
        subscriptions.mark_unreachable(user_id, event.email, "bounced")
    elif _is_complaint(event):
        subscriptions.mark_unreachable(user_id, event.email, "complained")
    elif event.event in {"unsubscribe", "group_unsubscribe"}:
        subscriptions.set_wish(user_id, wants_news=False)


def _is_hard_bounce(event: Event) -> bool:
    """Not a `blocked` one, which may pass, nor mail that SendGrid dropped for what is in it."""
    if event.event == "dropped":
        return event.reason.lower() in DEAD
    return event.event == "bounce" and event.type != "blocked"


def _is_complaint(event: Event) -> bool:
    if event.event == "dropped":
        return "spam report" in event.reason.lower()
    return event.event == "spamreport"


def _keep(campaign_id: int, user_id: int, events: Iterable[Event]) -> None:
    some = list(events)
    for _ in range(TRIES):
        receipt = find_receipt(campaign_id, user_id)
        before = receipt.serialize()
        for event in some:
            merge(receipt, event)
        if receipt.serialize() == before or keep_receipt(receipt):
            return
    raise subscriptions.Restless(user_id)


def merge(receipt: ReceiptItem, event: Event) -> None:
    """Add an event to what is known."""
    at = event.timestamp
    match event.event:
        case "delivered":
            receipt.delivered_at = _first(receipt.delivered_at, at)
        case "open" if event.sg_machine_open is True or MACHINES.search(event.useragent):
            receipt.machine_open = True
        case "open":
            receipt.first_open = _first(receipt.first_open, at)
            receipt.last_open = _last(receipt.last_open, at)
        case "click" if MACHINES.search(event.useragent):
            receipt.machine_click = True
        case "click":
            receipt.first_click = _first(receipt.first_click, at)
            receipt.last_click = _last(receipt.last_click, at)
        case "unsubscribe" | "group_unsubscribe":
            receipt.unsubscribed = True
    receipt.bounced = receipt.bounced or _is_hard_bounce(event)
    receipt.complained = receipt.complained or _is_complaint(event)


def _first(known: datetime | None, at: datetime) -> datetime:
    return min(known, at) if known else at


def _last(known: datetime | None, at: datetime) -> datetime:
    return max(known, at) if known else at
