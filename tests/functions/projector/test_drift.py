"""Whatever the stream does, what follows from the facts ends right: at once, or by a recount."""

import json
import random
from typing import Any

import pytest

from jobs import app as jobs
from nexus.statistics.reconciliation import Count, Repair, reconcile
from nexus.table import keys
from nexus.table.catalogue import ModelItem, approved_models, hide_model, pending_models
from nexus.table.counters import AppliedItem, CountersItem, addition
from nexus.table.items import Delete, Item, commit
from nexus.table.notifications import NotificationItem
from nexus.table.segments import MemberItem
from tests import cloud, stream
from tests.gateway import Context, handler
from tests.pencil import counted, ranked, recounted, reranked
from tests.people import Person, an_admin
from tests.seeds import dealt
from tests.stream import Record
from tests.workshop import category, shelf, stored_model

FACTS = {"User", "Model", "Transaction", "Ledger", "Like", "Review", "Application", "Member"}

DERIVED = (CountersItem, AppliedItem, NotificationItem)


def a_busy_day() -> None:
    """Everything that counts, in every direction."""
    admin, ada, ben = an_admin("root"), Person("ada"), Person("ben")
    category("Lamps")
    tower, castle = shelf(ada, ("Towers", "Castles"))
    [lamp] = shelf(ben, ("Lamps",))
    stored_model(ada)
    for person, model_id in ((ben, castle), (ben, tower), (ada, lamp), (admin, castle)):
        sale = person.post(f"/api/models/{model_id}/purchase").json()["transaction_id"]
        person.post(f"/api/models/{model_id}/like")
        person.post(f"/api/models/{model_id}/reviews", json={"rating": 3})
    admin.post(f"/api/admin/transactions/{sale}/refund")
    ben.delete(f"/api/models/{tower}/like")
    ada.delete(f"/api/models/{tower}")
    wanted = {"title": "A moat", "description": "Round the castle", "budget": 50}
    bounty = ada.post("/api/bounties", json=wanted).json()["id"]
    ben.post(f"/api/bounties/{bounty}/apply", json={})
    admin.post(f"/api/admin/users/{ben.id}/ban", json={"reason": "Spam"})


def kind_of(record: Record) -> str:
    change = record["dynamodb"]
    image = change.get("NewImage") or change["OldImage"]
    return str(image.get("kind", {}).get("S"))


@pytest.fixture(scope="module")
def day(aws: None) -> tuple[cloud.Rows, list[Record]]:
    """The facts of a busy day without what follows from them, and what the stream said of it."""
    cloud.forget()
    with cloud.streaming():
        a_busy_day()
        stream.settle()
        told = [record for record in stream.records() if kind_of(record) in FACTS]
    for item in cloud.items():
        if isinstance(item, DERIVED):
            item.delete()
    return cloud.copied(), told


@pytest.fixture
def records(day: tuple[cloud.Rows, list[Record]], house: None) -> list[Record]:
    """What the stream said of a busy day, all of which is still to follow."""
    rows, told = day
    cloud.put_back(rows)
    return told


def at_once() -> Repair:
    return reconcile(lambda: None)


def ends_right() -> None:
    assert counted() == recounted()
    assert ranked() == reranked()


@pytest.mark.parametrize("seed", dealt(0))
def test_records_that_come_again_count_once(seed: int, records: list[Record]) -> None:
    dice, reached = random.Random(seed), 0
    while reached < len(records):
        begin = dice.randint(max(0, reached - 6), reached)
        reached = dice.randint(reached + 1, len(records))
        assert stream.project(records[begin:reached]) == []

    ends_right()


@pytest.mark.parametrize("seed", dealt(1))
def test_what_was_lost_is_found_by_a_recount(seed: int, records: list[Record]) -> None:
    dice = random.Random(seed)
    share = dice.choice((0, 0.3, 0.8))
    stream.project([record for record in records if dice.random() < share])

    with cloud.streaming():
        at_once()
        stream.settle()

    ends_right()
    assert at_once().drift == 0


def test_what_a_ban_should_have_hidden_is_hidden_by_a_recount(records: list[Record]) -> None:
    stream.project(records)
    hidden = [model for model in cloud.of_kind(ModelItem) if model.is_hidden]
    for model in hidden:
        hide_model(model, hidden=False)
    with cloud.streaming():
        repair = at_once()
        stream.settle()

    assert repair.hidden == [f"model {model.id}: hidden" for model in hidden] != []
    assert {model.id for model in cloud.of_kind(ModelItem) if model.is_hidden} == {
        model.id for model in hidden
    }


def test_a_model_is_brought_where_it_belongs_in_the_index_by_a_recount(
    records: list[Record],
) -> None:
    stream.project(records)
    [lost], [strayed] = approved_models(None, 10)[0], pending_models(None, 10, 0)[0]
    lost.update([Item.gsi1_pk.remove(), Item.gsi1_sk.remove()])
    strayed.update([Item.gsi1_pk.set(keys.models_in("approved"))])

    repair = at_once()

    assert set(repair.hidden) == {f"model {each.id}: shown" for each in (lost, strayed)}
    assert [each.id for each in approved_models(None, 10)[0]] == [lost.id]
    assert [each.id for each in pending_models(None, 10, 0)[0]] == [strayed.id]
    assert at_once().drift == 0


def test_what_comes_between_two_looks_is_left_to_the_stream(records: list[Record]) -> None:
    late = [record for record in records if kind_of(record) == "Like"]
    stream.project([record for record in records if record not in late])

    assert reconcile(lambda: stream.project(late)).sums == []

    ends_right()


def test_a_sum_that_moves_while_it_is_mended_is_left_alone(
    records: list[Record], monkeypatch: pytest.MonkeyPatch
) -> None:
    stream.project(records)
    commit(addition(keys.PLATFORM_COUNTERS, {"sales": 7}))
    looks = [Count.now(), Count.now()]
    commit(addition(keys.PLATFORM_COUNTERS, {"sales": 1}))
    monkeypatch.setattr(Count, "now", looks.pop)

    assert at_once().sums == []
    monkeypatch.undo()
    assert len(at_once().sums) == 1
    assert (
        counted()[keys.PLATFORM_COUNTERS]["sales"] == recounted()[keys.PLATFORM_COUNTERS]["sales"]
    )


def test_the_job_tells_what_it_mended(
    records: list[Record], capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(jobs, "SETTLING_SECONDS", 0)
    stream.project(records)
    assert run()["drift"] == 0
    assert drift_metric(capsys) == 0

    commit(addition(keys.PLATFORM_COUNTERS, {"sales": 7}))
    answer = run()

    assert answer["drift"] == 1
    [line] = answer["sums"]
    assert line.startswith("PLATFORM COUNTERS sales: ")
    assert drift_metric(capsys) == 1


def test_the_job_brings_everyone_into_their_segments(
    records: list[Record], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(jobs, "SETTLING_SECONDS", 0)
    stream.project(records)
    member = cloud.of_kind(MemberItem)[0]
    commit(Delete(member))

    assert run()["segments"] == [f"user {member.user_id}"]

    assert member.key in {each.key for each in cloud.of_kind(MemberItem)}
    assert run()["segments"] == []


def run() -> Any:
    return handler("JobsFunction")({"job": "reconcile"}, Context())


def drift_metric(capsys: pytest.CaptureFixture[str]) -> float:
    [metric] = [line for line in capsys.readouterr().out.splitlines() if '"Drift"' in line]
    [value] = json.loads(metric)["Drift"]
    return float(value)
