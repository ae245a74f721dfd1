"""Which models are trending: computed every hour, and until then what admins say."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from typing import Any
from unittest.mock import patch

import pytest

from nexus.catalogue.trending import compute_trending
from nexus.table import items, keys
from nexus.table.catalogue import ModelItem
from nexus.table.counters import addition
from nexus.table.items import commit
from tests import cloud
from tests.gateway import Context, handler
from tests.people import Person
from tests.workshop import shelf

NOW = datetime.now(UTC)
A_MONTH_LATER = NOW.date() + timedelta(days=30)


class Died(Exception):
    """The job's process is gone."""


@contextmanager
def dying_after(writes: int) -> Iterator[None]:
    """Only so many of the writes that follow are carried out."""
    left = iter(range(writes))

    def insist(write: Any) -> None:
        if next(left, None) is None:
            raise Died
        write()

    with patch.object(items, "_insist", insist):
        yield


@pytest.fixture
def ids(creator: Person) -> list[int]:
    """Three models on sale."""
    return shelf(creator, ("Chairs", "Lamps", "Chairs"))


def downloaded(*model_ids: int) -> None:
    """Let that have happened today."""
    for model_id in model_ids:
        commit(addition(keys.model_day(model_id, NOW), {"downloads": 1}))


def compute() -> list[int]:
    found: list[int] = handler("JobsFunction")({"job": "compute-trending"}, Context())["model_ids"]
    return found


def flag(admin: Person, model_id: int, **flags: bool) -> None:
    answer = admin.patch(f"/api/admin/models/{model_id}", json=flags, headers={"If-Match": "*"})
    assert answer.status_code == 200, answer.text


def marked() -> set[int]:
    return {model.id for model in cloud.of_kind(ModelItem) if model.is_trending}


def test_what_happened_lately_is_trending_and_after_a_while_no_more(ids: list[int]) -> None:
    downloaded(*ids[:2])

    assert set(compute()) == marked() == set(ids[:2])
    assert compute_trending(A_MONTH_LATER) == []
    assert marked() == set()


def test_computing_again_writes_nothing(ids: list[int]) -> None:
    downloaded(*ids)
    compute()
    before = cloud.rows()

    assert set(compute()) == set(ids)
    assert cloud.rows() == before


def test_what_an_admin_marks_is_trending_until_it_is_computed_again(
    ids: list[int], admin: Person
) -> None:
    downloaded(ids[0])
    compute()

    flag(admin, ids[1], is_trending=True)
    assert marked() == set(ids[:2])

    assert compute() == ids[:1]
    assert marked() == set(ids[:1])


def test_what_an_admin_unmarks_is_not_trending_until_it_is_computed_again(
    ids: list[int], admin: Person
) -> None:
    downloaded(ids[0])
    compute()

    flag(admin, ids[0], is_trending=False)
    flag(admin, ids[1], is_featured=True)
    assert marked() == set()

    compute()
    assert marked() == {ids[0]}


@pytest.mark.parametrize("writes", range(3))
def test_no_mark_outlives_a_job_that_died(ids: list[int], writes: int) -> None:
    downloaded(*ids)
    with dying_after(writes), pytest.raises(Died):
        compute()
    assert len(marked()) == writes

    compute_trending(A_MONTH_LATER)

    assert marked() == set()
