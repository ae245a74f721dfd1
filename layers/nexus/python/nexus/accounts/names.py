"""The normal forms of the names that only one account may hold."""

import hashlib
import unicodedata

from pydantic import validate_email
from pydantic_core import PydanticCustomError

ONE_MAILBOX_DOMAINS = {"gmail.com", "googlemail.com"}
"""Providers that ignore dots and what follows a plus sign, so that many addresses are one."""

LONGEST_USERNAME = 30
MOST_KEY_BYTES = 1000
"""Half of what DynamoDB takes as a key; NFKC can make 33 bytes of one character."""


def as_registered(typed: str) -> str:
    """An address as registration spells it: without spaces around it, its domain in its own
    letters (IDNA). What is no address stays as it was typed.
    """
    try:
        return validate_email(typed)[1]
    except PydanticCustomError:
        return typed


def email_key(address: str) -> str:
    """The form in which equivalent spellings of an address, as registered, are the same.

    A longer one than can be a key becomes its SHA-256, which is no address and so nobody else's.
    """
    local, _, domain = unicodedata.normalize("NFKC", address).casefold().rpartition("@")
    if domain in ONE_MAILBOX_DOMAINS:
        local, domain = local.partition("+")[0].replace(".", ""), "gmail.com"
    key = f"{local}@{domain}"
    if len(key.encode()) > MOST_KEY_BYTES:
        return f"{hashlib.sha256(key.encode()).hexdigest()}@"
    return key


def username_key(username: str) -> str:
    return username.casefold()
