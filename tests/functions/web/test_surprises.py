"""A fault of ours: a generic answer for the caller, everything else for the operators."""

import io
import json
import logging
from collections.abc import Iterator
from typing import Any

import pytest

from nexus.accounts import service as accounts
from nexus.statistics import service as statistics
from nexus.web import app as web
from tests.gateway import Caller
from tests.people import PASSWORD, Person

SECRET = "arn:aws:secret:the-inside"


@pytest.fixture
def log() -> Iterator[io.StringIO]:
    """What the functions write to their logs."""
    [handler] = [each for each in web.logger.handlers if isinstance(each, logging.StreamHandler)]
    text = io.StringIO()
    before = handler.setStream(text)
    yield text
    handler.setStream(before)


def lines(log: io.StringIO) -> list[dict[str, Any]]:
    return [json.loads(line) for line in log.getvalue().splitlines()]


@pytest.fixture
def broken(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail() -> None:
        raise ZeroDivisionError(SECRET)

    monkeypatch.setattr(statistics, "server_load", fail)


def test_the_caller_hears_that_we_are_sorry(admin: Person, broken: None) -> None:
    answer = admin.get("/api/admin/stats")

    assert answer.status_code == 500
    assert answer.headers["content-type"] == "application/problem+json"
    document = answer.json()
    assert document.pop("request_id") == answer.headers["x-request-id"]
    assert document == {
        "type": "about:blank",
        "title": "Internal Server Error",
        "status": 500,
        "detail": "Something went wrong on our side. Please try again.",
    }
    assert SECRET not in str(answer.headers)


def test_the_operators_see_where_it_happened(admin: Person, broken: None, log: io.StringIO) -> None:
    answer = admin.get("/api/admin/stats")

    surprise, request = lines(log)
    assert (surprise["level"], surprise["message"]) == ("ERROR", "unhandled exception")
    assert surprise["exception_name"] == "ZeroDivisionError"
    assert SECRET in surprise["exception"]
    assert (request["message"], request["status"]) == ("request", 500)
    assert request["request_id"] == answer.headers["x-request-id"]


def test_the_alarm_sees_a_metric(
    admin: Person, broken: None, capsys: pytest.CaptureFixture[str]
) -> None:
    admin.get("/api/admin/stats")

    metrics = [json.loads(line) for line in capsys.readouterr().out.splitlines() if "_aws" in line]
    [metric] = metrics
    assert metric["UnhandledErrors"] == [1.0]
    assert metric["service"] == "tests"
    assert metric["_aws"]["CloudWatchMetrics"][0]["Namespace"] == "NexusModels"


def test_the_next_request_is_served(
    admin: Person, monkeypatch: pytest.MonkeyPatch, broken: None
) -> None:
    assert admin.get("/api/admin/stats").status_code == 500
    monkeypatch.undo()
    assert admin.get("/api/users/me").status_code == 200


def test_one_line_for_each_request_without_what_is_secret(
    creator: Person, visitor: Caller, log: io.StringIO
) -> None:
    creator.get("/api/users/me?token=query-secret")
    visitor.post("/api/auth/login", json={"email": creator.email, "password": PASSWORD})
    visitor.post("/api/auth/refresh", json={"refresh_token": creator.tokens.refresh_token})

    first, second, third = lines(log)
    assert (first["method"], first["path"], first["status"]) == ("GET", "/api/users/me", 200)
    assert first["user_id"] == creator.id
    assert (second["path"], second.get("user_id")) == ("/api/auth/login", None)
    assert third["milliseconds"] > 0
    written = log.getvalue()
    for secret in (
        PASSWORD, creator.tokens.access_token, creator.tokens.refresh_token, "query-secret",
        creator.email,
    ):  # fmt: skip
        assert secret not in written


def test_an_error_in_a_problems_own_words_stays_inside(
    visitor: Caller, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object, **__: object) -> None:
        raise ValueError(SECRET)

    monkeypatch.setattr(accounts, "refresh", fail)

    answer = visitor.post("/api/auth/refresh", json={"refresh_token": "A"})

    assert answer.status_code == 500
    assert SECRET not in answer.text
