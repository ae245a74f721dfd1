"""What becomes of bounties, applications and notifications when someone erases their account."""

import pytest

from nexus.table.bounties import ApplicationItem, PostedItem
from nexus.table.notifications import InboxItem, NotificationItem
from tests import cloud, stream
from tests.people import Person
from tests.pinboard import applied, in_state, posted, stored

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
