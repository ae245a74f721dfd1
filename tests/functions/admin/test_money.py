"""Admins look at the money."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from admin.app import app
from nexus.web.identity import this_moment
from tests import stream
from tests.people import Person, an_admin
from tests.workshop import on_sale

pytestmark = pytest.mark.usefixtures("living_house")


@pytest.fixture
def admin() -> Person:
    return an_admin("root")


def sell(creator: Person, admin: Person, buyers: list[Person], **fields: Any) -> int:
    model_id = on_sale(creator, admin, **fields)
    for buyer in buyers:
        assert buyer.post(f"/api/models/{model_id}/purchase").status_code == 200
    return model_id


def test_where_nothing_was_sold_everything_is_nothing(admin: Person) -> None:
    assert admin.get("/api/admin/revenue").json() == {
        "totalRevenue": 0,
        "platformFees": 0,
        "avgTransaction": 0,
        "transactions": [],
    }
    assert admin.get("/api/admin/analytics").json() == {"topModels": [], "topCreators": []}


def test_revenue_adds_up(admin: Person) -> None:
    ada, bob, eve = Person("ada"), Person("bob"), Person("eve")
    sell(ada, admin, [bob, eve], price=19.99)
    sell(ada, admin, [bob], price=10)
    stream.settle()

    answer = admin.get("/api/admin/revenue").json()

    assert answer["totalRevenue"] == 49.98
    assert answer["platformFees"] == 3.75
    assert answer["avgTransaction"] == 16.66
    assert [sale["amount"] for sale in answer["transactions"]] == [10, 19.99, 19.99]
    today = datetime.now(UTC).date()
    series = admin.get("/api/admin/revenue/series", params={"interval": "day"}).json()
    assert len(series) == 30
    assert series[-1] == {"date": str(today), "revenue": 49.98, "fees": 3.75, "sales": 3}
    assert series[0]["sales"] == 0


@pytest.mark.parametrize("days", [-1, 366, 10_000])
def test_a_series_has_one_to_366_days(admin: Person, days: int) -> None:
    today = datetime.now(UTC).date()
    query = {"from": str(today - timedelta(days=days)), "to": str(today)}

    assert admin.get("/api/admin/revenue/series", params=query).status_code == 422


def test_the_best_come_first(admin: Person) -> None:
    ada, bob, eve = Person("ada"), Person("bob"), Person("eve")
    cheap = sell(ada, admin, [bob, eve], price=1)
    dear = sell(bob, admin, [eve], price=900)
    stream.settle()

    answer = admin.get("/api/admin/analytics").json()

    assert [model["id"] for model in answer["topModels"]] == [cheap, dear]
    assert [user["username"] for user in answer["topCreators"]] == ["bob", "ada"]
    assert answer["topCreators"][0]["total_revenue"] == 832.5


def test_a_creators_level_follows_what_they_earn(admin: Person) -> None:
    ada = Person("ada")
    sell(ada, admin, [Person("bob")], price=1_100)
    stream.settle()

    me = ada.get("/api/users/me").json()

    assert (me["creator_level"], me["total_revenue"], me["total_models"]) == ("Silver", 1017.5, 1)


def test_a_refund_takes_everything_back_once(admin: Person) -> None:
    ada, bob = Person("ada"), Person("bob")
    model_id = sell(ada, admin, [bob], price=20)
    sale = bob.get("/api/users/me/purchases").json()[0]["id"]

    first = admin.post(f"/api/admin/transactions/{sale}/refund")
    again = {"Idempotency-Key": "another"}
    second = admin.post(f"/api/admin/transactions/{sale}/refund", headers=again)

    assert first.json()["status"] == "refunded"
    assert second.status_code == 409
    assert bob.get(f"/api/models/{model_id}/download").status_code == 403
    stream.settle()
    assert admin.get("/api/admin/revenue").json()["totalRevenue"] == 0
    assert ada.get("/api/users/me").json()["total_revenue"] == 0
    assert ada.get("/api/users/me/sales").json()[0]["status"] == "refunded"
    assert bob.post(f"/api/models/{model_id}/purchase").status_code == 200, "may be bought again"


def test_a_double_click_refunds_once(admin: Person, monkeypatch: pytest.MonkeyPatch) -> None:
    ada, bob = Person("ada"), Person("bob")
    sell(ada, admin, [bob], price=20)
    sale = bob.get("/api/users/me/purchases").json()[0]["id"]

    def refunded() -> float:
        answer = admin.post(f"/api/admin/transactions/{sale}/refund", json={"amount": 5})
        assert answer.status_code == 200, answer.text
        amount: float = answer.json()["refunded_amount"]
        return amount

    assert [refunded(), refunded()] == [5, 5]
    later = datetime.now(UTC) + timedelta(minutes=2)
    monkeypatch.setitem(app.dependency_overrides, this_moment, lambda: later)
    assert [refunded(), refunded()] == [10, 10]


def test_a_refund_of_nothing_is_not_found(admin: Person) -> None:
    answer = admin.post("/api/admin/transactions/7/refund")

    assert (answer.status_code, answer.json()["detail"]) == (404, "Transaction not found")
