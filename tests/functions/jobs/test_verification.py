"""Whether all facts agree: each thing that can be wrong is found, and nothing that is right."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from jobs import app
from nexus.table.bounties import ApplicationItem, BountyItem, DeadlineItem
from nexus.table.catalogue import ModelItem
from nexus.table.items import Item
from nexus.table.payments import EventItem
from nexus.table.purchases import LedgerItem, OwnedItem, TransactionItem
from nexus.table.uploads import UploadItem
from nexus.table.users import ReservationItem, UserItem
from nexus.verification import service
from nexus.verification.facts import look_at
from tests import cloud
from tests.gateway import Context, handler
from tests.people import Person
from tests.workshop import stocked

type Facts = list[Item]


@pytest.fixture
def facts(creator: Person, buyer: Person, stranger: Person) -> Facts:
    """A sale, a bounty under way and one that waits."""
    buyer.post(f"/api/models/{stocked(creator)}/purchase")
    wanted = {"title": "A moat", "description": "Round the castle", "budget": 50}
    due = f"{datetime.now(UTC) + timedelta(days=9):%Y-%m-%dT%H:%M:%SZ}"
    for more in ({}, {"deadline": due}):
        bounty = buyer.post("/api/bounties", json=wanted | more).json()["id"]
        stranger.post(f"/api/bounties/{bounty}/apply", json={})
        if not more:
            buyer.post(f"/api/bounties/{bounty}/award", json={"user_id": stranger.id})
    return cloud.items()


def one[T: Item](facts: Facts, kind: type[T]) -> T:
    return next(item for item in facts if isinstance(item, kind))


def without(facts: Facts, kind: type[Item]) -> None:
    facts.remove(one(facts, kind))


def changed(facts: Facts, kind: type[Item], **values: Any) -> None:
    for name, value in values.items():
        setattr(one(facts, kind), name, value)


def sold_twice(facts: Facts) -> None:
    """Another sale to the same buyer, with all that belongs to it."""
    for item in [each for each in facts if each.pk == one(facts, TransactionItem).pk]:
        copy = type(item).from_raw_data(item.serialize())
        copy.pk = f"{item.pk}0"
        if isinstance(copy, TransactionItem):
            copy.id, copy.payment_reference = copy.id * 10, f"{copy.payment_reference}0"
        if isinstance(copy, EventItem):
            copy.reference = f"{copy.reference}0"
        facts.append(copy)


def remove_ledger(facts: Facts) -> None:
    facts[:] = [item for item in facts if not isinstance(item, LedgerItem)]


def own_model(facts: Facts) -> None:
    model = one(facts, ModelItem)
    changed(facts, TransactionItem, buyer_id=model.creator_id)


def name_twice(facts: Facts) -> None:
    first, second = [each for each in facts if isinstance(each, UserItem)][:2]
    first.username = second.username


WRONG: dict[str, tuple[str, Callable[[Facts], None]]] = {
    "a line is missing": ("I1", lambda it: without(it, LedgerItem)),
    "a cent too much": ("I1", lambda it: changed(it, LedgerItem, amount_cents=-1998)),
    "another fee": ("I2", lambda it: changed(it, TransactionItem, fee_cents=149, net_cents=1850)),
    "not booked": ("I3", remove_ledger),
    "booked for nothing": ("I3", lambda it: without(it, TransactionItem)),
    "not owned": ("I4", lambda it: without(it, OwnedItem)),
    "owned for nothing": ("I4", lambda it: changed(it, OwnedItem, transaction_id=1)),
    "sold twice": ("I4", sold_twice),
    "bought from oneself": ("I5", own_model),
    "never reviewed": ("I5", lambda it: changed(it, ModelItem, version=1)),
    "files not approved": ("I5", lambda it: changed(it, ModelItem, status="rejected")),
    "paid less": ("I6", lambda it: changed(it, EventItem, amount_cents=1)),
    "paid in euros": ("I6", lambda it: changed(it, EventItem, currency="EUR")),
    "never paid": ("I7", lambda it: without(it, EventItem)),
    "refunded by itself": ("I7", lambda it: changed(it, TransactionItem, status="refunded")),
    "given back by itself": ("I7", lambda it: changed(it, TransactionItem, refunded_cents=5)),
    "not among the sales": ("I7", lambda it: changed(it, TransactionItem, gsi1_pk=None)),
    "an upload that is not ready": ("I12", lambda it: changed(it, UploadItem, status="waiting")),
    "an upload of another": ("I12", lambda it: changed(it, UploadItem, owner_id=1)),
    "a name that nobody holds": ("I15", lambda it: without(it, ReservationItem)),
    "a name of nobody": ("I15", lambda it: without(it, UserItem)),
    "a name of two": ("I15", name_twice),
    "won without applying": ("I19", lambda it: without(it, ApplicationItem)),
    "open with a winner": ("I19", lambda it: changed(it, BountyItem, status="Open")),
    "a deadline is missing": ("I19", lambda it: without(it, DeadlineItem)),
}


def found(facts: Facts) -> list[str]:
    return look_at(sorted(facts, key=lambda item: item.key)).found


def test_what_is_right_is_right(facts: Facts) -> None:
    assert found(facts) == []


@pytest.mark.parametrize("name", WRONG)
def test_what_is_wrong_is_found(name: str, facts: Facts) -> None:
    invariant, spoil = WRONG[name]
    awarded = [each for each in facts if isinstance(each, BountyItem) and each.winner_id]
    won = {each.pk for each in awarded}
    facts.sort(key=lambda item: item.pk not in won)  # the bounty that has a winner comes first

    spoil(facts)

    assert {each.split()[0] for each in found(facts)} >= {invariant}, found(facts)


# ---- Asked of a running system


def run(**more: Any) -> Any:
    return handler("JobsFunction")({"job": "verify", **more}, Context())


@pytest.fixture(autouse=True)
def _at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(app, "SETTLING_SECONDS", 0)


@pytest.mark.usefixtures("facts")
def test_an_admin_asks_and_reads_what_was_found(admin: Person) -> None:
    path = "/api/admin/verification"
    assert admin.get(path).json()["status"] == "never"

    asked = [admin.post(path) for _ in range(2)]
    assert [(each.status_code, each.json()["status"]) for each in asked] == [(202, "asked")] * 2
    assert [deed["action"] for deed in admin.get("/api/admin/audit").json()] == ["verification.ask"]

    assert run(if_due=True)["status"] == "done"
    assert run(if_due=True) == {"job": "verify", "status": "not due"}
    told = admin.get(path).json()
    assert (told["status"], told["found"], told["findings"]) == ("done", 0, [])
    assert told["checked"]["Transaction"] == 1


@pytest.mark.usefixtures("facts")
def test_what_is_wrong_is_told_and_wakes_someone(
    admin: Person, capsys: pytest.CaptureFixture[str]
) -> None:
    line = cloud.of_kind(LedgerItem)[0]
    line.delete()

    told = run()

    cloud.store([line])
    assert told["found"] == len(told["findings"]) == 2, told
    assert told["findings"][0].startswith(f"I1 transaction {line.transaction_id}: ")
    assert admin.get("/api/admin/verification").json()["findings"] == told["findings"]
    [metric] = [each for each in capsys.readouterr().out.splitlines() if "BrokenInvariants" in each]
    assert '"BrokenInvariants":[2.0]' in metric.replace(" ", "")


@pytest.mark.usefixtures("facts")
def test_what_is_only_on_its_way_is_no_finding() -> None:
    line = cloud.of_kind(LedgerItem)[0]
    line.delete()

    told = service.verify(lambda: cloud.store([line]), now=datetime.now(UTC))

    assert told.found == 0


def test_it_is_due_daily(buyer: Person) -> None:
    now = datetime.now(UTC)
    service.verify(lambda: None, now=now)

    assert not service.is_due(now + timedelta(hours=23))
    assert service.is_due(now + timedelta(hours=24))
