"""The storefront's first page: an object that means something to the storefront, and a slider."""

import json
from datetime import datetime

import orjson

from nexus.catalogue import service as catalogue
from nexus.catalogue.schemas import Model3D
from nexus.errors import Malformed, PreconditionFailed, TooLarge, check_version
from nexus.ids import new_id
from nexus.table.items import ConditionFailed, Put
from nexus.table.outbox import record_deed
from nexus.table.storefront import (
    NEVER_SAVED,
    find_homepage,
    find_slider,
    replace_homepage,
    replace_slider,
)
from nexus.table.users import UserItem

MOST_BYTES = 100_000
DEEPEST = 32
DEFAULT_HOMEPAGE = json.dumps(
    {
        "hero": {
            "title": "3D models for every world",
            "subtitle": "Made by independent creators, inspected before they are sold.",
            "button": {"label": "Browse models", "href": "/models"},
        },
        "sections": ["slider", "categories", "trending", "tutorials", "testimonials"],
    }
)


def homepage() -> tuple[str, int]:
    """The homepage as a JSON object in text, and its version."""
    saved = find_homepage()
    return (saved.content, saved.version) if saved else (DEFAULT_HOMEPAGE, NEVER_SAVED)


def save_homepage(
    content: bytes, *, version: int | None, admin: UserItem, now: datetime
) -> tuple[str, int]:
    """Keep a JSON object as it is given.

    Raises `TooLarge`, `Malformed`, and `PreconditionFailed` when it was saved meanwhile.
    """
    _check(content)
    _, seen = homepage()
    check_version(version, seen)
    deed = _deed("homepage", f"{len(content)} bytes", admin, now)
    try:
        saved = replace_homepage(content.decode(), seen, now, deed)
    except ConditionFailed:
        raise PreconditionFailed from None
    return saved.content, saved.version


def _check(content: bytes) -> None:
    if len(content) > MOST_BYTES:
        raise TooLarge(f"The homepage is larger than {MOST_BYTES // 1000} KB")
    try:
        value = orjson.loads(content)  # as strict as RFC 8259: no NaN, no broken text
    except orjson.JSONDecodeError as error:
        raise Malformed(f"This is not JSON: {error.msg}", ("body",)) from None
    if not isinstance(value, dict):
        raise Malformed("The homepage must be a JSON object", ("body",))
    if _depth(value) > DEEPEST:
        raise Malformed(f"The homepage is nested deeper than {DEEPEST} levels", ("body",))


def _depth(value: object) -> int:
    depth, level = 0, [value]
    while level := [each for each in level if isinstance(each, dict | list)]:
        depth += 1
        level = [
            inner for each in level for inner in (each.values() if isinstance(each, dict) else each)
        ]
    return depth


def slider() -> tuple[list[Model3D], int]:
    """Those of the chosen models that are still on sale, in order, and the slider's version."""
    saved = find_slider()
    if saved is None:
        return [], NEVER_SAVED
    return catalogue.visible_by_id(saved.model_ids), saved.version


def arrange_slider(
    model_ids: list[int], *, version: int | None, admin: UserItem, now: datetime
) -> tuple[list[Model3D], int]:
    """Show these models, in this order; what left the catalogue meanwhile is dropped with it.

    Raises `Malformed` for a model that is not on sale, and `PreconditionFailed`.
    """
    models = catalogue.visible_by_id(model_ids)
    if missing := set(model_ids) - {model.id for model in models}:
        raise Malformed(f"Model {min(missing)} is not on sale", ("body", "model_ids"))
    saved = find_slider()
    seen = saved.version if saved else NEVER_SAVED
    check_version(version, seen)
    try:
        arranged = replace_slider(model_ids, seen, now, _deed("slider", str(model_ids), admin, now))
    except ConditionFailed:
        raise PreconditionFailed from None
    return models, arranged.version


def _deed(what: str, detail: str, admin: UserItem, now: datetime) -> Put:
    return record_deed(new_id(now), admin.id, f"{what}.update", what, detail, now)
