"""Calls 2, 13 and 15: the admins' sums, and what stands beside them."""

from datetime import date

import pytest

from tests import stream
from tests.contract.shapes import DAY, MODEL, TRANSACTION, USER, count, mistakes, money
from tests.gateway import Caller
from tests.people import Person

pytestmark = pytest.mark.usefixtures("living_house")


@pytest.fixture
def sale(castle: int, bea: Person) -> int:
    """Bea buys the castle for $19.99."""
    sale_id: int = bea.post(f"/api/models/{castle}/purchase").json()["transaction_id"]
    stream.settle()
    return sale_id


def test_stats(sale: int, root: Person) -> None:
    stats = root.get("/api/admin/stats").json()

    assert set(stats) == {
        "totalRevenue", "platformFees", "activeUsers", "pendingModels", "totalModels", "serverLoad"
    }  # fmt: skip
    assert (stats["totalRevenue"], stats["platformFees"]) == (19.99, 1.5)
    assert (stats["pendingModels"], stats["totalModels"]) == (0, 1)
    assert count(stats["activeUsers"])
    assert stats["serverLoad"] == 0, "nothing runs here"
    assert type(stats["serverLoad"]) is int


def test_revenue_before_there_is_any(root: Person) -> None:
    assert root.get("/api/admin/revenue").json() == {
        "totalRevenue": 0, "platformFees": 0, "avgTransaction": 0, "transactions": []
    }  # fmt: skip


def test_revenue(sale: int, root: Person, ada: Person, bea: Person, castle: int) -> None:
    revenue = root.get("/api/admin/revenue").json()

    assert set(revenue) == {"totalRevenue", "platformFees", "avgTransaction", "transactions"}
    assert (revenue["totalRevenue"], revenue["platformFees"]) == (19.99, 1.5)
    assert money(revenue["avgTransaction"])
    [transaction] = revenue["transactions"]
    assert mistakes(transaction, TRANSACTION) == []
    assert transaction | {"created_at": None} == transaction | {
        "id": sale,
        "amount": 19.99,
        "platform_fee": 1.5,
        "seller_revenue": 18.49,
        "buyer_id": bea.id,
        "seller_id": ada.id,
        "model_id": castle,
        "status": "completed",
        "created_at": None,
    }


def test_a_refund_takes_both_back(sale: int, root: Person) -> None:
    path = f"/api/admin/transactions/{sale}/refund"

    transaction = root.post(path, headers={"Idempotency-Key": "back"}).json()

    assert mistakes(transaction, TRANSACTION) == []
    assert (transaction["id"], transaction["status"]) == (sale, "refunded")
    again = root.post(path, headers={"Idempotency-Key": "back"})
    assert (again.status_code, again.json()) == (200, transaction)
    assert root.post(path).status_code == 409
    assert root.post("/api/admin/transactions/1/refund").status_code == 404
    stream.settle()
    revenue = root.get("/api/admin/revenue").json()
    assert (revenue["totalRevenue"], revenue["platformFees"]) == (0, 0)


def test_the_daily_series(sale: int, root: Person) -> None:
    series = root.get("/api/admin/revenue/series", params={"interval": "day"}).json()

    assert all(mistakes(day, DAY) == [] and date.fromisoformat(day["date"]) for day in series)
    assert {"revenue": 19.99, "fees": 1.5, "sales": 1}.items() <= series[-1].items()
    assert root.get("/api/admin/revenue/series?interval=week").status_code == 422


def test_analytics(sale: int, root: Person, ada: Person, castle: int) -> None:
    analytics = root.get("/api/admin/analytics").json()

    assert set(analytics) == {"topModels", "topCreators"}
    [model], [creator] = analytics["topModels"], analytics["topCreators"]
    assert (mistakes(model, MODEL), model["id"], model["downloads"]) == ([], castle, 1)
    assert (mistakes(creator, USER), creator["id"]) == ([], ada.id)
    assert (creator["total_revenue"], creator["total_models"]) == (18.49, 1)


def test_the_audit_tells_who_did_what(sale: int, root: Person) -> None:
    root.post(f"/api/admin/transactions/{sale}/refund")

    [deed] = root.get("/api/admin/audit").json()
    assert deed["admin_id"] == root.id
    assert str(sale) in deed["subject"]


@pytest.mark.parametrize("name", ["stats", "revenue", "revenue/series", "analytics", "audit"])
def test_they_are_for_admins(name: str, ada: Person, anyone: Caller) -> None:
    refused, forbidden = (each.get(f"/api/admin/{name}") for each in (anyone, ada))

    assert (refused.status_code, refused.json()["detail"]) == (401, "Not authenticated")
    assert (forbidden.status_code, forbidden.json()["detail"]) == (403, "Not enough permissions")
