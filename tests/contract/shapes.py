"""The entities as the contract has them: every name, and what may stand behind it.

Written from the contract, not from the code. More names are allowed, fewer are not, and what is
not there is `null`.
"""

import json
from collections.abc import Callable
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

LARGEST = 2**53 - 1

type Check = Callable[[Any], bool]
type Shape = dict[str, Check]


def count(value: Any) -> bool:
    return type(value) is int and 0 <= value <= LARGEST


def identifier(value: Any) -> bool:
    return count(value) and value > 0


def money(value: Any) -> bool:
    """Dollars: a number with at most two decimal places."""
    number = type(value) in {int, float} and value >= 0
    return number and Decimal(str(value)) == round(Decimal(str(value)), 2)


def number(value: Any) -> bool:
    return type(value) in {int, float}


def text(value: Any) -> bool:
    return type(value) is str and value != ""


def flag(value: Any) -> bool:
    return type(value) is bool


def moment(value: Any) -> bool:
    """ISO 8601 in UTC, and it says so with a Z."""
    return text(value) and value[-1] == "Z" and datetime.fromisoformat(value).tzinfo == UTC


def json_texts(value: Any) -> bool:
    """Text that holds a JSON array of texts."""
    return type(value) is str and all(map(text, json.loads(value)))


def texts(value: Any) -> bool:
    return type(value) is list and all(map(text, value))


def or_null(check: Check) -> Check:
    return lambda value: value is None or check(value)


def one_of(*values: Any) -> Check:
    return lambda value: value in values and type(value) in {type(each) for each in values}


def like(shape: Shape) -> Check:
    return lambda value: not mistakes(value, shape)


def list_of(shape: Shape) -> Check:
    return lambda value: type(value) is list and all(map(like(shape), value))


def mistakes(entity: Any, shape: Shape) -> list[str]:
    """What of an entity is missing, or is not as it must be."""
    if type(entity) is not dict:
        return [f"{entity!r} is no object"]
    missing = [f"{name} is missing" for name in shape.keys() - entity.keys()]
    wrong = [
        f"{name} is {entity[name]!r}"
        for name, check in shape.items()
        if name in entity and not check(entity[name])
    ]
    return missing + wrong


CREATOR: Shape = {"id": identifier, "username": text, "is_verified": flag}
LEVEL = one_of("Bronze", "Silver", "Gold", "Platinum")
USER: Shape = CREATOR | {
    "email": text,
    "full_name": or_null(text),
    "is_admin": flag,
    "is_banned": flag,
    "creator_level": LEVEL,
    "total_revenue": money,
    "total_models": count,
    "created_at": moment,
}
PUBLIC_CREATOR: Shape = CREATOR | {"full_name": or_null(text), "creator_level": LEVEL}
MODEL: Shape = {
    "id": identifier,
    "name": text,
    "description": or_null(text),
    "price": money,
    "poly_count": count,
    "category": text,
    "subcategory": or_null(text),
    "file_url": text,
    "thumbnail_url": or_null(text),
    "formats": json_texts,
    "is_rigged": flag,
    "is_animated": flag,
    "texture_resolution": text,
    "downloads": count,
    "likes": count,
    "views": count,
    "rating": number,
    "status": one_of("pending", "approved", "rejected"),
    "is_trending": flag,
    "is_featured": flag,
    "created_at": moment,
    "updated_at": moment,
    "creator_id": identifier,
    "creator": like(CREATOR),
    "tags": texts,
    "files": list_of({"format": text, "size": count}),
}
TRANSACTION: Shape = {
    "id": identifier,
    "amount": money,
    "platform_fee": money,
    "seller_revenue": money,
    "buyer_id": identifier,
    "seller_id": identifier,
    "model_id": identifier,
    "status": one_of("pending", "completed", "refunded"),
    "payment_method": text,
    "created_at": moment,
}
CATEGORY: Shape = {
    "id": identifier,
    "name": text,
    "icon": text,
    "enabled": flag,
    "model_count": count,
    "order": count,
}
BOUNTY: Shape = {
    "id": identifier,
    "title": text,
    "description": text,
    "budget": money,
    "status": one_of("Open", "In Progress", "Completed", "Closed"),
    "applicants": count,
    "creator_id": identifier,
    "winner_id": or_null(identifier),
    "created_at": moment,
    "deadline": or_null(moment),
}
TESTIMONIAL: Shape = {
    "id": identifier,
    "author": text,
    "company": or_null(text),
    "text": text,
    "rating": one_of(1, 2, 3, 4, 5),
    "verified": flag,
    "featured": flag,
    "created_at": moment,
}
TUTORIAL: Shape = {
    "id": identifier,
    "title": text,
    "content": text,
    "category": one_of("Beginner", "Intermediate", "Advanced"),
    "views": count,
    "published": flag,
    "created_at": moment,
    "updated_at": moment,
}
TOKENS: Shape = {
    "access_token": text,
    "refresh_token": text,
    "token_type": one_of("bearer"),
    "expires_in": count,
    "user": like(USER),
}
UPLOAD: Shape = {
    "id": identifier,
    "filename": text,
    "status": one_of("waiting", "processing", "ready", "rejected"),
    "reason": or_null(text),
    "format": or_null(text),
    "facts": or_null(like({})),
    "thumbnail_url": or_null(text),
}
DOWNLOAD: Shape = {
    "format": text,
    "filename": text,
    "size": count,
    "sha256": text,
    "url": text,
    "expires_at": moment,
}
DAY: Shape = {"date": text, "revenue": money, "fees": money, "sales": count}
PROBLEM: Shape = {
    "type": text,
    "title": text,
    "status": count,
    "detail": text,
    "request_id": text,
}
FIELD_ERROR: Shape = {
    "loc": lambda value: type(value) is list and all(type(each) in {str, int} for each in value),
    "msg": text,
    "type": text,
}
