"""Tutorials: what lists show of them, and apart from that their text."""

from datetime import datetime
from typing import Any

from pynamodb.attributes import BooleanAttribute, UnicodeAttribute, UTCDateTimeAttribute
from pynamodb.expressions.update import Action

from nexus.table import keys
from nexus.table.counters import CountersItem
from nexus.table.items import (
    Delete,
    IntegerAttribute,
    Item,
    Put,
    Start,
    Step,
    Update,
    commit,
    create,
    find_all,
    new_values,
)
from nexus.table.pages import SizedItem, sized_page


class TutorialItem(SizedItem, discriminator="Tutorial"):
    """`level` is the contract's category. `size` is that of the text, see `weight`."""

    id = IntegerAttribute()
    title = UnicodeAttribute()
    level = UnicodeAttribute()
    published = BooleanAttribute()
    version = IntegerAttribute(default=1)
    created_at = UTCDateTimeAttribute()
    updated_at = UTCDateTimeAttribute()

    @classmethod
    def of(cls, tutorial_id: int, created_at: datetime, **fields: Any) -> "TutorialItem":
        pk, sk = keys.tutorial(tutorial_id)
        item = cls(
            pk=pk, sk=sk, id=tutorial_id, created_at=created_at, updated_at=created_at, **fields
        )
        if item.published:
            item.gsi1_pk, item.gsi1_sk = keys.tutorial_published(tutorial_id, created_at)
            item.gsi2_pk, item.gsi2_sk = keys.tutorial_at(item.level, tutorial_id, created_at)
        return item


class TutorialTextItem(Item, discriminator="TutorialText"):
    """The Markdown, as it was written: too large to be read with every list."""

    content = UnicodeAttribute()


def create_tutorial(tutorial: TutorialItem, content: str, *also: Step) -> None:
    """Raises `ConditionFailed` when its id is taken."""
    commit(create(tutorial), _text(tutorial.id, content), *also)


def find_tutorial(tutorial_id: int) -> tuple[TutorialItem, str, CountersItem] | None:
    """A tutorial with its text and its sums, in one consistent call."""
    counters_key = keys.tutorial_counters(tutorial_id)
    wanted = (keys.tutorial(tutorial_id), keys.tutorial_text(tutorial_id), counters_key)
    found = find_all(wanted, consistent=True)
    item, text, sums = (found.get(key) for key in wanted)
    if not isinstance(item, TutorialItem) or not isinstance(text, TutorialTextItem):
        return None
    return item, text.content, sums if isinstance(sums, CountersItem) else CountersItem(*wanted[2])


def texts_of(tutorial_ids: list[int]) -> dict[int, str]:
    wanted = {keys.tutorial_text(each): each for each in tutorial_ids}
    found = find_all(wanted, consistent=True)
    return {
        wanted[key]: text.content
        for key, text in found.items()
        if isinstance(text, TutorialTextItem)
    }


def all_tutorials(start: Start, limit: int, skip: int) -> tuple[list[TutorialItem], Start]:
    """A page of them as they are now, newest first, cut as `sized_page` does."""
    return _page(None, keys.TUTORIALS, start, limit, skip)


def published_tutorials(start: Start, limit: int, skip: int) -> tuple[list[TutorialItem], Start]:
    return _page("GSI1", keys.PUBLISHED_TUTORIALS, start, limit, skip)


def published_tutorials_at(
    level: str, start: Start, limit: int, skip: int
) -> tuple[list[TutorialItem], Start]:
    return _page("GSI2", keys.tutorials_at(level), start, limit, skip)


def _page(
    index: str | None, partition: str, start: Start, limit: int, skip: int
) -> tuple[list[TutorialItem], Start]:
    return sized_page(
        TutorialItem,
        partition,
        start,
        limit,
        skip=skip,
        index=index,
        consistent=index is None,
    )


def change_tutorial(
    tutorial: TutorialItem,
    changes: dict[str, Any],
    content: str | None,
    now: datetime,
    *also: Step,
) -> None:
    """Raises `ConditionFailed` when the tutorial has changed since it was read."""
    actions = [
        *new_values(TutorialItem, {**changes, "updated_at": now}),
        TutorialItem.version.add(1),
        *_indexing(tutorial, changes),
    ]
    unchanged = TutorialItem.version == tutorial.version
    text = [] if content is None else [_text(tutorial.id, content)]
    commit(Update(TutorialItem(*tutorial.key), actions, unchanged), *text, *also)


def _indexing(tutorial: TutorialItem, changes: dict[str, Any]) -> list[Action]:
    published = changes.get("published", tutorial.published)
    level = changes.get("level", tutorial.level)
    shown = keys.tutorial_published(tutorial.id, tutorial.created_at)
    shown_at = keys.tutorial_at(level, tutorial.id, tutorial.created_at)
    names = ("gsi1_pk", "gsi1_sk", "gsi2_pk", "gsi2_sk")
    values = (*shown, *shown_at) if published else (None,) * len(names)
    return new_values(Item, dict(zip(names, values, strict=True)))


def delete_tutorial(tutorial: TutorialItem, *also: Step) -> None:
    """Raises `ConditionFailed` when the tutorial is gone."""
    commit(
        Delete(TutorialItem(*tutorial.key), TutorialItem.pk.exists()),
        Delete(TutorialTextItem(*keys.tutorial_text(tutorial.id))),
        *also,
    )


def _text(tutorial_id: int, content: str) -> Put:
    return Put(TutorialTextItem(*keys.tutorial_text(tutorial_id), content=content))
