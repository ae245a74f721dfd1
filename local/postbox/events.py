"""What SendGrid tells of a mail later, signed as it signs.

https://www.twilio.com/docs/sendgrid/for-developers/tracking-events/event
"""

import json
import secrets
from base64 import b64encode
from collections.abc import Iterable
from datetime import UTC, datetime
from functools import cache
from typing import Any

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from local.postbox.sink import Mail

SIGNATURE = "X-Twilio-Email-Event-Webhook-Signature"
TIMESTAMP = "X-Twilio-Email-Event-Webhook-Timestamp"
BROWSER = "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 Chrome/131.0 Safari/537.36"
KINDS: dict[str, dict[str, Any]] = {
    "processed": {},
    "delivered": {"response": "250 OK"},
    "deferred": {"response": "451 try again later", "attempt": "1"},
    "open": {"useragent": BROWSER, "ip": "203.0.113.9", "sg_machine_open": False},
    "click": {"useragent": BROWSER, "ip": "203.0.113.9", "url": "https://nexusmodels.com/"},
    "bounce": {"type": "bounce", "status": "5.1.1", "reason": "550 no such user"},
    "dropped": {"reason": "Bounced Address"},
    "spamreport": {},
    "unsubscribe": {},
}


def event(mail: Mail, kind: str, at: datetime, **more: object) -> dict[str, Any]:
    """One event of a mail; `more` overrides what is usual for its kind."""
    return {
        "email": mail.to,
        "event": kind,
        "timestamp": int(at.timestamp()),
        "category": mail.categories,
        "sg_event_id": secrets.token_urlsafe(16),
        "sg_message_id": mail.message_id,
        **mail.custom_args,
        **KINDS[kind],
        **more,
    }


def signed(events: Iterable[dict[str, Any]], at: datetime) -> tuple[bytes, dict[str, str]]:
    """The body and headers of the request that tells of them."""
    body = json.dumps(list(events), separators=(",", ":")).encode()
    timestamp = str(int(at.timestamp()))
    signature = _key().sign(timestamp.encode() + body, ec.ECDSA(hashes.SHA256()))
    headers = {
        "Content-Type": "application/json",
        SIGNATURE: b64encode(signature).decode(),
        TIMESTAMP: timestamp,
    }
    return body, headers


@cache
def _key() -> ec.EllipticCurvePrivateKey:
    """Everybody can make it, so it is worth nothing on AWS."""
    return ec.derive_private_key(int.from_bytes(b"the local postbox"), ec.SECP256R1())


def public_key() -> str:
    """What SendGrid shows as verification key: DER in base64."""
    form = PublicFormat.SubjectPublicKeyInfo
    return b64encode(_key().public_key().public_bytes(Encoding.DER, form)).decode()


def now() -> datetime:
    return datetime.now(UTC)
