"""Lists: `skip` and `limit` as the storefront has them, and cursors that walk to the end."""

import json
import random
import zlib
from base64 import urlsafe_b64decode, urlsafe_b64encode
from typing import Any

import httpx
import pytest

from tests import cloud, workshop
from tests.gateway import Caller
from tests.people import Person


def next_of(answer: httpx.Response) -> str | None:
    return linked(answer, "next")


def linked(answer: httpx.Response, relation: str) -> str | None:
    return answer.links.get(relation, {}).get("url")


def walk(caller: Caller, path: str) -> list[list[Any]]:
    """The pages of a list, each by the link of the one before."""
    pages = []
    following: str | None = path
    while following:
        answer = caller.get(following)
        assert answer.status_code == 200, answer.text
        pages.append(answer.json())
        following = next_of(answer)
        assert len(pages) < 20
    return pages


def ids(models: list[Any]) -> list[int]:
    return [model["id"] for model in models]


@pytest.fixture
def shelf(creator: Person) -> list[int]:
    """Five models on sale, the newest first."""
    return workshop.shelf(creator, ("Chairs", "Lamps", "Chairs", "Lamps", "Chairs"))


def test_pages_are_the_list_without_repeats_or_gaps(shelf: list[int], visitor: Caller) -> None:
    assert ids(visitor.get("/api/models").json()) == shelf
    for limit in (1, 2, 5):
        pages = walk(visitor, f"/api/models?limit={limit}")
        assert [each for page in pages for each in ids(page)] == shelf
        assert all(len(page) <= limit for page in pages)


def test_a_filter_holds_on_every_page(shelf: list[int], visitor: Caller) -> None:
    pages = walk(visitor, "/api/models?category=Chairs&limit=1")

    assert [each for page in pages for each in ids(page)] == shelf[::2]
    assert visitor.get("/api/models?category=Tables").json() == []


def test_skip_and_limit_cut_where_they_say(shelf: list[int], visitor: Caller) -> None:
    for skip in (0, 2, 4, 5, 6):
        for limit in (1, 3):
            found = visitor.get(f"/api/models?skip={skip}&limit={limit}").json()
            assert ids(found) == shelf[skip : skip + limit]


def test_skipping_can_go_on_by_cursor(shelf: list[int], visitor: Caller) -> None:
    pages = walk(visitor, "/api/models?skip=1&limit=2")

    assert [each for page in pages for each in ids(page)] == shelf[1:]


def test_items_that_come_meanwhile_disturb_no_walk(
    shelf: list[int], visitor: Caller, creator: Person
) -> None:
    first = visitor.get("/api/models?limit=2")
    workshop.shelf(creator, ("Chairs", "Chairs"))

    rest = walk(visitor, str(next_of(first)))

    assert ids(first.json()) + [each for page in rest for each in ids(page)] == shelf


def cursor_of(answer: httpx.Response) -> str:
    return str(httpx.URL(str(next_of(answer))).params["cursor"])


def mutations(cursor: str) -> list[str]:
    """A thousand cursors that nobody was given."""
    random.seed(7)
    raw = urlsafe_b64decode(cursor)
    signature, text = raw[:32], raw[32:]
    start, *trail = json.loads(zlib.decompress(text))
    flipped = []
    for _ in range(960):
        place = random.randrange(len(raw))
        changed = bytearray(raw)
        changed[place] ^= 1 << random.randrange(8)
        flipped.append(bytes(changed))
    cut = [raw[:length] for length in (0, 1, 16, 31, 32, 33, 64, len(raw) - 1)]
    longer = [raw + extra for extra in (b"\0", b" ", b"{}", raw)]
    others = [
        start | {"PK": {"S": "USER#1"}},
        start | {"GSI1PK": {"S": "MODELS#pending"}},
        {"PK": {"S": "USER#1"}, "SK": {"S": "USER"}},
        {},
        [],
        None,
        "x",
        1e308,
    ]
    texts_of_others = [zlib.compress(json.dumps([other, *trail]).encode()) for other in others]
    resealed = [signature + each for each in texts_of_others]
    bare = [*texts_of_others, *(json.dumps(other).encode() for other in others)]
    encoded = [
        urlsafe_b64encode(each).decode() for each in [*flipped, *cut, *longer, *resealed, *bare]
    ]
    texts = ["", " ", "=", "A", "AAAA", "null", "../..", "%00", "\u00e4", "*" * 90, "{}", "0"]
    return [*encoded, *texts]


def test_mutated_cursors_open_nothing(shelf: list[int], visitor: Caller) -> None:
    cursor = cursor_of(visitor.get("/api/models?limit=2"))
    mutated = [each for each in mutations(cursor) if each]
    assert len(mutated) >= 990

    with cloud.calls() as calls:
        answers = [visitor.get("/api/models", params={"cursor": each}) for each in mutated]

    assert {answer.status_code for answer in answers} == {422}
    assert {answer.json()["errors"][0]["loc"][1] for answer in answers} == {"cursor"}
    assert set(calls) <= {"GetSecretValue"}, "no list was read"


def test_a_cursor_is_good_for_its_list_only(
    shelf: list[int], visitor: Caller, creator: Person, admin: Person, stranger: Person
) -> None:
    on_sale_cursor = cursor_of(visitor.get("/api/models?limit=2"))
    own_cursor = cursor_of(creator.get("/api/users/me/models?limit=2"))

    def status(caller: Caller, path: str, cursor: str) -> int:
        return caller.get(httpx.URL(path).copy_merge_params({"cursor": cursor})).status_code

    assert status(visitor, "/api/models", on_sale_cursor) == 200
    assert status(creator, "/api/users/me/models", own_cursor) == 200
    assert status(visitor, "/api/models?category=Chairs", on_sale_cursor) == 422
    assert status(creator, "/api/users/me/models", on_sale_cursor) == 422
    assert status(creator, "/api/users/me/sales", own_cursor) == 422
    assert status(stranger, "/api/users/me/models", own_cursor) == 422
    assert status(admin, "/api/admin/models/pending", own_cursor) == 422
    assert status(visitor, "/api/models", own_cursor) == 422


def test_a_cursor_goes_with_any_limit(shelf: list[int], visitor: Caller) -> None:
    cursor = cursor_of(visitor.get("/api/models?limit=2"))

    rest = visitor.get("/api/models", params={"cursor": cursor, "limit": 100})

    assert ids(rest.json()) == shelf[2:]
    assert set(rest.links) == {"prev"}


@pytest.mark.parametrize("path", ["/api/models", "/api/users/me/models"])
def test_a_walk_leads_back_by_the_pages_it_came(
    path: str, shelf: list[int], creator: Person
) -> None:
    there = [creator.get(f"{path}?limit=2")]
    while following := linked(there[-1], "next"):
        there.append(creator.get(following))
    back = [there[-1]]
    while before := linked(back[-1], "prev"):
        back.append(creator.get(before))

    assert [ids(page.json()) for page in back[::-1]] == [ids(page.json()) for page in there]
    assert [ids(page.json()) for page in there] == [shelf[:2], shelf[2:4], shelf[4:]]
    again = creator.get(str(linked(back[-1], "next")))
    assert (ids(again.json()), set(again.links)) == (shelf[2:4], {"next", "prev"})


def test_skipping_leads_back_too(shelf: list[int], visitor: Caller) -> None:
    last = visitor.get("/api/models?skip=3&limit=2")
    middle = visitor.get(str(linked(last, "prev")))
    first = visitor.get(str(linked(middle, "prev")))

    assert [ids(each.json()) for each in (first, middle, last)] == [
        shelf[:2],
        shelf[1:3],
        shelf[3:],
    ]
    assert set(first.links) == {"next"}


def test_a_long_walk_forgets_its_first_pages_and_no_cursor_is_too_long(creator: Person) -> None:
    workshop.shelf(creator, ("Chairs",) * 60)

    pages = [creator.get("/api/users/me/models?limit=1")]
    while following := linked(pages[-1], "next"):
        pages.append(creator.get(following))
    back = [pages[-1]]
    while before := linked(back[-1], "prev"):
        back.append(creator.get(before))

    assert {page.status_code for page in pages} == {200}
    assert len(pages) == 60
    walked = [ids(page.json()) for page in back]
    assert walked == [ids(page.json()) for page in pages[::-1]][: len(walked)]
    assert len(walked) > 10


def test_lists_of_ones_own_are_walked_too(shelf: list[int], creator: Person, buyer: Person) -> None:
    for model_id in shelf[:3]:
        assert buyer.post(f"/api/models/{model_id}/purchase").status_code == 200

    models = walk(creator, "/api/users/me/models?limit=2")
    sales = walk(creator, "/api/users/me/sales?limit=2")
    purchases = walk(buyer, "/api/users/me/purchases?limit=2")

    assert [each for page in models for each in ids(page)] == shelf
    bought = [each for page in purchases for each in page]
    sold = [each for page in sales for each in page]
    assert [each["model_id"] for each in bought] == [each["model_id"] for each in sold]
    assert [each["model_id"] for each in bought] == shelf[:3][::-1]
