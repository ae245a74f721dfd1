import pytest


@pytest.fixture(autouse=True)
def _house(house: None) -> None:
    """Every test here happens in the house."""
