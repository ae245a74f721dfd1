"""Passwords: which are good enough (NIST SP 800-63B-4 §3.1.1) and how they are kept."""

import unicodedata
from functools import cache

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerifyMismatchError

SHORTEST = 15
LONGEST = 128
WEAKEST_SCORE = 3
SCORED_CHARACTERS = 72

HASHER = PasswordHasher(time_cost=2, memory_cost=19_456, parallelism=1)
"""argon2id with the parameters of OWASP's password storage cheat sheet."""


def normalise(password: str) -> str:
    """One form for all ways to type the same characters."""
    return unicodedata.normalize("NFC", password)


def weakness(password: str, about_the_user: list[str]) -> str | None:
    """Why a password would be guessed soon, or None.

    zxcvbn estimates the guesses it takes, with lists of leaked passwords and with what is known
    of the user; it reads no more than 72 characters.
    """
    from zxcvbn import zxcvbn  # 60 ms of word lists that only a new password needs

    words = [*about_the_user, "nexus", "nexusmodels", "nexus models"]
    found = zxcvbn(password[:SCORED_CHARACTERS], user_inputs=words)
    if found["score"] >= WEAKEST_SCORE:
        return None
    return found["feedback"]["warning"] or "This password is easy to guess."


def hash_password(password: str) -> str:
    return HASHER.hash(normalise(password))


@cache
def _no_ones_hash() -> str:
    return HASHER.hash("the password of no account")


def verify(password: str, password_hash: str | None) -> bool:
    """Whether a password fits. Hashes once even where there is no account: it takes as long."""
    try:
        HASHER.verify(password_hash or _no_ones_hash(), normalise(password))
    except (VerifyMismatchError, InvalidHashError):
        return False
    return password_hash is not None
