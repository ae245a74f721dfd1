"""Filters, facets, orders and pages, straight from the index."""

import random
from decimal import Decimal
from typing import Any

import orjson
import pytest

from benchmarks.search.crowd import entry, generated
from nexus.search import facets
from nexus.search.index import Index
from nexus.search.ranking import Place
from nexus.search.schemas import Wanted
from tests.nexus.search.conftest import Shelve
from tests.nexus.search.reading import cards, ids, walk

# ---- Filters and facets

FILTERS: list[tuple[dict[str, Any], Any]] = [
    ({"category": "castle"}, lambda c: c["category"] == "Castle"),
    ({"tag": "MEDIEVAL"}, lambda c: "medieval" in c["tags"]),
    ({"min_price": Decimal("9.99")}, lambda c: c["price"] >= 9.99),
    ({"max_price": Decimal("9.99")}, lambda c: c["price"] <= 9.99),
    ({"free": True}, lambda c: c["price"] == 0),
    ({"free": False}, lambda c: c["price"] > 0),
    ({"min_polys": 1000, "max_polys": 50_000}, lambda c: 1000 <= c["poly_count"] <= 50_000),
    ({"format": "GLB"}, lambda c: "glb" in c["formats"]),
    ({"rigged": True}, lambda c: c["is_rigged"]),
    ({"animated": False}, lambda c: not c["is_animated"]),
    ({"texture_resolution": "4K"}, lambda c: c["texture_resolution"] == "4K"),
    ({"creator_id": 3}, lambda c: c["creator_id"] == 3),
    ({"min_rating": 4.0}, lambda c: c["rating"] >= 4),
    ({"featured": True}, lambda c: c["is_featured"]),
]


@pytest.fixture
def crowd(shelve: Shelve) -> Index:
    return shelve(generated(250))


@pytest.mark.parametrize(("wanted", "fits"), FILTERS)
def test_a_filter_keeps_what_fits_and_nothing_else(
    crowd: Index, wanted: dict[str, Any], fits: Any
) -> None:
    expected = {model.card["id"] for model in generated(250) if fits(model.card)}

    assert set(walk(crowd, 100, **wanted)) == expected
    assert crowd.find(Wanted(**wanted), Place(), 1).total == len(expected)


def test_filters_and_words_hold_together(crowd: Index) -> None:
    wanted: dict[str, Any] = {
        "search": "castle",
        "rigged": False,
        "max_price": Decimal(50),
        "format": "glb",
    }

    for card in cards(crowd, **wanted):
        assert not card["is_rigged"]
        assert card["price"] <= 50
        assert "glb" in card["formats"]


def test_each_facet_is_counted_without_its_own_filter(crowd: Index) -> None:
    every = {model.card["id"]: model.card for model in generated(250)}
    facets = crowd.facets(Wanted(category="castle", format="glb"))

    glb = [card for card in every.values() if "glb" in card["formats"]]
    both = [card for card in glb if card["category"] == "Castle"]
    castles = [card for card in every.values() if card["category"] == "Castle"]
    assert facets.total == len(both)
    for each in facets.category:
        assert each.count == sum(card["category"] == each.value for card in glb)
    for each in facets.format:
        assert each.count == sum(each.value in card["formats"] for card in castles)
    for each in facets.rigged:
        assert each.count == sum(card["is_rigged"] == (each.value == "true") for card in both)
    assert sum(each.count for each in facets.price) == len(both)
    assert sum(each.count for each in facets.polys) == len(both)
    for stars in facets.rating:
        assert stars.count == sum(card["rating"] >= stars.min_rating for card in both)
    for each in facets.creator_id:
        assert each.count == sum(card["creator_id"] == int(each.value) for card in both)


def test_facets_follow_what_changes(crowd: Index) -> None:
    assert crowd.facets(Wanted()).total == 250
    crowd.remove(1000)
    crowd.commit()

    assert crowd.facets(Wanted()).total == 249


def test_facets_count_what_the_list_shows(shelve: Shelve) -> None:
    index = shelve([entry("Castle", 1), entry("Castle 2", 2), entry("Coast", 3)])

    for search in ("cast", "castle", "casttle", "castle 2", "nothing", " "):
        wanted = Wanted(search=search)
        assert index.facets(wanted).total == index.find(wanted, Place(), 1).total, search
    assert index.facets(Wanted(search="cast")).total == 3, "one is forgiven its letters"


@pytest.mark.parametrize("few", [0, 2])
def test_a_facet_counts_what_its_filter_finds(
    shelve: Shelve, monkeypatch: pytest.MonkeyPatch, few: int
) -> None:
    monkeypatch.setattr(facets, "FEW", few)
    spelt = ("Chairs", "chairs", "chairs", "CHÁIRS", "Tables")
    index = shelve(entry("Oak", n, subcategory=name) for n, name in enumerate(spelt, 1))

    told = index.facets(Wanted(subcategory="Tables")).subcategory

    assert [(each.value, each.count) for each in told] == [("chairs", 4), ("Tables", 1)]
    for each in told:
        assert len(ids(index, subcategory=each.value)) == each.count


# ---- Orders and pages

ORDERS: dict[str, Any] = {
    "newest": lambda model: -model.since,
    "popular": lambda model: (
        -int(50 * model.card["downloads"] + 30 * model.card["likes"] + model.card["views"])
    ),
    "price": lambda model: model.card["price"],
    "-price": lambda model: -model.card["price"],
    "rating": lambda model: (-model.card["rating"], -model.reviews),
}


@pytest.mark.parametrize("sort", ORDERS)
def test_orders(crowd: Index, sort: str) -> None:
    known = {model.card["id"]: model for model in generated(250)}

    found = [ORDERS[sort](known[each]) for each in walk(crowd, 37, sort=sort)]

    assert len(found) == 250
    assert found == sorted(found)


@pytest.mark.parametrize("sort", [*ORDERS, "relevance"])
@pytest.mark.parametrize("limit", [1, 7, 100])
def test_pages_are_the_list_without_repeats_or_gaps(crowd: Index, sort: str, limit: int) -> None:
    whole = ids(crowd, search="a", sort=sort)

    assert walk(crowd, limit, search="a", sort=sort)[:100] == whole
    assert (
        len(set(walk(crowd, limit, search="a", sort=sort)))
        == crowd.find(Wanted(search="a"), Place(), 1).total
    )


@pytest.mark.parametrize("sort", [*ORDERS, "relevance"])
def test_equals_are_shown_once_each(shelve: Shelve, sort: str) -> None:
    index = shelve(entry("Castle", 128 * n, since=5) for n in range(1, 30))

    assert sorted(walk(index, 4, search="castle", sort=sort)) == [128 * n for n in range(1, 30)]


@pytest.mark.parametrize("sort", [*ORDERS, "relevance"])
def test_models_that_come_and_go_disturb_no_walk(shelve: Shelve, sort: str) -> None:
    """I20: what is there all the time is shown once; the rest may be shown, and at most once."""
    dice = random.Random(3)
    index = shelve(generated(80))
    stay = {model.card["id"] for model in generated(80)}
    place, seen = Place(), list[int]()
    newcomers = generated(60, first=5000, seed=9)
    while True:
        found = index.find(Wanted.model_validate({"search": "a", "sort": sort}), place, 9)
        seen += [card["id"] for card in orjson.loads(found.cards)]
        if found.following is None:
            break
        place = Place.of(found.following, 0)
        index.put([next(newcomers) for _ in range(3)])
        gone = dice.choice(sorted(stay))
        index.remove(gone)
        stay.discard(gone)
        index.commit()
    matching = stay & set(walk(index, 50, search="a"))
    assert len(seen) == len(set(seen))
    assert matching <= set(seen)


def test_skipping_counts_from_the_best(crowd: Index) -> None:
    whole = ids(crowd, sort="price")
    page = orjson.loads(crowd.find(Wanted(sort="price"), Place(skip=90), 10).cards)

    assert [card["id"] for card in page] == whole[90:]
    assert crowd.find(Wanted(), Place(skip=10_000), 10).cards == b"[]"
