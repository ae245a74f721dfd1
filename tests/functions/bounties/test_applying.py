"""Applying for bounties, and who sees who did."""

import pytest

from nexus.bounties import applications
from nexus.table.bounties import ApplicationItem
from nexus.table.outbox import OutboxItem
from tests import cloud
from tests.people import Person
from tests.pinboard import applied, posted


def mails(template: str) -> list[int]:
    """To whom mails of a template are owed."""
    return [each.user_id for each in cloud.of_kind(OutboxItem) if each.template == template]


def test_an_application_tells_the_creator(creator: Person, stranger: Person) -> None:
    bounty_id = posted(creator)

    answer = stranger.post(f"/api/bounties/{bounty_id}/apply", json={"message": "I build ships."})

    assert answer.status_code == 201
    application = answer.json()
    assert application == {
        "id": application["id"],
        "bounty_id": bounty_id,
        "user_id": stranger.id,
        "user": {"id": stranger.id, "username": "stranger", "is_verified": False},
        "message": "I build ships.",
        "created_at": application["created_at"],
    }
    assert mails("bounty_application") == [creator.id]


def test_nobody_applies_twice_and_a_retry_is_no_second_time(
    creator: Person, stranger: Person
) -> None:
    path, headers = f"/api/bounties/{posted(creator)}/apply", {"Idempotency-Key": "click"}

    first, again = (stranger.post(path, headers=headers) for _ in "12")
    twice = stranger.post(path)

    assert (first.status_code, first.json()) == (201, again.json())
    assert twice.status_code == 409
    assert twice.json()["detail"] == "You have applied for this bounty already"
    assert mails("bounty_application") == [creator.id]


def test_nobody_applies_for_their_own_bounty(creator: Person) -> None:
    bounty_id = posted(creator)

    assert creator.post(f"/api/bounties/{bounty_id}/apply").status_code == 409
    assert cloud.of_kind(ApplicationItem) == []


@pytest.mark.parametrize("message", ["", "x" * 2001, 7, "\0"])
def test_a_message_is_text_of_sensible_length(
    creator: Person, stranger: Person, message: object
) -> None:
    path = f"/api/bounties/{posted(creator)}/apply"

    assert stranger.post(path, json={"message": message}).status_code == 422
    assert stranger.post(path, json={"user_id": creator.id}).status_code == 422


def test_an_unknown_bounty_has_no_applications(stranger: Person) -> None:
    assert stranger.post("/api/bounties/4711/apply").status_code == 404
    assert stranger.get("/api/bounties/4711/applications").status_code == 404


def test_the_creator_pages_through_all_and_applicants_see_their_own(
    creator: Person, stranger: Person, buyer: Person, admin: Person
) -> None:
    bounty_id = posted(creator)
    for person in (stranger, buyer, admin):
        applied(bounty_id, person)
    path = f"/api/bounties/{bounty_id}/applications"

    page = creator.get(f"{path}?limit=2")
    rest = creator.get(page.links["next"]["url"])

    everyone = {each["user_id"] for each in page.json() + rest.json()}
    assert everyone == {stranger.id, buyer.id, admin.id}
    assert len(page.json()) == 2
    assert [each["user_id"] for each in stranger.get(path).json()] == [stranger.id]
    assert len(admin.get(path).json()) == 3
    assert Person("eve").get(path).status_code == 403


def test_nobody_floods_creators_with_applications(
    creator: Person, stranger: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(applications, "APPLICATIONS_A_DAY", 1)
    applied(posted(creator), stranger)

    assert stranger.post(f"/api/bounties/{posted(creator)}/apply").status_code == 429
