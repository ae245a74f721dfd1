"""Secrets, by their names: the key that signs tokens, the one before it while tokens of it still
live, and the keys of others' doors.
"""

import time

from botocore.exceptions import ClientError

from nexus.outside.aws import client
from nexus.settings import settings

SHORTEST_KEY_BYTES = 32
REREAD_SECONDS = 300
UNKNOWN_SECONDS = 10

_kept: dict[str, str] = {}
_read_at = -float(REREAD_SECONDS)
_others: dict[str, tuple[float, list[str]]] = {}


def signing_keys() -> dict[str, str]:
    """The keys by their ids (`kid`), the current one first; read again every five minutes.

    Raises `RuntimeError` where the current one has under 32 bytes (RFC 7518 §3.2 asks that much of
    HS256); one before it that is so short is left out.
    """
    return _keys_of_the_last(REREAD_SECONDS)


def signing_key(kid: str) -> str | None:
    """The key with this id. One that is not known may be new: then they are read again, at most
    every ten seconds.
    """
    return signing_keys().get(kid) or _keys_of_the_last(UNKNOWN_SECONDS).get(kid)


def _keys_of_the_last(seconds: float) -> dict[str, str]:
    global _read_at  # noqa: PLW0603  one value for the whole process, as long as it lives
    if time.monotonic() - _read_at >= seconds:
        current, *before = _versions(settings().needed("secret_key_name"))
        if not _is_long(current):
            raise RuntimeError(f"The signing key must have at least {SHORTEST_KEY_BYTES} bytes")
        _kept.clear()
        _kept.update([current, *filter(_is_long, before)])  # a short one never signed anything
        _read_at = time.monotonic()
    return _kept


def _is_long(version: tuple[str, str]) -> bool:
    return len(version[1].encode()) >= SHORTEST_KEY_BYTES


def texts(name: str) -> list[str]:
    """What a secret is and what it was before, where there was anything; kept for five minutes."""
    read_at, kept = _others.get(name, (-float(REREAD_SECONDS), []))
    if time.monotonic() - read_at >= REREAD_SECONDS:
        kept = [text for _, text in _versions(name)]
        _others[name] = time.monotonic(), kept
    return kept


def _versions(name: str) -> list[tuple[str, str]]:
    """(id, text) of a secret's versions, the current one first."""
    stages = ("AWSCURRENT", "AWSPREVIOUS")
    return [found for stage in stages if (found := _version(name, stage))]


def _version(name: str, stage: str) -> tuple[str, str] | None:
    try:
        secret = client("secretsmanager").get_secret_value(SecretId=name, VersionStage=stage)
    except ClientError as error:
        if stage == "AWSPREVIOUS" and error.response["Error"]["Code"] in {
            "ResourceNotFoundException",
            "InvalidRequestException",
        }:
            return None
        raise
    return secret["VersionId"], secret["SecretString"]
