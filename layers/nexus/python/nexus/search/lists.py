"""What is on sale, as everyone sees it: lists, facets, suggestions and what is alike."""

from nexus.errors import Malformed, NotFound
from nexus.search.own_copy import current
from nexus.search.ranking import Place
from nexus.search.schemas import Facets, Found, Suggestion, Wanted
from nexus.search.service import entries_as_they_are
from nexus.search.text import sought
from nexus.table.items import Start
from nexus.table.users import UserItem

MOST_WORDS = 50


def models(wanted: Wanted, viewer: UserItem | None, start: Start, skip: int, limit: int) -> Found:
    """A page of the models that are wanted. Raises `Malformed`."""
    _check(wanted)
    return current(viewer).find(wanted, Place.of(start, skip), limit)


def facets(wanted: Wanted, viewer: UserItem | None) -> Facets:
    """Raises `Malformed`."""
    _check(wanted)
    return current(viewer).facets(wanted)


def _check(wanted: Wanted) -> None:
    if len(sought(wanted.search or "")) > MOST_WORDS:
        raise Malformed(f"Please search for at most {MOST_WORDS} words", ("query", "search"))


def suggest(typed: str, limit: int) -> list[Suggestion]:
    return current().suggest(typed, limit)


def related(model_id: int, limit: int) -> bytes:
    """The cards, in JSON, of what is like a model that is on sale. Raises `NotFound`.

    A model that came on sale a moment ago may not be in this process's copy yet.
    """
    index = current()
    entry = index.entry(model_id) or next(iter(entries_as_they_are([model_id])), None)
    if entry is None:
        raise NotFound("Model not found")
    return index.related(entry.card, limit)
