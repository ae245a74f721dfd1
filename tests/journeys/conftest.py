from collections.abc import Iterator

import pytest

from local import stack as local_stack
from local.stack import Stack
from tests.journeys.journey import Cast
from tests.journeys.people import People


@pytest.fixture(scope="session")
def stack() -> Iterator[Stack]:
    """The local cloud, empty, as `make run` starts it."""
    with local_stack.running() as stack:
        yield stack


@pytest.fixture
def people(stack: Stack) -> Iterator[People]:
    with People(stack) as people:
        yield people


@pytest.fixture
def cast(stack: Stack, people: People) -> Cast:
    return Cast.of(stack, people)
