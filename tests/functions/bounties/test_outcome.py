"""How bounties end, for whom, and who is told."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any
from unittest.mock import patch

import pytest

from nexus.bounties import outcome, service
from nexus.bounties.schemas import BountyChanges
from nexus.table import bounties as table
from nexus.table import items
from nexus.table.bounties import BountyItem
from nexus.table.outbox import AuditItem, OutboxItem
from tests import cloud
from tests.gateway import Context, handler
from tests.people import Person, ban
from tests.pinboard import IN_A_MONTH, account, applied, in_state, overdue, posted, stored

type Meddling = Callable[[Person, int], None]

CLOSE_EXPIRED = {"job": "close-expired-bounties"}


def mails() -> list[tuple[str, int]]:
    """Mails about what became of bounties, and to whom they are owed."""
    owed = [(each.template, each.user_id) for each in cloud.of_kind(OutboxItem)]
    return sorted(mail for mail in owed if mail[0].startswith("bounty_") and "appl" not in mail[0])


def test_a_bounty_goes_to_an_applicant_and_is_completed(creator: Person, stranger: Person) -> None:
    bounty_id = posted(creator)
    applied(bounty_id, stranger)
    path = f"/api/bounties/{bounty_id}"

    awarded = creator.post(f"{path}/award", json={"user_id": stranger.id})
    assert (awarded.json()["status"], awarded.json()["winner_id"]) == ("In Progress", stranger.id)
    assert awarded.headers["ETag"] == '"2"'
    completed = creator.post(f"{path}/complete")
    assert (completed.json()["status"], completed.json()["version"]) == ("Completed", 3)

    assert mails() == [("bounty_awarded", stranger.id), ("bounty_completed", stranger.id)]


def test_repeated_clicks_change_nothing_and_mail_nobody(creator: Person, stranger: Person) -> None:
    bounty_id = posted(creator)
    applied(bounty_id, stranger)
    path, winner = f"/api/bounties/{bounty_id}", {"user_id": stranger.id}

    awards = [creator.post(f"{path}/award", json=winner).json() for _ in range(3)]
    completions = [creator.post(f"{path}/complete").json() for _ in range(3)]

    assert awards == [awards[0]] * 3
    assert completions == [completions[0]] * 3
    assert len(mails()) == 2


def test_nobody_wins_who_did_not_apply(creator: Person, stranger: Person) -> None:
    bounty_id = posted(creator)

    refused = creator.post(f"/api/bounties/{bounty_id}/award", json={"user_id": stranger.id})

    assert refused.status_code == 409
    assert refused.json()["detail"] == "This user has not applied for the bounty"
    assert stored(bounty_id).winner_id is None
    assert mails() == []


@pytest.mark.parametrize("body", [{}, {"user_id": "7"}, {"user_id": 0}, {"user_id": 2**53}, []])
def test_a_winner_is_named_by_an_id(creator: Person, body: Any) -> None:
    assert creator.post(f"/api/bounties/{posted(creator)}/award", json=body).status_code == 422


def test_an_admin_who_closes_a_bounty_leaves_a_record_and_the_creator_is_told(
    creator: Person, admin: Person
) -> None:
    bounty_id = posted(creator)

    for _ in "12":
        assert admin.post(f"/api/bounties/{bounty_id}/close").json()["status"] == "Closed"

    [deed] = cloud.of_kind(AuditItem)
    assert (deed.action, deed.subject) == ("bounty.close", f"bounty {bounty_id}")
    assert mails() == [("bounty_closed", creator.id)]


def test_who_closes_their_own_needs_no_mail(creator: Person) -> None:
    creator.post(f"/api/bounties/{posted(creator)}/close")

    assert mails() == []
    assert cloud.of_kind(AuditItem) == []


def test_the_clock_closes_what_is_overdue_and_nothing_else(
    creator: Person, stranger: Person
) -> None:
    late = [overdue(creator, stranger), overdue(creator)]
    open_ended, in_time = posted(creator), posted(creator, deadline=IN_A_MONTH.isoformat())
    under_way = in_state("In Progress", creator, stranger, Person("winner"))

    first, second = (handler("JobsFunction")(CLOSE_EXPIRED, Context()) for _ in "12")

    assert first == {"job": "close-expired-bounties", "closed": 2}
    assert second["closed"] == 0
    assert {stored(bounty_id).status for bounty_id in late} == {"Closed"}
    assert {stored(bounty_id).status for bounty_id in (open_ended, in_time)} == {"Open"}
    assert stored(under_way).status == "In Progress"
    assert mails() == [("bounty_closed", creator.id)] * 2


def test_finding_what_is_overdue_reads_no_more_than_that(creator: Person) -> None:
    for _ in range(3):
        posted(creator, deadline=IN_A_MONTH.isoformat())

    with cloud.calls() as calls:
        handler("JobsFunction")(CLOSE_EXPIRED, Context())

    assert calls == ["Query"]


def close(creator: Person, bounty_id: int) -> None:
    outcome.close(bounty_id, user=account(creator), now=datetime.now(UTC))


def edit(creator: Person, bounty_id: int) -> None:
    changes = BountyChanges(budget=100)
    user, now = account(creator), datetime.now(UTC)
    service.edit(bounty_id, changes, user=user, version=None, now=now)


@pytest.mark.parametrize("meanwhile", [close, edit])
@pytest.mark.parametrize("action", ["award", "apply", "close"])
def test_of_two_at_once_one_is_told_to_look_again(
    creator: Person, stranger: Person, buyer: Person, action: str, meanwhile: Meddling
) -> None:
    """Between the reading and the writing of one request, another one comes through whole."""
    bounty_id = posted(creator, deadline=IN_A_MONTH.isoformat())
    applied(bounty_id, stranger)
    write = items.commit

    def interrupted(*steps: Any) -> None:
        with patch.object(table, "commit", write):
            meanwhile(creator, bounty_id)
        write(*steps)

    with patch.object(table, "commit", interrupted):
        caller = buyer if action == "apply" else creator
        body = {"user_id": stranger.id} if action == "award" else None
        late = caller.post(f"/api/bounties/{bounty_id}/{action}", json=body)

    assert late.status_code == 409
    assert stored(bounty_id).status == ("Closed" if meanwhile is close else "Open")
    assert stored(bounty_id).version == 2


def test_the_clock_passes_over_what_was_awarded_meanwhile(
    creator: Person, stranger: Person
) -> None:
    bounty_id = overdue(creator, stranger)
    write = items.commit

    def interrupted(*steps: Any) -> None:
        with patch.object(table, "commit", write):
            bounty = stored(bounty_id)
            won = {"status": "In Progress", "winner_id": stranger.id}
            table.change_bounty(bounty, won, bounty.created_at)
        write(*steps)

    with patch.object(table, "commit", interrupted):
        assert handler("JobsFunction")(CLOSE_EXPIRED, Context())["closed"] == 0

    assert stored(bounty_id).status == "In Progress"
    assert mails() == []


def test_bounties_of_the_banned_are_hidden_but_from_their_winners_and_admins(
    creator: Person, stranger: Person, buyer: Person, admin: Person
) -> None:
    under_way, waiting = in_state("In Progress", creator, buyer, stranger), posted(creator)
    ban(creator)

    assert buyer.get("/api/bounties").json() == []
    assert buyer.get(f"/api/bounties/{under_way}").status_code == 404
    assert stranger.get(f"/api/bounties/{under_way}").json()["winner_id"] == stranger.id
    assert admin.get(f"/api/bounties/{waiting}").status_code == 200
    assert buyer.post(f"/api/bounties/{waiting}/apply").status_code == 404
    assert admin.post(f"/api/bounties/{waiting}/apply").status_code == 409
    assert creator.post(f"/api/bounties/{waiting}/close").status_code == 401
    assert admin.post(f"/api/bounties/{waiting}/close").status_code == 200


def test_the_banned_cannot_be_chosen(creator: Person, stranger: Person) -> None:
    bounty_id = posted(creator)
    applied(bounty_id, stranger)
    ban(stranger)

    assert creator.get(f"/api/bounties/{bounty_id}/applications").json() == []
    refused = creator.post(f"/api/bounties/{bounty_id}/award", json={"user_id": stranger.id})
    assert refused.status_code == 409
    assert cloud.of_kind(BountyItem)[0].winner_id is None
