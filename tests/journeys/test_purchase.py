"""The journey of a model on the local cloud: from an uploaded GLB to a bought download."""

from pathlib import Path

import pytest

from local import stack as local_stack
from tests.journeys.files import REAL, ring
from tests.journeys.journey import Cast, whole_journey
from tests.journeys.people import People


def test_a_file_becomes_a_model_that_is_sold_and_downloaded(cast: Cast) -> None:
    whole_journey(cast, "ring.glb", ring())


@pytest.mark.parametrize("path", REAL)
def test_so_do_the_files_of_other_makers(cast: Cast, path: Path) -> None:
    whole_journey(cast, path.name, path.read_bytes())


def test_so_it_goes_with_moto_in_place_of_the_local_aws() -> None:
    with local_stack.running(backend="moto") as stack, People(stack) as people:
        whole_journey(Cast.of(stack, people), "ring.glb", ring())
