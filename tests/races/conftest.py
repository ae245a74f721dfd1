from collections.abc import Iterator

import pytest

from local.template import Template
from tests.faults.local_aws import Clock, local_aws, moved_in
from tests.faults.world import World


@pytest.fixture(scope="session")
def template() -> Iterator[Template]:
    with local_aws() as template:
        yield template


@pytest.fixture(scope="module")
def clock(template: Template) -> Iterator[Clock]:
    with moved_in(template, at_once=False) as clock:
        yield clock


@pytest.fixture(scope="module")
def _world(clock: Clock) -> World:
    return World(clock)


@pytest.fixture
def world(_world: World) -> World:
    _world.empty()
    return _world
