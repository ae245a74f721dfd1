"""Admins decide on what creators submit; each decision leaves its trace."""

from datetime import UTC, datetime
from typing import Any

import pytest

from nexus.table import items as table
from nexus.table.catalogue import DecisionItem, ModelItem
from nexus.table.changes import ChangeItem
from nexus.table.items import Item, Put, Step, Update
from nexus.table.outbox import AuditItem, OutboxItem
from tests import cloud
from tests.people import Person, an_admin
from tests.workshop import submitted, upload


@pytest.fixture
def model_id(creator: Person) -> int:
    found: int = submitted(creator)["id"]
    return found


def mails() -> list[OutboxItem]:
    return [each for each in cloud.of_kind(OutboxItem) if each.template.startswith("model_")]


def status(creator: Person, model_id: int) -> tuple[str, str | None]:
    model = creator.get(f"/api/models/{model_id}").json()
    return model["status"], model["reason"]


def test_approval(model_id: int, creator: Person, admin: Person) -> None:
    answer = admin.post(f"/api/admin/models/{model_id}/approve")

    assert answer.status_code == 200
    assert answer.json() == {"message": "Model approved successfully"}
    assert status(creator, model_id) == ("approved", None)
    [mail] = mails()
    assert (mail.template, mail.user_id) == ("model_approved", creator.id)
    assert mail.data == {"model_id": model_id, "model_name": "Castle"}
    [deed] = cloud.of_kind(AuditItem)
    assert (deed.admin_id, deed.action) == (admin.id, "model.approved")
    assert deed.detail is None
    assert deed.subject == f"model {model_id}"


@pytest.mark.parametrize("how", ["query", "body", "both", "query, and an empty body"])
def test_rejection(how: str, model_id: int, creator: Person, admin: Person) -> None:
    path = f"/api/admin/models/{model_id}/reject"
    reason = "Too few towers & moats.\nTry again."
    match how:
        case "query":
            answer = admin.post(path, params={"reason": reason})
        case "body":
            answer = admin.post(path, json={"reason": reason})
        case "both":
            answer = admin.post(path, params={"reason": "other"}, json={"reason": reason})
        case _:
            answer = admin.post(path, params={"reason": reason}, json={})

    assert answer.status_code == 200
    assert answer.json() == {"message": "Model rejected"}
    assert status(creator, model_id) == ("rejected", reason)
    [mail] = mails()
    assert (mail.template, mail.user_id) == ("model_rejected", creator.id)
    assert mail.data == {"model_id": model_id, "model_name": "Castle", "reason": reason}
    [deed] = cloud.of_kind(AuditItem)
    assert (deed.action, deed.detail) == ("model.rejected", reason)


@pytest.mark.parametrize(
    "request_", [{}, {"json": {}}, {"json": {"reason": ""}}, {"json": {"reason": "  "}},
                 {"params": {"reason": ""}}, {"json": {"reason": None}}, {"json": {"reason": 5}},
                 {"json": {"reason": "a\u0000"}}, {"json": {"reason": "x" * 2001}}, {"json": []},
                 {"json": {"why": "x"}}, {"content": b"{"}, {"json": None}],
)  # fmt: skip
def test_a_rejection_needs_a_reason(
    request_: dict[str, object], model_id: int, creator: Person, admin: Person
) -> None:
    if "content" in request_:
        request_ = request_ | {"headers": {"Content-Type": "application/json"}}

    answer = admin.post(f"/api/admin/models/{model_id}/reject", **request_)  # type: ignore[arg-type]

    assert answer.status_code == 422
    assert status(creator, model_id) == ("pending", None)
    assert mails() == []
    assert cloud.of_kind(AuditItem) == []


@pytest.mark.parametrize("decision", ["approve", "reject"])
def test_only_what_was_looked_at_is_decided(
    decision: str, model_id: int, creator: Person, admin: Person
) -> None:
    path = f"/api/admin/models/{model_id}/{decision}"
    wanted: dict[str, Any] = {"json": {"reason": "No."}} if decision == "reject" else {}
    seen = {"If-Match": admin.get(f"/api/models/{model_id}").headers["etag"]}
    etag = {"If-Match": creator.get(f"/api/models/{model_id}").headers["etag"]}
    creator.patch(f"/api/models/{model_id}", json={"upload_ids": [upload(creator)]}, headers=etag)

    assert admin.post(path, headers=seen, **wanted).status_code == 412
    assert status(creator, model_id) == ("pending", None)

    now_seen = {"If-Match": admin.get(f"/api/models/{model_id}").headers["etag"]}
    assert admin.post(path, headers=now_seen, **wanted).status_code == 200


def test_the_first_decision_stands(model_id: int, creator: Person, admin: Person) -> None:
    admin.post(f"/api/admin/models/{model_id}/approve")
    before = cloud.rows()

    again = admin.post(f"/api/admin/models/{model_id}/approve")
    other = admin.post(f"/api/admin/models/{model_id}/reject", json={"reason": "No."})

    assert (again.status_code, other.status_code) == (409, 409)
    assert again.json()["detail"] == "This model is not waiting for review"
    assert cloud.rows() == before


def test_nobody_approves_their_own(admin: Person) -> None:
    model_id = submitted(admin)["id"]
    before = cloud.rows()

    answer = admin.post(f"/api/admin/models/{model_id}/approve")

    assert answer.status_code == 409
    assert answer.json()["detail"] == "This model is your own; another admin must approve it"
    assert cloud.rows() == before
    assert an_admin("other").post(f"/api/admin/models/{model_id}/approve").status_code == 200


def test_models_that_are_not_there(admin: Person) -> None:
    for path in ("approve", "reject?reason=no"):
        answer = admin.post(f"/api/admin/models/12345/{path}")
        assert answer.status_code == 404
        assert answer.json()["detail"] == "Model not found"
    assert cloud.of_kind(AuditItem) == []


def test_a_decision_its_mail_and_its_trace_are_one(
    model_id: int, admin: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    written: list[list[Step]] = []
    commit = table.commit

    def seen(*steps: Step) -> None:
        written.append(list(steps))
        commit(*steps)

    monkeypatch.setattr("nexus.table.catalogue.commit", seen)
    admin.post(f"/api/admin/models/{model_id}/approve")

    [steps] = written
    kinds: list[tuple[type[Step], type[Item]]] = [(type(s), type(s.item)) for s in steps]
    assert sorted(kinds, key=str) == sorted(
        [
            (Update, ModelItem),
            (Put, DecisionItem),
            (Put, ChangeItem),
            (Put, OutboxItem),
            (Put, AuditItem),
        ],
        key=str,
    )


def test_what_waits_longest_comes_first(creator: Person, admin: Person) -> None:
    first, second, third = (submitted(creator, name=name)["id"] for name in "abc")
    admin.post(f"/api/admin/models/{second}/approve")

    waiting = admin.get("/api/admin/models/pending").json()

    assert [each["id"] for each in waiting] == [first, third]


def test_every_decision_has_its_own_trace(creator: Person, admin: Person) -> None:
    for _ in range(3):
        model_id = submitted(creator, upload_ids=[upload(creator)])["id"]
        admin.post(f"/api/admin/models/{model_id}/approve")

    deeds = cloud.of_kind(AuditItem)
    assert len(deeds) == len({deed.id for deed in deeds}) == len(mails()) == 3
    assert all(deed.created_at <= datetime.now(UTC) for deed in deeds)
