"""Lists of what has long texts: an answer can hold only so much of them."""

from typing import Protocol

from pynamodb.pagination import ResultIterator

from nexus.table.items import IntegerAttribute, Item, Start


class Sized(Protocol):
    """What has texts of `size` bytes."""

    @property
    def size(self) -> int: ...


class SizedItem(Item):
    """What has its text in another item."""

    size = IntegerAttribute()


def sized_page[T: Sized](
    kind: type[T], results: ResultIterator[Item], start: Start, most: int, skip: int
) -> tuple[list[T], Start]:
    """The items of a query, all of which are of this kind.

    The page ends early when their texts would be more than `most` bytes together; those of the
    first `skip` are not asked for.
    """
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
