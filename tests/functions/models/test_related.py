"""What is like a model."""

import pytest

from tests import stream
from tests.gateway import Caller
from tests.people import Person
from tests.workshop import on_sale, submitted

pytestmark = pytest.mark.usefixtures("living_house")


def test_related_models_share_the_most(creator: Person, admin: Person) -> None:
    castle = on_sale(creator, admin, tags=["stone", "old"])
    near = on_sale(creator, admin, tags=["stone", "old"])
    far = on_sale(creator, admin, tags=["wood"])
    stream.settle()

    related = creator.get(f"/api/models/{castle}/related").json()

    assert [each["id"] for each in related] == [near, far]


def test_related_models_are_told_from_the_moment_a_model_is_on_sale(
    creator: Person, admin: Person, visitor: Caller
) -> None:
    near = on_sale(creator, admin, tags=["stone"])
    assert [each["id"] for each in visitor.get("/api/models").json()] == [near]
    castle, waiting = (submitted(creator, tags=["stone"])["id"] for _ in range(2))
    assert admin.post(f"/api/admin/models/{castle}/approve").status_code == 200

    related = visitor.get(f"/api/models/{castle}/related")

    assert [each["id"] for each in related.json()] == [near]
    assert visitor.get(f"/api/models/{waiting}/related").status_code == 404
    assert visitor.get("/api/models/77/related").status_code == 404
