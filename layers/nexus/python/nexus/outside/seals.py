"""Texts that go out and come back: sealed, so that nobody can make or change one but us.

The key is one of its own, because links in mails live longer than keys of tokens.
"""

import hashlib
import hmac
from base64 import urlsafe_b64encode

from nexus.outside.secrets import texts
from nexus.settings import settings

MAC_BYTES = 18


def seal(purpose: str, content: str) -> str:
    """The content, a dot, and 24 characters that prove it is ours and for this purpose."""
    return f"{content}.{_mac(purpose, content, _keys()[0])}"


def unseal(purpose: str, sealed: str) -> str | None:
    """The content, where the seal is whole."""
    content, _, shown = sealed.rpartition(".")
    right = (_mac(purpose, content, key) for key in _keys())
    whole = [hmac.compare_digest(shown.encode(errors="replace"), mac.encode()) for mac in right]
    return content if any(whole) else None


def _keys() -> list[str]:
    return texts(settings().needed("link_key_name"))


def _mac(purpose: str, content: str, key: str) -> str:
    message = f"{purpose}\0{content}".encode(errors="replace")
    digest = hmac.new(key.encode(), message, hashlib.sha256).digest()
    return urlsafe_b64encode(digest[:MAC_BYTES]).decode()
