"""Bounties: Open → In Progress → Completed, and Closed from Open."""

from typing import Any

import pytest

from tests.contract.shapes import BOUNTY, identifier, mistakes
from tests.gateway import Caller
from tests.people import Person
from tests.pinboard import IN_A_MONTH

WANTED: dict[str, Any] = {"title": "A moat", "description": "Round the castle", "budget": 49.5}


@pytest.fixture
def bounty(ada: Person) -> str:
    """The path of an open bounty of Ada's."""
    return f"/api/bounties/{ada.post('/api/bounties', json=WANTED).json()['id']}"


def test_posting(ada: Person, anyone: Caller) -> None:
    timed = WANTED | {"deadline": IN_A_MONTH.isoformat()}
    for path, body in (("/api/bounties", WANTED), ("/api/bounties/", timed)):
        answer = ada.post(path, json=body)
        assert (answer.status_code, mistakes(answer.json(), BOUNTY)) == (201, [])
        bounty = answer.json()
        assert (bounty["budget"], bounty["status"], bounty["applicants"]) == (49.5, "Open", 0)
        assert (bounty["creator_id"], bounty["winner_id"]) == (ada.id, None)
        assert (bounty["deadline"] is None) == (body is WANTED)
        assert anyone.get(f"/api/bounties/{bounty['id']}").json() == bounty
    listed = anyone.get("/api/bounties").json()
    assert [mistakes(each, BOUNTY) for each in listed] == [[], []]
    assert anyone.post("/api/bounties", json=WANTED).status_code == 401


def test_the_way_to_a_winner(bounty: str, ada: Person, bea: Person, anyone: Caller) -> None:
    assert anyone.post(f"{bounty}/apply").status_code == 401
    assert ada.post(f"{bounty}/apply", json={}).status_code == 409
    applied = bea.post(f"{bounty}/apply", json={"message": "I dig"})
    assert applied.status_code == 201
    assert bea.post(f"{bounty}/apply").status_code == 409
    [application] = ada.get(f"{bounty}/applications").json()
    assert (application["user_id"], application["message"]) == (bea.id, "I dig")
    assert identifier(application["id"])
    assert bea.post(f"{bounty}/award", json={"user_id": bea.id}).status_code == 403
    assert ada.post(f"{bounty}/award", json={"user_id": ada.id}).status_code == 409
    assert ada.post(f"{bounty}/complete").status_code == 409

    awarded = ada.post(f"{bounty}/award", json={"user_id": bea.id}).json()
    assert (awarded["status"], awarded["winner_id"]) == ("In Progress", bea.id)
    assert ada.post(f"{bounty}/close").status_code == 409
    completed = ada.post(f"{bounty}/complete").json()
    assert (completed["status"], mistakes(completed, BOUNTY)) == ("Completed", [])


def test_closing(bounty: str, ada: Person, bea: Person) -> None:
    assert bea.post(f"{bounty}/close").status_code == 403
    assert ada.post(f"{bounty}/close/").json()["status"] == "Closed"
    assert bea.post(f"{bounty}/apply").status_code == 409


def test_a_bounty_that_is_not_there(ada: Person) -> None:
    for method, end in (
        ("GET", ""),
        ("POST", "/apply"),
        ("GET", "/applications"),
        ("POST", "/close"),
    ):
        answer = ada.request(method, f"/api/bounties/1{end}")
        assert (answer.status_code, answer.json()["detail"]) == (404, "Bounty not found")
