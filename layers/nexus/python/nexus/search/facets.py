"""Counting what is found by its kinds, each kind without the filter of its own."""

from collections.abc import Iterator
from typing import Any

from tantivy import Query, Searcher

from nexus.search.documents import FLAGS
from nexus.search.queries import Filters, all_of
from nexus.search.schemas import Count, Facets, PolygonCount, PriceCount, RatingCount

MOST = {"tag": 50, "creator_id": 20}
KINDS = ("category", "subcategory", "tag", "format", "texture_resolution", "creator_id")
CENTS = (0, 1, 1000, 2500, 5000, 10_000, 25_000)
POLYGONS = (0, 1000, 10_000, 50_000, 250_000, 1_000_000)
STARS = (1, 2, 3, 4)
TOTAL = "total"


def counted(searcher: Searcher, text: Query | None, filters: Filters) -> Facets:
    """The facets of what `text` finds (`None` for all) under these filters."""
    facets = [TOTAL, *KINDS, *FLAGS, "price", "polys", "rating"]
    answers: dict[str, Any] = {}
    for own, some in _alike(facets, filters):
        others = [each for facet, queries in filters.items() if facet != own for each in queries]
        query = all_of([*([text] if text else []), *others])
        answers |= _ask(searcher, query, some)
    kinds = {facet: _kinds(answers[facet]) for facet in KINDS}
    stars_found = list(_ranges(answers["rating"], (0, *STARS), 100))
    flags = {flag: answers[flag] for flag in FLAGS}
    return Facets(
        total=answers[TOTAL],
        **kinds,
        **flags,
        price=[
            PriceCount(least=least, below=below, count=n)
            for least, below, n in _ranges(answers["price"], CENTS)
        ],
        polys=[
            PolygonCount(least=least, below=below, count=n)
            for least, below, n in _ranges(answers["polys"], POLYGONS)
        ],
        rating=[
            RatingCount(
                min_rating=stars, count=sum(n for least, _, n in stars_found if least >= stars)
            )
            for stars in STARS
        ],
    )


def _alike(facets: list[str], filters: Filters) -> Iterator[tuple[str | None, list[str]]]:
    """The facets by what is left out for them: most of them leave out nothing."""
    yield None, [facet for facet in facets if facet not in filters]
    for facet in filters:
        yield facet, [facet]


def _ask(searcher: Searcher, query: Query, facets: list[str]) -> dict[str, Any]:
    flags = [flag for flag in FLAGS if flag in facets]
    asked: dict[str, Any] = {"all": {"value_count": {"field": "id"}}}
    asked |= {
        facet: {"terms": {"field": facet, "size": MOST.get(facet, 100)}}
        for facet in facets
        if facet in KINDS
    }
    if flags:
        asked["flag"] = {"terms": {"field": "flag", "size": len(FLAGS)}}
    for facet, field, bounds in (("price", "cents", CENTS), ("polys", "polys", POLYGONS)):
        if facet in facets:
            asked[facet] = {"range": {"field": field, "ranges": _steps(bounds)}}
    if "rating" in facets:
        asked["rating"] = {"range": {"field": "stars", "ranges": _steps((0, *STARS), 100)}}
    answer = searcher.aggregate(query, asked)
    total = int(answer["all"]["value"])
    answer[TOTAL] = total
    for flag in flags:
        yes = {each["key"]: each["doc_count"] for each in answer["flag"]["buckets"]}.get(flag, 0)
        counts = (("true", yes), ("false", total - yes))
        answer[flag] = [Count(value=value, count=count) for value, count in counts if count]
    return {facet: answer[facet] for facet in facets}


def _steps(bounds: tuple[int, ...], unit: int = 1) -> list[dict[str, float]]:
    following = [*bounds[1:], None]
    return [
        {"from": float(unit * least)} | ({} if below is None else {"to": float(unit * below)})
        for least, below in zip(bounds, following, strict=True)
    ]


def _kinds(answer: dict[str, Any]) -> list[Count]:
    return [
        Count(
            value=str(bucket.get("key_as_string") or _plain(bucket["key"])),
            count=bucket["doc_count"],
        )
        for bucket in answer["buckets"]
    ]


def _plain(key: object) -> object:
    return int(key) if isinstance(key, float) else key


def _ranges(
    answer: dict[str, Any], bounds: tuple[int, ...], unit: int = 1
) -> Iterator[tuple[int, int | None, int]]:
    found = {round(bucket.get("from") or 0): bucket["doc_count"] for bucket in answer["buckets"]}
    for least, below in zip(bounds, [*bounds[1:], None], strict=True):
        yield least, below, found.get(unit * least, 0)
