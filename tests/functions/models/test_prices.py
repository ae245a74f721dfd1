"""Prices: codes that lower them, and what they were before."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from nexus.purchases.paying import end_expired
from nexus.table import keys
from nexus.table.discounts import PriceItem
from nexus.table.items import Put, put
from nexus.table.purchases import TransactionItem
from tests import cloud
from tests.people import Person
from tests.stripe import Stripe
from tests.workshop import stocked, submitted, upload

NOW = datetime.now(UTC)


@pytest.fixture
def castle(creator: Person) -> int:
    return stocked(creator)


def offer(creator: Person, code: str = "SPRING", **fields: Any) -> None:
    wanted = {"code": code, **(fields or {"percent": 25})}
    answer = creator.post("/api/users/me/discounts", json=wanted)
    assert answer.status_code == 201, answer.text


def buy(buyer: Person, model_id: int, code: str | None = "SPRING") -> tuple[int, Any]:
    query = {"discount": code} if code else None
    answer = buyer.post(f"/api/models/{model_id}/purchase", params=query)
    return answer.status_code, answer.json()


def set_price(creator: Person, model_id: int, price: float, **more: Any) -> None:
    wanted, headers = {"price": price, **more}, {"If-Match": "*"}
    answer = creator.patch(f"/api/models/{model_id}", json=wanted, headers=headers)
    assert answer.status_code == 200, answer.text


def price_change(
    model_id: int, before: int, after: int, at: datetime, until: datetime | None = None
) -> PriceItem:
    return PriceItem(
        *keys.price(model_id, at),
        price_cents=after,
        previous_cents=before,
        offered_until=until,
        changed_at=at,
    )


def lowest(buyer: Person, model_id: int) -> float:
    told: float = buyer.get(f"/api/models/{model_id}/price").json()["lowest_price_30_days"]
    return told


def sold() -> list[tuple[int, int]]:
    return [(sale.amount_cents, sale.fee_cents) for sale in cloud.of_kind(TransactionItem)]


@pytest.mark.parametrize(
    ("off", "paid"),
    [
        ({"percent": 25}, (1499, 112)),
        ({"percent": 100}, (0, 0)),
        ({"amount": 5}, (1499, 112)),
        ({"amount": 50}, (0, 0)),
    ],
    ids=str,
)
def test_a_code_lowers_what_is_paid(
    off: dict[str, Any], paid: tuple[int, int], castle: int, creator: Person, buyer: Person
) -> None:
    offer(creator, "Spring", **off)

    price = buyer.get(f"/api/models/{castle}/price?discount=spring").json()
    assert buy(buyer, castle, "spring")[0] == 200

    assert sold() == [paid]
    assert (price["price"], price["amount"]) == (19.99, paid[0] / 100)
    [told] = creator.get("/api/users/me/discounts").json()
    assert (told["code"], told["uses"], told["most_uses"]) == ("SPRING", 1, None)


@pytest.mark.parametrize(
    "fields",
    [
        {"percent": 10, "ends_at": (NOW - timedelta(hours=1)).isoformat()},
        {"percent": 10, "starts_at": (NOW + timedelta(hours=1)).isoformat()},
    ],
    ids=["over", "not begun"],
)
def test_a_code_is_good_in_its_time(
    fields: dict[str, Any], castle: int, creator: Person, buyer: Person
) -> None:
    offer(creator, **fields)

    status, told = buy(buyer, castle)

    assert (status, told["detail"]) == (409, "This discount code cannot be used (any more)")
    assert sold() == []


def test_a_code_is_its_creators_own(
    castle: int, creator: Person, buyer: Person, stranger: Person
) -> None:
    offer(creator, "AUTUMN")
    offer(stranger, "SPRING")

    assert buyer.get(f"/api/models/{castle}/price?discount=SPRING").status_code == 409
    assert buy(buyer, castle, "SPRING")[0] == 409


def test_the_last_use_is_for_one(
    castle: int, creator: Person, buyer: Person, stranger: Person
) -> None:
    offer(creator, percent=25, most_uses=1)

    assert [buy(each, castle)[0] for each in (buyer, stranger)] == [200, 409]
    assert buy(stranger, castle, None)[0] == 200


def test_a_code_that_was_ended_is_no_good(castle: int, creator: Person, buyer: Person) -> None:
    offer(creator)

    assert creator.delete("/api/users/me/discounts/spring").status_code == 204
    assert creator.delete("/api/users/me/discounts/none").status_code == 404
    assert buy(buyer, castle)[0] == 409
    again = creator.post("/api/users/me/discounts", json={"code": "SPRING", "percent": 5})
    assert again.status_code == 409


@pytest.mark.parametrize(
    "wrong",
    [
        {"percent": 0}, {"percent": 101}, {"percent": "5"}, {"percent": 5, "amount": 5}, {},
        {"amount": 0}, {"percent": 5, "code": "a b"}, {"percent": 5, "most_uses": 0},
        {"percent": 5, "starts_at": "2026-02-01T00:00:00Z", "ends_at": "2026-01-01T00:00:00Z"},
        {"percent": 5, "ends_at": "2026-01-01T00:00:00"},
        {"percent": 5, "starts_at": "0001-01-01T00:00:00+14:00"},
        {"percent": 5, "ends_at": "9999-12-31T23:59:59-14:00"},
        {"percent": 5, "starts_at": 1}, {"percent": 5, "starts_at": "1"},
    ],
    ids=str,
)  # fmt: skip
def test_codes_that_are_none(wrong: dict[str, Any], creator: Person) -> None:
    answer = creator.post("/api/users/me/discounts", json={"code": "SPRING"} | wrong)

    assert answer.status_code == 422


def test_a_code_that_lowers_nothing_is_not_used(
    castle: int, creator: Person, buyer: Person
) -> None:
    offer(creator, percent=50, most_uses=1)

    assert buy(buyer, stocked(creator, 0))[0] == 200
    assert creator.get("/api/users/me/discounts").json()[0]["uses"] == 0

    assert buy(buyer, castle)[0] == 200
    assert set(sold()) == {(0, 0), (999, 75)}
    assert creator.get("/api/users/me/discounts").json()[0]["uses"] == 1


def test_who_does_not_pay_in_time_gives_the_use_back(
    castle: int, creator: Person, buyer: Person, stranger: Person, provider: Stripe
) -> None:
    offer(creator, percent=25, most_uses=1)
    assert buy(buyer, castle)[1]["payment"]["amount"] == 14.99
    assert buy(stranger, castle)[0] == 409

    assert end_expired(datetime.now(UTC) + timedelta(minutes=31)) == 1

    status, told = buy(stranger, castle)
    assert (status, told["payment"]["amount"]) == (200, 14.99)
    provider.pay(told)
    provider.settle()
    assert creator.get("/api/users/me/discounts").json()[0]["uses"] == 1


def test_what_a_price_was_is_kept(castle: int, creator: Person, buyer: Person) -> None:
    for price in (9.5, 30, 30):
        set_price(creator, castle, price)

    told = buyer.get(f"/api/models/{castle}/price").json()

    assert (told["price"], told["lowest_price_30_days"]) == (30, 9.5)
    assert [(each["previous_price"], each["price"]) for each in told["changes"]] == [
        (9.5, 30),
        (19.99, 9.5),
    ]


def test_prices_of_long_ago_do_not_count(castle: int, creator: Person, buyer: Person) -> None:
    set_price(creator, castle, 30)
    [change] = cloud.of_kind(PriceItem)
    change.delete()
    long_ago = change.changed_at - timedelta(days=31)
    put(Put(price_change(castle, 100, 3000, long_ago)))

    told = buyer.get(f"/api/models/{castle}/price").json()

    assert (told["lowest_price_30_days"], told["changes"]) == (30, [])


def test_only_prices_at_which_a_model_was_on_sale_count(
    creator: Person, buyer: Person, admin: Person
) -> None:
    castle = submitted(creator, price=1)["id"]
    set_price(creator, castle, 20)
    admin.post(f"/api/admin/models/{castle}/approve")
    assert lowest(buyer, castle) == 20

    set_price(creator, castle, 2, upload_ids=[upload(creator)])
    for price in (3, 25):
        set_price(creator, castle, price)
    admin.post(f"/api/admin/models/{castle}/approve")

    told = buyer.get(f"/api/models/{castle}/price").json()
    assert (told["price"], told["lowest_price_30_days"]) == (25, 20)
    assert [(each["previous_price"], each["price"]) for each in told["changes"]] == [(20, 25)]


def test_a_price_of_before_a_long_review_does_not_count(castle: int, buyer: Person) -> None:
    put(Put(price_change(castle, 100, 1999, NOW, until=NOW - timedelta(days=31))))

    assert lowest(buyer, castle) == 19.99


def test_a_low_price_is_not_hidden_behind_many_changes(castle: int, buyer: Person) -> None:
    moments = (NOW - timedelta(days=9, minutes=minute) for minute in range(120))
    cloud.store([price_change(castle, 3000, 3100, moment) for moment in moments])
    cloud.store([price_change(castle, 100, 3000, NOW - timedelta(days=20))])

    told = buyer.get(f"/api/models/{castle}/price").json()

    assert told["lowest_price_30_days"] == 1
    assert len(told["changes"]) == 100
