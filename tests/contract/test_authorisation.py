"""The table of who may do what, carried out."""

from collections.abc import Iterator
from typing import Any

import pytest

from local.openapi import document
from nexus.subscriptions import service as subscriptions
from tests.contract.authorisation import CALLERS, TABLE, Row
from tests.gateway import Caller
from tests.people import Person, an_admin, ban
from tests.workshop import on_sale, upload

METHODS = {"get", "post", "put", "patch", "delete"}


def routes() -> Iterator[tuple[str, str]]:
    for path, operations in document()["paths"].items():
        for method in METHODS & operations.keys():
            yield method.upper(), path


def test_every_route_has_a_row_and_every_row_a_route() -> None:
    assert {row.route for row in TABLE} == set(routes())


def test_each_row_names_an_answer_for_each_caller() -> None:
    assert {len(row.answers.split()) for row in TABLE} == {len(CALLERS)}


@pytest.mark.usefixtures("house")
def test_everyone_is_answered_as_the_table_says() -> None:
    ada, admin, owner, other = Person("ada"), an_admin("root"), Person("owner"), Person("other")
    banned = Person("banned")
    ban(banned)
    model_id = on_sale(ada, admin)
    owner.post(f"/api/models/{model_id}/purchase")
    bounty = {"title": "A gate", "description": "Oak", "budget": 20}
    bounty_id = ada.post("/api/bounties", json=bounty).json()["id"]
    other.post(f"/api/bounties/{bounty_id}/apply", json={})
    made = {
        kind: admin.post(f"/api/admin/{path}", json=body).json()["id"]
        for kind, path, body in (
            ("category_id", "categories", {"name": "Gates"}),
            ("testimonial_id", "testimonials", {"author": "A", "text": "Good", "rating": 5}),
            (
                "campaign_id",
                "campaigns",
                {"name": "C", "subject": "News", "content": "<p>Hi</p>", "segment": "all"},
            ),
            (
                "tutorial_id",
                "tutorials",
                {"title": "T", "content": "c", "category": "Beginner", "published": True},
            ),
        )
    }
    places: dict[str, Any] = made | {
        "model_id": model_id,
        "bounty_id": bounty_id,
        "code": "MOAT-10",
        "user_id": ada.id,
        "token": subscriptions.link(owner.id, made["campaign_id"]).rpartition("/")[2],
        "upload_id": upload(ada, "spare.glb"),
        "transaction_id": owner.get("/api/users/me/purchases").json()[0]["id"],
    }
    callers = (Caller(), banned, Person("user"), other, owner, ada, admin)

    wrong = [line for row in TABLE for line in differences(row, places, callers)]

    assert not wrong, "\n".join(wrong)


def differences(row: Row, places: dict[str, Any], callers: tuple[Caller, ...]) -> Iterator[str]:
    for who, caller, expected in zip(CALLERS, callers, row.answers.split(), strict=True):
        answer = caller.request(
            row.method,
            row.path.format(**places),
            json=row.json,
            params=row.params,
            headers={"If-Match": "*"},
        )
        if answer.status_code != int(expected):
            yield f"{row.method} {row.path} {who}: {answer.status_code}, expected {expected}"
