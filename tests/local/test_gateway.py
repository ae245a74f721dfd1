"""The gateway as its callers see it, with functions that answer as told."""

import asyncio
import base64
import json
from collections.abc import Callable
from typing import Any

import httpx
import pytest

from local import gateway
from local.cors import Cors
from local.functions import Answer
from local.gateway import Gateway
from local.routes import Routes
from local.template import Template
from tests.local.conftest import Scripted, ScriptedFunction

pytestmark = pytest.mark.anyio

STOREFRONT = "http://localhost:3000"
OK = Answer(b'{"statusCode": 200, "body": "ok"}')


class Slow(ScriptedFunction):
    async def invoke(self, payload: bytes) -> Answer:
        await asyncio.sleep(60)
        return await super().invoke(payload)


def http(tiny: Template, function: ScriptedFunction) -> httpx.AsyncClient:
    log: list[dict[str, Any]] = []
    served = Gateway(
        Routes.of(tiny), {"Tiny": function}, Cors.of(tiny), notify=print, log=log.append
    )
    return httpx.AsyncClient(transport=httpx.ASGITransport(served), base_url="http://api")


type Answering = Callable[[Answer], httpx.AsyncClient]


@pytest.fixture
def answering(tiny: Template, scripted: Scripted) -> Answering:
    """The API with a function that gives always the same answer."""
    return lambda answer: http(tiny, scripted(lambda _: answer))


async def test_a_request_goes_to_its_function_and_its_answer_back(
    tiny: Template, scripted: Scripted
) -> None:
    function = scripted(lambda _: Answer(b'{"statusCode": 201, "body": "made"}'))

    async with http(tiny, function) as api:
        response = await api.post("/things/7?a=1", content=b"\x00\xff", headers={"x-a": "b"})

    event = json.loads(function.given[0])
    assert (response.status_code, response.text) == (201, "made")
    assert response.headers["apigw-requestid"] == event["requestContext"]["requestId"]
    assert event["routeKey"] == "ANY /things/{proxy+}"
    assert event["pathParameters"] == {"proxy": "7"}
    assert base64.b64decode(event["body"]) == b"\x00\xff"
    assert event["headers"]["x-forwarded-for"] == "127.0.0.1"


async def test_a_path_without_a_route_is_not_found(answering: Answering) -> None:
    async with answering(OK) as api:
        response = await api.get("/nowhere")

    assert (response.status_code, response.json()) == (404, {"message": "Not Found"})


async def test_an_error_of_the_function_is_not_told(answering: Answering) -> None:
    async with answering(Answer.error("ValueError", "secret")) as api:
        response = await api.get("/things/1")

    assert (response.status_code, response.json()) == (500, {"message": "Internal Server Error"})


async def test_nonsense_from_the_function_is_an_error(answering: Answering) -> None:
    async with answering(Answer(b'{"statusCode": 200, "body": {}}')) as api:
        response = await api.get("/things/1")

    assert response.status_code == 500


async def test_the_gateway_does_not_wait_for_ever(
    tiny: Template, scripted: Scripted, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(gateway, "INTEGRATION_SECONDS", 0.01)
    slow = Slow(scripted(lambda _: OK).settings, lambda _: OK)

    async with http(tiny, slow) as api:
        response = await api.get("/things/1")

    assert (response.status_code, response.json()) == (503, {"message": "Service Unavailable"})


@pytest.mark.parametrize(
    ("size", "status"),
    [
        (4 * 2**20, 200),
        (5 * 2**20, 413),  # in base64 it is more than Lambda takes
        (11 * 2**20, 413),
    ],
)
async def test_bodies_have_a_limit(answering: Answering, size: int, status: int) -> None:
    async with answering(OK) as api:
        response = await api.post("/things/1", content=bytes(size))

    assert response.status_code == status


async def test_a_preflight_is_answered_from_the_template(answering: Answering) -> None:
    asked = {"origin": STOREFRONT, "access-control-request-method": "GET"}

    async with answering(OK) as api:
        response = await api.options("/thing/1", headers=asked)

    assert response.status_code == 204
    assert response.headers["access-control-allow-origin"] == STOREFRONT
    assert response.headers["access-control-allow-credentials"] == "true"
    assert response.headers["access-control-allow-methods"] == "GET,POST"
    assert response.headers["access-control-allow-headers"] == "authorization"
    assert response.headers["access-control-max-age"] == "60"


async def test_a_strangers_origin_is_not_allowed(answering: Answering) -> None:
    asked = {"origin": "http://evil.example", "access-control-request-method": "GET"}

    async with answering(OK) as api:
        preflight = await api.options("/thing/1", headers=asked)
        response = await api.get("/things/1", headers={"origin": "http://evil.example"})

    for each in (preflight, response):
        assert not [name for name in each.headers if name.startswith("access-control-")]


async def test_the_gateways_word_on_cors_replaces_the_functions(answering: Answering) -> None:
    generous = {"statusCode": 200, "headers": {"Access-Control-Allow-Origin": "*"}}

    async with answering(Answer(json.dumps(generous).encode())) as api:
        response = await api.get("/things/1", headers={"origin": STOREFRONT})

    assert response.headers.get_list("access-control-allow-origin") == [STOREFRONT]
