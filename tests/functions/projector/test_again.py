"""Records that are handed to the projector again, long after: what they told may be over."""

import pytest

from tests import cloud, stream
from tests.gateway import Caller
from tests.people import Person
from tests.workshop import on_sale

pytestmark = pytest.mark.usefixtures("living_house")


def likes(caller: Caller) -> list[int]:
    return [each["likes"] for each in caller.get("/api/models").json()]


def test_a_ban_that_was_lifted_hides_nothing(
    creator: Person, admin: Person, visitor: Caller
) -> None:
    model_id = on_sale(creator, admin)
    stream.settle()
    begin = cloud.settled()
    admin.post(f"/api/admin/users/{creator.id}/ban")
    banned = stream.records(begin)
    stream.settle()
    admin.delete(f"/api/admin/users/{creator.id}/ban")
    stream.settle()

    assert stream.project(banned) == []
    stream.settle()

    assert [each["id"] for each in visitor.get("/api/models").json()] == [model_id]


def test_the_lists_show_the_sums_of_now(creator: Person, admin: Person, visitor: Caller) -> None:
    model_id = on_sale(creator, admin)
    stream.settle()
    assert likes(visitor) == [0]
    begin = cloud.settled()
    Person("bob").post(f"/api/models/{model_id}/like")
    stream.settle()
    one_like = stream.records(begin)
    Person("eve").post(f"/api/models/{model_id}/like")
    stream.settle()

    assert stream.project(one_like) == []

    assert likes(visitor) == [2]
