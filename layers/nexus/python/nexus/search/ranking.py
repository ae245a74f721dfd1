"""Pages of what a query finds, in one of the orders, and the places where the next ones begin.

A place names what was shown last, not how many were: models that come or go before it move
nothing. Orders by a field go on from the value of that field, at the cost of a first page. For
relevance tantivy has to find all those again that were shown, and the cost grows with them.
"""

from dataclasses import dataclass, field
from itertools import islice
from typing import Any, NamedTuple

from tantivy import DocAddress, Occur, Order, Query, Searcher

from nexus.search.best import Best, count
from nexus.search.queries import Queries, all_of, any_of
from nexus.search.schemas import Wanted
from nexus.search.steps import FACTORS

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


@dataclass(frozen=True)
class Sought:
    """All of `fits` is wanted; what is among `better` scores more than the rest of it.

    `base` is what that rest scores, `None` where it is not the same for all. `total` is how many
    fit, where that is known.
    """

    fits: Query
    better: list[Query] = field(default_factory=list)
    base: float | None = None
    total: int | None = None

    @property
    def query(self) -> Query:
        should = [(Occur.Should, each) for each in self.better]
        return Query.boolean_query([(Occur.Must, self.fits), *should])


class Ranking:
    """Pages of what a searcher finds."""

    def __init__(self, searcher: Searcher, queries: Queries) -> None:
        self._searcher = searcher
        self._queries = queries
        self._best = Best(searcher, queries)

    def page(self, sought: Sought, wanted: Wanted, place: Place, limit: int) -> Page:
        order = order_of(wanted)
        find = self._by_relevance if order == "relevance" else self._by_field
        hits, total = find(sought, order, place, limit + 1)
        shown, more = hits[:limit], hits[limit:]
        following = _after(shown, place) if shown and more else None
        return Page([hit.address for hit in shown], total if place.is_first else None, following)

    def _by_field(
        self, sought: Sought, name: str, place: Place, limit: int
    ) -> tuple[list[Hit], int | None]:
        field, order = ORDERS[name]
        fetched = limit + len(place.shown)

        def search(query: Query) -> list[Any]:
            return self._searcher.search(
                query, fetched, count=False, offset=place.skip, order_by_field=field, order=order
            ).hits

        if not place.is_first:
            value = int(place.after or 0)
            bounds = (value, None) if order == Order.Asc else (None, value)
            later = all_of([sought.fits, self._queries.between(field, *bounds)])
            return self._new(search(later), place, limit), None
        total = self.total(sought)
        if enough := self._best.enough(name, place.skip + limit, total):
            hits = search(all_of([sought.fits, enough[0]]))
            if len(hits) == fetched:
                return self._new(hits, place, limit), total
        return self._new(search(sought.fits) if total else [], place, limit), total

    def _by_relevance(
        self, sought: Sought, name: str, place: Place, limit: int
    ) -> tuple[list[Hit], int | None]:
        fetched = limit if place.is_first else place.seen + limit + NEWCOMERS

        def search(query: Query) -> list[Any]:
            return self._searcher.search(
                query, fetched, count=False, offset=place.skip, weight_by_field="weight"
            ).hits

        total = self.total(sought)
        hits = None
        if sought.base is not None:
            enough = self._best.enough(name, place.skip + fetched, total)
            if enough:
                among = Query.const_score_query(any_of([*sought.better, enough[0]]), 0.0)
                some = search(all_of([sought.query, among]))
                least = sought.base * enough[1] / FACTORS * 1.000001
                hits = some if len(some) == fetched and some[-1][0] >= least else None
        if hits is None:
            hits = search(sought.query) if total else []
        if place.after is not None:
            hits = [hit for hit in hits if hit[0] <= place.after]
        return self._new(hits, place, limit), total

    def total(self, sought: Sought) -> int:
        """How many fit."""
        return count(self._searcher, sought.fits) if sought.total is None else sought.total

    def _new(self, hits: list[tuple[Any, DocAddress]], place: Place, limit: int) -> list[Hit]:
        """The first hits that were not shown before."""
        some = list(islice(hits, limit + len(place.shown)))
        ids = self._searcher.fast_field_values("id", [address for _, address in some])
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
