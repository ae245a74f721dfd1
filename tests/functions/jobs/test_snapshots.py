"""Snapshots of the search index: how they are made, what they mend, and what if they are broken."""

import json
import random
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from nexus.outside import archives
from nexus.search import own_copy, snapshots
from nexus.search.snapshots import FOLDER, NEWEST
from nexus.table.catalogue import ModelItem, find_model
from nexus.table.changes import ChangeItem, log_broken, log_counters
from nexus.table.items import Update, update
from tests import cloud, stream
from tests.gateway import Caller, Context, handler
from tests.people import Person
from tests.workshop import on_sale, stocked

JOB = {"job": "take-snapshot"}


def take() -> str | None:
    reason: str | None = handler("JobsFunction")(JOB, Context())["reason"]
    return reason


def listed(visitor: Caller) -> list[tuple[int, str, int]]:
    answer = visitor.get("/api/models?limit=100&sort=newest")
    assert answer.status_code == 200
    return [(each["id"], each["name"], each["likes"]) for each in answer.json()]


def tars() -> list[str]:
    return [key for key in cloud.stored(cloud.FILES) if key.endswith(".tar")]


def rename(model_id: int, name: str) -> None:
    """A change whose record the stream lost."""
    update(Update(ModelItem(*find_model(model_id).key), [ModelItem.name.set(name)]))  # type: ignore[union-attr]


def forget_log() -> None:
    for line in cloud.of_kind(ChangeItem):
        line.delete()


def test_a_copy_begins_with_the_snapshot_and_goes_on_with_the_log(
    creator: Person, visitor: Caller
) -> None:
    first = stocked(creator)
    assert take() == "there is none"
    second = stocked(creator)
    own_copy.forget()

    with cloud.calls() as calls:
        assert [each[0] for each in listed(visitor)] == [second, first]

    assert calls.count("Query") == 1, "the log, and nothing else of the table"
    assert set(calls) <= {"GetObject", "Query"}


def test_there_is_a_new_one_only_for_a_reason(creator: Person) -> None:
    stocked(creator)
    assert take() == "there is none"
    assert take() is None
    assert len(tars()) == 1


def test_a_long_log_is_a_reason(creator: Person, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(snapshots, "MOST_CHANGES", 3)
    take()
    for model_id in (1, 2, 3):
        log_counters(model_id, {"likes": 1})

    assert take() == "3 changes since"


def test_age_is_a_reason(monkeypatch: pytest.MonkeyPatch) -> None:
    take()
    later = datetime.now(UTC) + timedelta(days=1, minutes=1)

    assert snapshots.take_if_due(later) == "it is old"


def test_lost_records_are_mended_in_copies_that_run(creator: Person, visitor: Caller) -> None:
    model_id = stocked(creator)
    lost = stocked(creator)
    forget_log()
    listed(visitor)
    rename(model_id, "Renamed")
    rename(lost, "Too")
    assert {each[1] for each in listed(visitor)} == {"Castle"}

    take()

    assert {each[1] for each in listed(visitor)} == {"Renamed", "Too"}


def test_the_log_from_before_a_snapshot_undoes_nothing_in_it(
    creator: Person, visitor: Caller
) -> None:
    model_id = stocked(creator)
    rename(model_id, "Renamed")
    take()
    own_copy.forget()

    assert [each[1] for each in listed(visitor)] == ["Renamed"]


def test_old_archives_are_removed_and_the_newest_is_named(creator: Person) -> None:
    stocked(creator)
    now = datetime.now(UTC)
    for seconds in (0, 1, 2, -1):
        made = snapshots.take(now + timedelta(seconds=seconds))

    assert len(tars()) == 2
    assert made.key in tars(), "also when a clock went back"
    text = archives.read_text(NEWEST)
    assert text is not None
    assert json.loads(text)["key"] in tars()


def test_a_reader_never_meets_half_a_snapshot(
    creator: Person, visitor: Caller, monkeypatch: pytest.MonkeyPatch
) -> None:
    """At each call to S3 while a snapshot is made, a function that starts finds a whole one."""
    stocked(creator)
    take()
    store, store_text = archives.store, archives.store_text
    seen: list[int] = []

    def look() -> None:
        own_copy.forget()
        seen.append(len(listed(visitor)))
        assert own_copy._copies[0].source is not None

    def watched(step: Callable[..., None]) -> Callable[..., None]:
        def carry_out(*told: Any) -> None:
            look()
            step(*told)
            look()

        return carry_out

    monkeypatch.setattr(archives, "store", watched(store))
    monkeypatch.setattr(archives, "store_text", watched(store_text))
    snapshots.take(datetime.now(UTC))

    assert seen == [1, 1, 1, 1]


BREAKING: dict[str, Any] = {
    "cut short": lambda key, whole: put(key, whole[: len(whole) // 2]),
    "empty": lambda key, _: put(key, b""),
    "noise": lambda key, whole: put(key, random.Random(1).randbytes(len(whole))),
    "gone": lambda key, _: cloud.client("s3").delete_object(Bucket=cloud.FILES, Key=key),
    "no name": lambda *_: put(NEWEST, b"{"),
    "another name": lambda *_: put(NEWEST, b'{"key": 1}'),
    "a name of nothing": lambda *_: put(NEWEST, b"\xff\xfe"),
}


def put(key: str, content: bytes) -> None:
    cloud.client("s3").put_object(Bucket=cloud.FILES, Key=key, Body=content)


@pytest.mark.parametrize("way", BREAKING)
def test_a_broken_snapshot_is_made_anew_and_the_function_answers_meanwhile(
    way: str, creator: Person, visitor: Caller
) -> None:
    model_id = stocked(creator)
    take()
    [key] = tars()
    whole = cloud.client("s3").get_object(Bucket=cloud.FILES, Key=key)["Body"].read()
    BREAKING[way](key, whole)
    own_copy.forget()

    assert [each[0] for each in listed(visitor)] == [model_id]
    assert visitor.get("/api/models?search=castle").json() != []
    assert take() is not None
    assert [each[0] for each in listed(visitor)] == [model_id]
    assert own_copy._copies[0].source in tars(), "it went over to the new one"


def test_a_running_copy_survives_a_new_snapshot_that_is_broken(
    creator: Person, visitor: Caller
) -> None:
    model_id = stocked(creator)
    take()
    own_copy.forget()
    assert len(listed(visitor)) == 1
    snapshots.take(datetime.now(UTC))
    put(tars()[-1], b"noise")

    assert [each[0] for each in listed(visitor)] == [model_id]


def test_a_large_table_is_read_some_at_each_request_the_newest_first(
    creator: Person, visitor: Caller, monkeypatch: pytest.MonkeyPatch
) -> None:
    models = [stocked(creator) for _ in range(5)]
    forget_log()
    monkeypatch.setattr("nexus.search.building.AT_ONCE", 2)
    monkeypatch.setattr(own_copy, "READING_SECONDS", 1e-9)

    seen = [[each[0] for each in listed(visitor)] for _ in range(4)]

    assert set(seen[0]) == set(models[-2:])
    assert [len(each) for each in seen] == [2, 4, 5, 5]


def test_another_format_is_left_alone_until_it_is_old(creator: Person) -> None:
    today, old = datetime.now(UTC), datetime.now(UTC) - timedelta(days=9)
    put(f"search/0/{today:%Y%m%dT%H%M%S}-a.tar", b"for functions that are still running")
    put(f"search/0/{old:%Y%m%dT%H%M%S}-b.tar", b"for nobody")
    take()

    assert [key.rsplit("-")[-1] for key in tars() if not key.startswith(FOLDER)] == ["a.tar"]


ALSO: dict[str, Callable[[], None]] = {
    "an account was erased": lambda: None,
    "search/2/x.tar: cut short": lambda: log_broken("search/2/x.tar: cut short"),
}


@pytest.mark.parametrize("reason", ALSO)
def test_an_erased_name_is_in_no_snapshot_and_no_log(
    reason: str, admin: Person, living_house: None
) -> None:
    countess = Person("countess")
    on_sale(countess, admin)
    stream.settle()
    take()
    assert countess.delete("/api/users/me").status_code == 204
    stream.settle()
    ALSO[reason]()

    assert take() == reason
    assert len(tars()) == 2, "someone may be reading the last"
    assert snapshots.take_if_due(datetime.now(UTC) + timedelta(minutes=5)) is None

    assert len(tars()) == 1
    bodies = [
        cloud.client("s3").get_object(Bucket=cloud.FILES, Key=key)["Body"].read()
        for key in cloud.stored(cloud.FILES)
        if key.startswith("search/")
    ]
    assert not any(b"countess" in body for body in bodies)
    assert not any(line.document for line in cloud.of_kind(ChangeItem))


@pytest.mark.usefixtures("living_house")
def test_any_repetition_of_the_stream_ends_alike(
    creator: Person, admin: Person, buyer: Person, visitor: Caller
) -> None:
    """Streams are read again from an earlier place, but never out of order for one item."""
    first, second, third = (on_sale(creator, admin, name=name) for name in ("A", "B", "C"))
    listed(visitor)
    for name in ("A1", "A2", "A3"):
        creator.patch(f"/api/models/{first}", json={"name": name}, headers={"If-Match": "*"})
    buyer.post(f"/api/models/{second}/like")
    creator.delete(f"/api/models/{third}")
    stream.settle()
    expected = {(first, "A3", 0), (second, "B", 1)}
    assert set(listed(visitor)) == expected

    dice, history = random.Random(4), stream.records()
    for _ in range(4):
        assert stream.project(history[dice.randrange(len(history)) :]) == []
        assert set(listed(visitor)) == expected
    own_copy.forget()
    assert set(listed(visitor)) == expected
