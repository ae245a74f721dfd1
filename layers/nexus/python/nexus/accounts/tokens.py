"""Access tokens (JWT, RFC 7519 and RFC 8725) and refresh tokens (opaque)."""

import hashlib
import secrets
from base64 import urlsafe_b64decode, urlsafe_b64encode
from binascii import Error as NotBase64
from dataclasses import dataclass
from datetime import datetime, timedelta

import jwt

from nexus.outside.secrets import signing_key, signing_keys
from nexus.settings import settings

ISSUER = "nexus-models"
AUDIENCE = "nexus-models-api"
TYPE = "at+jwt"
"""The media type of RFC 9068, so that a token made for another purpose is none of ours."""
REFRESH_LIFE = timedelta(days=30)
FAMILY_BYTES, SECRET_BYTES, USER_BYTES = 16, 32, 8


class InvalidToken(Exception):
    pass


@dataclass(frozen=True)
class Access:
    user_id: int
    token_version: int
    family: str


@dataclass(frozen=True)
class Refresh:
    """What a refresh token says: whose it is, of which family, and the secret that proves it."""

    user_id: int
    family: str
    secret: bytes

    @classmethod
    def new(cls, user_id: int, family: str | None = None) -> "Refresh":
        family = family or secrets.token_hex(FAMILY_BYTES)
        return cls(user_id, family, secrets.token_bytes(SECRET_BYTES))

    @classmethod
    def parse(cls, text: str) -> "Refresh":
        """Raises `InvalidToken`."""
        try:
            raw = urlsafe_b64decode(text.encode("ascii"))
        except (NotBase64, UnicodeEncodeError) as error:
            raise InvalidToken from error
        if len(raw) != USER_BYTES + FAMILY_BYTES + SECRET_BYTES:
            raise InvalidToken
        user, rest = raw[:USER_BYTES], raw[USER_BYTES:]
        family, secret = rest[:FAMILY_BYTES], rest[FAMILY_BYTES:]
        return cls(int.from_bytes(user), family.hex(), secret)

    def __str__(self) -> str:
        raw = self.user_id.to_bytes(USER_BYTES) + bytes.fromhex(self.family) + self.secret
        return urlsafe_b64encode(raw).decode()

    @property
    def hash(self) -> str:
        return hashlib.sha256(self.secret).hexdigest()


def access_life() -> timedelta:
    return timedelta(minutes=settings().access_token_expire_minutes)


def sign(access: Access, now: datetime) -> str:
    kid, key = next(iter(signing_keys().items()))
    claims = {
        "iss": ISSUER,
        "aud": AUDIENCE,
        "sub": str(access.user_id),
        "jti": secrets.token_hex(16),
        "iat": now,
        "exp": now + access_life(),
        "ver": access.token_version,
        "sid": access.family,
    }
    headers = {"kid": kid, "typ": TYPE}
    return jwt.encode(claims, key, algorithm=settings().algorithm, headers=headers)


def read(token: str) -> Access:
    """What an access token says, if it is ours in every respect. Raises `InvalidToken`."""
    try:
        header = jwt.get_unverified_header(token)
        if header.get("typ") != TYPE:
            raise InvalidToken
        key = signing_key(str(header.get("kid")))
        if key is None:
            raise InvalidToken
        claims = jwt.decode(
            token,
            key,
            algorithms=[settings().algorithm],
            audience=AUDIENCE,
            issuer=ISSUER,
            options={"require": ["exp", "iat", "sub", "jti", "iss", "aud", "ver", "sid"]},
        )
        return Access(int(claims["sub"]), int(claims["ver"]), str(claims["sid"]))
    except (jwt.InvalidTokenError, KeyError, ValueError, TypeError) as error:
        raise InvalidToken from error
