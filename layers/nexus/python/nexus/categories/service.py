"""Categories: what models are sorted into.

Models carry the name of their category. A category that models use can therefore neither go nor
get another name, only other capitals, until they are moved or withdrawn. Whether models use it is
told by a sum that follows the facts within seconds; a model submitted in that moment keeps the
name, and counts again as soon as a category has it.
"""

from datetime import datetime

from nexus.categories.schemas import Category, CategoryChanges, NewCategory
from nexus.errors import CHANGED, Conflict, Malformed, NotFound, PreconditionFailed, check_version
from nexus.ids import new_id
from nexus.table import keys
from nexus.table.categories import (
    CategoryItem,
    NameTaken,
    all_categories,
    change_category,
    create_category,
    delete_category,
    find_category,
)
from nexus.table.counters import counters, counters_of
from nexus.table.items import ConditionFailed, Put, Start
from nexus.table.outbox import record_deed
from nexus.table.users import UserItem

MOST = 200
NOT_FOUND = "Category not found"
TAKEN = "A category has this name already"
IN_USE = "Models use this category"


def known_category(name: str) -> str:
    """The name of an enabled category as it is spelled, from any capitals. Raises `Malformed`."""
    wanted = keys.category_name(name)
    for category in all_categories():
        if category.enabled and keys.category_name(category.name) == wanted:
            return category.name
    raise Malformed(f"There is no category {name!r}", ("body", "category"))


def enabled(start: Start, limit: int) -> tuple[list[Category], Start]:
    """A page of what everyone sees."""
    return _page([each for each in all_categories() if each.enabled], start, limit)


def every(start: Start, limit: int) -> tuple[list[Category], Start]:
    return _page(all_categories(), start, limit)


def _page(categories: list[CategoryItem], start: Start, limit: int) -> tuple[list[Category], Start]:
    ordered = sorted(categories, key=_place)
    left = [each for each in ordered if not start or _place(each) > start["after"]]
    shown = left[:limit]
    return _present(shown), {"after": _place(shown[-1])} if len(left) > limit else None


def _place(category: CategoryItem) -> list[int | str]:
    return [category.position, category.name.casefold(), category.id]


def _present(categories: list[CategoryItem]) -> list[Category]:
    sums = counters_of(keys.category_counters(each.name) for each in categories)
    return [Category.of(each, sums[keys.category_counters(each.name)]) for each in categories]


def show(category_id: int) -> tuple[Category, int]:
    """A category and its version. Raises `NotFound`."""
    category = _get(category_id)
    return _present([category])[0], category.version


def _get(category_id: int) -> CategoryItem:
    category = find_category(category_id)
    if category is None:
        raise NotFound(NOT_FOUND)
    return category


def add(
    wanted: NewCategory, *, category_id: int, admin: UserItem, now: datetime
) -> tuple[Category, int]:
    """Raises `Conflict` for a name that is taken and when there are `MOST` already.

    The same `category_id` again (a retry) is no error.
    """
    if len(all_categories()) >= MOST:
        raise Conflict(f"There are {MOST} categories already")
    category = CategoryItem.of(
        category_id,
        now,
        name=wanted.name,
        icon=wanted.icon,
        enabled=wanted.enabled,
        position=wanted.order,
    )
    try:
        create_category(category, _deed("create", category_id, wanted.name, admin, now))
    except NameTaken:
        raise Conflict(TAKEN) from None
    return show(category_id)


def edit(
    category_id: int,
    changes: CategoryChanges,
    *,
    version: int | None,
    admin: UserItem,
    now: datetime,
) -> tuple[Category, int]:
    """Raises `NotFound`, `PreconditionFailed`, `Conflict` for a name that is taken or in use."""
    category = _get(category_id)
    check_version(version, category.version)
    values = changes.given()
    if "order" in values:
        values["position"] = values.pop("order")
    if keys.category_name(values.get("name", category.name)) != keys.category_name(category.name):
        _must_be_unused(category)
    try:
        change_category(category, values, _deed("update", category_id, str(values), admin, now))
    except NameTaken:
        raise Conflict(TAKEN) from None
    except ConditionFailed:
        raise PreconditionFailed from None
    return show(category_id)


def delete(category_id: int, *, admin: UserItem, now: datetime) -> None:
    """Raises `NotFound`, and `Conflict` while models use it."""
    category = _get(category_id)
    _must_be_unused(category)
    try:
        delete_category(category, _deed("delete", category_id, category.name, admin, now))
    except ConditionFailed:
        raise Conflict(CHANGED) from None


def _must_be_unused(category: CategoryItem) -> None:
    if counters(keys.category_counters(category.name)).models:
        raise Conflict(IN_USE)


def _deed(what: str, category_id: int, detail: str, admin: UserItem, now: datetime) -> Put:
    subject = f"category {category_id}"
    return record_deed(new_id(now), admin.id, f"category.{what}", subject, detail, now)
