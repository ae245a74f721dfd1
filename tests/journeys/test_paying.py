"""A purchase by card, on the local cloud: paid at Stripe's stand-in, and told of by its webhook."""

import contextlib
import time
from collections.abc import Iterator
from typing import Any

import pytest

from local import stack as local_stack
from local.stack import Stack
from tests.journeys.files import ring
from tests.journeys.people import People, Person
from tests.stripe import Stripe

NEWS_SECONDS = 30.0


@pytest.fixture(scope="module")
def stack() -> Iterator[Stack]:
    with local_stack.running(payments="stripe") as stack:
        yield stack


@pytest.fixture
def people(stack: Stack) -> Iterator[People]:
    with People(stack) as people:
        yield people


def on_sale(creator: Person, admin: Person) -> str:
    upload = creator.upload("ring.glb", ring())
    admin.post("/api/admin/categories", json={"name": "Rings"})
    wanted = {"name": "Ring", "price": 19.99, "category": "Rings", "upload_ids": [upload["id"]]}
    model_id = creator.told("POST", "/api/models", 201, json=wanted)["id"]
    admin.told("POST", f"/api/admin/models/{model_id}/approve")
    return f"/api/models/{model_id}"


def told_in_time(buyer: Person, path: str, status: str) -> Any:
    """The purchase, once the news of it have come."""
    deadline = time.monotonic() + NEWS_SECONDS
    while time.monotonic() < deadline:
        purchase = buyer.told("GET", path)
        if purchase["status"] == status:
            return purchase
        time.sleep(0.1)
    raise TimeoutError(f"not {status}: {purchase}")


def test_a_card_pays_and_gets_its_money_back(stack: Stack, people: People) -> None:
    admin, creator, buyer = people.admin(), people.user("creator"), people.user("buyer")
    model = on_sale(creator, admin)
    bought = buyer.told("POST", f"{model}/purchase")
    assert bought["status"] == "pending"
    buyer.told("GET", f"{model}/download", 403)

    with contextlib.closing(Stripe(stack.stripe_url)) as stripe:
        assert stripe.pay(bought) == 200

    path = f"/api/users/me/purchases/{bought['transaction_id']}"
    told_in_time(buyer, path, "completed")
    assert buyer.told("GET", f"{model}/download")["files"]
    refund = f"/api/admin/transactions/{bought['transaction_id']}/refund"
    assert admin.told("POST", refund)["status"] == "refunded"
    buyer.told("GET", f"{model}/download", 403)
    report = stack.invoke("JobsFunction", {"job": "reconcile-payments"})
    assert report == {"job": "reconcile-payments", "checked": 1, "finished": 0, "differences": []}
