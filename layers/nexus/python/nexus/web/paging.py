"""Paging: `skip` and `limit` as the storefront has them, and signed cursors beyond."""

import hashlib
import hmac
import json
import zlib
from base64 import urlsafe_b64decode, urlsafe_b64encode
from binascii import Error as NotBase64
from collections.abc import Callable
from dataclasses import dataclass
from typing import Annotated, Any, Protocol

from fastapi import Depends, Query, Request, Response

from nexus.errors import Malformed
from nexus.outside.secrets import signing_keys

MOST_SKIPPED = 10_000
LONGEST_CURSOR = 2000
PURPOSE = b"nexus-models cursor 2"
"""Its number grows with the form of what cursors hold: older ones are no good then."""

type StartKey = dict[str, Any]
type Place = StartKey | int
"""Where a page begins: after a key, or after so many from the start of the list."""
type Read[T] = Callable[[StartKey | None, int], tuple[list[T], StartKey | None]]


class Stretch(Protocol):
    """Part of a list; `following` is the key that the next part starts after."""

    @property
    def following(self) -> StartKey | None: ...


@dataclass(frozen=True)
class Page:
    """A stretch of a list.

    Answers tell in the `Link` header (RFC 8288) where the next stretch begins and the one before.
    Lists are only read forwards, so a cursor also tells where the pages before it began, the
    last one first. Of a walk so long that a cursor cannot hold all of them, the first are left out.
    What a cursor leads to skips nothing.
    """

    request: Request
    response: Response
    skip: int
    limit: int
    cursor: str | None

    def read[T](self, read: Read[T]) -> list[T]:
        """The items of this page from a function that reads from a start key on."""
        start, trail = self._begin()
        items, following = read(start, self.skip + self.limit)
        self._link(following, start, trail)
        return items[self.skip :]

    def read_from[T: Stretch](self, read: Callable[[StartKey | None, int, int], T]) -> T:
        """This page from a function that reads from a start key on, or skips by itself."""
        start, trail = self._begin()
        found = read(start, self.skip, self.limit)
        self._link(found.following, start, trail)
        return found

    def _begin(self) -> tuple[StartKey | None, list[Place]]:
        """Where this page begins, if not after `skip`, and where those before it did."""
        if self.cursor:
            start, *trail = self._open(self.cursor)
            return start, trail
        return None, [max(0, self.skip - self.limit)] if self.skip else []

    def _link(self, following: StartKey | None, start: StartKey | None, trail: list[Place]) -> None:
        links = []
        if following:
            links.append(
                f'<{self._leading_to([following, start or self.skip, *trail])}>; rel="next"'
            )
        if trail:
            links.append(f'<{self._leading_to(trail)}>; rel="prev"')
        if links:
            self.response.headers["Link"] = ", ".join(links)

    def _leading_to(self, places: list[Place]) -> str:
        """The address of the page that begins at the first of these places."""
        url = self.request.url.remove_query_params(["skip", "cursor"])
        to = {"skip": places[0]} if isinstance(places[0], int) else {"cursor": self._seal(places)}
        url = url.include_query_params(**to, limit=self.limit)
        return f"{url.path}?{url.query}"

    @property
    def _list(self) -> str:
        """What the cursor is good for: this list with these filters, of this reader."""
        url = self.request.url.remove_query_params(["skip", "cursor", "limit"])
        return f"{url.path}?{url.query} {self.request.scope.get('user_id')}"

    def _signature(self, text: bytes, key: str) -> bytes:
        message = PURPOSE + self._list.encode() + b"\0" + text
        return hmac.new(key.encode(), message, hashlib.sha256).digest()

    def _seal(self, places: list[Place]) -> str:
        text = zlib.compress(json.dumps(places, separators=(",", ":")).encode())
        key = next(iter(signing_keys().values()))
        cursor = urlsafe_b64encode(self._signature(text, key) + text).decode()
        fits = len(cursor) <= LONGEST_CURSOR or len(places) == 1
        return cursor if fits else self._seal(places[:-1])

    def _open(self, cursor: str) -> list[Any]:
        try:
            raw = urlsafe_b64decode(cursor.encode("ascii"))
        except (NotBase64, UnicodeEncodeError):
            raw = b""
        size = hashlib.sha256().digest_size
        signature, text = raw[:size], raw[size:]
        for key in signing_keys().values():
            if hmac.compare_digest(signature, self._signature(text, key)):
                places: list[Any] = json.loads(zlib.decompress(text))
                return places
        raise Malformed("This cursor does not belong to this list", ("query", "cursor"))


async def page(
    request: Request,
    response: Response,
    skip: Annotated[int, Query(ge=0, le=MOST_SKIPPED)] = 0,
    limit: Annotated[int, Query(ge=1, le=100)] = 50,
    cursor: Annotated[str | None, Query(max_length=LONGEST_CURSOR)] = None,
) -> Page:
    return Page(request, response, 0 if cursor else skip, limit, cursor)


async def long_page(
    request: Request,
    response: Response,
    limit: Annotated[int, Query(ge=1, le=1000)] = 1000,
    cursor: Annotated[str | None, Query(max_length=LONGEST_CURSOR)] = None,
) -> Page:
    """Of what is not one list, but many."""
    return Page(request, response, 0, limit, cursor)


CurrentPage = Annotated[Page, Depends(page)]
LongPage = Annotated[Page, Depends(long_page)]
