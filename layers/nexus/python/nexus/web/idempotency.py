"""`Idempotency-Key`: a request that is sent again changes the state once and is answered alike.

https://datatracker.ietf.org/doc/draft-ietf-httpapi-idempotency-key-header/
"""

import hashlib
import hmac
from dataclasses import dataclass
from datetime import timedelta
from typing import Annotated

from fastapi import Depends, Header, Request, Response

from nexus.errors import Conflict, Malformed
from nexus.ids import new_id
from nexus.outside.secrets import signing_keys
from nexus.table.idempotency import (
    IdempotencyItem,
    claim_request,
    forget_request,
    keep_answer,
    release_request,
)
from nexus.table.users import NO_ONE
from nexus.web.identity import CurrentUser, Now, now

PURPOSE = b"nexus-models idempotency"
LEASE = timedelta(seconds=35)
"""Longer than any of the API's functions may run."""
KEPT = timedelta(days=1)
DOUBLE_CLICK = timedelta(minutes=1)
NO_KEY = "\0"
"""No key begins like this."""


class Replay(Exception):
    """The request was answered before: here is that answer."""

    def __init__(self, item: IdempotencyItem) -> None:
        super().__init__(item.key)
        self._item = item

    def response(self) -> Response:
        headers = {"Idempotency-Replayed": "true"}
        if self._item.etag:
            headers["ETag"] = self._item.etag
        return Response(self._item.body, int(self._item.status), headers, "application/json")


@dataclass(frozen=True)
class Claim:
    item: IdempotencyItem
    keeps_answer: bool

    def keep(self, response: Response) -> None:
        if not self.keeps_answer:
            return
        body = bytes(response.body).decode()
        keep_answer(self.item, response.status_code, body, response.headers.get("etag"))

    def release(self) -> None:
        release_request(self.item, now())

    def forget(self) -> None:
        forget_request(self.item)


IdempotencyKey = Annotated[
    str | None,
    Header(
        min_length=1,
        max_length=255,
        pattern=r"^[\x21-\x7e]+$",
        description="Send the same key again to retry safely; kept for a day.",
    ),
]


async def claim_for_user(
    request: Request, user: CurrentUser, at: Now, idempotency_key: IdempotencyKey = None
) -> int:
    """The id of what a signed-in request creates: new, or that of its earlier try."""
    return await _claim(request, user.id, at, idempotency_key)


async def claim_promise(
    request: Request, user: CurrentUser, at: Now, idempotency_key: IdempotencyKey = None
) -> int:
    """As `claim_for_user`, where the answer holds addresses that expire: it is not kept, and each
    try gets its own.
    """
    return await _claim(request, user.id, at, idempotency_key, keep=False)


async def claim_for_good(
    request: Request, user: CurrentUser, at: Now, idempotency_key: IdempotencyKey = None
) -> int:
    """As `claim_for_user`, for what cannot be taken back: without a key, the same request within
    `DOUBLE_CLICK` is one that was sent again.
    """
    if idempotency_key is not None:
        return await _claim(request, user.id, at, idempotency_key)
    content = await _content(request)
    return await _claim(request, user.id, at, NO_KEY + _fingerprints(content)[0], kept=DOUBLE_CLICK)


async def claim_for_anyone(
    request: Request, at: Now, idempotency_key: IdempotencyKey = None
) -> int:
    """As `claim_for_user`, for callers without an account; their answers hold tokens, so none
    is kept and the try that follows makes its own.
    """
    return await _claim(request, NO_ONE, at, idempotency_key, keep=False)


NewId = Annotated[int, Depends(claim_for_user)]
PromisedId = Annotated[int, Depends(claim_promise)]
FinalId = Annotated[int, Depends(claim_for_good)]
AnyonesNewId = Annotated[int, Depends(claim_for_anyone)]


async def _claim(
    request: Request,
    user_id: int,
    at: Now,
    idempotency_key: str | None,
    *,
    keep: bool = True,
    kept: timedelta = KEPT,
) -> int:
    fresh = new_id(at)
    if idempotency_key is None:
        return fresh
    fingerprints = _fingerprints(await _content(request))
    scope = f"{request.method} {request.scope['path']}\0{idempotency_key}"
    digest = hashlib.sha256(scope.encode()).hexdigest()
    lease = LEASE if keep else timedelta()
    item, ours = claim_request(user_id, digest, fingerprints, fresh, at, lease, kept)
    if item.fingerprint not in fingerprints:
        raise Malformed("This idempotency key was used for another request", ("header",))
    if not ours and item.status:
        raise Replay(item)
    if not ours and keep:
        raise Conflict("This request was sent before and is still being carried out")
    request.scope["idempotency"] = Claim(item, keep)
    return item.new_id


async def _content(request: Request) -> bytes:
    return request.url.query.encode() + b"\0" + await request.body()


def _fingerprints(content: bytes) -> list[str]:
    """Tell contents apart. Keyed: a plain hash of a body with a password would give it away.

    One for each signing key, the current one first: requests are retried while it is rotated.
    """
    return [
        hmac.new(key.encode(), PURPOSE + content, hashlib.sha256).hexdigest()
        for key in signing_keys().values()
    ]
