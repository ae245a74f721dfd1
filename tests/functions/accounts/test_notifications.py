"""What users are told within the storefront, and that they are told it once."""

import random

import pytest

from nexus.ids import LARGEST
from nexus.notifications import service
from nexus.notifications.schemas import TEXTS
from nexus.table.notifications import NotificationItem
from tests import cloud, stream
from tests.gateway import Caller
from tests.people import Person
from tests.pinboard import applied, posted
from tests.workshop import on_sale, submitted

pytestmark = pytest.mark.usefixtures("living_house")

INBOX = "/api/users/me/notifications"


def told(person: Person) -> list[tuple[str, str]]:
    """Kind and link of everything someone was told, newest first."""
    return [(each["kind"], each["link"]) for each in person.get(INBOX).json()]


def unread(person: Person) -> int:
    return int(person.get(INBOX).headers["X-Unread-Count"])


def awarded(creator: Person, winner: Person, **fields: object) -> int:
    bounty_id = posted(creator, **fields)
    applied(bounty_id, winner)
    answer = creator.post(f"/api/bounties/{bounty_id}/award", json={"user_id": winner.id})
    assert answer.status_code == 200
    return bounty_id


def test_creators_hear_of_verdicts_sales_and_reviews(
    creator: Person, buyer: Person, admin: Person
) -> None:
    castle = on_sale(creator, admin)
    refused = submitted(creator, name="Ruin")["id"]
    admin.post(f"/api/admin/models/{refused}/reject", json={"reason": "It is unfinished."})
    buyer.post(f"/api/models/{castle}/purchase")
    buyer.post(f"/api/models/{castle}/reviews", json={"rating": 4})
    stream.settle()

    notifications = creator.get(INBOX).json()

    assert {each["kind"]: each["text"] for each in notifications} == {
        "model_approved": "“Castle” was approved and is on sale now.",
        "model_rejected": "“Ruin” was not approved: It is unfinished.",
        "sale": "You sold “Castle”.",
        "new_review": "“Castle” got a review with 4 of 5 stars.",
    }
    assert len(notifications) == 4
    assert told(buyer) == told(admin) == []


def test_creator_and_winner_of_a_bounty_hear_of_it(creator: Person, stranger: Person) -> None:
    bounty_id = awarded(creator, stranger)
    creator.post(f"/api/bounties/{bounty_id}/complete")
    stream.settle()

    path = f"/api/bounties/{bounty_id}"
    assert told(creator) == [("bounty_application", f"{path}/applications")]
    assert sorted(told(stranger)) == [("bounty_awarded", path), ("bounty_completed", path)]


def test_a_notification_has_these_fields(creator: Person, stranger: Person) -> None:
    awarded(creator, stranger, title="A {reason} & <b>")
    stream.settle()

    [notification] = stranger.get(INBOX).json()

    assert set(notification) == {"id", "kind", "text", "link", "read", "created_at"}
    assert 1 <= notification["id"] <= LARGEST
    assert notification["text"] == "You were chosen for the bounty “A {reason} & <b>”."
    assert notification["created_at"].endswith("Z")
    assert notification["read"] is False


def test_however_the_stream_stutters_each_is_told_once(
    creator: Person, stranger: Person, buyer: Person
) -> None:
    awarded(creator, stranger)
    applied(posted(creator), buyer)
    stream.settle()
    once = sorted(told(creator) + told(stranger))
    chance = random.Random(4)

    for _ in range(10):
        start = chance.randrange(len(stream.records()))
        assert stream.project(stream.records()[start:]) == []

    assert sorted(told(creator) + told(stranger)) == once
    assert len(cloud.of_kind(NotificationItem)) == 3


def test_some_or_all_are_marked_as_read(creator: Person, stranger: Person, buyer: Person) -> None:
    for person in (stranger, buyer, Person("eve")):
        applied(posted(creator), person)
    stream.settle()
    first, *_ = creator.get(INBOX).json()
    assert unread(creator) == 3

    assert creator.post(f"{INBOX}/read", json={"ids": [first["id"]]}).json() == {"unread": 2}
    assert [each["read"] for each in creator.get(INBOX).json()] == [True, False, False]
    assert creator.post(f"{INBOX}/read").json() == {"unread": 0}
    assert unread(creator) == 0
    assert all(each["read"] for each in creator.get(INBOX).json())

    applied(posted(creator), stranger)
    stream.settle()
    assert unread(creator) == 1
    assert [each["read"] for each in creator.get(INBOX).json()] == [False, True, True, True]


def test_nobody_marks_what_others_were_told(creator: Person, stranger: Person) -> None:
    applied(posted(creator), stranger)
    stream.settle()
    [notification] = creator.get(INBOX).json()

    answer = stranger.post(f"{INBOX}/read", json={"ids": [notification["id"]]})

    assert answer.json() == {"unread": 0}
    assert unread(creator) == 1
    assert stranger.get(INBOX).json() == []


@pytest.mark.parametrize(
    "body", [{"ids": ["1"]}, {"ids": [0]}, {"ids": list(range(1, 52))}, {"all": True}, [1]]
)
def test_odd_lists_of_notifications_are_malformed(creator: Person, body: object) -> None:
    assert creator.post(f"{INBOX}/read", json=body).status_code == 422


def test_only_the_signed_in_are_told_anything(visitor: Caller) -> None:
    assert visitor.get(INBOX).status_code == 401
    assert visitor.post(f"{INBOX}/read").status_code == 401


def test_pages_of_notifications_are_the_whole(creator: Person, stranger: Person) -> None:
    for _ in range(5):
        applied(posted(creator), stranger)
    stream.settle()

    page = creator.get(f"{INBOX}?limit=2")
    ids = [each["id"] for each in page.json()]
    while "next" in page.links:
        page = creator.get(page.links["next"]["url"])
        ids += [each["id"] for each in page.json()]

    assert ids == [each["id"] for each in creator.get(INBOX).json()]
    assert len(ids) == 5


def test_an_inbox_costs_the_same_however_full_it_is(
    creator: Person, stranger: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(service, "MOST_UNREAD", 2)
    for _ in range(4):
        applied(posted(creator), stranger)
    stream.settle()

    with cloud.calls() as calls:
        answer = creator.get(f"{INBOX}?limit=1")

    assert answer.headers["X-Unread-Count"] == "2"
    assert sorted(calls) == ["BatchGetItem", "GetItem", "Query", "Query"]


def test_every_kind_has_a_text_that_needs_no_more_than_it_is_given() -> None:
    given = {"name": "n", "reason": "r", "rating": 5}

    assert all(text.format_map(given) for text in TEXTS.values())
