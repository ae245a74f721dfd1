"""What words find, how a card looks, and what is suggested, straight from the index."""

import random
from typing import Any

import orjson

from benchmarks.search.crowd import entry, generated
from nexus.search.ranking import Place
from nexus.search.schemas import Wanted
from nexus.search.text import fold
from tests.nexus.search.conftest import Shelve
from tests.nexus.search.reading import cards, ids, walk
from tests.nexus.search.shelves import demo

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


def test_what_is_gone_is_suggested_no_longer(shelve: Shelve) -> None:
    gone = [
        entry(f"Keep {n}", n, tags=[f"stone{n}"], creator=f"storm{n}", creator_id=n)
        for n in range(2, 8)
    ]
    index = shelve([entry("Castle", 1, tags=["stucco"], creator="stuart"), *gone])
    for model in gone:
        index.remove(model.card["id"])
    index.commit()

    assert [each.text for each in index.suggest("st", 8) if each.kind == "tag"] == ["stucco"]
    assert [each.text for each in index.suggest("st", 8) if each.kind == "creator"] == ["stuart"]


def test_related_models_are_of_the_category_and_share_the_most(shelve: Shelve) -> None:
    castle = entry("Castle", 1, tags=["stone", "old"])
    index = shelve(
        [
            castle,
            entry("Fort", 2, tags=["stone", "old"], creator_id=8),
            entry("Keep", 3, tags=["stone"], creator_id=8),
            entry("Hut", 4, creator_id=8),
            entry("Boat", 5, tags=["stone", "old"], category="Vehicles"),
        ]
    )
    found = index.related(castle.card, 10)
    assert [card["id"] for card in orjson.loads(found)] == [2, 3, 4]
