"""Calls 9 to 12: the storefront's first page."""

from typing import Any

import pytest

from tests import workshop
from tests.contract.shapes import MODEL, mistakes
from tests.gateway import Caller
from tests.people import Person

HOMEPAGE: dict[str, Any] = {"hero": {"title": "Castles"}, "rows": [1, 2.5, None, True], "": {}}


def test_the_homepage_is_any_object(root: Person, anyone: Caller) -> None:
    assert type(root.get("/api/admin/homepage").json()) is dict

    answer = root.put("/api/admin/homepage/", json=HOMEPAGE)

    assert (answer.status_code, answer.json()) == (200, HOMEPAGE)
    for caller, path in ((root, "/api/admin/homepage"), (anyone, "/api/homepage")):
        assert caller.get(path).json() == caller.get(f"{path}/").json() == HOMEPAGE


@pytest.mark.parametrize("wrapped", [False, True])
def test_the_slider_keeps_its_order(
    wrapped: bool,  # noqa: FBT001
    ada: Person,
    root: Person,
    anyone: Caller,
) -> None:
    first, second, third = workshop.shelf(ada, ("Castles",) * 3)
    order = [second, third, first]

    answer = root.put("/api/admin/slider", json={"model_ids": order} if wrapped else order)

    assert answer.status_code == 200
    for caller, path in ((root, "/api/admin/slider"), (anyone, "/api/slider")):
        models = caller.get(path).json()
        assert models == answer.json()
        assert [model["id"] for model in models] == order
        assert [mistakes(model, MODEL) for model in models] == [[], [], []]


def test_an_unknown_or_unapproved_slide_changes_nothing(ada: Person, root: Person) -> None:
    kept = workshop.stocked(ada)
    root.put("/api/admin/slider", json=[kept])

    for wrong in (1, workshop.stored_model(ada).id):
        answer = root.put("/api/admin/slider", json=[kept, wrong])
        assert answer.status_code == 422
        assert str(wrong) in answer.json()["detail"]
        assert [model["id"] for model in root.get("/api/admin/slider").json()] == [kept]


def test_the_storefront_sends_no_version_and_others_may(root: Person) -> None:
    for path, body in (("/api/admin/homepage", {}), ("/api/admin/slider", [])):
        seen = root.get(path).headers["etag"]
        assert root.put(path, json=body).status_code == 200
        assert root.put(path, json=body, headers={"If-Match": seen}).status_code == 412
