"""Messages that must go out because of a fact, and the record of who decided what."""

from datetime import datetime
from typing import Any

from pynamodb.attributes import (
    JSONAttribute,
    UnicodeAttribute,
    UTCDateTimeAttribute,
)

from nexus.table import keys
from nexus.table.items import IntegerAttribute, Item, Put, Start, create


class OutboxItem(Item, discriminator="Outbox"):
    """One mail owed to one user. Its key is the cause and the template, so it is owed once."""

    cause = UnicodeAttribute()
    template = UnicodeAttribute()
    user_id = IntegerAttribute()
    data: JSONAttribute = JSONAttribute()
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
    results = Item.query(
        keys.AUDIT, scan_index_forward=False, limit=limit, last_evaluated_key=start
    )
    return [item for item in results if isinstance(item, AuditItem)], results.last_evaluated_key
