import pytest
from hypothesis import given
from hypothesis import strategies as st

from nexus.accounts.names import MOST_KEY_BYTES, as_registered, email_key, username_key
from nexus.accounts.schemas import level


@given(st.emails())
def test_the_normal_form_is_its_own(address: str) -> None:
    normal = email_key(address)

    assert email_key(normal) == normal
    assert email_key(address.upper()) == email_key(address.lower())


@given(st.text(max_size=254))
def test_whatever_is_typed_has_a_form(text: str) -> None:
    normal = email_key(as_registered(text))

    assert "@" in normal
    assert len(normal.encode()) <= MOST_KEY_BYTES


@given(st.emails())
def test_an_address_is_registered_in_one_spelling(address: str) -> None:
    assert as_registered(as_registered(address)) == as_registered(address)


@given(st.text("abcXYZ019_.-", min_size=3, max_size=30))
def test_usernames_differ_by_more_than_case(name: str) -> None:
    assert username_key(name.upper()) == username_key(name.lower())


@pytest.mark.parametrize(
    ("dollars", "name"),
    [(0, "Bronze"), (999, "Bronze"), (1000, "Silver"), (9999, "Silver"), (10_000, "Gold"),
     (49_999, "Gold"), (50_000, "Platinum"), (10**7, "Platinum")],
)  # fmt: skip
def test_levels_follow_what_was_earned(dollars: int, name: str) -> None:
    assert level(dollars * 100) == name
