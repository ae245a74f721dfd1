"""Passwords: which are good enough (NIST SP 800-63B-4 §3.1.1) and how they are kept."""

import unicodedata
from functools import cache
from math import prod

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerifyMismatchError

SHORTEST = 15
LONGEST = 128
WEAKEST_SCORE = 3
SCORED_CHARACTERS = 48
MOST_READINGS = 64
"""Both rows of digits and signs on a keyboard come to 64, and to 0.4 s; the worst to ten times
that. What has more than those rows is never easy to guess by zxcvbn's own count.
"""

HASHER = PasswordHasher(time_cost=2, memory_cost=19_456, parallelism=1)
"""argon2id with the parameters of OWASP's password storage cheat sheet."""


def normalise(password: str) -> str:
    """One form for all ways to type the same characters."""
    return unicodedata.normalize("NFC", password)


def weakness(password: str, about_the_user: list[str]) -> str | None:
    """Why a password would be guessed soon, or None.

    zxcvbn estimates the guesses it takes, with lists of leaked passwords and with what is known
    of the user. It gets the beginning only, because its time grows with the square of the length.
    """
    from zxcvbn import zxcvbn  # 60 ms of word lists that only a new password needs

    beginning = password[:SCORED_CHARACTERS]
    if _readings(beginning) > MOST_READINGS:
        return None
    words = [*about_the_user, "nexus", "nexusmodels", "nexus models"]
    found = zxcvbn(beginning, user_inputs=words)
    if found["score"] >= WEAKEST_SCORE:
        return None
    return found["feedback"]["warning"] or "This password is easy to guess."


def _readings(password: str) -> int:
    """In how many ways zxcvbn, which tries them all, may read signs as letters (“p4$$”)."""
    from zxcvbn.matching import L33T_TABLE

    return prod(len(set(signs) & set(password)) or 1 for signs in L33T_TABLE.values())


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
