import pytest

from tests.gateway import Caller
from tests.people import Person, an_admin


@pytest.fixture(autouse=True)
def _house(house: None) -> None:
    """Every test here happens in the house."""


@pytest.fixture
def visitor() -> Caller:
    return Caller()


@pytest.fixture
def creator(house: None) -> Person:
    return Person("creator")


@pytest.fixture
def buyer(house: None) -> Person:
    return Person("buyer")


@pytest.fixture
def stranger(house: None) -> Person:
    return Person("stranger")


@pytest.fixture
def admin(house: None) -> Person:
    return an_admin("admin")
