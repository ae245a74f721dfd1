import pytest

from local.routes import Route, Routes
from local.template import Template

ROUTES = Routes(
    [
        Route("ANY", "/pets/{proxy+}", "greedy"),
        Route("ANY", "/pets/{id}", "any"),
        Route("GET", "/pets/{id}", "get"),
        Route("ANY", "/pets/dog/{proxy+}", "dogs"),
        Route("GET", "/pets/dog/1", "exact"),
        Route("GET", "/", "root"),
    ]
)


@pytest.mark.parametrize(
    ("method", "path", "function"),
    [
        ("GET", "/pets/dog/1", "exact"),
        ("POST", "/pets/dog/1", "dogs"),
        ("GET", "/pets/7", "get"),
        ("DELETE", "/pets/7", "any"),
        ("GET", "/pets/7/toys", "greedy"),
        ("GET", "/pets/", "greedy"),
        ("GET", "/", "root"),
    ],
)
def test_the_most_specific_route_wins(method: str, path: str, function: str) -> None:
    match = ROUTES.match(method, path)

    assert match is not None
    assert match.function == function


@pytest.mark.parametrize(("method", "path"), [("GET", "/pets"), ("POST", "/"), ("GET", "/petsx/1")])
def test_no_other_path_matches(method: str, path: str) -> None:
    assert ROUTES.match(method, path) is None


def test_variables_are_handed_on() -> None:
    match = ROUTES.match("PUT", "/pets/dog/7/toys")

    assert match is not None
    assert (match.route, match.parameters) == ("ANY /pets/dog/{proxy+}", {"proxy": "7/toys"})


def test_routes_come_from_the_template(tiny: Template) -> None:
    match = Routes.of(tiny).match("GET", "/thing/9")

    assert match is not None
    assert match.function == "Tiny"
