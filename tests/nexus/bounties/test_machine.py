"""Whatever anyone tries in whatever order, a bounty keeps to its states (T39, I19)."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    Bundle,
    RuleBasedStateMachine,
    initialize,
    invariant,
    multiple,
    rule,
    run_state_machine_as_test,
)

from nexus.bounties import applications, outcome, service
from nexus.bounties.schemas import NewApplication, NewBounty
from nexus.errors import Conflict, Forbidden, NotFound
from nexus.ids import new_id
from nexus.table.bounties import ApplicationItem, BountyItem
from nexus.table.items import Item
from nexus.table.outbox import OutboxItem
from nexus.table.users import UserItem
from nexus.verification.facts import look_at
from tests import cloud

START = datetime(2026, 1, 1, tzinfo=UTC)
NAMES = ("ada", "bob", "eve", "root")
REFUSED = (Conflict, Forbidden, NotFound)
CREATOR, APPLICANT = "its creator", "an applicant"
people = st.sampled_from(NAMES)
pauses = st.sampled_from([0, 0, 0, 3])
deciders = st.sampled_from([CREATOR, CREATOR, *NAMES])
winners = st.sampled_from([APPLICANT, APPLICANT, *NAMES])


def account(name: str) -> UserItem:
    user_id = NAMES.index(name) + 1
    return UserItem.of(
        user_id,
        email=f"{name}@example.com",
        username=name,
        password_hash="",
        is_admin=name == "root",
        created_at=START,
    )


class Expected:
    """What a bounty must be, told in the plainest way."""

    def __init__(self, creator: str, deadline: datetime | None) -> None:
        self.creator, self.deadline = creator, deadline
        self.status, self.winner = "Open", ""
        self.applicants: set[str] = set()
        self.mails = 0

    def named(self, role: str) -> str:
        """Who plays a role for this bounty; a name stands for itself."""
        if role == APPLICANT:
            return min(self.applicants, default="eve")
        return self.creator if role == CREATOR else role

    def is_open(self, now: datetime) -> bool:
        return self.status == "Open" and (self.deadline is None or now < self.deadline)


class Board(RuleBasedStateMachine):
    bounties = Bundle("bounties")

    def __init__(self) -> None:
        super().__init__()
        cloud.empty()
        self.now = START
        self.people = {name: account(name) for name in NAMES}
        for user in self.people.values():
            user.save()
        self.expected: dict[int, Expected] = {}

    def attempt(self, may: bool, action: Callable[[], Any]) -> None:  # noqa: FBT001
        """Carry an action out; it must succeed or be refused as it should."""
        if may:
            action()
        else:
            with pytest.raises(REFUSED):
                action()

    def wait(self, hours: int) -> None:
        self.now += timedelta(hours=hours)

    def stands(self, name: str) -> bool:
        return not self.people[name].is_banned

    @initialize(target=bounties, hours=st.integers(1, 4))
    def an_urgent_and_a_patient_one(self, hours: int) -> Any:
        urgent, patient = self.posted("ada", hours), self.posted("bob", None)
        for bounty_id in (urgent, patient):
            self.apply(bounty_id, "eve")
        return multiple(urgent, patient)

    @rule(target=bounties, creator=people, hours=st.none() | st.integers(1, 4))
    def post(self, creator: str, hours: int | None) -> Any:
        return self.posted(creator, hours) if self.stands(creator) else multiple()

    def posted(self, creator: str, hours: int | None) -> int:
        deadline = self.now + timedelta(hours=hours) if hours else None
        wanted = NewBounty(title="A", description="B", budget=10_00, deadline=deadline)
        user, bounty_id = self.people[creator], new_id(self.now)
        service.post(wanted, creator=user, bounty_id=bounty_id, now=self.now)
        self.expected[bounty_id] = Expected(creator, deadline)
        return bounty_id

    @rule(bounty_id=bounties, who=people, hours=pauses)
    def apply(self, bounty_id: int, who: str, hours: int = 0) -> None:
        self.wait(hours)
        bounty = self.expected[bounty_id]
        may = bounty.is_open(self.now) and self.stands(bounty.creator)
        may = may and who != bounty.creator and who not in bounty.applicants
        wanted, user, new, now = NewApplication(), self.people[who], new_id(self.now), self.now
        self.attempt(
            may,
            lambda: applications.apply(bounty_id, wanted, user=user, application_id=new, now=now),
        )
        if may:
            bounty.applicants.add(who)
            bounty.mails += 1

    @rule(bounty_id=bounties, decider=deciders, chosen=winners, hours=pauses)
    def award(self, bounty_id: int, decider: str, chosen: str, hours: int) -> None:
        self.wait(hours)
        bounty = self.expected[bounty_id]
        who, winner = bounty.named(decider), bounty.named(chosen)
        again = bounty.winner == winner
        fresh = bounty.is_open(self.now) and winner in bounty.applicants and self.stands(winner)
        may = who == bounty.creator and self.visible(bounty, who) and (again or fresh)
        winner_id, user = self.people[winner].id, self.people[who]
        self.attempt(may, lambda: outcome.award(bounty_id, winner_id, user=user, now=self.now))
        if may and not again:
            bounty.status, bounty.winner = "In Progress", winner
            bounty.mails += 1

    @rule(bounty_id=bounties, decider=deciders, hours=pauses)
    def complete(self, bounty_id: int, decider: str, hours: int) -> None:
        self.wait(hours)
        bounty = self.expected[bounty_id]
        who = bounty.named(decider)
        may = who == bounty.creator and self.visible(bounty, who)
        may = may and bounty.status in {"In Progress", "Completed"}
        user = self.people[who]
        self.attempt(may, lambda: outcome.complete(bounty_id, user=user, now=self.now))
        if may and bounty.status == "In Progress":
            bounty.status = "Completed"
            bounty.mails += 1

    @rule(bounty_id=bounties, decider=deciders, hours=pauses)
    def close(self, bounty_id: int, decider: str, hours: int) -> None:
        self.wait(hours)
        bounty = self.expected[bounty_id]
        who = bounty.named(decider)
        may = who in {bounty.creator, "root"} and self.visible(bounty, who)
        may = may and bounty.status in {"Open", "Closed"}
        user = self.people[who]
        self.attempt(may, lambda: outcome.close(bounty_id, user=user, now=self.now))
        if may and bounty.status == "Open":
            bounty.status = "Closed"
            bounty.mails += who != bounty.creator

    @rule()
    def the_clock_strikes(self) -> None:
        late = [
            each
            for each in self.expected.values()
            if each.status == "Open" and each.deadline and each.deadline <= self.now
        ]
        assert outcome.close_expired(self.now) == len(late)
        for bounty in late:
            bounty.status = "Closed"
            bounty.mails += 1

    @rule(name=st.sampled_from(["ada", "bob"]))
    def someone_is_banned_or_comes_back(self, name: str) -> None:
        user = self.people[name]
        user.is_banned = not user.is_banned
        user.save()

    def visible(self, bounty: Expected, who: str) -> bool:
        return self.stands(bounty.creator) or who in {bounty.winner, "root"}

    @invariant()
    def what_is_stored_is_what_should_be(self) -> None:
        stored = cloud.items()
        assert not [each for each in look_at(stored).found if each.startswith("I19")]
        bounties = {item.id: item for item in stored if isinstance(item, BountyItem)}
        assert bounties.keys() == self.expected.keys()
        for bounty_id, bounty in self.expected.items():
            item = bounties[bounty_id]
            winner_id = self.people[bounty.winner].id if bounty.winner else None
            assert (item.status, item.winner_id) == (bounty.status, winner_id)
            assert applicants(stored, bounty_id) == {
                self.people[name].id for name in bounty.applicants
            }
        mails = [item for item in stored if isinstance(item, OutboxItem)]
        assert len(mails) == sum(bounty.mails for bounty in self.expected.values())


def applicants(stored: list[Item], bounty_id: int) -> set[int]:
    found = (item for item in stored if isinstance(item, ApplicationItem))
    return {item.user_id for item in found if item.bounty_id == bounty_id}


@pytest.mark.usefixtures("aws")
def test_a_bounty_keeps_to_its_states() -> None:
    run_state_machine_as_test(
        Board,
        settings=settings(
            max_examples=30,
            stateful_step_count=12,
            deadline=None,
            suppress_health_check=list(HealthCheck),
        ),
    )
    cloud.empty()
