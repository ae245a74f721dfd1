"""Bounties of the tests, brought into any state."""

from datetime import UTC, datetime, timedelta
from typing import Any

from nexus.bounties import applications, service
from nexus.bounties.schemas import NewApplication, NewBounty
from nexus.ids import new_id
from nexus.table import keys
from nexus.table.bounties import ApplicationItem, BountyItem, DeadlineItem, find_bounty
from nexus.table.users import UserItem, find_user
from tests.people import Person

IN_A_MONTH = (datetime.now(UTC) + timedelta(days=30)).replace(microsecond=0)
WANTED: dict[str, Any] = {"title": "A lighthouse", "description": "Rigged lamp.", "budget": 250}


def account(person: Person) -> UserItem:
    user = find_user(person.id)
    assert user is not None
    return user


def posted(creator: Person, **fields: Any) -> int:
    """The id of an open bounty."""
    answer = creator.post("/api/bounties", json=WANTED | fields)
    assert answer.status_code == 201, answer.text
    bounty_id: int = answer.json()["id"]
    return bounty_id


def overdue(creator: Person, *applicants: Person) -> int:
    """The id of a bounty whose deadline was yesterday, and which nobody has closed yet."""
    now = datetime.now(UTC)
    before = now - timedelta(days=2)
    wanted = NewBounty.model_validate(WANTED | {"deadline": str(now - timedelta(days=1))})
    bounty = service.post(wanted, creator=account(creator), bounty_id=new_id(before), now=before)
    for applicant in applicants:
        applied(bounty.id, applicant, before)
    return bounty.id


def applied(bounty_id: int, person: Person, now: datetime | None = None) -> None:
    at = now or datetime.now(UTC)
    applications.apply(
        bounty_id, NewApplication(), user=account(person), application_id=new_id(at), now=at
    )


def in_state(state: str, creator: Person, applicant: Person, winner: Person) -> int:
    """A bounty for which both have applied; Overdue is one that is open after its deadline.

    Its rows are written as they are, because moto takes its time for transactions.
    """
    now = datetime.now(UTC)
    bounty = BountyItem.of(
        new_id(now), creator.id, now, title="A lighthouse", description="", budget_cents=25000
    )
    bounty.status = "Open" if state == "Overdue" else state
    bounty.gsi2_pk, bounty.gsi2_sk = keys.bounty_in(bounty.status, bounty.id)
    if state == "Overdue":
        bounty.deadline = now - timedelta(days=1)
        DeadlineItem.of(bounty.deadline, bounty.id).save()
    if state in {"In Progress", "Completed"}:
        bounty.winner_id = winner.id
    bounty.save()
    for person in (applicant, winner):
        ApplicationItem.of(new_id(now), bounty.id, person.id, created_at=now).save()
    return bounty.id


def stored(bounty_id: int) -> BountyItem:
    bounty = find_bounty(bounty_id)
    assert bounty is not None
    return bounty
