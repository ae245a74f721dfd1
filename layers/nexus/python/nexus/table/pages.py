"""Lists that are read a page at a time."""

from collections.abc import Callable, Iterator
from itertools import chain
from typing import Protocol

import orjson
from pynamodb.expressions.condition import Condition
from pynamodb.pagination import ResultIterator

from nexus.table.items import IntegerAttribute, Item, Start

PAGE = 100
MOST_LEFT_OUT = 1000

type Keep[T] = Callable[[list[T]], list[T]]
"""Tells which of some items are shown, in their order."""
type Read[T] = Callable[[Start, int], tuple[list[T], Start]]


MOST_BYTES = 5_500_000
"""Of texts in one answer, as `weight` has them. Lambda answers with at most 6 MB."""


def weight(texts: object) -> int:
    """Bytes that texts take in an answer of Lambda, which is JSON in JSON."""
    return len(orjson.dumps(orjson.dumps(texts).decode()))


class Sized(Protocol):
    """What has texts that weigh `size`, see `weight`."""

    @property
    def size(self) -> int: ...


class SizedItem(Item):
    """What has its text in another item; `size` is its `weight`."""

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
    skip: int,
    index: str | None = None,
    newest_first: bool = True,
    consistent: bool = False,
) -> tuple[list[T], Start]:
    """A page of a partition that holds only items of a kind, for an answer that tells their texts.

    It ends early when the texts would weigh more than `MOST_BYTES` together; those of the first
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
        if size > MOST_BYTES:
            return items, following
        items.append(item)
        following = results.last_evaluated_key
    return items, results.last_evaluated_key


def kept_page[T: Item](
    kind: type[T],
    partition: str,
    start: Start,
    limit: int,
    *,
    keep: Keep[T],
    index: str,
    newest_first: bool = True,
    weigh: Callable[[T], int] = lambda _: 0,
    skip: int = 0,
) -> tuple[list[T], Start]:
    """A page of those items of a partition of an index that `keep` leaves.

    It reads on until the page is full, so whoever skips skips what is shown and nothing else. The
    next one begins after its last item, or after all that was read for it. It ends early when
    about `MOST_LEFT_OUT` were left out: the cursor leads on from there, but a larger skip may
    miss what comes then. And it ends early when the items together weigh too much, as
    `sized_page` does.
    """
    found: list[T] = []
    size, following = 0, start
    for item, place in _kept(kind, partition, start, limit, keep, index, newest_first=newest_first):
        if item is not None:
            size += weigh(item) if len(found) >= skip else 0
            if len(found) == limit or size > MOST_BYTES:
                break
            found.append(item)
        following = place
    return found, following


def _kept[T: Item](
    kind: type[T],
    partition: str,
    start: Start,
    limit: int,
    keep: Keep[T],
    index: str,
    *,
    newest_first: bool,
) -> Iterator[tuple[T | None, Start]]:
    """At least so many items that are kept, if there are, each with the key after which to go on;
    and at last the key after all that was read.
    """
    missing, spare, wanted = limit, MOST_LEFT_OUT, limit
    while True:
        results = _query(
            partition, start, wanted, index=index, newest_first=newest_first, consistent=False
        )
        read = [(item, results.last_evaluated_key) for item in results if isinstance(item, kind)]
        places = {item.key: place for item, place in read}
        kept = keep([item for item, _ in read])
        yield from ((item, places[item.key]) for item in kept)
        start = results.last_evaluated_key
        missing -= len(kept)
        spare -= len(read) - len(kept)
        if start is None or missing <= 0 or spare <= 0:
            yield None, start
            return
        wanted = missing + min(PAGE, spare)


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
