"""What counts as the same text, as a word and as a typing error."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nexus.search.text import distance, fold, forgiven, sought


@pytest.mark.parametrize(
    ("written", "folded"),
    [
        ("Café", "cafe"),
        ("cafe\u0301", "cafe"),
        ("STRASSE", "strasse"),
        ("Straße", "strasse"),
        ("Łódź", "lodz"),
        ("Ærø", "aero"),
        ("İSTANBUL", "istanbul"),
        ("\uff46\uff55ll", "full"),
        ("naïve", "naive"),
        ("Ångström", "angstrom"),
    ],
)
def test_case_and_accents_do_not_count(written: str, folded: str) -> None:
    assert fold(written) == folded


@given(st.text(max_size=30), st.text(max_size=10), st.text(max_size=30))
def test_a_part_of_a_text_stays_one_when_both_are_folded(
    before: str, part: str, after: str
) -> None:
    assert fold(part) in fold(before + part + after)


@pytest.mark.parametrize(
    ("search", "terms"),
    [
        ("", []),
        ("  \t ", []),
        ("low poly", ["low", "poly"]),
        ("low LOW Löw", ["low"]),
        ("x-wing", ["x", "wing"]),
        ("100%", ["100%"]),
        ("snake_case", ["snake_case"]),
        ("%", ["%"]),
        ("_", ["_"]),
        ('name:"castle" AND (tower OR *)^2', ["name", "castle", "and", "tower", "or", "2"]),
        ("!!!", ["!"]),
        ("→ 🦊", ["→", "🦊"]),
        ("a\x00b", ["a", "b"]),
        ("\x00\x01", []),
        ("قلعة", ["قلعة"]),
        ("城堡 模型", ["城堡", "模型"]),
    ],
)
def test_what_is_looked_for(search: str, terms: list[str]) -> None:
    assert sought(search) == terms


def test_longer_words_are_forgiven_more() -> None:
    assert [forgiven("x" * length) for length in (1, 3, 4, 6, 7, 20)] == [0, 0, 1, 1, 2, 2]


@pytest.mark.parametrize(
    ("one", "other", "letters"),
    [
        ("castle", "castle", 0),
        ("castel", "castle", 1),
        ("csatle", "castle", 1),
        ("cstle", "castle", 1),
        ("castlee", "castle", 1),
        ("cattle", "castle", 1),
        ("helikoptre", "helicopter", 2),
        ("", "abc", 3),
    ],
)
def test_how_far_words_are_apart(one: str, other: str, letters: int) -> None:
    assert distance(one, other) == distance(other, one) == letters
