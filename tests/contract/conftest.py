import pytest

from tests import workshop
from tests.gateway import Caller
from tests.people import Person, an_admin


@pytest.fixture
def anyone(house: None) -> Caller:
    return Caller()


@pytest.fixture
def ada(house: None) -> Person:
    """Makes models."""
    return Person("ada")


@pytest.fixture
def bea(house: None) -> Person:
    """Buys them."""
    return Person("bea")


@pytest.fixture
def root(house: None) -> Person:
    return an_admin("root")


@pytest.fixture
def castle(ada: Person) -> int:
    """A model of Ada's that is on sale for $19.99."""
    return workshop.stocked(ada)
