"""Asking for a model: posting, reading and editing bounties."""

from datetime import timedelta, timezone
from typing import Any

import pytest

from nexus.bounties import service
from nexus.table.bounties import BountyItem
from tests import cloud, stream
from tests.gateway import Caller
from tests.people import Person
from tests.pinboard import IN_A_MONTH, WANTED, applied, posted


def test_a_bounty_is_posted_with_every_field_of_the_contract(creator: Person) -> None:
    answer = creator.post("/api/bounties", json=WANTED | {"deadline": IN_A_MONTH.isoformat()})

    assert answer.status_code == 201
    bounty = answer.json()
    assert answer.headers["ETag"] == '"1"'
    assert bounty == {
        "id": bounty["id"],
        "title": "A lighthouse",
        "description": "Rigged lamp.",
        "budget": 250.0,
        "status": "Open",
        "applicants": 0,
        "creator_id": creator.id,
        "winner_id": None,
        "created_at": bounty["created_at"],
        "deadline": f"{IN_A_MONTH:%Y-%m-%dT%H:%M:%SZ}",
        "creator": {"id": creator.id, "username": "creator", "is_verified": False},
        "version": 1,
    }
    assert bounty["created_at"].endswith("Z")


def test_everyone_reads_bounties_newest_first(creator: Person, visitor: Caller) -> None:
    first, second, third = (posted(creator, title=title) for title in ("One", "Two", "Three"))
    newest_first = sorted([first, second, third], reverse=True)

    page = visitor.get("/api/bounties/?limit=2")
    rest = visitor.get(page.links["next"]["url"])

    assert [each["id"] for each in page.json() + rest.json()] == newest_first
    assert visitor.get(f"/api/bounties/{second}").json()["title"] == "Two"


def test_bounties_are_listed_by_status(creator: Person, visitor: Caller) -> None:
    closed, still_open = posted(creator), posted(creator)
    creator.post(f"/api/bounties/{closed}/close")

    def listed(status: str) -> list[int]:
        answer = visitor.get("/api/bounties", params={"status": status})
        return [each["id"] for each in answer.json()]

    assert listed("Open") == [still_open]
    assert listed("Closed") == [closed]
    assert listed("In Progress") == []
    assert visitor.get("/api/bounties?status=open").status_code == 422


@pytest.mark.usefixtures("living_house")
def test_applicants_are_counted_once_whatever_the_stream_repeats(
    creator: Person, stranger: Person, buyer: Person, visitor: Caller
) -> None:
    bounty_id = posted(creator)
    applied(bounty_id, stranger)
    applied(bounty_id, buyer)

    stream.settle()
    stream.project(stream.records())

    assert visitor.get(f"/api/bounties/{bounty_id}").json()["applicants"] == 2
    assert visitor.get("/api/bounties").json()[0]["applicants"] == 2


@pytest.mark.parametrize(
    "wrong",
    [
        {"title": ""},
        {"title": "x" * 121},
        {"title": "two\nlines"},
        {"title": None},
        {"description": ""},
        {"description": "x" * 10_001},
        {"budget": 0},
        {"budget": 0.99},
        {"budget": -5},
        {"budget": 1_000_001},
        {"budget": 19.999},
        {"budget": "250"},
        {"budget": True},
        {"deadline": "2020-01-01T00:00:00Z"},
        {"deadline": (IN_A_MONTH + timedelta(days=2 * 365)).isoformat()},
        {"deadline": IN_A_MONTH.replace(tzinfo=None).isoformat()},
        {"deadline": "9999-12-31T23:59:59-23:59"},
        {"deadline": "0001-01-01T00:00:00+23:59"},
        {"deadline": "tomorrow"},
        {"deadline": IN_A_MONTH.timestamp()},
        {"deadline": str(int(IN_A_MONTH.timestamp()))},
        {"deadline": []},
        {"status": "Completed"},
        {"winner_id": 7},
        {"creator_id": 7},
        {"applicants": 100},
    ],
)
def test_what_makes_no_sense_is_refused(creator: Person, wrong: dict[str, Any]) -> None:
    answer = creator.post("/api/bounties", json=WANTED | wrong)

    assert answer.status_code == 422
    assert answer.json()["errors"][0]["loc"][:2] == ["body", *wrong]
    assert cloud.of_kind(BountyItem) == []


@pytest.mark.parametrize("bounty_id", ["0", "-1", str(2**53), "abc", "1.5", "%2e%2e"])
def test_odd_ids_are_malformed_or_unknown(visitor: Caller, bounty_id: str) -> None:
    assert visitor.get(f"/api/bounties/{bounty_id}").status_code in {404, 422}


@pytest.mark.parametrize("query", ["skip=-1", "limit=0", "limit=100000", "cursor=made-up"])
def test_odd_pages_are_malformed(visitor: Caller, query: str) -> None:
    assert visitor.get(f"/api/bounties?{query}").status_code == 422


def test_a_deadline_in_another_zone_is_kept_in_utc(creator: Person) -> None:
    elsewhere = IN_A_MONTH.astimezone(timezone(timedelta(hours=5, minutes=45))).isoformat()
    answer = creator.post("/api/bounties", json=WANTED | {"deadline": elsewhere})

    assert answer.json()["deadline"] == f"{IN_A_MONTH:%Y-%m-%dT%H:%M:%SZ}"


def test_posting_twice_with_one_key_posts_once(creator: Person) -> None:
    headers = {"Idempotency-Key": "click"}
    first, again = (creator.post("/api/bounties", json=WANTED, headers=headers) for _ in "12")

    assert first.json() == again.json()
    assert len(cloud.of_kind(BountyItem)) == 1


def test_nobody_floods_the_board(creator: Person, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(service, "BOUNTIES_A_DAY", 2)
    posted(creator)
    posted(creator)

    refused = creator.post("/api/bounties", json=WANTED)

    assert refused.status_code == 429
    assert int(refused.headers["Retry-After"]) > 0


def test_an_edit_names_the_version_it_is_made_on(creator: Person) -> None:
    path = f"/api/bounties/{posted(creator, deadline=IN_A_MONTH.isoformat())}"
    seen = creator.get(path).headers["ETag"]

    assert creator.patch(path, json={"budget": 300}).status_code == 428
    edited = creator.patch(path, json={"budget": 300}, headers={"If-Match": seen})
    late = creator.patch(path, json={"budget": 1}, headers={"If-Match": seen})

    assert edited.json()["budget"] == 300
    assert edited.headers["ETag"] == '"2"'
    assert late.status_code == 412
    assert creator.get(path).json() == edited.json()


def test_of_an_open_bounty_only_the_deadline_can_be_taken_away(creator: Person) -> None:
    path = f"/api/bounties/{posted(creator, deadline=IN_A_MONTH.isoformat())}"
    anyhow = {"If-Match": "*"}

    for changes in ({}, {"title": None}, {"budget": None}, {"status": "Closed"}, {"winner_id": 1}):
        assert creator.patch(path, json=changes, headers=anyhow).status_code == 422
    past = creator.patch(path, json={"deadline": "2020-01-01T00:00:00Z"}, headers=anyhow)
    without = creator.patch(path, json={"deadline": None}, headers=anyhow)

    assert past.status_code == 422
    assert without.json()["deadline"] is None
