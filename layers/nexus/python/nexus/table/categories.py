"""Categories, and the names they hold."""

from datetime import datetime
from typing import Any

from pynamodb.attributes import BooleanAttribute, UnicodeAttribute, UTCDateTimeAttribute

from nexus.table import keys
from nexus.table.items import (
    ConditionFailed,
    Delete,
    IntegerAttribute,
    Item,
    Step,
    Update,
    commit,
    create,
    find,
    new_values,
)


class CategoryItem(Item, discriminator="Category"):
    """`position` is the contract's `order`, which the language of conditions keeps for itself."""

    id = IntegerAttribute()
    name = UnicodeAttribute()
    icon = UnicodeAttribute()
    enabled = BooleanAttribute()
    position = IntegerAttribute()
    version = IntegerAttribute(default=1)
    created_at = UTCDateTimeAttribute()

    @classmethod
    def of(cls, category_id: int, created_at: datetime, **fields: Any) -> "CategoryItem":
        pk, sk = keys.category(category_id)
        return cls(pk=pk, sk=sk, id=category_id, created_at=created_at, **fields)


class CategoryNameItem(Item, discriminator="CategoryName"):
    """Holds a name for one category, however it is capitalised."""

    category_id = IntegerAttribute()


class NameTaken(Exception):
    """Another category holds this name."""


def all_categories() -> list[CategoryItem]:
    """Every category, as it is now; they are few."""
    results = Item.query(keys.CATEGORIES, consistent_read=True)
    return [item for item in results if isinstance(item, CategoryItem)]


def find_category(category_id: int) -> CategoryItem | None:
    return find(CategoryItem, keys.category(category_id))


def create_category(category: CategoryItem, *also: Step) -> None:
    """Write a category and hold its name. Raises `NameTaken`.

    Writing the very same category again is no error.
    """
    name = _name(category.name, category.id)
    try:
        commit(create(category), create(name), *also)
    except ConditionFailed:
        holder = find(CategoryNameItem, name.key)
        if holder is None or holder.category_id != category.id:
            raise NameTaken from None


def change_category(category: CategoryItem, changes: dict[str, Any], *also: Step) -> None:
    """Set attributes of a category that has not changed since it was read.

    Raises `NameTaken`, or `ConditionFailed` when it has.
    """
    actions = [*new_values(CategoryItem, changes), CategoryItem.version.add(1)]
    unchanged = CategoryItem.version == category.version
    edit = Update(CategoryItem(*category.key), actions, unchanged)
    renaming = _renaming(category, changes.get("name", category.name))
    try:
        commit(edit, *renaming, *also)
    except ConditionFailed as failure:
        if edit not in failure.steps:
            raise NameTaken from failure
        raise


def delete_category(category: CategoryItem, *also: Step) -> None:
    """Raises `ConditionFailed` when the category has changed since it was read."""
    unchanged = CategoryItem.version == category.version
    commit(
        Delete(CategoryItem(*category.key), unchanged),
        Delete(_name(category.name, category.id)),
        *also,
    )


def _renaming(category: CategoryItem, name: str) -> list[Step]:
    before, after = _name(category.name, category.id), _name(name, category.id)
    return [] if before.key == after.key else [Delete(before), create(after)]


def _name(name: str, category_id: int) -> CategoryNameItem:
    return CategoryNameItem(*keys.category_name(name), category_id=category_id)
