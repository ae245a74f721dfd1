"""The best models of an order, enough of them that a page of those that fit is among them.

Ranking looks at every model that is found. Where that is most of the marketplace, it is given
those of the highest steps only, and knows afterwards whether they were enough.
"""

from collections.abc import Iterator

from tantivy import Query, Searcher

from nexus.search.queries import Queries, any_of
from nexus.search.steps import step_of

MANY = 15_000
"""Fewer than these are ranked in half a millisecond, which is not worth the trouble."""
FEWEST = 300
SPARE = 2
"""How many times as many as are needed are looked at, because they may lie unevenly."""


def count(searcher: Searcher, query: Query) -> int:
    """How many models fit: a tenth of what it costs to rank them."""
    counted = searcher.aggregate(query, {"all": {"value_count": {"field": "id"}}})
    return int(counted["all"]["value"])


class Best:
    def __init__(self, searcher: Searcher, queries: Queries) -> None:
        self._searcher = searcher
        self._queries = queries
        self._sizes: dict[str, list[tuple[str, int]]] = {}

    def enough(self, order: str, needed: int, total: int) -> tuple[Query, int] | None:
        """Models among which so many of `total` that fit should be, and the last step of theirs;
        `None` where one might as well look at all.
        """
        models = self._searcher.num_docs
        wanted = FEWEST + SPARE * needed * models / max(MANY, total)
        if total < MANY or wanted > models / 4:
            return None
        terms, found = list[str](), 0
        for term, size in self._from_best(order):
            terms.append(term)
            found += size
            if found >= wanted:
                break
        return any_of(self._queries.term("step", each) for each in terms), step_of(terms[-1])

    def _from_best(self, order: str) -> Iterator[tuple[str, int]]:
        field = order.removeprefix("-")
        if field not in self._sizes:
            self._sizes[field] = sorted(self._searcher.terms_with_prefix("step", f"{field}:"))
        sizes = self._sizes[field]
        return iter(sizes) if order == "price" else reversed(sizes)
