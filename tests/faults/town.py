"""A place in which there is some of everything, built once and put back before each run.

What a route must leave behind is what it leaves where nothing goes wrong: every fact but for ids,
moments and versions.
"""

import json
import re
from collections import Counter
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from itertools import batched
from typing import Any, TypeIs

from nexus.catalogue import service as catalogue
from nexus.search import service as search
from nexus.search import snapshots
from nexus.statistics.reconciliation import Count
from nexus.subscriptions import service as subscriptions
from nexus.table.changes import ChangeItem
from nexus.table.counters import AppliedItem
from nexus.table.idempotency import IdempotencyItem
from nexus.table.items import Item, from_image
from nexus.table.outbox import OutboxItem, claim_mail
from nexus.table.throttles import ThrottleItem
from tests import cloud, invariants
from tests.faults.world import PASSWORD, World
from tests.gateway import Caller

NOT_FACTS = (AppliedItem, ChangeItem, IdempotencyItem, ThrottleItem)
"""They are about requests and records, of which there are more when one is sent again."""
OF_A_MOMENT = re.compile(r"(_at|since|until|version|revision|pk|sk|views|_start|_hash|checked)$")
BY_CHANCE = re.compile(r"\d{4}-\d\d-\d\dT[\d:.]+Z?|[0-9a-f]{16,}|[\w.-]{30,}|\d{9,}")
"""In text: moments, digests, tokens, ids."""

type Row = dict[str, Any]


class Town:
    def __init__(self, world: World) -> None:
        self.world = world
        world.empty()
        self.moment = world.clock.now
        self.people = {name: world.person(name) for name in ("creator", "buyer", "other", "guest")}
        self.people["admin"] = world.person("admin", admin=True)
        world.category()
        creator = self.people["creator"]
        models = {name: world.model(creator, "approved").id for name in ("castle", "tower")}
        waiting, self.upload = world.model(creator), world.ready_upload(creator)
        world.write()
        world.stream.drain()
        self.places: dict[str, Any] = {**models, "waiting": waiting.id, "code": "MOAT-10"}
        self.places |= {name: person.id for name, person in self.people.items()}
        self._furnish()
        world.stream.drain()
        self.rows = self._rows()
        self.known: dict[str, tuple[list[str], Counter[str]]] = {}

    def caller(self, who: str) -> Caller:
        return self.people[who].caller if who else Caller()

    def _furnish(self) -> None:
        post = self._post
        self.places["sale"] = post("buyer", f"/models/{self.places['castle']}/purchase", None)
        post("buyer", f"/models/{self.places['castle']}/like", None)
        post("creator", "/users/me/discounts", {"code": "MOAT-10", "percent": 10})
        for name in ("open", "won"):
            asked = {"title": "A moat", "description": "Round the castle", "budget": 50}
            bounty = self.places[name] = post("buyer", "/bounties", asked)
            post("other", f"/bounties/{bounty}/apply", {})
        post("buyer", f"/bounties/{self.places['won']}/award", {"user_id": self.people["other"].id})
        made: tuple[tuple[str, str, dict[str, Any]], ...] = (
            ("category", "categories", {"name": "Gates"}),
            ("testimonial", "testimonials", {"author": "Ada", "text": "Good", "rating": 5}),
            (
                "tutorial",
                "tutorials",
                {"title": "Walls", "content": "# Walls", "category": "Beginner"},
            ),
            ("draft", "campaigns", CAMPAIGN),
            ("scheduled", "campaigns", CAMPAIGN),
        )
        for name, path, wanted in made:
            self.places[name] = post("admin", f"/admin/{path}", wanted)
        path = f"/admin/campaigns/{self.places['scheduled']}/schedule"
        post("admin", path, {"scheduled_at": NEXT_MONTH})
        post("admin", f"/admin/users/{self.people['guest'].id}/ban", None)
        new = {"email": "new@example.com", "username": "newcomer", "password": PASSWORD}
        post("", "/auth/register", new)
        post("", "/auth/forgot-password", {"email": "buyer@example.com"})
        owed = {item.template: item for item in self.look() if isinstance(item, OutboxItem)}
        self.places["verification"] = _token(self.look(), "verify_email")
        self.places["reset"] = owed["reset_password"].data["token"]
        claim_mail(next(item for item in self.look() if _is_of_a_sale(item)), "someone")
        self.places["claimed"] = f"SALE-{self.places['sale']}"
        buyer = self.people["buyer"].id
        self.places["link"] = subscriptions.link(buyer, self.places["draft"]).rpartition("/")[2]

    def _post(self, who: str, path: str, wanted: Any) -> Any:
        answer = self.caller(who).post(f"/api{path}", json=wanted)
        assert answer.is_success, (path, answer.text)
        told = answer.json() if answer.content else {}
        return told.get("id", told.get("transaction_id"))

    def look(self) -> list[Item]:
        return [from_image(row) for row in self._rows().values()]

    def restore(self) -> None:
        """Take back all that happened since."""
        found = self._rows()
        writes = [
            {"DeleteRequest": {"Key": {name: row[name] for name in ("PK", "SK")}}}
            for key, row in found.items()
            if key not in self.rows
        ]
        writes += [
            {"PutRequest": {"Item": row}} for key, row in self.rows.items() if found.get(key) != row
        ]
        for some in batched(writes, 25, strict=False):
            cloud.client("dynamodb").batch_write_item(RequestItems={cloud.TABLE: list(some)})
        for each in cloud.stored(cloud.FILES):
            if each.startswith(snapshots.ROOT):
                cloud.client("s3").delete_object(Bucket=cloud.FILES, Key=each)
        castle = catalogue.get_model(self.places["castle"])
        search.follow_model(castle, castle, self.moment)  # snapshots look at what is new
        self.world.stream.skip()
        self.world.clock.now = self.moment + timedelta(seconds=1)

    def settle(self, again: tuple[type[Item], ...]) -> Counter[str]:
        """Let everything have its effects, and tell what is left; all of it must agree.

        Items of the kinds in `again` count once, however many there are alike.
        """
        self.world.stream.drain()
        items = self.look()
        invariants.check(items)
        drift = Count.now().drift()
        assert not drift, drift
        facts = Counter(_said(item) for item in items if not isinstance(item, NOT_FACTS))
        once = {_said(item) for item in items if isinstance(item, again)}
        return Counter({said: 1 if said in once else times for said, times in facts.items()})

    def _rows(self) -> dict[tuple[str, str], Row]:
        found: dict[tuple[str, str], Row] = {}
        pages = cloud.client("dynamodb").get_paginator("scan")
        for page in pages.paginate(TableName=cloud.TABLE, ConsistentRead=True):
            found |= {(row["PK"]["S"], row["SK"]["S"]): row for row in page["Items"]}
        return found


NEXT_MONTH = f"{datetime.now(UTC) + timedelta(days=30):%Y-%m-%dT%H:%M:%SZ}"
CAMPAIGN = {"name": "May", "subject": "News", "content": "<p>Hello</p>", "segment": "all"}


def _is_of_a_sale(item: Item) -> TypeIs[OutboxItem]:
    return isinstance(item, OutboxItem) and item.template == "sale_notification"


def _token(items: list[Item], template: str) -> str:
    """The token of the one mail of this template that has one."""
    owed = [item for item in items if isinstance(item, OutboxItem) and item.template == template]
    [token] = [item.data["token"] for item in owed if "token" in item.data]
    return str(token)


def _said(item: Item) -> str:
    """An item without what is another one each time."""
    said = {
        name: value
        for name, value in item.attribute_values.items()
        if not OF_A_MOMENT.search(name) and value not in (None, 0)
    }
    return f"{type(item).__name__} {BY_CHANCE.sub('…', json.dumps(_plain(said), sort_keys=True))}"


def _plain(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {str(name): _plain(each) for name, each in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(each) for each in value]
    return value if isinstance(value, str | int | float | bool | None) else str(value)
