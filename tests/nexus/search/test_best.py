"""Ranking only the best of an order gives the page that ranking everything gives."""

from itertools import product
from typing import Any

import pytest

from benchmarks.search.crowd import generated
from nexus.search import best, facets
from nexus.search.index import Index
from nexus.search.ranking import ORDERS, Place
from nexus.search.schemas import Found, Wanted

MODELS = 3000
SEARCHES: tuple[dict[str, Any], ...] = (
    {},
    {"search": "ar"},
    {"search": "castle"},
    {"search": "ta ro"},
    {"search": "a"},
    {"rigged": False},
    {"search": "e", "free": False},
    {"format": "glb", "min_price": 5},
)


@pytest.fixture(scope="module")
def crowd(tmp_path_factory: pytest.TempPathFactory) -> Index:
    index = Index(tmp_path_factory.mktemp("crowd"), building=True)
    index.build(generated(MODELS))
    index.close()
    return index


@pytest.mark.parametrize("wanted", SEARCHES, ids=str)
def test_the_best_of_the_best_are_the_best_of_all(
    crowd: Index, wanted: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    for sort, skip in product((*ORDERS, "relevance"), (0, 30)):
        asked = Wanted.model_validate(wanted | {"sort": sort})

        def page(many: int, asked: Wanted = asked, skip: int = skip) -> Found:
            monkeypatch.setattr(best, "MANY", many)
            return crowd.find(asked, Place(skip), 20)

        assert page(many=10) == page(many=10**9)


def test_few_are_ranked_of_many(crowd: Index, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(best, "MANY", 10)
    monkeypatch.setattr(best, "FEWEST", 30)

    chosen = best.Best(crowd._searcher, crowd._queries).enough("popular", 20, MODELS)

    assert chosen is not None
    assert best.count(crowd._searcher, chosen[0]) < MODELS / 10


@pytest.mark.parametrize("wanted", SEARCHES, ids=str)
def test_both_ways_of_counting_kinds_count_alike(
    crowd: Index, wanted: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    def told(few: float) -> dict[str, Any]:
        monkeypatch.setattr(facets, "FEW", few)
        crowd._facets.clear()
        counted = crowd.facets(Wanted.model_validate(wanted)).model_dump()
        counted["tag"] = sorted(each["count"] for each in counted["tag"])
        return {facet: each if facet == "tag" else _sorted(each) for facet, each in counted.items()}

    assert told(few=0) == told(few=2)


def _sorted(found: Any) -> Any:
    return sorted(map(str, found)) if isinstance(found, list) else found
