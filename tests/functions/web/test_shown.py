"""Lists of which not everything is shown: by `skip` and by cursor each entry comes once."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import pytest

from nexus.ids import new_id
from nexus.table import pages
from nexus.table.bounties import ApplicationItem, BountyItem
from nexus.table.opinions import LikeItem
from tests import cloud
from tests.gateway import Caller
from tests.people import Person, ban
from tests.pinboard import posted
from tests.workshop import put_on_sale, stored_model

BEGIN = datetime.now(UTC) - timedelta(hours=1)
PATTERNS = ("..+.+++...+..", "+.+", "..")
"""From the list's beginning to its end: + is shown, . is not."""

type Made = tuple[Caller, str, list[Any]]
"""Whose list it is, where it is, and what it shows."""


def at(number: int) -> datetime:
    return BEGIN + timedelta(seconds=number)


def models(pattern: str) -> Made:
    """A creator's list, newest first; what waits for review is not in it."""
    creator = Person("creator")
    shown = []
    for number, sign in enumerate(reversed(pattern)):
        model = stored_model(creator, now=at(number))
        if sign == "+":
            put_on_sale(model)
            shown.append(model.id)
    return Caller(), f"/api/users/{creator.id}/models", shown[::-1]


def likes(pattern: str) -> Made:
    """What someone likes, newest first; what a banned creator made is not in it."""
    creator, fan, banned = Person("creator"), Person("fan"), Person("banned")
    shown = []
    for number, sign in enumerate(reversed(pattern)):
        model = stored_model(creator if sign == "+" else banned, now=at(number))
        put_on_sale(model)
        LikeItem.of(model.id, fan.id, at(number)).save()
        if sign == "+":
            shown.append(model.id)
    ban(banned)
    return fan, "/api/users/me/likes", shown[::-1]


def bounties(pattern: str, query: str = "") -> Made:
    """All, newest first; what the banned asked for is not in it."""
    creator, banned = Person("creator"), Person("banned")
    shown = []
    for number, sign in enumerate(reversed(pattern)):
        who = creator if sign == "+" else banned
        bounty = BountyItem.of(
            new_id(at(number)), who.id, at(number), title="A gate", description="", budget_cents=1
        )
        bounty.save()
        if sign == "+":
            shown.append(bounty.id)
    ban(banned)
    return Caller(), f"/api/bounties{query}", shown[::-1]


def open_bounties(pattern: str) -> Made:
    return bounties(pattern, "?status=Open")


def applications(pattern: str) -> Made:
    """Of a bounty, oldest first; those of the banned are not in it."""
    creator, shown = Person("creator"), []
    bounty_id = posted(creator)
    for number, sign in enumerate(pattern):
        who, application_id = Person(f"applicant{number}"), new_id(at(number))
        ApplicationItem.of(application_id, bounty_id, who.id, created_at=at(number)).save()
        if sign == "+":
            shown.append(application_id)
        else:
            ban(who)
    return creator, f"/api/bounties/{bounty_id}/applications", shown


LISTS = [models, likes, bounties, open_bounties, applications]


def asked(caller: Caller, path: str, **more: int) -> httpx.Response:
    answer = caller.get(httpx.URL(path).copy_merge_params(more))
    assert answer.status_code == 200, answer.text
    return answer


def ids(answer: httpx.Response) -> list[int]:
    return [each["id"] for each in answer.json()]


def walked(caller: Caller, path: str, limit: int) -> list[list[int]]:
    """The pages of a list, each by the link of the one before."""
    answer = asked(caller, path, limit=limit)
    found = [ids(answer)]
    while following := answer.links.get("next", {}).get("url"):
        answer = asked(caller, following)
        found.append(ids(answer))
        assert len(found) < 50
    return found


@pytest.mark.parametrize("pattern", PATTERNS)
@pytest.mark.parametrize("made", LISTS, ids=lambda each: each.__name__)
def test_each_entry_comes_once(made: Callable[[str], Made], pattern: str) -> None:
    caller, path, shown = made(pattern)

    for limit in (2, 3, 100):
        skips = range(0, len(pattern) + limit, limit)
        by_skip = [ids(asked(caller, path, skip=skip, limit=limit)) for skip in skips]
        assert by_skip == [shown[skip : skip + limit] for skip in skips]
        assert [each for page in walked(caller, path, limit) for each in page] == shown


@pytest.mark.parametrize("made", LISTS, ids=lambda each: each.__name__)
def test_a_skip_goes_on_by_cursor(made: Callable[[str], Made]) -> None:
    caller, path, shown = made("..+.++.+.+.")

    first = asked(caller, path, skip=1, limit=2)
    second = asked(caller, first.links["next"]["url"])

    assert (ids(first), ids(second)) == (shown[1:3], shown[3:5])
    assert ids(asked(caller, second.links["prev"]["url"])) == shown[1:3]


def test_a_page_gives_up_where_too_much_is_left_out_and_its_cursor_goes_on(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """However much there is that is not shown, a request costs no more than that."""
    monkeypatch.setattr(pages, "PAGE", 2)
    monkeypatch.setattr(pages, "MOST_LEFT_OUT", 7)
    caller, path, shown = bounties("+" + "." * 30 + "+." + "." * 20)
    queries = []
    following: str | None = f"{path}?limit=2"
    found = []
    while following:
        with cloud.calls() as calls:
            answer = asked(caller, following)
        queries.append(calls.count("Query"))
        found += ids(answer)
        following = answer.links.get("next", {}).get("url")

    assert found == shown
    assert max(queries) == 3, "two, four and three items"
    assert len(queries) > 4


def test_a_page_of_a_long_list_is_found_in_few_reads() -> None:
    caller, path, shown = bounties("." * 90 + "+")

    with cloud.calls() as calls:
        assert ids(asked(caller, path, limit=1)) == shown

    assert calls.count("Query") == 2
