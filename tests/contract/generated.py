"""A world for requests that nobody thought of, and how they are sent into it."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import httpx
import requests
from schemathesis import Case

from nexus.subscriptions import service as subscriptions
from tests import cloud, invariants, workshop
from tests.gateway import Caller
from tests.people import Person, an_admin

HOST = "http://localhost:8000"
CALLERS = ("anonymous", "user", "creator", "admin")


@dataclass(frozen=True)
class World:
    """Ada made the model, the upload and the bounty; the user bought the model and applied for the
    bounty. `places` and `values` are what a guess at random would never hit.
    """

    rows: cloud.Rows
    callers: dict[str, Caller]
    places: dict[str, Any]
    values: dict[str, Any]

    def answer(self, who: str, request: requests.PreparedRequest) -> httpx.Response:
        """What a caller is told; the world is then as it was before."""
        with cloud.calls() as calls:
            answer = self.callers[who].request(
                str(request.method),
                str(request.url),
                headers=headers_of(request),
                content=bytes_of(request),
            )
        if WRITES & set(calls):
            invariants.check(cloud.items())
            cloud.put_back(self.rows)
        return answer

    def make_known(self, case: Case[Any]) -> None:
        """Let a case be about what is there."""
        for name in case.path_parameters or {}:
            case.path_parameters[name] = self.places.get(name, case.path_parameters[name])
        if isinstance(case.body, dict):
            case.body |= {name: value for name, value in self.values.items() if name in case.body}
        if "If-Match" in (case.headers or {}):
            case.headers["If-Match"] = "*"


LONGEST_URL = 10_000
"""What API Gateway takes, about."""
WRITES = {"DeleteItem", "PutItem", "TransactWriteItems", "UpdateItem"}
SENT = ("url", "headers", "params", "json", "data", "files")


def prepared(case: Case[Any]) -> requests.PreparedRequest:
    wanted = case.as_transport_kwargs(base_url=HOST)
    fields = {name: wanted.get(name) for name in SENT}
    return requests.Request(method=case.method, **fields).prepare()


def headers_of(prepared: requests.PreparedRequest) -> list[tuple[bytes, bytes]]:
    return [
        (as_bytes(name), as_bytes(value))
        for name, value in prepared.headers.items()
        if name.lower() not in {"content-length", "user-agent"}
    ]


def bytes_of(prepared: requests.PreparedRequest) -> bytes | str:
    body = prepared.body or b""
    assert isinstance(body, bytes | str), "nothing is sent in pieces"
    return body


def as_bytes(text: str | bytes) -> bytes:
    return text if isinstance(text, bytes) else text.encode("latin-1")


def founded() -> World:
    ada, user, admin = Person("ada"), Person("user"), an_admin("root")
    model_id = workshop.on_sale(ada, admin)
    user.post(f"/api/models/{model_id}/purchase")
    user.post(f"/api/models/{model_id}/reviews", json={"rating": 4})
    bounty = {"title": "A gate", "description": "Oak", "budget": 20}
    bounty_id = ada.post("/api/bounties", json=bounty).json()["id"]
    user.post(f"/api/bounties/{bounty_id}/apply", json={})
    ada.post("/api/users/me/discounts", json={"code": "MOAT-10", "percent": 10})
    spare = workshop.upload(ada, "spare.glb")
    places = {name: made(admin) for name, made in MADE.items()} | {
        "model_id": model_id,
        "bounty_id": bounty_id,
        "code": "MOAT-10",
        "user_id": user.id,
        "upload_id": spare,
        "transaction_id": user.get("/api/users/me/purchases").json()[0]["id"],
    }
    places["token"] = subscriptions.link(user.id, places["campaign_id"]).rpartition("/")[2]
    values = {"upload_ids": [spare], "category": "Buildings", "user_id": user.id}
    values |= {"model_ids": [model_id], "code": "MOAT-10"}
    callers = {"anonymous": Caller(), "user": user, "creator": ada, "admin": admin}
    return World(cloud.copied(), callers, places, values)


def made_at(path: str, **wanted: Any) -> Callable[[Person], int]:
    return lambda admin: admin.post(f"/api/admin/{path}", json=wanted).json()["id"]


MADE = {
    "category_id": made_at("categories", name="Gates"),
    "testimonial_id": made_at("testimonials", author="A", text="Good", rating=5),
    "tutorial_id": made_at(
        "tutorials", title="T", content="c", category="Beginner", published=True
    ),
    "campaign_id": made_at(
        "campaigns", name="C", subject="News", content="<p>Hi</p>", segment="all"
    ),
}
