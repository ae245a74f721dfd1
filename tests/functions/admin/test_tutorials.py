import json

import pytest

from nexus.table import keys, pages, views
from nexus.table.counters import add_views
from nexus.table.outbox import AuditItem
from tests import cloud
from tests.gateway import Caller
from tests.people import Person

ADMINS = "/api/admin/tutorials"
EVERYONES = "/api/tutorials"
TEXT = "# Hello\r\n\r\n- one\r\n"


def tutorial(admin: Person, **fields: object) -> int:
    wanted = {"title": "UVs", "content": TEXT, "category": "Beginner", "published": True}
    answer = admin.post(ADMINS, json=wanted | fields)
    assert answer.status_code == 201, answer.text
    tutorial_id: int = answer.json()["id"]
    return tutorial_id


def titles(caller: Caller, path: str = EVERYONES) -> list[str]:
    return [each["title"] for each in caller.get(path).json()]


def test_a_published_tutorial_is_read_as_it_was_written(admin: Person, visitor: Caller) -> None:
    tutorial_id = tutorial(admin)

    shown = visitor.get(f"{EVERYONES}/{tutorial_id}").json()
    assert shown.pop("created_at") == shown.pop("updated_at")
    assert shown == {
        "id": tutorial_id,
        "title": "UVs",
        "content": TEXT,
        "category": "Beginner",
        "views": 1,
        "published": True,
    }


def test_a_draft_is_for_admins_only(admin: Person, visitor: Caller) -> None:
    tutorial_id = tutorial(admin, published=False)

    assert titles(visitor) == []
    hidden = visitor.get(f"{EVERYONES}/{tutorial_id}")
    assert (hidden.status_code, hidden.json()["detail"]) == (404, "Tutorial not found")
    assert titles(admin, ADMINS) == ["UVs"]
    assert admin.get(f"{ADMINS}/{tutorial_id}").json()["content"] == TEXT


def test_tutorials_are_listed_by_category(admin: Person, visitor: Caller) -> None:
    tutorial(admin, title="First steps")
    tutorial(admin, title="Rigging", category="Advanced")

    assert titles(visitor, f"{EVERYONES}/?category=Advanced") == ["Rigging"]
    assert titles(visitor) == ["Rigging", "First steps"]
    assert titles(visitor, f"{EVERYONES}?category=Intermediate") == []
    assert visitor.get(f"{EVERYONES}?category=Expert").status_code == 422


def test_an_edit_moves_a_tutorial_between_lists(admin: Person, visitor: Caller) -> None:
    path = f"{ADMINS}/{tutorial(admin)}"
    edit = {"If-Match": "*"}

    admin.patch(path, json={"category": "Advanced", "content": "New"}, headers=edit)
    assert titles(visitor, f"{EVERYONES}?category=Beginner") == []
    [moved] = visitor.get(f"{EVERYONES}?category=Advanced").json()
    assert moved["content"] == "New"
    assert moved["updated_at"] > moved["created_at"]

    admin.patch(path, json={"published": False}, headers=edit)
    assert titles(visitor) == titles(visitor, f"{EVERYONES}?category=Advanced") == []
    admin.patch(path, json={"published": True}, headers=edit)
    assert titles(visitor, f"{EVERYONES}?category=Advanced") == ["UVs"]


def test_two_editors_cannot_overwrite_each_other(admin: Person) -> None:
    path = f"{ADMINS}/{tutorial(admin)}"
    seen = {"If-Match": admin.get(path).headers["etag"]}

    assert admin.patch(path, json={"content": "Mine"}).status_code == 428
    first = admin.patch(path, json={"content": "Mine"}, headers=seen)
    second = admin.patch(path, json={"title": "Yours"}, headers=seen)
    assert (first.status_code, second.status_code) == (200, 412)
    assert admin.get(path).json() == first.json()


def test_a_deleted_tutorial_is_gone_with_its_text(admin: Person, visitor: Caller) -> None:
    tutorial_id = tutorial(admin)

    assert admin.delete(f"{ADMINS}/{tutorial_id}").status_code == 204
    assert admin.delete(f"{ADMINS}/{tutorial_id}").status_code == 404
    assert visitor.get(f"{EVERYONES}/{tutorial_id}").status_code == 404
    assert "# Hello" not in str(cloud.rows())


def test_every_change_is_on_record(admin: Person) -> None:
    path = f"{ADMINS}/{tutorial(admin)}"
    admin.patch(path, json={"title": "UVs again"}, headers={"If-Match": "*"})
    admin.delete(path)

    deeds = {deed.action: deed.detail for deed in cloud.of_kind(AuditItem)}
    assert deeds == {
        "tutorial.create": "UVs",
        "tutorial.update": "title",
        "tutorial.delete": "UVs again",
    }


def test_views_count_reads_of_everyone_and_not_those_of_admins(
    admin: Person, visitor: Caller
) -> None:
    tutorial_id = tutorial(admin)
    for _ in range(3):
        visitor.get(f"{EVERYONES}/{tutorial_id}")
    admin.get(f"{ADMINS}/{tutorial_id}")

    assert admin.get(f"{ADMINS}/{tutorial_id}").json()["views"] == 3
    assert visitor.get(EVERYONES).json()[0]["views"] == 3


def test_a_tutorial_with_many_views_is_read_mostly_without_a_write(
    admin: Person, visitor: Caller, monkeypatch: pytest.MonkeyPatch
) -> None:
    tutorial_id = tutorial(admin)
    monkeypatch.setattr(views, "EXACT", 10)
    add_views(keys.tutorial_counters(tutorial_id), 400)
    path = f"{EVERYONES}/{tutorial_id}"
    written = {visitor.get(path).json()["views"] for _ in range(40)}

    assert 1 <= len(written) <= 20  # 40 writes, if each read wrote
    assert all((each - 400) % 10 == 0 or each > 400 for each in written)


def test_html_is_for_whoever_asks_for_it(admin: Person, visitor: Caller) -> None:
    path = f"{EVERYONES}/{tutorial(admin)}"
    browser = {"Accept": "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"}

    for answer in (visitor.get(f"{path}?format=html"), visitor.get(path, headers=browser)):
        assert answer.headers["content-type"] == "text/html; charset=utf-8"
        assert answer.text == "<h1>Hello</h1>\n<ul>\n<li>one</li>\n</ul>\n"
        assert "default-src 'none'" in answer.headers["content-security-policy"]
        assert answer.headers["vary"] == "Accept"
        seen = {"If-None-Match": answer.headers["etag"]}
        again = visitor.get(f"{path}?format=html", headers=seen)
        assert again.status_code == 304
        for name in ("content-security-policy", "vary", "cache-control", "etag"):
            assert again.headers[name] == answer.headers[name]
    for accept in ("*/*", "application/json", "application/json, text/plain, */*"):
        answer = visitor.get(path, headers={"Accept": accept})
        assert answer.headers["content-type"] == "application/json"
    assert visitor.get(f"{path}?format=json", headers=browser).json()["content"] == TEXT
    assert visitor.get(f"{path}?format=pdf").status_code == 422


def test_long_texts_are_spread_over_pages(
    admin: Person, visitor: Caller, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pages, "MOST_BYTES", 40)
    for number in range(5):
        tutorial(admin, title=str(number), content="0123456789")
    seen, answer = [], visitor.get(EVERYONES)
    while True:
        assert 1 <= len(answer.json()) <= 2
        seen += [each["title"] for each in answer.json()]
        if "next" not in answer.links:
            break
        answer = visitor.get(answer.links["next"]["url"])

    assert seen == list("43210")
    assert titles(visitor, f"{EVERYONES}?skip=3") == ["1", "0"]


def test_a_page_of_long_texts_is_whole(admin: Person, visitor: Caller) -> None:
    written = [tutorial(admin, content="Lorem ipsum.\n" * 7_000) for _ in range(52)]

    found = [visitor.get(f"{EVERYONES}?skip={skip}").json() for skip in (0, 50)]

    assert [len(page) for page in found] == [50, 2]
    assert [each["id"] for page in found for each in page] == written[::-1]


def test_an_answer_never_grows_larger_than_lambda_can_give(admin: Person, visitor: Caller) -> None:
    for _ in range(15):
        tutorial(admin, content='"' * 100_000)

    answer = visitor.get(f"{EVERYONES}?limit=100")
    assert len(answer.json()) == 13
    assert len(answer.text.replace("\\", "\\\\").replace('"', '\\"')) < 6_000_000


@pytest.mark.parametrize(
    "fields",
    [
        {"content": ""},
        {"content": " \n"},
        {"content": "a" * 100_001},
        {"content": "€" * 33_334},
        {"content": "a\0b"},
        {"content": "\ud800"},
        {"title": "two\nlines"},
        {"title": "a" * 121},
        {"category": "Expert"},
        {"published": "true"},
        {"views": 10},
    ],
)
def test_malformed_tutorials_are_refused(admin: Person, fields: dict[str, object]) -> None:
    path = f"{ADMINS}/{tutorial(admin)}"
    new = json.dumps({"title": "New", "content": "Text", "category": "Beginner"} | fields)
    headers = {"If-Match": "*", "Content-Type": "application/json"}

    assert admin.post(ADMINS, content=new, headers=headers).status_code == 422
    assert admin.patch(path, content=json.dumps(fields), headers=headers).status_code == 422
    assert titles(admin, ADMINS) == ["UVs"]


def test_a_body_larger_than_any_tutorial_is_refused(admin: Person) -> None:
    wanted = {"title": "New", "content": "a" * 300_000, "category": "Beginner"}

    assert admin.post(ADMINS, json=wanted).status_code == 413


@pytest.mark.parametrize("tutorial_id", ["0", "-1", "abc", str(2**53)])
def test_what_is_no_id_is_malformed(visitor: Caller, tutorial_id: str) -> None:
    assert visitor.get(f"{EVERYONES}/{tutorial_id}").status_code == 422
