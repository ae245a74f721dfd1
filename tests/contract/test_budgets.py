"""The table of what each route costs, carried out in a small and in a larger marketplace."""

import re
from collections import Counter
from collections.abc import Iterator
from functools import cache
from typing import Any

import pytest

from local.openapi import document
from nexus.outside import load
from nexus.storefront.schemas import MOST_SLIDES
from nexus.subscriptions import service as subscriptions
from nexus.table.outbox import OutboxItem
from tests import cloud
from tests.contract.authorisation import CAMPAIGN
from tests.contract.budgets import ANOTHER, CASTLE, GATE, MOAT, RETURNED, SPARE, TABLE, WAITING
from tests.contract.mail_budgets import TABLE as MAIL
from tests.contract.rows import ADA, ADMIN, GUEST, SHORT, VISITOR, Place, Row
from tests.contract.test_authorisation import routes
from tests.gateway import Caller
from tests.marketplace import Marketplace, marketplace
from tests.people import Person
from tests.workshop import stored_upload

SMALL, LARGER = 5, 60
ROWS = (*TABLE, *MAIL)


def test_every_route_has_a_row_and_every_row_a_route() -> None:
    assert {row.route for row in ROWS} == set(routes())
    assert not any("Scan" in row.calls for row in ROWS)


@pytest.mark.parametrize("size", [SMALL, LARGER])
@pytest.mark.usefixtures("house")
def test_each_route_costs_what_the_table_says(size: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(load, "_measure", lambda _: 0)
    world = World(marketplace(size))

    wrong = [line for row in ROWS for line in world.carry_out(row)]

    assert not wrong, "\n".join(wrong)


class World:
    def __init__(self, place: Marketplace) -> None:
        guest, forgetful = Person("guest"), Person("forgetful")
        self.callers: dict[str, Caller] = {
            ADA: place.ada,
            ADMIN: place.admin,
            GUEST: guest,
            VISITOR: Caller(),
        }
        self.callers[VISITOR].get("/api/models")
        self.callers[ADMIN].put("/api/admin/slider", json=place.theirs[:MOST_SLIDES])
        self.callers[ADMIN].put("/api/admin/homepage", json={})
        self.callers[VISITOR].post("/api/auth/forgot-password", json={"email": forgetful.email})
        campaign = self.callers[ADMIN].post("/api/admin/campaigns", json=CAMPAIGN).json()
        self.places: dict[str, Any] = {
            "campaign_id": campaign["id"],
            "token": subscriptions.link(forgetful.id, campaign["id"]).rpartition("/")[2],
            CASTLE: place.hers[0],
            WAITING: place.waiting[0],
            ANOTHER: place.waiting[1],
            SPARE: stored_upload(place.ada).id,
            MOAT: place.bounties[0],
            GATE: place.bounties[2],
            GUEST: guest.id,
            "user_id": place.ada.id,
            "transaction_id": place.sales[0],
            "code": "MOAT-10",
            RETURNED: place.sales[1],
            "category_id": place.categories[0],
            "testimonial_id": place.testimonials[0],
            "tutorial_id": place.tutorials[0],
            "session": place.ada.tokens.refresh_token,
            "other session": forgetful.tokens.refresh_token,
            "verification": mailed(guest, "verify_email"),
            "reset": mailed(forgetful, "reset_password"),
        }

    def carry_out(self, row: Row) -> Iterator[str]:
        path = re.sub(r"{(\w+)}", lambda name: str(self.places[row.at or name[1]]), row.path)
        cloud.renew_secrets()
        with cloud.calls() as made:
            answer = self.callers[row.who].request(
                row.method,
                path,
                json=self.filled(row.json),
                params={"limit": 100} if row.route in paged() else None,
                headers={"If-Match": "*"},
            )
        spent = summary(made)
        if (answer.status_code, spent) != (row.status, row.calls):
            yield f"{row.method} {row.path}: {answer.status_code} {spent!r}, not {row.calls!r}"

    def filled(self, json: Any) -> Any:
        """A body with ids where it names places."""
        match json:
            case Place(name):
                return self.places[name]
            case dict():
                return {name: self.filled(value) for name, value in json.items()}
            case list():
                return [self.filled(value) for value in json]
        return json


def mailed(person: Person, template: str) -> str:
    """The token of a mail that is owed to someone."""
    [mail] = [
        item
        for item in cloud.of_kind(OutboxItem)
        if (item.user_id, item.template) == (person.id, template)
    ]
    return str(mail.data["token"])


@cache
def paged() -> set[tuple[str, str]]:
    """The routes of lists."""
    return {
        (method.upper(), path)
        for path, operations in document()["paths"].items()
        for method, operation in operations.items()
        if any(each["name"] == "skip" for each in operation.get("parameters", []))
    }


def summary(operations: list[str]) -> str:
    """How often each operation was asked for, such as "2 Get, 1 Query".

    Secrets are kept for five minutes, so who happens to read them is left out.
    """
    names = Counter(SHORT.get(each, each) for each in operations if each != "GetSecretValue")
    return ", ".join(f"{number} {name}" for name, number in sorted(names.items()))
