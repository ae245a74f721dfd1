"""Public reads carry an ETag, and whoever has the answer already gets none again."""

import pytest

from tests.gateway import Caller
from tests.people import Person
from tests.workshop import shelf


@pytest.fixture
def model_id(creator: Person) -> int:
    return shelf(creator, ("Lamps",))[0]


@pytest.mark.parametrize("path", ["/api/models", "/api/models/{}"])
def test_an_answer_that_is_known_is_not_sent_again(
    path: str, model_id: int, visitor: Caller
) -> None:
    path = path.format(model_id)
    first = visitor.get(path)
    etag = first.headers["etag"]
    assert first.headers["cache-control"] == "no-cache"

    for shown in (etag, f"W/{etag}", f'"other", {etag}', "*"):
        again = visitor.get(path, headers={"If-None-Match": shown})
        assert (again.status_code, again.content) == (304, b"")
        assert again.headers["etag"] == etag
        assert again.headers["cache-control"] == "no-cache"
    for shown in ('"other"', "", etag.strip('"'), etag.upper()):
        again = visitor.get(path, headers={"If-None-Match": shown})
        assert (again.status_code, again.content) == (200, first.content)


def test_a_change_makes_another_etag(model_id: int, visitor: Caller, creator: Person) -> None:
    first = visitor.get("/api/models")
    shelf(creator, ("Lamps",))

    again = visitor.get("/api/models", headers={"If-None-Match": first.headers["etag"]})

    assert again.status_code == 200
    assert len(again.json()) == 2


def test_the_link_to_the_next_page_is_told_again(
    model_id: int, visitor: Caller, creator: Person
) -> None:
    shelf(creator, ("Lamps",))
    first = visitor.get("/api/models?limit=1")

    again = visitor.get("/api/models?limit=1", headers={"If-None-Match": first.headers["etag"]})

    assert again.status_code == 304
    assert again.headers["link"] == first.headers["link"]


def test_errors_have_none(visitor: Caller) -> None:
    answer = visitor.get("/api/models/1", headers={"If-None-Match": "*"})

    assert answer.status_code == 404
    assert "etag" not in answer.headers
    assert answer.headers["cache-control"] == "no-store"
