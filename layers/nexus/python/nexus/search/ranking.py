"""Pages of what a query finds, in one of the orders, and the places where the next ones begin.

A place names what was shown last, not how many were: models that come or go before it move
nothing. Orders by a field go on from the value of that field, at the cost of a first page. For
relevance tantivy has to find all those again that were shown, and the cost grows with them.
"""

from dataclasses import dataclass
from itertools import islice
from typing import Any, NamedTuple

from tantivy import DocAddress, Order, Query, Searcher, SearchResult

from nexus.search.queries import Queries, all_of
from nexus.search.schemas import Wanted

NEWCOMERS = 100
"""How many models may come before a place, from one page to the next, before one is missed."""
MOST_EQUALS = 40

ORDERS = {
    "newest": ("newest", Order.Desc),
    "popular": ("popular", Order.Desc),
    "price": ("price", Order.Asc),
    "-price": ("price", Order.Desc),
    "rating": ("rating", Order.Desc),
}


@dataclass(frozen=True)
class Place:
    """Where a page begins: after so many models, or after the value that the last one shown had.

    `shown` are the ids of all with that very value, `seen` counts all that were shown.
    """

    skip: int = 0
    after: float | None = None
    shown: tuple[int, ...] = ()
    seen: int = 0
    forgiving: bool = False

    @classmethod
    def of(cls, key: dict[str, Any] | None, skip: int) -> "Place":
        if key is None:
            return cls(skip)
        return cls(0, key["after"], tuple(key["shown"]), key["seen"], key["forgiving"])

    def key(self) -> dict[str, Any]:
        return {
            "after": self.after,
            "shown": self.shown,
            "seen": self.seen,
            "forgiving": self.forgiving,
        }

    @property
    def is_first(self) -> bool:
        return self.after is None


class Hit(NamedTuple):
    value: float
    address: DocAddress
    model_id: int


@dataclass(frozen=True)
class Page:
    addresses: list[DocAddress]
    total: int | None
    following: Place | None


def order_of(wanted: Wanted) -> str:
    searching = bool(wanted.search and wanted.search.strip())
    if wanted.sort == "relevance" and not searching:
        return "popular"
    return wanted.sort or ("relevance" if searching else "newest")


def ranked(
    searcher: Searcher, queries: Queries, query: Query, wanted: Wanted, place: Place, limit: int
) -> Page:
    order = order_of(wanted)
    if order == "relevance":
        hits, total = _by_relevance(searcher, query, place, limit + 1)
    else:
        hits, total = _by_field(searcher, queries, query, place, limit + 1, *ORDERS[order])
    return _page(hits, total, place, limit)


def _page(hits: list[Hit], total: int | None, place: Place, limit: int) -> Page:
    shown, more = hits[:limit], hits[limit:]
    following = _after(shown, place) if shown and more else None
    return Page([hit.address for hit in shown], total, following)


def _by_field(
    searcher: Searcher,
    queries: Queries,
    query: Query,
    place: Place,
    limit: int,
    field: str,
    order: Order,
) -> tuple[list[Hit], int | None]:
    if not place.is_first:
        value = int(place.after or 0)
        bounds = (value, None) if order == Order.Asc else (None, value)
        query = all_of([query, queries.between(field, *bounds)])
    result = searcher.search(
        query,
        limit + len(place.shown),
        count=place.is_first,
        offset=place.skip,
        order_by_field=field,
        order=order,
    )
    return _new(searcher, result.hits, place, limit), _total(result, place)


class Tops:
    """First pages of everything, which are asked for most.

    Whoever asks a second time is given the best from the value on that the last one had before:
    looking through one column costs a tenth of ranking all there is.
    """

    def __init__(self, searcher: Searcher, queries: Queries) -> None:
        self._searcher = searcher
        self._queries = queries
        self._last: dict[tuple[str, int], int] = {}

    def page(self, order: str, place: Place, limit: int) -> Page:
        field, direction = ORDERS[order]
        needed = place.skip + limit + 1
        last = self._last.get((order, needed))
        bounds = (None, last) if direction == Order.Asc else (last, None)
        query = Query.all_query() if last is None else self._queries.between(field, *bounds)
        hits, total = _by_field(
            self._searcher, self._queries, query, place, limit + 1, field, direction
        )
        if len(hits) > limit:
            self._last[order, needed] = int(hits[-1].value)
        return _page(hits, self._searcher.num_docs if last is not None else total, place, limit)


def _by_relevance(
    searcher: Searcher, query: Query, place: Place, limit: int
) -> tuple[list[Hit], int | None]:
    result = searcher.search(
        query,
        limit if place.is_first else place.seen + limit + NEWCOMERS,
        count=place.is_first,
        offset=place.skip,
        weight_by_field="weight",
    )
    hits = result.hits
    if place.after is not None:
        hits = [hit for hit in hits if hit[0] <= place.after]
    return _new(searcher, hits, place, limit), _total(result, place)


def _total(result: SearchResult, place: Place) -> int | None:
    return int(result.count) if place.is_first else None  # type: ignore[attr-defined]  # it has


def _new(
    searcher: Searcher, hits: list[tuple[Any, DocAddress]], place: Place, limit: int
) -> list[Hit]:
    """The first hits that were not shown before."""
    some = list(islice(hits, limit + len(place.shown)))
    ids = searcher.fast_field_values("id", [address for _, address in some])
    found = (
        Hit(value, address, int(model_id or 0))
        for (value, address), model_id in zip(some, ids, strict=True)
    )
    return [hit for hit in found if hit.model_id not in place.shown][:limit]


def _after(shown: list[Hit], place: Place) -> Place:
    value = shown[-1].value
    equals = [hit.model_id for hit in shown if hit.value == value]
    if value == place.after:
        equals = [*place.shown, *equals]
    seen = place.skip + place.seen + len(shown)
    return Place(0, value, tuple(equals[-MOST_EQUALS:]), seen, place.forgiving)
