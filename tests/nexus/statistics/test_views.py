import random

import pytest

from nexus.table import keys, views
from nexus.table.counters import counters
from nexus.table.views import count_view

SUBJECT = keys.tutorial_counters(7)


def test_every_view_is_written_while_there_are_few() -> None:
    for number in range(1, 6):
        assert count_view(SUBJECT, number - 1, draw=lambda: 0.999) == number
    assert counters(SUBJECT).views == 5


def test_of_many_views_few_are_written_and_count_for_the_others() -> None:
    assert count_view(SUBJECT, 50_000, draw=lambda: 0.5) == 50_000
    assert counters(SUBJECT).views == 0
    count_view(SUBJECT, 50_000, draw=lambda: 0.019)
    assert counters(SUBJECT).views == 50


def test_the_sum_stays_right_on_average(monkeypatch: pytest.MonkeyPatch) -> None:
    """200,000 views, counted in memory: within four standard deviations, for a few writes."""
    draw = random.Random(3).random
    known, writes = 0, 0

    def add(_: keys.Key, amount: int) -> int:
        nonlocal known, writes
        known, writes = known + amount, writes + 1
        return known

    monkeypatch.setattr(views, "add_views", add)
    for _ in range(200_000):
        count_view(SUBJECT, known, draw=draw)

    assert abs(known - 200_000) < 4 * 0.023 * 200_000
    assert writes < 8_000
