"""Tutorials: written by admins in Markdown, read by everyone once they are published."""

from datetime import datetime

from nexus.errors import NotFound, PreconditionFailed, check_version
from nexus.ids import new_id
from nexus.table import keys
from nexus.table.counters import CountersItem, counters_of
from nexus.table.items import ConditionFailed, Put, Start
from nexus.table.outbox import record_deed
from nexus.table.pages import weight
from nexus.table.tutorials import (
    TutorialItem,
    all_tutorials,
    change_tutorial,
    create_tutorial,
    delete_tutorial,
    find_tutorial,
    published_tutorials,
    published_tutorials_at,
    texts_of,
)
from nexus.table.users import UserItem
from nexus.table.views import count_view
from nexus.tutorials.rendering import render
from nexus.tutorials.schemas import NewTutorial, Tutorial, TutorialChanges, TutorialLevel

NOT_FOUND = "Tutorial not found"

type Found = tuple[TutorialItem, str, CountersItem]


def published(
    start: Start, limit: int, skip: int, level: TutorialLevel | None
) -> tuple[list[Tutorial], Start]:
    """A page of what everyone may read, newest first, of which the first `skip` are not shown.

    It ends early when the texts together grow too long for an answer.
    """
    page = (start, limit, skip)
    items, following = published_tutorials_at(level, *page) if level else published_tutorials(*page)
    return _present(items, skip), following


def every(start: Start, limit: int, skip: int) -> tuple[list[Tutorial], Start]:
    """As `published`, but of all there are."""
    items, following = all_tutorials(start, limit, skip)
    return _present(items, skip), following


def _present(items: list[TutorialItem], skip: int) -> list[Tutorial]:
    """The skipped ones come without text: no one will see them."""
    shown = items[skip:]
    texts = texts_of([item.id for item in shown])
    sums = counters_of(keys.tutorial_counters(item.id) for item in shown)
    none = CountersItem()
    return [
        Tutorial.of(item, texts.get(item.id, ""), sums.get(keys.tutorial_counters(item.id), none))
        for item in items
    ]


def read(tutorial_id: int, *, first_look: bool) -> tuple[Tutorial, int]:
    """A published tutorial and its version. A first look counts as a view. Raises `NotFound`."""
    item, content, sums = _get(tutorial_id)
    if not item.published:
        raise NotFound(NOT_FOUND)
    if first_look:
        sums.views = count_view(keys.tutorial_counters(tutorial_id), sums.views)
    return Tutorial.of(item, content, sums), item.version


def read_html(tutorial_id: int, *, first_look: bool) -> tuple[str, int]:
    """As `read`, but its text as HTML that is safe to show."""
    tutorial, version = read(tutorial_id, first_look=first_look)
    return render(tutorial.content), version


def show(tutorial_id: int) -> tuple[Tutorial, int]:
    """Any tutorial and its version. Raises `NotFound`."""
    item, content, sums = _get(tutorial_id)
    return Tutorial.of(item, content, sums), item.version


def _get(tutorial_id: int) -> Found:
    found = find_tutorial(tutorial_id)
    if found is None:
        raise NotFound(NOT_FOUND)
    return found


def add(
    wanted: NewTutorial, *, tutorial_id: int, admin: UserItem, now: datetime
) -> tuple[Tutorial, int]:
    """The same `tutorial_id` again (a retry) is no error."""
    tutorial = TutorialItem.of(
        tutorial_id,
        now,
        title=wanted.title,
        level=wanted.category,
        size=weight(wanted.content),
        published=wanted.published,
    )
    deed = _deed("create", tutorial_id, wanted.title, admin, now)
    try:
        create_tutorial(tutorial, wanted.content, deed)
    except ConditionFailed:
        return show(tutorial_id)
    return Tutorial.of(tutorial, wanted.content, CountersItem()), tutorial.version


def edit(
    tutorial_id: int,
    changes: TutorialChanges,
    *,
    version: int | None,
    admin: UserItem,
    now: datetime,
) -> tuple[Tutorial, int]:
    """Raises `NotFound` and `PreconditionFailed`."""
    tutorial, _, _ = _get(tutorial_id)
    check_version(version, tutorial.version)
    values = changes.given()
    deed = _deed("update", tutorial_id, ", ".join(sorted(values)), admin, now)
    content = values.pop("content", None)
    if content is not None:
        values["size"] = weight(content)
    if "category" in values:
        values["level"] = values.pop("category")
    try:
        change_tutorial(tutorial, values, content, now, deed)
    except ConditionFailed:
        raise PreconditionFailed from None
    return show(tutorial_id)


def delete(tutorial_id: int, *, admin: UserItem, now: datetime) -> None:
    """Raises `NotFound`."""
    tutorial, _, _ = _get(tutorial_id)
    try:
        delete_tutorial(tutorial, _deed("delete", tutorial_id, tutorial.title, admin, now))
    except ConditionFailed:
        raise NotFound(NOT_FOUND) from None


def _deed(what: str, tutorial_id: int, detail: str, admin: UserItem, now: datetime) -> Put:
    subject = f"tutorial {tutorial_id}"
    return record_deed(new_id(now), admin.id, f"tutorial.{what}", subject, detail, now)
