import base64
import json
from datetime import UTC, datetime
from typing import Any

import pytest
from starlette.datastructures import Headers

from local import payload
from local.payload import BadAnswer, HttpRequest

AT = datetime(2020, 3, 12, 19, 3, 58, 390000, tzinfo=UTC)


def event_of(
    *,
    method: str = "POST",
    path: str = "/my/path",
    query: str = "",
    headers: list[tuple[str, str]] | None = None,
    body: bytes = b"",
) -> dict[str, Any]:
    raw = [(name.encode(), value.encode()) for name, value in headers or []]
    request = HttpRequest(method, path, query, Headers(raw=raw), body, "192.0.2.1")
    return payload.event(
        request, route="ANY /my/{proxy+}", parameters={"proxy": "path"}, request_id="id", now=AT
    )


def test_an_event_looks_like_the_sample_of_aws() -> None:
    """The sample is from the API Gateway developer guide, "payload format 2.0"."""
    event = event_of(
        query="parameter1=value1&parameter1=value2&parameter2=value",
        headers=[
            ("host", "id.execute-api.us-east-1.amazonaws.com"),
            ("user-agent", "agent"),
            ("content-type", "text/plain"),
            ("header2", "value1"),
            ("header2", "value2"),
            ("cookie", "cookie1=a; cookie2=b"),
        ],
        body=b"Hello from Lambda",
    )

    assert event == {
        "version": "2.0",
        "routeKey": "ANY /my/{proxy+}",
        "rawPath": "/my/path",
        "rawQueryString": "parameter1=value1&parameter1=value2&parameter2=value",
        "cookies": ["cookie1=a", "cookie2=b"],
        "headers": {
            "host": "id.execute-api.us-east-1.amazonaws.com",
            "user-agent": "agent",
            "content-type": "text/plain",
            "header2": "value1,value2",
        },
        "queryStringParameters": {"parameter1": "value1,value2", "parameter2": "value"},
        "requestContext": {
            "accountId": "123456789012",
            "apiId": "local",
            "domainName": "id.execute-api.us-east-1.amazonaws.com",
            "domainPrefix": "id",
            "http": {
                "method": "POST",
                "path": "/my/path",
                "protocol": "HTTP/1.1",
                "sourceIp": "192.0.2.1",
                "userAgent": "agent",
            },
            "requestId": "id",
            "routeKey": "ANY /my/{proxy+}",
            "stage": "$default",
            "time": "12/Mar/2020:19:03:58 +0000",
            "timeEpoch": 1584039838390,
        },
        "body": "Hello from Lambda",
        "pathParameters": {"proxy": "path"},
        "isBase64Encoded": False,
    }


def test_what_is_not_there_has_no_key() -> None:
    event = event_of(method="GET")

    assert not {"body", "cookies", "queryStringParameters"} & event.keys()


@pytest.mark.parametrize(
    ("content_type", "as_text"),
    [
        ("application/json", True),
        ("application/json; charset=utf-8", True),
        ("text/csv", True),
        ("application/x-www-form-urlencoded", False),
        ("model/gltf-binary", False),
        (None, False),
    ],
)
def test_only_text_arrives_as_text(content_type: str | None, *, as_text: bool) -> None:
    headers = [("content-type", content_type)] if content_type else []

    event = event_of(headers=headers, body=b"a=1")

    expected = "a=1" if as_text else base64.b64encode(b"a=1").decode()
    assert (event["body"], event["isBase64Encoded"]) == (expected, not as_text)


def test_the_path_comes_decoded_but_for_percent_signs() -> None:
    event = event_of(path="/my/r%C3%B6d%20k%C3%B6k%2Fx%252F")

    assert event["rawPath"] == "/my/röd kök/x%252F"


def test_a_structured_answer_is_taken_apart() -> None:
    answer = {
        "statusCode": 201,
        "headers": {"Content-Type": "image/webp", "x-count": 3},
        "cookies": ["a=1; HttpOnly", "b=2"],
        "body": base64.b64encode(b"\x00\xff").decode(),
        "isBase64Encoded": True,
    }

    response = payload.response(json.dumps(answer).encode())

    assert (response.status_code, response.body) == (201, b"\x00\xff")
    assert response.headers["content-type"] == "image/webp"
    assert response.headers["x-count"] == "3"
    assert response.headers.getlist("set-cookie") == ["a=1; HttpOnly", "b=2"]


def test_any_other_answer_is_the_json_itself() -> None:
    response = payload.response(b'{"message": "hi"}')

    assert response.status_code == 200
    assert response.headers["content-type"] == "application/json"
    assert json.loads(bytes(response.body)) == {"message": "hi"}


@pytest.mark.parametrize(
    "answer",
    [
        b"not json",
        b'{"statusCode": "many"}',
        b'{"statusCode": 200, "body": {"a": 1}}',
        b'{"statusCode": 200, "body": "?", "isBase64Encoded": true}',
    ],
)
def test_nonsense_is_no_response(answer: bytes) -> None:
    with pytest.raises(BadAnswer):
        payload.response(answer)
