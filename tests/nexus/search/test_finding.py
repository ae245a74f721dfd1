"""Lists, filters, orders and facets, straight from the index."""

import random
from decimal import Decimal
from typing import Any

import orjson
import pytest

from nexus.search.index import Index
from nexus.search.ranking import Place
from nexus.search.schemas import Wanted
from nexus.search.text import fold
from tests.nexus.search.conftest import Shelve
from tests.nexus.search.shelves import demo, entry, generated


def cards(index: Index, limit: int = 100, **wanted: Any) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = orjson.loads(
        index.find(Wanted.model_validate(wanted), Place(), limit).cards
    )
    return found


def ids(index: Index, **wanted: Any) -> list[int]:
    return [card["id"] for card in cards(index, **wanted)]


def walk(index: Index, limit: int, **wanted: Any) -> list[int]:
    """All pages, each from where the one before ended."""
    place, seen = Place(), list[int]()
    while True:
        found = index.find(Wanted.model_validate(wanted), place, limit)
        seen += [card["id"] for card in orjson.loads(found.cards)]
        if found.following is None:
            return seen
        place = Place.of(orjson.loads(orjson.dumps(found.following)), 0)


# ---- The promise of the guide: any part of name or description


def test_any_part_of_a_name_or_a_description_finds_the_model(shelve: Shelve) -> None:
    models = [*demo(), *generated(60)]
    index = shelve(models)
    dice = random.Random(11)
    for model in models:
        for text in (model.card["name"], model.card["description"]):
            for _ in range(4):
                begin = dice.randrange(len(text))
                part = text[begin : begin + dice.randint(1, 12)]
                told = dice.choice([part.lower(), part.upper(), part])
                if part.strip():
                    polys = model.card["poly_count"]
                    wanted = Wanted(search=told, min_polys=polys, max_polys=polys)
                    page = index.find(wanted, Place(), 100)
                    found = [card["id"] for card in orjson.loads(page.cards)]
                    assert model.card["id"] in found, (told, text)


def test_nothing_is_found_by_a_word_it_has_not(shelve: Shelve) -> None:
    index = shelve(demo())
    texts = {model.card["id"]: fold(all_text(model.card)) for model in demo()}
    dice = random.Random(2)
    for _ in range(300):
        word = "".join(dice.choices("abcdefghiklmnoprstu", k=dice.randint(1, 4)))
        having = {model_id for model_id, text in texts.items() if word in text}
        found = set(ids(index, search=word))
        assert found == having or (len(having) < 5 and found > having), word


def all_text(card: dict[str, Any]) -> str:
    labels = [*card["tags"], card["creator"]["username"]]
    return " ".join([card["name"], card["description"], *labels])


def test_percent_and_underscore_are_letters(shelve: Shelve) -> None:
    index = shelve([entry("100% wool", 1), entry("100 wool", 2), entry("a_b", 3), entry("axb", 4)])
    assert ids(index, search="%") == [1]
    assert ids(index, search="100%") == [1]
    assert ids(index, search="_") == [3]
    assert ids(index, search="a_b") == [3]
    assert set(ids(index, search="100")) == {1, 2}


def test_every_word_must_be_somewhere(shelve: Shelve) -> None:
    index = shelve(
        [
            entry("Red Castle", 1, tags=["stone"]),
            entry("Castle", 2, description="Red and old"),
            entry("Castle", 3, creator="redbeard"),
            entry("Castle", 4),
            entry("Red", 5),
        ]
    )
    assert set(ids(index, search="red castle")) == {1, 2, 3}
    assert ids(index, search="castle stone") == [1]
    assert ids(index, search="castle stone iron") == []


def test_a_word_that_is_common_to_all_and_long_enough_is_found_by_its_parts(
    shelve: Shelve,
) -> None:
    many = [entry(f"{chr(97 + n // 26)}{chr(97 + n % 26)}interior", n + 1) for n in range(300)]
    index = shelve([*many, entry("Outside", 999)])

    assert index.find(Wanted(search="interi"), Place(), 1).total == 300


# ---- Forgiving


def test_a_typing_error_is_forgiven_where_nothing_has_the_word_as_typed(shelve: Shelve) -> None:
    index = shelve([entry("Castle", 1), entry("Castel Sant'Angelo", 2)])

    assert ids(index, search="casttle")[0] == 1
    assert ids(index, search="catsle tower") == []
    found = index.find(Wanted(search="casstle"), Place(), 10)
    assert found.did_you_mean == "castle"
    assert index.find(Wanted(search="castle"), Place(), 10).did_you_mean is None


def test_short_words_are_taken_as_they_are(shelve: Shelve) -> None:
    index = shelve([entry("Car", 1), entry("Cat", 2)])

    assert ids(index, search="cab") == []


def test_a_guess_is_told_only_if_it_leads_somewhere(shelve: Shelve) -> None:
    index = shelve([entry("Helicopter", 1), entry("Rescue boat", 2)])

    assert index.find(Wanted(search="helicoptre"), Place(), 10).did_you_mean == "helicopter"
    assert index.find(Wanted(search="helikobtre rescue"), Place(), 10).did_you_mean is None
    assert index.find(Wanted(search="qqqqqqqq"), Place(), 10).did_you_mean is None


def test_pages_of_a_forgiving_search_stay_forgiving(shelve: Shelve) -> None:
    index = shelve(entry(f"Castle {n}", n) for n in range(1, 12))

    assert sorted(walk(index, 3, search="casstle")) == list(range(1, 12))


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


# ---- What a card is


def test_a_card_is_what_was_put_in(shelve: Shelve) -> None:
    [model] = generated(1)

    assert cards(shelve([model])) == [model.card]


def test_a_description_cannot_pretend_to_be_an_address(shelve: Shelve) -> None:
    model = entry(description='"\\u0001 and "http://localhost:8000/ too \u0001')

    assert cards(shelve([model])) == [model.card]


def test_what_is_put_again_takes_the_place_of_what_was_known(shelve: Shelve) -> None:
    index = shelve([entry("Castle", 1), entry("Tower", 2, creator_id=8)])
    index.put([entry("Palace", 1)])
    index.commit()

    assert ids(index, search="castle") == []
    assert ids(index, search="palace") == [1]
    index.remove_all_of(8)
    index.commit()
    assert ids(index) == [1]


# ---- Suggestions


def test_suggestions_begin_as_it_was_typed(shelve: Shelve) -> None:
    index = shelve([*demo(), entry("Robotic Arm", 900, downloads=50)])

    def told(typed: str) -> list[str]:
        return [each.text for each in index.suggest(typed, 8)]

    assert set(told("rob")[:2]) == {"Robotic Arm", "Pip the Robot"}
    assert "robot" in told("rob"), "tags too"
    assert told("desk l")[0] == "Mustard Desk Lamp"
    assert told("tide")[-1] == "tidepool"
    assert told("pengiu")[0] == "Winter Penguin"
    assert told("") == told("  !") == []
    assert len(index.suggest("a", 3)) == 3


def test_related_models_are_of_the_category_and_share_the_most(shelve: Shelve) -> None:
    index = shelve(
        [
            entry("Castle", 1, tags=["stone", "old"]),
            entry("Fort", 2, tags=["stone", "old"], creator_id=8),
            entry("Keep", 3, tags=["stone"], creator_id=8),
            entry("Hut", 4, creator_id=8),
            entry("Boat", 5, tags=["stone", "old"], category="Vehicles"),
        ]
    )
    found = index.related(1, 10)
    assert found is not None
    assert [card["id"] for card in orjson.loads(found)] == [2, 3, 4]
    assert index.related(77, 10) is None
