"""Whom and what the requests are about: made through the API of a running local cloud."""

import itertools
from dataclasses import dataclass, field
from typing import Any

import httpx

from local.stack import Stack
from tests.journeys.files import ring
from tests.journeys.journey import CATEGORY, open_category
from tests.journeys.people import NO_TLS, PASSWORD, People, Person

BUYERS = 64
MODELS = 6


@dataclass
class Town:
    stack: Stack
    admin: Person
    creator: Person
    models: list[int] = field(default_factory=list)
    tokens: list[str] = field(default_factory=list)

    @classmethod
    def built(cls, stack: Stack, people: People) -> "Town":
        town = cls(stack, people.admin(), people.user("creator"))
        open_category(town.admin)
        town.models += [town._on_sale(number) for number in range(MODELS)]
        town.tokens += [town._registered(f"buyer-{number}") for number in range(BUYERS)]
        stack.drain()
        return town

    def client(self) -> httpx.Client:
        return httpx.Client(base_url=self.stack.api_url, timeout=60, trust_env=False, verify=NO_TLS)

    def _on_sale(self, number: int) -> int:
        upload = self.creator.upload("ring.glb", ring())
        assert upload["status"] == "ready", upload["reason"]
        wanted = {"name": f"Ring {number}", "category": CATEGORY, "upload_ids": [upload["id"]]}
        price = (0, 0.99, 5, 19.99, 49.5, 1234.56)[number % 6]
        model = self.creator.told("POST", "/api/models", 201, json={**wanted, "price": price})
        self.admin.told("POST", f"/api/admin/models/{model['id']}/approve")
        return int(model["id"])

    def _registered(self, name: str) -> str:
        wanted = {"email": f"{name}@example.com", "username": name, "password": PASSWORD}
        with self.client() as client:
            answer = client.post("/api/auth/register", json=wanted)
        assert answer.status_code == 201, answer.text
        return str(answer.json()["access_token"])


@dataclass(frozen=True)
class Kind:
    """One kind of request: how often it comes, and the statuses that are no surprise."""

    weight: int
    method: str
    path: str
    fine: frozenset[int] = frozenset({200})
    json: Any = None
    signed_in: bool = True


def kinds(town: Town) -> list[Kind]:
    either = frozenset({200, 409})
    about = [f"/api/models/{model}" for model in town.models]
    each: list[Kind] = list(
        itertools.chain.from_iterable(
            (
                Kind(40, "GET", path, signed_in=False),
                Kind(8, "POST", f"{path}/like"),
                Kind(4, "DELETE", f"{path}/like"),
                Kind(6, "POST", f"{path}/purchase", either),
                Kind(6, "GET", f"{path}/download", frozenset({200, 403})),
                Kind(3, "POST", f"{path}/reviews", frozenset({201, 403, 409}), {"rating": 4}),
                Kind(6, "GET", f"{path}/reviews", signed_in=False),
                Kind(3, "GET", f"{path}/price"),
            )
            for path in about
        )
    )
    return [
        *each,
        Kind(200, "GET", "/api/models?search=ring&limit=20", signed_in=False),
        Kind(60, "GET", "/api/models?sort=price"),
        Kind(20, "GET", "/api/models/facets?search=ring", signed_in=False),
        Kind(30, "GET", "/api/homepage", signed_in=False),
        Kind(20, "GET", "/api/categories", signed_in=False),
        Kind(40, "GET", "/api/users/me"),
        Kind(20, "GET", "/api/users/me/purchases"),
        Kind(10, "GET", "/api/users/me/likes"),
        Kind(5, "PATCH", "/api/users/me", frozenset({200, 412}), {"full_name": "One of many"}),
        Kind(5, "GET", "/api/models/1", frozenset({404}), signed_in=False),
        Kind(5, "GET", "/api/users/me", frozenset({401}), signed_in=False),
        Kind(5, "GET", "/api/admin/stats", frozenset({403})),
    ]
