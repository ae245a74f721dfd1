"""What template.yaml declares, what the code asks for, and what the routes need agree."""

import importlib
import inspect
from collections.abc import Iterator
from typing import Any

import pytest
from fastapi import FastAPI
from fastapi.dependencies.models import Dependant
from fastapi.routing import RouteContext, iter_route_contexts

from local.template import project
from nexus.settings import Settings
from nexus.web.identity import DOORS

HTTP_GROUPS = ("accounts", "models", "bounties", "admin", "content", "webhooks")
type Route = tuple[str, str]


def functions() -> dict[str, dict[str, Any]]:
    return project().resources("AWS::Serverless::Function")


def declared(group: str) -> set[Route]:
    """(method, path) of every HTTP event of a group's function."""
    events = functions()[f"{group.capitalize()}Function"]["Events"].values()
    return {
        (event["Properties"]["Method"].upper(), event["Properties"]["Path"])
        for event in events
        if event["Type"] == "HttpApi"
    }


def routes(group: str) -> list[RouteContext]:
    app: FastAPI = importlib.import_module(f"{group}.app").app
    return list(iter_route_contexts(app.routes))


def served(group: str) -> set[Route]:
    """(method, path) of every route of a group's app."""
    return {(method, str(route.path)) for route in routes(group) for method in route.methods or ()}


def leads_to(route: Route, path: str) -> bool:
    """Whether the gateway's route catches a path; its `{proxy+}` takes one part or more."""
    prefix = route[1].removesuffix("{proxy+}")
    return path.startswith(prefix) and path != prefix if prefix != route[1] else path == route[1]


def test_every_variable_is_a_setting() -> None:
    given = {name for logical_id in functions() for name in project().environment(logical_id)}

    assert {name.lower() for name in given} == set(Settings.model_fields)


def test_every_function_starts_from_its_own_folder() -> None:
    for logical_id, function in functions().items():
        group = logical_id.removesuffix("Function").lower()

        assert function["Handler"] == f"{group}.app.handler"
        assert function["Environment"]["Variables"]["POWERTOOLS_SERVICE_NAME"] == group
        assert callable(importlib.import_module(f"{group}.app").handler)


@pytest.mark.parametrize("group", HTTP_GROUPS)
def test_every_route_of_a_group_is_reached_through_the_gateway(group: str) -> None:
    gateway = declared(group)
    assert served(group)
    for method, path in served(group):
        assert any(leads_to(route, path) and route[0] in ("ANY", method) for route in gateway), (
            f"{method} {path}"
        )


@pytest.mark.parametrize("group", HTTP_GROUPS)
def test_the_gateway_has_no_route_that_nobody_serves(group: str) -> None:
    """What is below a path brings the form with a slash at its end, if nothing more."""
    for method, path in declared(group):
        assert any(
            method in ("ANY", served_method)
            and (leads_to((method, path), served_path) or path == f"{served_path}/{{proxy+}}")
            for served_method, served_path in served(group)
        ), f"{method} {path}"


@pytest.mark.parametrize("group", HTTP_GROUPS)
def test_endpoints_are_coroutines(group: str) -> None:
    """A plain `def` hops through a thread, six times slower, and serves no one else meanwhile."""
    for route in routes(group):
        assert inspect.iscoroutinefunction(route.endpoint), route.path


@pytest.mark.parametrize("group", HTTP_GROUPS)
def test_every_route_says_who_may_enter(group: str) -> None:
    for route in routes(group):
        doors = {each.call for each in dependencies(route.dependant)} & DOORS

        assert doors, route.path


def dependencies(dependant: Dependant) -> Iterator[Dependant]:
    for each in dependant.dependencies:
        yield each
        yield from dependencies(each)
