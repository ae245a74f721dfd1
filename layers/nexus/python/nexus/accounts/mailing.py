"""Fresh secrets on their way out by mail."""

import hashlib
import secrets
from datetime import datetime, timedelta

from nexus.ids import new_id
from nexus.table.items import Step
from nexus.table.mailed import MailedItem, Purpose, keep_mailed
from nexus.table.outbox import owe_mail
from nexus.table.users import UserItem

LIVES: dict[Purpose, timedelta] = {
    "verify-email": timedelta(days=1),
    "reset-password": timedelta(minutes=30),
}
TEMPLATES: dict[Purpose, str] = {
    "verify-email": "verify_email",
    "reset-password": "reset_password",
}


def mail_secret(purpose: Purpose, user: UserItem | None, email: str, now: datetime) -> list[Step]:
    """The steps that mail a fresh secret to a user; for nobody it is made, but not mailed."""
    secret = secrets.token_urlsafe(32)
    address_digest = digest(secret + email)
    item = MailedItem.of(digest(secret), purpose, user, address_digest, now + LIVES[purpose])
    steps: list[Step] = [keep_mailed(item)]
    if user:
        cause = f"{purpose.upper()}-{new_id(now)}"
        data = {"token": secret, "name": user.username}
        steps.append(owe_mail(cause, TEMPLATES[purpose], user.id, data, now))
    return steps


def digest(secret: str) -> str:
    return hashlib.sha256(secret.encode(errors="replace")).hexdigest()
