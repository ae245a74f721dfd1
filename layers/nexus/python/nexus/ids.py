"""Integer ids that JavaScript can hold, sort by time and cannot be counted through."""

import secrets
from datetime import UTC, datetime

EPOCH = datetime(2025, 1, 1, tzinfo=UTC)
RANDOM_BITS = 23
LARGEST = 2**53 - 1


def new_id(now: datetime) -> int:
    """A 53-bit id: 30 bits of seconds since 2025 (until 2059), then 23 random bits.

    Two ids of one second collide once in eight million; whoever creates an item with one
    writes it with a condition that its key is free.
    """
    seconds = int((now - EPOCH).total_seconds())
    return seconds << RANDOM_BITS | secrets.randbits(RANDOM_BITS)


def first_id(at: datetime) -> int:
    """The smallest id of a moment: ids made before are smaller."""
    return int((at - EPOCH).total_seconds()) << RANDOM_BITS
