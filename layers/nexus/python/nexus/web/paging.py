"""Paging: `skip` and `limit` as the storefront has them, and signed cursors beyond."""

import hashlib
import hmac
import json
from base64 import urlsafe_b64decode, urlsafe_b64encode
from binascii import Error as NotBase64
from collections.abc import Callable
from dataclasses import dataclass
from typing import Annotated, Any, Protocol

from fastapi import Depends, Query, Request, Response

from nexus.errors import Malformed
from nexus.outside.secrets import signing_keys

MOST_SKIPPED = 10_000
PURPOSE = b"nexus-models cursor"

type StartKey = dict[str, Any]
type Read[T] = Callable[[StartKey | None, int], tuple[list[T], StartKey | None]]


class Stretch(Protocol):
    """Part of a list; `following` is the key that the next part starts after."""

    @property
    def following(self) -> StartKey | None: ...


@dataclass(frozen=True)
class Page:
    """A stretch of a list. Answers tell where the next begins in the `Link` header (RFC 8288).

    What a cursor leads to skips nothing.
    """

    request: Request
    response: Response
    skip: int
    limit: int
    cursor: str | None

    def read[T](self, read: Read[T]) -> list[T]:
        """The items of this page from a function that reads from a start key on."""
        start = self._open(self.cursor) if self.cursor else None
        items, following = read(start, self.skip + self.limit)
        self._link(following)
        return items[self.skip :]

    def read_from[T: Stretch](self, read: Callable[[StartKey | None, int, int], T]) -> T:
        """This page from a function that reads from a start key on, or skips by itself."""
        start = self._open(self.cursor) if self.cursor else None
        found = read(start, self.skip, self.limit)
        self._link(found.following)
        return found

    def _link(self, following: StartKey | None) -> None:
        if following:
            self.response.headers["Link"] = f'<{self._next(following)}>; rel="next"'

    def _next(self, following: StartKey) -> str:
        url = self.request.url.remove_query_params(["skip", "cursor"])
        url = url.include_query_params(cursor=self._seal(following), limit=self.limit)
        return f"{url.path}?{url.query}"

    @property
    def _list(self) -> str:
        """What the cursor is good for: this list with these filters, of this reader."""
        url = self.request.url.remove_query_params(["skip", "cursor", "limit"])
        return f"{url.path}?{url.query} {self.request.scope.get('user_id')}"

    def _signature(self, text: bytes, key: str) -> bytes:
        message = PURPOSE + self._list.encode() + b"\0" + text
        return hmac.new(key.encode(), message, hashlib.sha256).digest()

    def _seal(self, following: StartKey) -> str:
        text = json.dumps(following, separators=(",", ":")).encode()
        key = next(iter(signing_keys().values()))
        return urlsafe_b64encode(self._signature(text, key) + text).decode()

    def _open(self, cursor: str) -> StartKey:
        try:
            raw = urlsafe_b64decode(cursor.encode("ascii"))
        except (NotBase64, UnicodeEncodeError):
            raw = b""
        size = hashlib.sha256().digest_size
        signature, text = raw[:size], raw[size:]
        for key in signing_keys().values():
            if hmac.compare_digest(signature, self._signature(text, key)):
                start: StartKey = json.loads(text)
                return start
        raise Malformed("This cursor does not belong to this list", ("query", "cursor"))


async def page(
    request: Request,
    response: Response,
    skip: Annotated[int, Query(ge=0, le=MOST_SKIPPED)] = 0,
    limit: Annotated[int, Query(ge=1, le=100)] = 50,
    cursor: Annotated[str | None, Query(max_length=2000)] = None,
) -> Page:
    return Page(request, response, 0 if cursor else skip, limit, cursor)


async def long_page(
    request: Request,
    response: Response,
    limit: Annotated[int, Query(ge=1, le=1000)] = 1000,
    cursor: Annotated[str | None, Query(max_length=2000)] = None,
) -> Page:
    """Of what is not one list, but many."""
    return Page(request, response, 0, limit, cursor)


CurrentPage = Annotated[Page, Depends(page)]
LongPage = Annotated[Page, Depends(long_page)]
