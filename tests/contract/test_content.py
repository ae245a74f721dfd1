"""Categories, testimonials and tutorials: what admins keep and everyone sees some of."""

from typing import Any

import pytest

from tests.contract.shapes import CATEGORY, TESTIMONIAL, TUTORIAL, Shape, mistakes
from tests.gateway import Caller
from tests.people import Person

KINDS: list[Any] = [
    pytest.param(
        "categories",
        CATEGORY,
        {"name": "Towers"},
        {"icon": "📦", "enabled": True, "model_count": 0, "order": 0},
        {"enabled": False},
        id="categories",
    ),
    pytest.param(
        "testimonials",
        TESTIMONIAL,
        {"author": "Eve", "text": "It stands.", "rating": 5},
        {"company": None, "verified": False, "featured": False},
        {"company": "Eve & Co", "rating": 4},
        id="testimonials",
    ),
    pytest.param(
        "tutorials",
        TUTORIAL,
        {"title": "Walls", "content": "# Walls\n<b>", "category": "Beginner", "published": True},
        {"views": 0},
        {"published": False},
        id="tutorials",
    ),
]


@pytest.mark.parametrize(("kind", "shape", "wanted", "given", "change"), KINDS)
def test_what_admins_keep(
    kind: str,
    shape: Shape,
    wanted: dict[str, Any],
    given: dict[str, Any],
    change: dict[str, Any],
    root: Person,
    anyone: Caller,
) -> None:
    lists, public = f"/api/admin/{kind}", f"/api/{kind}"
    before = anyone.get(public).json()
    answer = root.post(f"{lists}/", json=wanted)
    assert (answer.status_code, mistakes(answer.json(), shape)) == (201, [])
    made = answer.json()
    assert made == made | wanted | given
    path = f"{lists}/{made['id']}"
    assert root.get(path).json() == made
    for slash in ("", "/"):
        assert made in root.get(f"{lists}{slash}").json()
        assert made in anyone.get(f"{public}{slash}").json()

    seen = {"If-Match": answer.headers["etag"]}
    assert root.patch(path, json=change).status_code == 428
    edited = root.patch(path, json=change, headers=seen)
    assert (edited.status_code, mistakes(edited.json(), shape)) == (200, [])
    assert edited.json() == edited.json() | change
    assert root.patch(path, json=change, headers=seen).status_code == 412
    hidden = {"enabled", "published"} & change.keys()
    assert (edited.json() in anyone.get(public).json()) == (not hidden)

    assert root.delete(path).status_code == 204
    assert root.get(path).status_code == 404
    assert anyone.get(public).json() == before


@pytest.mark.parametrize("kind", ["categories", "testimonials", "tutorials"])
def test_only_admins_keep_them(kind: str, ada: Person, anyone: Caller) -> None:
    for method, path in (("GET", ""), ("POST", ""), ("PATCH", "/1"), ("DELETE", "/1")):
        assert anyone.request(method, f"/api/admin/{kind}{path}").status_code == 401
        assert ada.request(method, f"/api/admin/{kind}{path}").status_code == 403


def test_a_name_is_for_one_category(root: Person) -> None:
    root.post("/api/admin/categories", json={"name": "Towers"})

    assert root.post("/api/admin/categories", json={"name": "TOWERS"}).status_code == 409


def test_a_tutorial_is_stored_as_it_is_and_shown_safely(root: Person, anyone: Caller) -> None:
    content = "# Walls\n\n<script>alert(1)</script>\n"
    wanted = {"title": "Walls", "content": content, "category": "Advanced", "published": True}
    path = f"/api/tutorials/{root.post('/api/admin/tutorials', json=wanted).json()['id']}"

    tutorial = anyone.get(path).json()
    assert (mistakes(tutorial, TUTORIAL), tutorial["content"]) == ([], content)
    page = anyone.get(path, headers={"Accept": "text/html"})
    assert page.headers["content-type"].startswith("text/html")
    assert "<h1>Walls</h1>" in page.text
    assert "<script" not in page.text
    draft = root.post("/api/admin/tutorials", json=wanted | {"published": False}).json()
    assert anyone.get(f"/api/tutorials/{draft['id']}").status_code == 404
