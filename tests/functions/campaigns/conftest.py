import pytest

from local.postbox.sink import Sink
from tests.mailroom import carry_out
from tests.people import Person, an_admin


@pytest.fixture(autouse=True)
def _alive(living_house: None, sink: Sink) -> None:
    """The house's mails arrive in the sink."""


@pytest.fixture
def admin(_alive: None) -> Person:
    return an_admin("root")


@pytest.fixture
def crowd(admin: Person, sink: Sink) -> list[Person]:
    """Three more users; their welcomes are over."""
    people = [Person(f"user{number}") for number in range(3)]
    carry_out()
    sink.empty()
    return people
