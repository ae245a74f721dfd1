"""Lists that are read a page at a time."""

from collections.abc import Callable, Iterator
from itertools import chain

from pynamodb.expressions.condition import Condition

from nexus.table.items import Item, Start

PAGE = 100

type Read[T] = Callable[[Start, int], tuple[list[T], Start]]


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
    results = Item.query(
        partition,
        among,
        index_name=index,
        consistent_read=consistent,
        scan_index_forward=not newest_first,
        limit=limit,
        last_evaluated_key=start,
    )
    return [item for item in results if isinstance(item, kind)], results.last_evaluated_key


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
