from datetime import UTC, datetime
from itertools import permutations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nexus.ids import LARGEST
from nexus.table import keys
from nexus.table.items import (
    Check,
    ConditionFailed,
    Delete,
    Item,
    Put,
    Step,
    Update,
    commit,
    create,
    find,
    find_all,
    put,
    update,
)
from nexus.table.throttles import ThrottleItem
from tests import cloud


def counter(name: str, attempts: int = 0) -> ThrottleItem:
    return ThrottleItem(*keys.throttle(name, 0), attempts=attempts)


def attempts(name: str) -> int | None:
    item = find(ThrottleItem, keys.throttle(name, 0))
    return item.attempts if item else None


def test_all_steps_are_written_or_none() -> None:
    put(create(counter("kept", 1)))
    put(create(counter("gone", 1)))

    commit(
        Update(counter("kept"), [ThrottleItem.attempts.add(1)]),
        create(counter("new", 5)),
        Delete(counter("gone")),
        Check(counter("absent"), Item.pk.does_not_exist()),
    )

    assert (attempts("kept"), attempts("new"), attempts("gone")) == (2, 5, None)
    before = cloud.rows()
    with pytest.raises(ConditionFailed):
        commit(
            Update(counter("kept"), [ThrottleItem.attempts.add(1)]),
            create(counter("newer")),
            create(counter("new")),
        )
    assert cloud.rows() == before


def test_a_transaction_that_fails_leaves_its_neighbours_and_the_stream_alone() -> None:
    def minute(number: int, attempts: int = 0) -> ThrottleItem:
        return ThrottleItem(*keys.throttle("one partition", number), attempts=attempts)

    with cloud.streaming():
        for number in range(3):
            put(create(minute(number, number)))
        before = cloud.rows(), cloud.told()

        for first in (Delete(minute(0)), create(minute(4)), create(counter("elsewhere"))):
            with pytest.raises(ConditionFailed):
                commit(
                    first,
                    Update(minute(1), [ThrottleItem.attempts.add(1)]),
                    Update(minute(2), [ThrottleItem.attempts.add(1)], ThrottleItem.attempts == 7),
                )

            assert (cloud.rows(), cloud.told()) == before


def test_the_steps_that_failed_are_told_whatever_their_order() -> None:
    put(create(counter("taken", 1)))
    fine = create(counter("free"))
    taken = create(counter("taken"))
    never = Check(counter("absent"), Item.pk.exists())
    changed = Update(counter("taken"), [ThrottleItem.attempts.set(9)], ThrottleItem.attempts == 1)

    steps: tuple[Step, ...] = (fine, taken, never)
    for order in permutations(steps):
        with pytest.raises(ConditionFailed) as failure:
            commit(*order)
        assert set(failure.value.steps) == {taken, never}
    commit(fine, changed)
    assert attempts("taken") == 9


def test_one_write_says_that_its_condition_failed() -> None:
    item = counter("taken", 1)
    put(create(item))

    with pytest.raises(ConditionFailed):
        put(Put(counter("taken", 2), Item.pk.does_not_exist()))
    with pytest.raises(ConditionFailed):
        update(Update(item, [ThrottleItem.attempts.set(2)], ThrottleItem.attempts == 5))
    assert attempts("taken") == 1


def test_many_keys_are_found_in_few_calls() -> None:
    wanted = [keys.throttle(f"{n}", 0) for n in range(120)]
    for n in (0, 99, 100, 119):
        put(create(counter(f"{n}", n)))

    with cloud.calls() as calls:
        found = find_all([*wanted, *wanted])
        assert find_all([]) == {}

    assert calls == ["BatchGetItem", "BatchGetItem"]
    assert {key.pk.rpartition("#")[2] for key in found} == {"0", "99", "100", "119"}


numbers = st.integers(1, LARGEST)
moments = st.datetimes(datetime(2025, 1, 1), datetime(2058, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001


@given(numbers, numbers)
def test_numbers_in_keys_sort_as_numbers(one: int, other: int) -> None:
    texts = [keys.among_bounties(number).sk for number in (one, other)]

    assert (texts[0] < texts[1]) == (one < other)


@given(moments, moments)
def test_moments_in_keys_sort_as_moments(one: datetime, other: datetime) -> None:
    texts = [keys.timestamp(moment) for moment in (one, other)]

    assert (texts[0] < texts[1]) == (one < other)
