"""SendGrid's events: whether a request that tells of them is SendGrid's, and fresh."""

from base64 import b64decode
from binascii import Error as NotBase64
from datetime import datetime, timedelta

from nexus.outside.mail import RECEIPT
from nexus.outside.seals import unseal
from nexus.settings import settings

MOST_SKEW = timedelta(minutes=5)


def is_genuine(body: bytes, signature: str, timestamp: str, now: datetime) -> bool:
    """Whether SendGrid has signed just these bytes at just this time, which is about now.

    https://www.twilio.com/docs/sendgrid/for-developers/tracking-events/getting-started-event-webhook-security-features
    """
    from cryptography.exceptions import InvalidSignature
    from cryptography.hazmat.primitives import hashes
    from cryptography.hazmat.primitives.asymmetric import ec
    from cryptography.hazmat.primitives.serialization import load_der_public_key

    if not settings().sendgrid_webhook_key:
        return False
    if not (timestamp.isascii() and timestamp.isdecimal() and len(timestamp) < 12):
        return False
    if abs(now.timestamp() - int(timestamp)) > MOST_SKEW.total_seconds():
        return False
    key = load_der_public_key(b64decode(settings().sendgrid_webhook_key))
    if not isinstance(key, ec.EllipticCurvePublicKey):
        raise RuntimeError("SENDGRID_WEBHOOK_KEY is not an elliptic curve's key")  # noqa: TRY004
    try:
        shown = b64decode(signature.encode("ascii"), validate=True)
        key.verify(shown, timestamp.encode() + body, ec.ECDSA(hashes.SHA256()))
    except (InvalidSignature, NotBase64, UnicodeEncodeError):
        return False
    return True


def subject_of(receipt: object) -> list[str]:
    """What a mail was about, in words, as told when it was handed over; none if it is not ours."""
    about = unseal(RECEIPT, receipt) if isinstance(receipt, str) else None
    return about.split() if about else []
