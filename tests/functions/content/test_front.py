"""The greeting, and the API's document with its page."""

import json
import re

import openapi_spec_validator
import pytest

from local import openapi
from local.routes import Routes
from local.template import project
from tests.gateway import Caller


def test_the_greeting(visitor: Caller) -> None:
    answer = visitor.get("/")

    assert (answer.status_code, answer.json()) == (200, {"message": "Nexus Models API"})


def test_the_document_has_not_drifted_from_the_code() -> None:
    committed = openapi.DOCUMENT.read_text(encoding="utf-8")

    assert committed == openapi.text(), "run `make openapi` and commit what it writes"


def test_the_document_is_served_as_committed(visitor: Caller) -> None:
    answer = visitor.get("/openapi.json")

    assert answer.headers["content-type"] == "application/json"
    assert answer.text == openapi.DOCUMENT.read_text(encoding="utf-8")
    assert answer.json()["openapi"].startswith("3.")


def test_the_gateway_knows_every_path_of_the_document() -> None:
    routes = Routes.of(project())

    for path, operations in openapi.document()["paths"].items():
        for method in operations:
            assert routes.match(method.upper(), path) is not None, (method, path)


def test_the_document_is_good_openapi() -> None:
    openapi_spec_validator.validate(openapi.document())


def test_the_document_calls_schemas_by_names_of_their_own() -> None:
    """Of two types of one name, FastAPI makes names out of the modules they are in."""
    names = openapi.document()["components"]["schemas"]

    assert [name for name in names if not name.isalnum()] == []


def test_the_document_tells_every_refusal_as_a_problem() -> None:
    told = openapi.document()
    for responses in (
        operation["responses"]
        for operations in told["paths"].values()
        for operation in operations.values()
    ):
        refusals = {status: each for status, each in responses.items() if status >= "4"}
        assert "500" in refusals
        assert all(list(each) == ["$ref"] for each in refusals.values())
    for name, response in told["components"]["responses"].items():
        assert list(response.get("content", [])) == (
            [] if name == "NotModified" else ["application/problem+json"]
        )


def test_the_page_loads_nothing_from_elsewhere(visitor: Caller) -> None:
    page = visitor.get("/docs")

    assert page.headers["content-type"].startswith("text/html")
    assert "default-src 'none'" in page.headers["content-security-policy"]
    sources = re.findall(r'(?:src|href)="([^"]+)"', page.text)
    assert len(sources) == 4
    assert "<script>" not in page.text
    kinds = {"js": "text/javascript", "css": "text/css", "png": "image/png"}
    for source in sources:
        file = visitor.get(source)
        assert file.status_code == 200, source
        kind = kinds[source.rpartition(".")[2]]
        assert file.headers["content-type"].startswith(kind)
        assert file.content
    assert "/openapi.json" in visitor.get("/docs/start.js").text
    assert visitor.get("/docs/favicon.png").content.startswith(b"\x89PNG")


@pytest.mark.parametrize(
    "name", ["nothing.js", "app.py", "openapi.json", "..%2Fapp.py", "../app.py", "%2e%2e/app.py",
             "page.html%00", "swagger-ui.css.map", "redoc.standalone.js"],
)  # fmt: skip
def test_the_page_serves_its_own_files_only(name: str, visitor: Caller) -> None:
    assert visitor.get(f"/docs/{name}").status_code == 404


def test_what_the_page_needs_is_small_enough_for_lambda(visitor: Caller) -> None:
    """An answer of a function has at most 6 MB, in base64 for pictures."""
    for name in ("swagger-ui-bundle.js", "swagger-ui.css"):
        assert len(json.dumps(visitor.get(f"/docs/{name}").text)) < 6_000_000
