import pytest

from tests.infrastructure.stack import Stack, expanded


@pytest.fixture(scope="session")
def stack() -> Stack:
    return expanded()
