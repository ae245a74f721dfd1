"""Counting what is found by its kinds, each kind without the filter of its own."""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterator

from tantivy import Query, Searcher

from nexus.search.best import count
from nexus.search.kinds import ALL, FLAGS, FOLDED, NAMED, RANGES, term
from nexus.search.queries import Filters, all_of
from nexus.search.schemas import Count, Facets, PolygonCount, PriceCount, RatingCount
from nexus.search.text import fold

MOST, MOST_CREATORS, MOST_KINDS = {"tag": 50}, 20, 10_000
FEW = 1 / 6

type Kinds = dict[str, list[tuple[str, int]]]
"""Facet: its values with how many models have them, most first."""


def counted(searcher: Searcher, text: Query | None, filters: Filters) -> Facets:
    """The facets of what `text` finds (`None` for all) under these filters."""

    def without(own: str | None) -> Query:
        others = [each for facet, some in filters.items() if facet != own for each in some]
        return all_of([*([text] if text else []), *others])

    found = _kinds(searcher, without(None), "")
    total = sum(count for _, count in found[ALL])
    for facet in filters.keys() - {"creator_id"}:
        found[facet] = _kinds(searcher, without(facet), term(facet))[facet]
    return Facets(
        total=total,
        creator_id=_creators(searcher, without("creator_id")),
        **{facet: _counts(found[facet][: MOST.get(facet)]) for facet in (*NAMED, *FLAGS)},
        price=_ranges(found, "price", PriceCount),
        polys=_ranges(found, "polys", PolygonCount),
        rating=_stars(found),
    )


def _kinds(searcher: Searcher, query: Query, prefix: str) -> Kinds:
    """Few models are asked for their kinds one by one; where there are many, each kind is asked
    for its models, which costs the same however many there are.
    """
    few = count(searcher, query) < searcher.num_docs * FEW
    terms = _of_each_model(searcher, query) if few else _of_all(searcher, query, prefix)
    found: Kinds = defaultdict(list)
    for name, size in terms:
        facet, _, value = name.partition(":")
        found[facet].append((value, size))
    return found | {facet: _folded(found[facet]) for facet in FOLDED}


def _folded(found: list[tuple[str, int]]) -> list[tuple[str, int]]:
    """Values that one filter takes for the same, counted together as most models spell it."""
    spelt: dict[str, str] = {}
    sizes = Counter[str]()
    for value, size in sorted(found, key=lambda each: (-each[1], each[0])):
        sizes[spelt.setdefault(fold(value), value)] += size
    return sizes.most_common()


def _of_each_model(searcher: Searcher, query: Query) -> Iterator[tuple[str, int]]:
    answer = searcher.aggregate(query, {"kind": {"terms": {"field": "kind", "size": MOST_KINDS}}})
    return ((each["key"], each["doc_count"]) for each in answer["kind"]["buckets"])


def _of_all(searcher: Searcher, query: Query, prefix: str) -> Iterator[tuple[str, int]]:
    terms = searcher.terms_with_prefix("kind", prefix, filter_query=query)
    return ((name, size) for name, size in terms if size)


def _creators(searcher: Searcher, query: Query) -> list[Count]:
    asked = {"terms": {"field": "creator_id", "size": MOST_CREATORS}}
    buckets = searcher.aggregate(query, {"creator": asked})["creator"]["buckets"]
    return _counts([(str(int(each["key"])), each["doc_count"]) for each in buckets])


def _counts(found: list[tuple[str, int]]) -> list[Count]:
    return [Count(value=value, count=count) for value, count in found]


def _ranges[T](found: Kinds, facet: str, made: Callable[..., T]) -> list[T]:
    counts, bounds = dict(found[facet]), RANGES[facet]
    return [
        made(least=least, below=below, count=counts.get(str(number), 0))
        for number, (least, below) in enumerate(zip(bounds, (*bounds[1:], None), strict=True))
    ]


def _stars(found: Kinds) -> list[RatingCount]:
    """How many have so many stars or more."""
    return [
        RatingCount(
            min_rating=stars,
            count=sum(count for value, count in found["rating"] if int(value) >= stars),
        )
        for stars in RANGES["rating"][1:]
    ]
