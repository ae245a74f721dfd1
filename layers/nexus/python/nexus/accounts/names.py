"""The normal forms of the names that only one account may hold."""

import unicodedata

ONE_MAILBOX_DOMAINS = {"gmail.com", "googlemail.com"}
"""Providers that ignore dots and what follows a plus sign, so that many addresses are one."""


def email_key(address: str) -> str:
    """The form in which equivalent spellings of an address are the same."""
    local, _, domain = unicodedata.normalize("NFKC", address).casefold().rpartition("@")
    if domain in ONE_MAILBOX_DOMAINS:
        local, domain = local.partition("+")[0].replace(".", ""), "gmail.com"
    return f"{local}@{domain}"


def username_key(username: str) -> str:
    return username.casefold()
