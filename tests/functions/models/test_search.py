"""Searching as visitors do it, and when they see what has changed."""

from typing import Any
from urllib.parse import unquote

import httpx
import pytest

from nexus.search import own_copy
from nexus.table.changes import ChangeItem
from tests import cloud, stream
from tests.gateway import Caller
from tests.people import Person, an_admin
from tests.workshop import on_sale, submitted

pytestmark = pytest.mark.usefixtures("living_house")


@pytest.fixture
def ada() -> Person:
    return Person("ada")


@pytest.fixture
def admin() -> Person:
    return an_admin("root")


def names(caller: Caller, **query: Any) -> list[str]:
    answer = caller.get("/api/models", params={"limit": 100} | query)
    assert answer.status_code == 200, answer.text
    return [model["name"] for model in answer.json()]


def approve(admin: Person, model_id: int) -> None:
    assert admin.post(f"/api/admin/models/{model_id}/approve").status_code == 200


# ---- What is asked


def test_a_search_names_its_parameters(ada: Person, admin: Person, visitor: Caller) -> None:
    on_sale(ada, admin, name="Stone Castle", price=30, tags=["old"], description="With a moat")
    on_sale(ada, admin, name="Sand Castle", price=0)
    on_sale(ada, admin, name="Tower", price=5)

    assert set(names(visitor, search="castle")) == {"Stone Castle", "Sand Castle"}
    assert names(visitor, search="MOAT castle") == ["Stone Castle"]
    assert names(visitor, search="castle", max_price=10) == ["Sand Castle"]
    assert names(visitor, sort="price") == ["Sand Castle", "Tower", "Stone Castle"]
    assert names(visitor, free="false", sort="-price") == ["Stone Castle", "Tower"]
    assert names(visitor, tag="OLD", format="glb", texture_resolution="2K") == ["Stone Castle"]
    assert names(visitor, creator_id=ada.id, rigged="false") == names(visitor)
    assert names(visitor, search="") == names(visitor, search="  ") == names(visitor)


def test_how_many_there_are_is_told(ada: Person, admin: Person, visitor: Caller) -> None:
    for number in range(3):
        on_sale(ada, admin, name=f"Castle {number}")

    answer = visitor.get("/api/models", params={"search": "castle", "limit": 2})

    assert answer.headers["x-total-count"] == "3"
    assert len(answer.json()) == 2
    assert 'rel="next"' in answer.headers["link"]


def test_another_search_is_suggested_where_nothing_matches(
    ada: Person, admin: Person, visitor: Caller
) -> None:
    on_sale(ada, admin, name="Château")

    answer = visitor.get("/api/models", params={"search": "chateua"})

    assert [model["name"] for model in answer.json()] == ["Château"]
    assert unquote(answer.headers["x-did-you-mean"]) == "chateau"


def test_facets_and_suggestions_are_no_models_ids(
    ada: Person, admin: Person, visitor: Caller
) -> None:
    on_sale(ada, admin, name="Stone Castle", tags=["stony"])

    for slash in ("", "/"):
        facets = visitor.get(f"/api/models/facets{slash}", params={"search": "castle"}).json()
        assert facets["total"] == 1
        assert facets["category"] == [{"value": "Buildings", "count": 1}]
        told = visitor.get(f"/api/models/suggest{slash}", params={"q": "sto"}).json()
        assert [each["text"] for each in told] == ["Stone Castle", "stony"]


BAD = [
    "", " ", "x" * 200, "!!!", "...", "'", '"', '"castle', "castle AND", "(((", "a:b", "name:*",
    "[1 TO 2]", "-", "+castle", "~2", "^", "*", "?", "\\", "/.*/", "\x00", "a\x00b", "\x7f\x1b",
    "🦊🦊", "👩\u200d🚀", "\u202eelrevo", "שלום עולם", "قلعة", "ﷺ", "\ufffd", "e\u0301" * 60,
    "%", "_", "%%%", "' OR 1=1 --", "{{7*7}}", "<script>", "a " * 45, "\u0345", "ẞ", "İ", "ﬃ",
]  # fmt: skip


@pytest.mark.parametrize("search", BAD)
def test_any_text_can_be_searched_for(search: str, visitor: Caller) -> None:
    for path, name in (("", "search"), ("/facets", "search"), ("/suggest", "q")):
        answer = visitor.get(f"/api/models{path}", params={name: search})
        assert answer.status_code == 200, answer.text


@pytest.mark.parametrize(
    "query",
    [
        "search=" + "x" * 10_000,
        "search=" + "+".join(f"w{n}" for n in range(51)),
        "min_price=10&max_price=9.99",
        "min_polys=2&max_polys=1",
        "min_price=-1",
        "min_price=NaN",
        "max_price=Infinity",
        "min_price=1.999",
        "max_price=1e99",
        "min_polys=1.5",
        "min_rating=6",
        "min_rating=NaN",
        "sort=best",
        "sort=",
        "rigged=perhaps",
        "texture_resolution=large",
        "creator_id=0",
        "creator_id=9" + "9" * 30,
        "category=" + "x" * 51,
        "cursor=tampered",
        "skip=10001",
    ],
)
def test_what_makes_no_sense_is_refused(query: str, visitor: Caller) -> None:
    answer = visitor.get(f"/api/models?{query}")

    assert answer.status_code == 422
    assert answer.json()["errors"]
    if "cursor" not in query and "skip" not in query:
        assert visitor.get(f"/api/models/facets?{query}").status_code == 422


def test_a_cursor_of_one_search_is_none_of_another(
    ada: Person, admin: Person, visitor: Caller
) -> None:
    for number in range(3):
        on_sale(ada, admin, name=f"Castle {number}")
    link = visitor.get("/api/models", params={"search": "castle", "limit": 1}).headers["link"]
    cursor = httpx.URL(link.split(">")[0][1:]).params["cursor"]

    same = visitor.get("/api/models", params={"search": "castle", "cursor": cursor})
    other = visitor.get("/api/models", params={"search": "tower", "cursor": cursor})
    sorted_ = visitor.get(
        "/api/models", params={"search": "castle", "sort": "price", "cursor": cursor}
    )
    assert (same.status_code, other.status_code, sorted_.status_code) == (200, 422, 422)


# ---- Who sees what when


def test_an_approval_is_seen_at_once_by_those_it_concerns_and_soon_by_all(
    ada: Person, admin: Person, visitor: Caller, stranger: Person
) -> None:
    assert names(visitor) == []
    model_id = submitted(ada)["id"]
    approve(admin, model_id)

    assert names(visitor) == [], "the projector has told nobody yet"
    assert names(stranger) == []


@pytest.mark.parametrize("who", ["ada", "admin"])
def test_whose_change_it_is_waits_for_nobody(who: str, ada: Person, admin: Person) -> None:
    caller = {"ada": ada, "admin": admin}[who]
    assert names(caller) == []
    model_id = submitted(ada)["id"]
    approve(admin, model_id)

    assert names(caller) == ["Castle"]
    ada.patch(f"/api/models/{model_id}", json={"name": "Palace"}, headers={"If-Match": "*"})
    assert names(caller) == ["Palace"]
    ada.delete(f"/api/models/{model_id}")
    assert names(caller) == []


def test_all_others_see_it_with_the_next_look_at_the_log(
    ada: Person, admin: Person, visitor: Caller, monkeypatch: pytest.MonkeyPatch
) -> None:
    clock = Clock()
    monkeypatch.setattr(own_copy, "POLL_SECONDS", 1.0)
    monkeypatch.setattr(own_copy, "time", clock)
    assert names(visitor) == []
    approve(admin, submitted(ada)["id"])
    stream.settle()

    assert names(visitor) == [], "it was looked at this very second"
    clock.now += 1
    assert names(visitor) == ["Castle"]


class Clock:
    now = 1000.0

    def monotonic(self) -> float:
        return self.now


@pytest.mark.parametrize("ending", ["withdrawn", "banned", "erased"])
def test_what_leaves_is_gone_before_the_projector_hears_of_it(
    ending: str, ada: Person, admin: Person, visitor: Caller
) -> None:
    model_id = on_sale(ada, admin)
    assert names(visitor) == ["Castle"]

    match ending:
        case "withdrawn":
            ada.delete(f"/api/models/{model_id}")
        case "banned":
            admin.post(f"/api/admin/users/{ada.id}/ban")
        case "erased":
            assert ada.delete("/api/users/me").status_code == 204

    assert names(visitor) == []
    stream.settle()
    assert names(visitor) == []
    own_copy.forget()
    assert names(visitor) == []


def test_who_comes_back_brings_their_models(ada: Person, admin: Person, visitor: Caller) -> None:
    on_sale(ada, admin)
    admin.post(f"/api/admin/users/{ada.id}/ban")
    stream.settle()
    assert names(visitor) == []

    admin.delete(f"/api/admin/users/{ada.id}/ban")
    stream.settle()

    assert names(visitor) == ["Castle"]


def test_a_creators_new_name_is_shown_and_found(
    ada: Person, admin: Person, visitor: Caller
) -> None:
    on_sale(ada, admin)
    assert names(visitor, search="ada") == ["Castle"]

    ada.patch("/api/users/me", json={"username": "countess"}, headers={"If-Match": "*"})
    admin.post(f"/api/admin/users/{ada.id}/verify")
    stream.settle()

    [model] = visitor.get("/api/models", params={"search": "countess"}).json()
    assert model["creator"] == {"id": ada.id, "username": "countess", "is_verified": True}


def test_counters_follow(ada: Person, admin: Person, visitor: Caller, buyer: Person) -> None:
    model_id = on_sale(ada, admin)
    names(visitor)
    buyer.post(f"/api/models/{model_id}/purchase")
    buyer.post(f"/api/models/{model_id}/like")
    buyer.post(f"/api/models/{model_id}/reviews", json={"rating": 4})
    visitor.get(f"/api/models/{model_id}")
    stream.settle()

    [model] = visitor.get("/api/models").json()

    assert model == buyer.get(f"/api/models/{model_id}").json() | {"views": model["views"]}
    assert (model["downloads"], model["likes"], model["rating"]) == (1, 1, 4.0)
    assert model["views"] == 1


def test_counters_are_told_once_in_a_while_however_often_they_change(
    ada: Person, admin: Person, visitor: Caller, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("nexus.table.changes.SLOT_SECONDS", 10**9)
    model_id = on_sale(ada, admin)
    for _ in range(5):
        visitor.get(f"/api/models/{model_id}")
    stream.settle()

    counted = [line for line in cloud.of_kind(ChangeItem) if line.counters]
    assert [line.counters["views"] for line in counted] == [5]


def test_what_nobody_may_see_is_told_to_nobody(ada: Person, admin: Person) -> None:
    model_id = submitted(ada)["id"]
    admin.post(f"/api/admin/models/{model_id}/reject", json={"reason": "No"})
    stream.settle()

    assert [line for line in cloud.of_kind(ChangeItem) if line.document] == []
