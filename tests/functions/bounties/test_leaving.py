"""What becomes of bounties, applications and notifications when someone erases their account."""

from typing import Any

import pytest

from nexus.bounties import service
from nexus.bounties.schemas import NewBounty
from nexus.table.bounties import ApplicationItem, BountyItem, PostedItem, change_bounty
from nexus.table.notifications import InboxItem, NotificationItem
from tests import cloud, stream
from tests.people import Person
from tests.pinboard import WANTED, applied, in_state, posted, stored

CALL = {"title": "Call Ada", "description": "Ada Lovelace, 555-0199"}

pytestmark = pytest.mark.usefixtures("living_house")


def erase(person: Person) -> None:
    assert person.delete("/api/users/me").status_code == 204
    stream.settle()


def test_what_an_erased_creator_asked_for_is_closed_and_hidden(
    creator: Person, stranger: Person, buyer: Person
) -> None:
    waiting, under_way = posted(creator), in_state("In Progress", creator, buyer, stranger)

    erase(creator)

    assert stored(waiting).status == "Closed"
    assert stored(under_way).status == "In Progress"
    assert stranger.get("/api/bounties").json() == []
    shown = stranger.get(f"/api/bounties/{under_way}").json()
    assert shown["creator"]["username"] == f"erased-{creator.id}"
    assert cloud.of_kind(PostedItem) == []


def test_the_words_of_a_bounty_that_nobody_won_go(
    creator: Person, stranger: Person, admin: Person
) -> None:
    waiting, closed, won = (posted(creator, **CALL) for _ in range(3))
    creator.post(f"/api/bounties/{closed}/close")
    applied(won, stranger)
    creator.post(f"/api/bounties/{won}/award", json={"user_id": stranger.id})

    erase(creator)

    for bounty_id in (waiting, closed):
        shown = admin.get(f"/api/bounties/{bounty_id}").json()
        assert (shown["status"], shown["title"]) == ("Closed", "Erased")
        NewBounty.model_validate({name: shown[name] for name in WANTED})
    telling = [item for item in cloud.items() if "555-0199" in str(item.attribute_values)]
    assert [item.key for item in telling] == [stored(won).key]
    assert stranger.get(f"/api/bounties/{won}").json()["title"] == CALL["title"]


def test_the_words_go_though_the_erasure_meets_another_step(
    creator: Person, admin: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    bounty_id = posted(creator, **CALL)
    assert creator.delete("/api/users/me").status_code == 204

    def closed_meanwhile(bounty: BountyItem, *asked: Any) -> None:
        monkeypatch.setattr(service, "change_bounty", change_bounty)
        assert admin.post(f"/api/bounties/{bounty_id}/close").status_code == 200
        change_bounty(bounty, *asked)

    monkeypatch.setattr(service, "change_bounty", closed_meanwhile)
    assert stream.project(stream.records()) != [], "the stream comes again"
    stream.settle()

    assert "555-0199" not in str(cloud.rows())


def test_an_erased_applicant_leaves_no_words_behind(
    creator: Person, stranger: Person, buyer: Person
) -> None:
    waiting, won = posted(creator), posted(creator)
    for bounty_id in (waiting, won):
        path = f"/api/bounties/{bounty_id}/apply"
        assert stranger.post(path, json={"message": "Call 555-0199"}).status_code == 201
    applied(waiting, buyer)
    creator.post(f"/api/bounties/{won}/award", json={"user_id": stranger.id})
    stream.settle()

    erase(stranger)

    left = {(each.bounty_id, each.user_id): each for each in cloud.of_kind(ApplicationItem)}
    assert set(left) == {(won, stranger.id), (waiting, buyer.id)}
    assert "555-0199" not in str(cloud.rows())
    assert creator.get(f"/api/bounties/{waiting}").json()["applicants"] == 1


def test_nothing_that_was_told_outlives_its_reader(creator: Person, stranger: Person) -> None:
    applied(posted(creator), stranger)
    stream.settle()
    creator.post("/api/users/me/notifications/read")
    assert [each.user_id for each in cloud.of_kind(NotificationItem)] == [creator.id]

    erase(creator)

    assert cloud.of_kind(NotificationItem) == []
    assert cloud.of_kind(InboxItem) == []


def test_an_export_holds_what_one_asked_for_offered_and_was_told(
    creator: Person, stranger: Person
) -> None:
    bounty_id = posted(creator)
    applied(bounty_id, stranger)
    stream.settle()

    asked = creator.get("/api/users/me/export").json()
    offered = stranger.get("/api/users/me/export").json()

    assert [each["id"] for each in asked["bounties"]] == [bounty_id]
    assert [each["kind"] for each in asked["notifications"]] == ["bounty_application"]
    assert asked["applications"] == offered["bounties"] == offered["notifications"] == []
    assert [each["bounty_id"] for each in offered["applications"]] == [bounty_id]
