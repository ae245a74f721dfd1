"""Every state of a bounty, every action, and everyone who may try it."""

from collections.abc import Callable

import httpx
import pytest

from tests.gateway import Caller
from tests.people import Person
from tests.pinboard import in_state, stored

EXPECTED = """
                            anonymous stranger applicant winner creator admin
Open         read           200       200      200       200    200     200
Open         edit           401       403      403       403    200     403
Open         apply          401       201      409       409    409     201
Open         applications   401       403      200       200    200     200
Open         award          401       403      403       403    200     403
Open         complete       401       403      403       403    409     403
Open         close          401       403      403       403    200     200

Overdue      read           200       200      200       200    200     200
Overdue      edit           401       403      403       403    409     403
Overdue      apply          401       409      409       409    409     409
Overdue      applications   401       403      200       200    200     200
Overdue      award          401       403      403       403    409     403
Overdue      complete       401       403      403       403    409     403
Overdue      close          401       403      403       403    200     200

In_Progress  read           200       200      200       200    200     200
In_Progress  edit           401       403      403       403    409     403
In_Progress  apply          401       409      409       409    409     409
In_Progress  applications   401       403      200       200    200     200
In_Progress  award          401       403      403       403    409     403
In_Progress  award_again    401       403      403       403    200     403
In_Progress  complete       401       403      403       403    200     403
In_Progress  close          401       403      403       403    409     409

Completed    read           200       200      200       200    200     200
Completed    edit           401       403      403       403    409     403
Completed    apply          401       409      409       409    409     409
Completed    applications   401       403      200       200    200     200
Completed    award          401       403      403       403    409     403
Completed    award_again    401       403      403       403    200     403
Completed    complete       401       403      403       403    200     403
Completed    close          401       403      403       403    409     409

Closed       read           200       200      200       200    200     200
Closed       edit           401       403      403       403    409     403
Closed       apply          401       409      409       409    409     409
Closed       applications   401       403      200       200    200     200
Closed       award          401       403      403       403    409     403
Closed       complete       401       403      403       403    409     403
Closed       close          401       403      403       403    200     200
"""
ACTORS, *ROWS = [line.split() for line in EXPECTED.splitlines() if line.strip()]
BECOMES = {
    ("Open", "award"): "In Progress",
    ("Open", "close"): "Closed",
    ("Overdue", "close"): "Closed",
    ("In Progress", "complete"): "Completed",
}

type Action = Callable[[Caller, str, dict[str, Person]], httpx.Response]


def _award(who: str) -> Action:
    return lambda caller, path, people: caller.post(
        f"{path}/award", json={"user_id": people[who].id}
    )


ACTIONS: dict[str, Action] = {
    "read": lambda caller, path, _: caller.get(path),
    "edit": lambda caller, path, _: caller.patch(
        path, json={"title": "A taller lighthouse"}, headers={"If-Match": "*"}
    ),
    "apply": lambda caller, path, _: caller.post(f"{path}/apply"),
    "applications": lambda caller, path, _: caller.get(f"{path}/applications"),
    "award": _award("applicant"),
    "award_again": _award("winner"),
    "complete": lambda caller, path, _: caller.post(f"{path}/complete"),
    "close": lambda caller, path, _: caller.post(f"{path}/close"),
}


@pytest.fixture
def people(creator: Person, stranger: Person, admin: Person) -> dict[str, Person]:
    return {
        "stranger": stranger,
        "applicant": Person("applicant"),
        "winner": Person("winner"),
        "creator": creator,
        "admin": admin,
    }


@pytest.mark.parametrize("row", ROWS, ids=lambda row: f"{row[0]} {row[1]}")
def test_each_state_answers_each_actor_as_agreed(
    row: list[str], people: dict[str, Person], visitor: Caller
) -> None:
    state, action, *statuses = row
    state = state.replace("_", " ")
    wanted = dict(zip(ACTORS, map(int, statuses), strict=True))

    def fresh() -> int:
        return in_state(state, people["creator"], people["applicant"], people["winner"])

    def tried(actor: str, bounty_id: int) -> int:
        caller = people.get(actor, visitor)
        return ACTIONS[action](caller, f"/api/bounties/{bounty_id}", people).status_code

    refused = {actor for actor, status in wanted.items() if status >= 400}
    untouched = fresh()
    before = stored(untouched).attribute_values

    assert {actor: tried(actor, untouched) for actor in refused} == {
        actor: wanted[actor] for actor in refused
    }
    assert stored(untouched).attribute_values == before
    for actor in wanted.keys() - refused:
        bounty_id = fresh()
        was = stored(bounty_id).status

        assert tried(actor, bounty_id) == wanted[actor], actor
        assert stored(bounty_id).status == BECOMES.get((state, action), was), actor


def test_the_table_names_every_state_with_every_action() -> None:
    states = {"Open", "Overdue", "In_Progress", "Completed", "Closed"}

    assert {(row[0], row[1]) for row in ROWS} >= {
        (state, action) for state in states for action in ACTIONS if action != "award_again"
    }
