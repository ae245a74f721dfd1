"""Messages that must go out because of a fact, and the record of who decided what."""

from datetime import datetime, timedelta
from typing import Any

from pynamodb.attributes import (
    JSONAttribute,
    UnicodeAttribute,
    UTCDateTimeAttribute,
)

from nexus.table import keys
from nexus.table.items import (
    ConditionFailed,
    IntegerAttribute,
    Item,
    Put,
    Start,
    Update,
    create,
    epoch_seconds,
    find,
    update,
)
from nexus.table.pages import page

KEPT = timedelta(days=90)


class OutboxItem(Item, discriminator="Outbox"):
    """One mail owed to one user. Its key is the cause and the template, so it is owed once.

    `state` is owed, claimed, sent or refused. Claimed it is by whoever calls the provider; should
    they never tell what came of it, nobody calls again.
    """

    cause = UnicodeAttribute()
    template = UnicodeAttribute()
    user_id = IntegerAttribute()
    data: JSONAttribute = JSONAttribute()
    state = UnicodeAttribute(default="owed")
    claim = UnicodeAttribute(null=True)
    trouble = UnicodeAttribute(null=True)
    sent_at = UTCDateTimeAttribute(null=True)
    created_at = UTCDateTimeAttribute()


class AuditItem(Item, discriminator="Audit"):
    """An admin did something to something; written in the transaction that did it."""

    id = IntegerAttribute()
    admin_id = IntegerAttribute()
    action = UnicodeAttribute()
    subject = UnicodeAttribute()
    detail = UnicodeAttribute(null=True)
    created_at = UTCDateTimeAttribute()


def owe_mail(cause: str, template: str, user_id: int, data: dict[str, Any], now: datetime) -> Put:
    """The step that promises a mail together with the fact that causes it."""
    pk, sk = keys.outbox(cause, template)
    return create(
        OutboxItem(
            pk=pk,
            sk=sk,
            gsi1_pk=keys.mails_to(user_id),
            gsi1_sk=keys.timestamp(now),
            cause=cause,
            template=template,
            user_id=user_id,
            data=data,
            created_at=now,
        )
    )


def find_owed(cause: str, template: str) -> OutboxItem | None:
    return find(OutboxItem, keys.outbox(cause, template))


def claim_mail(mail: OutboxItem, claim: str) -> bool:
    """Be the one to send it; False where someone else is, or was. `claim` is one's own name."""
    free = OutboxItem.state.is_in("owed", "refused") | (OutboxItem.claim == claim)
    actions = [OutboxItem.state.set("claimed"), OutboxItem.claim.set(claim)]
    try:
        update(Update(mail, actions, free))
    except ConditionFailed:
        return False
    return True


def release_mail(mail: OutboxItem, state: str, trouble: str) -> None:
    """Let it be claimed again: `owed` still, or `refused` by the provider."""
    ours = (OutboxItem.claim == mail.claim) & (OutboxItem.state == "claimed")
    actions = [
        OutboxItem.state.set(state),
        OutboxItem.claim.remove(),
        OutboxItem.trouble.set(trouble),
    ]
    _settle(mail, actions, ours | (OutboxItem.state == state))


def mark_mail_sent(mail: OutboxItem, now: datetime) -> None:
    """Take note that the provider has it. What it said, which may be a secret, is forgotten."""
    actions = [
        OutboxItem.state.set("sent"),
        OutboxItem.sent_at.set(now),
        OutboxItem.data.set({}),
        OutboxItem.expires_at.set(epoch_seconds(now + KEPT)),
    ]
    _settle(mail, actions, OutboxItem.state != "sent")


def _settle(mail: OutboxItem, actions: list[Any], condition: Any) -> None:
    """Nothing happens where it is settled already, or gone with its erased user."""
    try:
        update(Update(OutboxItem(*mail.key), actions, OutboxItem.pk.exists() & condition))
    except ConditionFailed:
        return


def record_deed(
    audit_id: int, admin_id: int, action: str, subject: str, detail: str | None, now: datetime
) -> Put:
    """The step that writes who did what to whom."""
    pk, sk = keys.audit(now, audit_id)
    return create(
        AuditItem(
            pk=pk,
            sk=sk,
            id=audit_id,
            admin_id=admin_id,
            action=action,
            subject=subject,
            detail=detail,
            created_at=now,
        )
    )


def deeds(start: Start, limit: int) -> tuple[list[AuditItem], Start]:
    """A page of what admins did, newest first."""
    return page(AuditItem, keys.AUDIT, start, limit)
