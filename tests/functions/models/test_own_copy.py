"""A function's own copy of the index, when the table does not answer or changes meanwhile."""

from typing import Any

import pytest
from pynamodb.exceptions import GetError

from nexus.search import building, own_copy
from nexus.table.changes import ChangeItem, LogUnreadable
from tests import cloud, stream
from tests.gateway import Caller
from tests.people import Person
from tests.workshop import on_sale

pytestmark = pytest.mark.usefixtures("living_house")


@pytest.fixture
def from_the_table(living_house: None, creator: Person, admin: Person) -> list[int]:
    """Nine models on sale, the oldest first; no snapshot, no log, and a function that starts."""
    made = [on_sale(creator, admin, name=f"Number{n}") for n in range(9)]
    stream.settle()
    for line in cloud.of_kind(ChangeItem):
        line.delete()
    own_copy.forget()
    return made


def names(caller: Caller, **query: Any) -> list[str]:
    answer = caller.get("/api/models", params={"limit": 100} | query)
    assert answer.status_code == 200, answer.text
    assert answer.headers["x-total-count"] == str(len(answer.json()))
    return [model["name"] for model in answer.json()]


def test_what_a_request_broke_off_at_is_followed_by_the_next(
    creator: Person, admin: Person, visitor: Caller, monkeypatch: pytest.MonkeyPatch
) -> None:
    bob = Person("bob")
    on_sale(creator, admin, name="Castle")
    mine = on_sale(bob, admin, name="Tower")
    assert set(names(visitor)) == {"Castle", "Tower"}
    admin.post(f"/api/admin/users/{creator.id}/ban")
    stream.settle()
    bob.patch(f"/api/models/{mine}", json={"price": 1}, headers={"If-Match": "*"})

    def throttled(*_: object) -> None:
        raise GetError("throttled")

    with monkeypatch.context() as trouble:
        trouble.setattr(own_copy, "entries_as_they_are", throttled)
        assert bob.get("/api/models").status_code == 500

    assert names(visitor) == names(bob) == ["Tower"]


def test_a_model_that_changes_while_the_table_is_read_is_listed_once(
    from_the_table: list[int], creator: Person, visitor: Caller, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(building, "AT_ONCE", 2)
    monkeypatch.setattr(own_copy, "READING_SECONDS", 0)
    names(visitor)
    path = f"/api/models/{from_the_table[3]}"
    creator.patch(path, json={"name": "Changed"}, headers={"If-Match": "*"})
    stream.settle()

    for _ in from_the_table:
        assert names(visitor).count("Changed") == 1
        assert "Number3" not in names(visitor)
    assert len(names(visitor)) == 9


@pytest.mark.usefixtures("from_the_table")
def test_a_copy_is_complete_once_the_log_could_be_read(
    visitor: Caller, monkeypatch: pytest.MonkeyPatch
) -> None:
    def unreadable(*_: object) -> None:
        raise LogUnreadable("throttled")

    with monkeypatch.context() as trouble:
        trouble.setattr(own_copy, "settle", unreadable)
        assert len(names(visitor)) == 9, "it answers meanwhile"

    assert len(names(visitor, search="umbe")) == 9, "by parts of words, which come last"
