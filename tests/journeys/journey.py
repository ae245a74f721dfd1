"""The journey of a model, from an uploaded file to a bought download."""

import io
import time
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import numpy as np
from PIL import Image

from local.stack import Stack
from tests.journeys.people import POLL_SECONDS, People, Person, get

CATEGORY = "Props"
PRICE = 19.99
FEE = 1.5
SOON_SECONDS = 20.0
"""Two seconds are promised; a machine that is busy with tests gets more."""
NET = 18.49
"""7.5 % of $19.99 is $1.49925: half-up to the cent."""


@dataclass(frozen=True)
class Cast:
    stack: Stack
    admin: Person
    creator: Person
    buyer: Person
    other: Person
    anyone: Person

    @classmethod
    def of(cls, stack: Stack, people: People) -> "Cast":
        admin = people.admin()
        open_category(admin)
        return cls(
            stack,
            admin,
            people.user("creator"),
            people.user("buyer"),
            people.user("other"),
            people.stranger(),
        )


def open_category(admin: Person) -> None:
    """The one that journeys sort their models into; it may be open already."""
    answer = admin.post("/api/admin/categories", json={"name": CATEGORY})
    assert answer.status_code in {201, 409}, answer.text


def whole_journey(cast: Cast, filename: str, content: bytes) -> None:
    cast.stack.drain()
    before = stats(cast)
    upload = cast.creator.upload(filename, content)
    assert upload["status"] == "ready", upload["reason"]
    model = submitted(cast, upload)
    hidden_from_others(cast, model)
    approved(cast, model)
    on_show(cast, model)
    files_are_for_buyers_only(cast, model)
    transaction_id = bought(cast, model)
    sold_once(cast, model, transaction_id)
    downloaded(cast, model, filename, content)
    seen_by_both_sides(cast, model, transaction_id)
    cast.stack.drain()
    downloads_and_earnings_are_counted(cast, model)
    the_platform_counts(cast, before)


def submitted(cast: Cast, upload: dict[str, Any]) -> dict[str, Any]:
    wanted = {
        "name": f"Model from {upload['filename']}",
        "description": "Sent on a journey.",
        "price": PRICE,
        "category": CATEGORY,
        "tags": ["journey"],
        "upload_ids": [upload["id"]],
    }
    model: dict[str, Any] = cast.creator.told("POST", "/api/models", 201, json=wanted)
    assert model["status"] == "pending"
    assert model["poly_count"] == upload["facts"]["triangles"] > 0
    assert model["formats"] == '["glb"]'
    return model


def hidden_from_others(cast: Cast, model: dict[str, Any]) -> None:
    path = f"/api/models/{model['id']}"
    for person in (cast.anyone, cast.other):
        person.told("GET", path, 404)
    assert model["id"] not in ids(cast.anyone.told("GET", "/api/models?limit=100"))
    assert model["id"] in ids(cast.admin.told("GET", "/api/admin/models/pending?limit=100"))
    assert cast.creator.told("GET", path)["status"] == "pending"
    cast.buyer.told("POST", f"{path}/purchase", 404)


def approved(cast: Cast, model: dict[str, Any]) -> None:
    path = f"/api/admin/models/{model['id']}/approve"
    cast.anyone.told("POST", path, 401)
    cast.creator.told("POST", path, 403)
    assert cast.admin.told("POST", path) == {"message": "Model approved successfully"}


def on_show(cast: Cast, model: dict[str, Any]) -> None:
    shown = cast.anyone.told("GET", f"/api/models/{model['id']}")
    assert shown["status"] == "approved"
    listed_soon(cast, model)
    picture = get(shown["thumbnail_url"])
    assert picture.headers["content-type"] == "image/webp"
    is_a_real_picture(picture.content)


def listed_soon(cast: Cast, model: dict[str, Any]) -> None:
    """What has been approved is found by everyone before long."""
    deadline = time.monotonic() + SOON_SECONDS
    while model["id"] not in ids(cast.anyone.told("GET", "/api/models?limit=100")):
        assert time.monotonic() < deadline, "an approved model is not in the list"
        time.sleep(POLL_SECONDS)


def is_a_real_picture(content: bytes) -> None:
    """A picture of something: shaded, with many colours, and not the same everywhere."""
    with Image.open(io.BytesIO(content)) as picture:
        assert (picture.format, picture.size) == ("WEBP", (512, 512))
        pixels = np.asarray(picture.convert("RGB"), dtype=float)
    middle = pixels[128:384, 128:384]
    assert middle.mean(axis=2).std() > 8
    assert len(np.unique(middle.reshape(-1, 3), axis=0)) > 100


def files_are_for_buyers_only(cast: Cast, model: dict[str, Any]) -> None:
    path = f"/api/models/{model['id']}/download"
    cast.anyone.told("GET", path, 401)
    for person in (cast.buyer, cast.other):
        person.told("GET", path, 403)


def bought(cast: Cast, model: dict[str, Any]) -> int:
    path = f"/api/models/{model['id']}/purchase"
    cast.anyone.told("POST", path, 401)
    cast.creator.told("POST", path, 409)
    cast.buyer.told("POST", path, 403, params={"buyer_id": cast.other.account["id"]})
    key = {"Idempotency-Key": f"journey-{model['id']}"}
    answer = cast.buyer.told("POST", path, headers=key)
    assert answer["message"] == "Purchase successful"
    assert cast.buyer.told("POST", path, headers=key) == answer
    return int(answer["transaction_id"])


def sold_once(cast: Cast, model: dict[str, Any], transaction_id: int) -> None:
    path = f"/api/models/{model['id']}/purchase"
    cast.buyer.told("POST", path, 409)
    purchases = cast.buyer.told("GET", "/api/users/me/purchases")
    mine = [purchase for purchase in purchases if purchase["model_id"] == model["id"]]
    assert ids(mine) == [transaction_id]


def downloaded(cast: Cast, model: dict[str, Any], filename: str, content: bytes) -> None:
    path = f"/api/models/{model['id']}/download"
    cast.other.told("GET", path, 403)
    (file,) = cast.buyer.told("GET", path)["files"]
    assert (file["format"], file["filename"], file["size"]) == ("glb", filename, len(content))
    lives = datetime.fromisoformat(file["expires_at"]) - datetime.now(UTC)
    assert timedelta() < lives <= timedelta(minutes=5)
    product = get(file["url"])
    assert product.content == content
    assert product.headers["content-disposition"].startswith("attachment")


def seen_by_both_sides(cast: Cast, model: dict[str, Any], transaction_id: int) -> None:
    (purchase,) = [
        each
        for each in cast.buyer.told("GET", "/api/users/me/purchases")
        if each["id"] == transaction_id
    ]
    (sale,) = [
        each
        for each in cast.creator.told("GET", "/api/users/me/sales")
        if each["id"] == transaction_id
    ]
    assert purchase["model"]["id"] == model["id"]
    for seen in (purchase, sale):
        assert (seen["amount"], seen["platform_fee"], seen["seller_revenue"]) == (PRICE, FEE, NET)
        assert (seen["status"], seen["payment_method"]) == ("completed", "sandbox")


def downloads_and_earnings_are_counted(cast: Cast, model: dict[str, Any]) -> None:
    assert cast.anyone.told("GET", f"/api/models/{model['id']}")["downloads"] == 1
    creator = cast.creator.told("GET", "/api/users/me")
    assert (creator["total_revenue"], creator["total_models"]) == (NET, 1)


def the_platform_counts(cast: Cast, before: dict[str, Any]) -> None:
    after = stats(cast)
    assert dollars(after, before, "totalRevenue") == Decimal(str(PRICE))
    assert dollars(after, before, "platformFees") == Decimal(str(FEE))
    assert after["totalModels"] == before["totalModels"] + 1
    assert after["pendingModels"] == before["pendingModels"]
    assert 0 <= after["serverLoad"] <= 100


def stats(cast: Cast) -> dict[str, Any]:
    told: dict[str, Any] = cast.admin.told("GET", "/api/admin/stats")
    return told


def dollars(after: dict[str, Any], before: dict[str, Any], name: str) -> Decimal:
    return Decimal(str(after[name])) - Decimal(str(before[name]))


def ids(entities: list[dict[str, Any]]) -> list[int]:
    return [entity["id"] for entity in entities]
