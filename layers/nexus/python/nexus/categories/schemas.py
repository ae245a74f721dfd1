"""What goes in and out about categories."""

from typing import Annotated

from pydantic import Field, StringConstraints

from nexus.schema import Answer, Change, Schema, Word, absent
from nexus.table.categories import CategoryItem
from nexus.table.counters import CountersItem

type Icon = Annotated[Word, StringConstraints(max_length=8)]
type Order = Annotated[int, Field(strict=True, ge=0, le=1_000_000)]
type Flag = Annotated[bool, Field(strict=True)]

BOX = "📦"


class NewCategory(Schema):
    """Categories are shown by `order`, then by name."""

    name: Word
    icon: Icon = BOX
    enabled: Flag = True
    order: Order = 0


class CategoryChanges(Change):
    name: Word = absent()
    icon: Icon = absent()
    enabled: Flag = absent()
    order: Order = absent()


class Category(Answer):
    """`model_count` counts the models that everyone can see."""

    id: int
    name: str
    icon: str
    enabled: bool
    model_count: int
    order: int

    @classmethod
    def of(cls, category: CategoryItem, sums: CountersItem) -> "Category":
        return cls(
            id=category.id,
            name=category.name,
            icon=category.icon,
            enabled=category.enabled,
            model_count=sums.approved_models,
            order=category.position,
        )
