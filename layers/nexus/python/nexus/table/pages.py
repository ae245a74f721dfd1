"""Lists that are read a page at a time."""

from collections.abc import Callable, Iterator
from itertools import chain
from typing import Protocol

from pynamodb.expressions.condition import Condition
from pynamodb.pagination import ResultIterator

from nexus.table.items import IntegerAttribute, Item, Start

PAGE = 100

type Read[T] = Callable[[Start, int], tuple[list[T], Start]]


class Sized(Protocol):
    """What has texts of `size` bytes."""

    @property
    def size(self) -> int: ...


class SizedItem(Item):
    """What has its text in another item."""

    size = IntegerAttribute()


def page[T: Item](
    kind: type[T],
    partition: str,
    start: Start,
    limit: int,
    *,
    index: str | None = None,
    among: Condition | None = None,
    newest_first: bool = True,
    consistent: bool = False,
) -> tuple[list[T], Start]:
    """A page of the items of a kind in a partition of the table or of an index, and where the next
    one begins. `among` is a condition on the sort key; newest first is by descending sort keys.
    """
    results = _query(
        partition,
        start,
        limit,
        among=among,
        index=index,
        newest_first=newest_first,
        consistent=consistent,
    )
    return [item for item in results if isinstance(item, kind)], results.last_evaluated_key


def sized_page[T: Sized](
    kind: type[T],
    partition: str,
    start: Start,
    limit: int,
    *,
    most: int,
    skip: int,
    index: str | None = None,
    newest_first: bool = True,
    consistent: bool = False,
) -> tuple[list[T], Start]:
    """A page of a partition that holds only items of a kind, for an answer that tells their texts.

    It ends early when the texts would be more than `most` bytes together; those of the first
    `skip` items are not asked for.
    """
    results = _query(
        partition,
        start,
        limit,
        index=index,
        newest_first=newest_first,
        consistent=consistent,
    )
    items: list[T] = []
    size = 0
    following = start
    for item in results:
        assert isinstance(item, kind)  # noqa: S101  nothing else is in such partitions
        size += item.size if len(items) >= skip else 0
        if size > most:
            return items, following
        items.append(item)
        following = results.last_evaluated_key
    return items, results.last_evaluated_key


def every[T](read: Read[T]) -> Iterator[T]:
    """All that a function reads a page at a time."""
    return chain.from_iterable(pages(read))


def pages[T](read: Read[T]) -> Iterator[list[T]]:
    """The pages of a function, each read once those before were taken."""
    start: Start = None
    while True:
        found, start = read(start, PAGE)
        yield found
        if start is None:
            return


def _query(
    partition: str,
    start: Start,
    limit: int,
    *,
    index: str | None,
    among: Condition | None = None,
    newest_first: bool,
    consistent: bool,
) -> ResultIterator[Item]:
    return Item.query(
        partition,
        among,
        index_name=index,
        consistent_read=consistent,
        scan_index_forward=not newest_first,
        limit=limit,
        last_evaluated_key=start,
    )
