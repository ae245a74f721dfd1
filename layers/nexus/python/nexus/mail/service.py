"""Transactional mails: what a fact owes someone, sent once.

Outbox row → queue → claim → SendGrid → sent. Who has claimed a mail and does not come back may
have sent it, so nobody sends it again: its message waits for the provider's events to tell, and
ends among the dead letters if they do not.
"""

import logging
import uuid
from datetime import datetime

from nexus.mail import news
from nexus.mail.letters import letter
from nexus.mail.schemas import Owed
from nexus.outside import queues
from nexus.outside.mail import Door, Letter, NotTaken, Recipient, Refused, Unanswered, receipt
from nexus.settings import settings
from nexus.subscriptions import service as subscriptions
from nexus.table.items import Item
from nexus.table.outbox import (
    OutboxItem,
    claim_mail,
    find_owed,
    mark_mail_sent,
    release_mail,
)
from nexus.table.users import UserItem, find_user

logger = logging.getLogger(__name__)

UNSUBSCRIBE = news.UNSUBSCRIBE
TRIAL = "campaign_test"
"""The template of a campaign's mail to its own author."""


class Unsettled(Exception):
    """The mail is not out, or nobody knows; its message must come again."""


def post(before: Item | None, after: Item | None, _: datetime) -> None:
    """Tell whoever sends mails of one that is owed."""
    if before is None and isinstance(after, OutboxItem) and after.state == "owed":
        owed = Owed(cause=after.cause, template=after.template)
        queues.put(settings().needed("mails_queue_url"), owed.model_dump())


def take(body: str, handle: str, attempts: int, *, now: datetime) -> None:
    """Send the mail of a message that comes for the `attempts`th time.

    Raises `Unsettled` for one that must come again, after having told the queue when.
    """
    owed = Owed.model_validate_json(body)
    try:
        _deliver(owed, now)
    except (NotTaken, Unanswered, Unsettled) as trouble:
        wait = trouble.wait if isinstance(trouble, NotTaken) else 0
        url = settings().needed("mails_queue_url")
        queues.put_off(url, handle, attempts, at_least=wait)
        raise Unsettled(f"{owed.template} for {owed.cause}: {trouble}") from trouble
    except Refused as refusal:
        logger.warning("mail refused", extra={"cause": owed.cause, "why": str(refusal)})
        queues.put(settings().needed("mails_dead_letters_url"), owed.model_dump())


def _deliver(owed: Owed, now: datetime) -> None:
    item = find_owed(owed.cause, owed.template)
    user = find_user(item.user_id) if item else None
    if item is None or user is None or user.is_erased or item.state == "sent":
        return
    words, door = _letter(item), Door()
    recipient = _recipient(item, user)
    if not claim_mail(item, uuid.uuid4().hex):
        raise Unsettled("someone has claimed it and not told what came of it")
    try:
        door.send(words, [recipient])
    except NotTaken as trouble:
        release_mail(item, "owed", str(trouble))
        raise
    except Refused as refusal:
        release_mail(item, "refused", str(refusal))
        raise
    mark_mail_sent(item, now)


def _recipient(item: OutboxItem, user: UserItem) -> Recipient:
    about = receipt(f"mail {item.cause} {item.template}")
    if item.template != TRIAL:
        return Recipient(user.email, about)
    link = subscriptions.link(user.id, subscriptions.NO_CAMPAIGN)
    return Recipient(user.email, about, {UNSUBSCRIBE: link}, subscriptions.headers(link))


def _letter(item: OutboxItem) -> Letter:
    if item.template != TRIAL:
        return letter(item.template, item.data)
    return to_many(item.data["subject"], item.data["content"], TRIAL)


def to_many(subject: str, content: str, category: str) -> Letter:
    """A letter made of an admin's HTML, with the blank `UNSUBSCRIBE` for each one's link."""
    return news.news(subject, content, category)


def confirm(cause: str, template: str, *, now: datetime) -> None:
    """The provider has told of a mail, so it has it."""
    if (item := find_owed(cause, template)) and item.state != "sent":
        mark_mail_sent(item, now)


def resend(cause: str, template: str) -> bool:
    """Let a mail be sent of which nobody knows, or which nobody was told of: an operator has
    looked. False if it is sent or refused.
    """
    item = find_owed(cause, template)
    if item is None or item.state not in {"claimed", "owed"}:
        return False
    if item.state == "claimed":
        release_mail(item, "owed", "released by an operator")
    queues.put(
        settings().needed("mails_queue_url"), Owed(cause=cause, template=template).model_dump()
    )
    return True
