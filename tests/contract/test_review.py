"""Calls 3 to 5: what waits for review, and how it goes on."""

from typing import Any

import pytest

from nexus.table.outbox import OutboxItem
from tests import cloud, workshop
from tests.contract.shapes import MODEL, mistakes
from tests.people import Person


@pytest.fixture
def pending(ada: Person) -> int:
    return workshop.stored_model(ada).id


def mailed(template: str) -> list[Any]:
    return [mail.data for mail in cloud.of_kind(OutboxItem) if mail.template == template]


def test_what_waits_comes_oldest_first(pending: int, ada: Person, root: Person) -> None:
    later = workshop.stored_model(ada).id

    for path in ("/api/admin/models/pending", "/api/admin/models/pending/"):
        models = root.get(path).json()
        assert [model["id"] for model in models] == [pending, later]
        assert [mistakes(model, MODEL) for model in models] == [[], []]
        assert {model["status"] for model in models} == {"pending"}


@pytest.mark.parametrize("slash", ["", "/"])
def test_approval(slash: str, pending: int, root: Person) -> None:
    answer = root.post(f"/api/admin/models/{pending}/approve{slash}")

    assert (answer.status_code, answer.json()) == (200, {"message": "Model approved successfully"})
    assert mailed("model_approved") == [{"model_id": pending, "model_name": "Lamps"}]
    assert root.get("/api/admin/models/pending").json() == []


@pytest.mark.parametrize(
    "where", [{"params": {"reason": "Too dark"}}, {"json": {"reason": "Too dark"}}]
)
def test_rejection(where: dict[str, Any], pending: int, ada: Person, root: Person) -> None:
    answer = root.post(f"/api/admin/models/{pending}/reject", **where)

    assert (answer.status_code, answer.json()) == (200, {"message": "Model rejected"})
    data = {"model_id": pending, "model_name": "Lamps", "reason": "Too dark"}
    assert mailed("model_rejected") == [data]
    model = ada.get(f"/api/models/{pending}").json()
    assert (model["status"], model["reason"]) == ("rejected", "Too dark")


def test_a_rejection_tells_its_reason(pending: int, root: Person) -> None:
    answer = root.post(f"/api/admin/models/{pending}/reject")

    assert answer.status_code == 422
    assert "reason" in str(answer.json()["errors"])


@pytest.mark.parametrize("decision", ["approve", "reject?reason=No"])
def test_only_what_waits_and_what_is_there(decision: str, castle: int, root: Person) -> None:
    assert root.post(f"/api/admin/models/{castle}/{decision}").status_code == 409
    unknown = root.post(f"/api/admin/models/1/{decision}")
    assert (unknown.status_code, unknown.json()["detail"]) == (404, "Model not found")
