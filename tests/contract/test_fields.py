"""The table of who may set and who sees which field, carried out."""

import re
from collections.abc import Iterator
from functools import cache
from typing import Any

import pytest

from local.openapi import document
from nexus.table.items import Item
from tests import cloud
from tests.contract.fields import ADDRESSES, FREE, LOOKERS, NEVER, SIGHTS, WRITES, Sight
from tests.gateway import Caller
from tests.people import Person, an_admin
from tests.workshop import on_sale, submitted, upload


@cache
def api() -> dict[str, Any]:
    return document()


def with_bodies() -> set[str]:
    return {
        f"{method.upper()} {path}"
        for path, operations in api()["paths"].items()
        for method, operation in operations.items()
        if "requestBody" in operation
    }


def named(schema: Any) -> set[str]:
    """The fields that a schema names, whatever the form it is taken in."""
    if isinstance(schema, list):
        return set().union(*map(named, schema))
    if not isinstance(schema, dict):
        return set()
    if "$ref" in schema:
        return named(api()["components"]["schemas"][schema["$ref"].rsplit("/", 1)[-1]])
    return set(schema.get("properties", ())) | named(schema.get("anyOf", []))


def attributes(kind: type[Item]) -> set[str]:
    """The names under which an item stores its attributes, and those the code has for them."""
    return {
        name
        for code, attribute in kind.get_attributes().items()
        for name in (code, attribute.attr_name)
    }


def test_every_route_with_a_body_has_a_row() -> None:
    assert with_bodies() | FREE.keys() == WRITES.keys() | FREE.keys()


@pytest.mark.usefixtures("house")
def test_what_a_schema_does_not_name_is_refused_by_its_name() -> None:
    admin = an_admin("root")
    before = len(cloud.rows())

    wrong = [line for route in WRITES for line in accepted(route, admin)]

    assert not wrong, "\n".join(wrong)
    assert len(cloud.rows()) == before


def accepted(route: str, admin: Person) -> Iterator[str]:
    """The attributes that a route takes although its schema does not name them."""
    method, path = route.split()
    body = api()["paths"][path][method.lower()]["requestBody"]["content"]["application/json"]
    foreign = set().union(*map(attributes, WRITES[route])) - named(body["schema"])
    for name in sorted(foreign):
        answer = admin.request(
            method, re.sub(r"{\w+}", "1", path), json={name: 1}, headers={"If-Match": "*"}
        )
        refused = {error["loc"][-1] for error in answer.json().get("errors", ())}
        if answer.status_code != 422 or name not in refused:
            yield f"{route} with {name}: {answer.status_code} {sorted(map(str, refused))}"


def test_no_answer_has_a_field_that_stays_inside() -> None:
    for name, schema in answers().items():
        fields = schema.get("properties", {}).keys()
        assert not fields & NEVER, name
        assert ("email" in fields) == (name in ADDRESSES), name


def answers() -> dict[str, Any]:
    """The schemas that routes answer with, and those within them."""
    found: dict[str, Any] = {}

    def gather(schema: Any) -> None:
        for name in re.findall(r"#/components/schemas/([^']+)", str(schema)):
            if name not in found:
                found[name] = api()["components"]["schemas"][name]
                gather(found[name])

    for operations in api()["paths"].values():
        gather([operation["responses"] for operation in operations.values()])
    return found


@pytest.mark.usefixtures("house")
def test_each_field_is_seen_by_whom_the_table_says() -> None:
    ada, admin, stranger, buyer = Person("ada"), an_admin("root"), Person("stranger"), Person("bea")
    places = a_world(ada, admin, buyer)
    lookers = (Caller(), stranger, buyer, ada, admin)

    wrong = [line for sight in SIGHTS for line in differences(sight, places, lookers)]

    assert not wrong, "\n".join(wrong)


def a_world(ada: Person, admin: Person, buyer: Person) -> dict[str, int]:
    claims = {"claims": {"poly_count": 5}}
    turned_down = submitted(ada, upload_ids=[upload(ada, "a.glb")], **claims)["id"]
    admin.post(f"/api/admin/models/{turned_down}/reject", json={"reason": "No."})
    model = on_sale(ada, admin, upload_ids=[upload(ada, "b.glb")], **claims)
    before = on_sale(ada, admin, upload_ids=[upload(ada, "c.glb")], **claims)
    for model_id in (model, before):
        assert buyer.post(f"/api/models/{model_id}/purchase").status_code == 200
    buyer.post(f"/api/models/{model}/reviews", json={"rating": 5})
    edit = {"upload_ids": [upload(ada, "d.glb")]}
    ada.patch(f"/api/models/{before}", json=edit, headers={"If-Match": "*"})
    admin.post(f"/api/admin/models/{before}/reject", json={"reason": "Worse than it was."})
    wanted = {"title": "A gate", "description": "Oak", "budget": 20}
    bounty = ada.post("/api/bounties", json=wanted).json()["id"]
    buyer.post(f"/api/bounties/{bounty}/apply", json={"message": "Soon."})
    spare = upload(ada, "e.glb")
    banned = Person("banned")
    admin.post(f"/api/admin/users/{banned.id}/ban", json={"reason": "Spam"})
    return {
        "ada": ada.id,
        "bounty": bounty,
        "model": model,
        "turned_down": turned_down,
        "upload": spare,
    }


def differences(sight: Sight, places: dict[str, int], lookers: tuple[Caller, ...]) -> Iterator[str]:
    path = sight.path.format(**places)
    for who, looker, expected in zip(LOOKERS, lookers, sight.seen.split(), strict=True):
        found = sight_of(looker, path, sight.field)
        if found != expected:
            yield f"{sight.field} of {sight.path}, {who}: {found}, expected {expected}"


def sight_of(looker: Caller, path: str, field: str) -> str:
    answer = looker.get(path)
    if answer.status_code != 200:
        return str(answer.status_code)
    seen = answer.json()
    if isinstance(seen, list):
        if not seen:
            return "[]"
        seen = seen[0]
    for name in field.split("."):
        seen = seen.get(name) if seen else None
    return "." if seen is None else "x"
