"""What DynamoDB refuses and moto takes: key values that are too long, in reads and writes alike.

https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Constraints.html
"""

import re
from collections.abc import Iterator
from typing import Any

from botocore.exceptions import ClientError

HASH_KEYS, RANGE_KEYS = ("PK", "GSI1PK", "GSI2PK"), ("SK", "GSI1SK", "GSI2SK")
MOST_BYTES = dict.fromkeys(HASH_KEYS, 2048) | dict.fromkeys(RANGE_KEYS, 1024)
COMPARED = re.compile(r"(#\w+)\W+(?:BETWEEN )?(:\w+)(?: AND (:\w+))?")


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
