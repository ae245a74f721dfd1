from datetime import UTC, datetime, timedelta
from itertools import pairwise

from nexus.ids import EPOCH, LARGEST, new_id

NOON = datetime(2025, 8, 17, 12, tzinfo=UTC)


def test_ids_are_integers_that_javascript_can_hold() -> None:
    assert LARGEST == 2**53 - 1
    last = EPOCH + timedelta(seconds=2**30 - 1)
    assert last.year == 2059
    for at in (NOON, last):
        for _ in range(100):
            assert 0 < new_id(at) <= LARGEST


def test_ids_sort_by_time() -> None:
    for _ in range(100):
        assert new_id(NOON) < new_id(NOON + timedelta(seconds=1))


def test_ids_cannot_be_counted_through() -> None:
    ids = [new_id(NOON) for _ in range(200)]

    assert len(set(ids)) >= 199
    assert len({later - earlier for earlier, later in pairwise(ids)}) > 190
