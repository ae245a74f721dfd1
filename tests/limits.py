"""What AWS refuses and moto takes: keys that are too long for DynamoDB, in reads and writes alike,
and answers that are too large for Lambda.

https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Constraints.html
https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html
"""

import json
import re
from collections.abc import Iterator
from typing import Any

import httpx
from botocore.exceptions import ClientError

HASH_KEYS, RANGE_KEYS = ("PK", "GSI1PK", "GSI2PK"), ("SK", "GSI1SK", "GSI2SK")
MOST_BYTES = dict.fromkeys(HASH_KEYS, 2048) | dict.fromkeys(RANGE_KEYS, 1024)
COMPARED = re.compile(r"(#\w+)\W+(?:BETWEEN )?(:\w+)(?: AND (:\w+))?")

LAMBDA_ANSWERS_BYTES = 6_291_556
QUOTE = '"'
"""As JSON in JSON it takes four bytes, and no letter takes more."""


def bytes_of(answer: httpx.Response) -> int:
    """What an answer comes to where Lambda counts it."""
    assert answer.status_code == 200, answer.text[:1000]
    return len(json.dumps({"body": answer.text}, ensure_ascii=False).encode())


def refuse_long_keys(**kwargs: Any) -> None:
    """Ends a call to DynamoDB as DynamoDB does. Raises `ClientError`."""
    params = kwargs["params"]
    for name, text in [*_keys(params), *_conditions(params)]:
        if len(text.encode()) > MOST_BYTES[name]:
            too_long = f"Size of {name} has exceeded the maximum of {MOST_BYTES[name]} bytes"
            raise ClientError(
                {"Error": {"Code": "ValidationException", "Message": too_long}},
                kwargs["model"].name,
            )


def _keys(given: Any) -> Iterator[tuple[str, str]]:
    """The key attributes in whatever a call is given."""
    if isinstance(given, list):
        for each in given:
            yield from _keys(each)
    elif isinstance(given, dict):
        for name, value in given.items():
            if name in MOST_BYTES and isinstance(value, dict) and "S" in value:
                yield name, value["S"]
            else:
                yield from _keys(value)


def _conditions(given: Any) -> Iterator[tuple[str, str]]:
    """What a query compares the keys with."""
    for name, *values in COMPARED.findall(given.get("KeyConditionExpression", "")):
        for value in filter(None, values):
            yield (
                given["ExpressionAttributeNames"][name],
                given["ExpressionAttributeValues"][value]["S"],
            )
