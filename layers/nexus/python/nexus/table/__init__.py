"""The table. Importing it imports every kind of item.

PynamoDB leaves out of its answers, without a word, the kinds whose classes it has not seen.
"""

from nexus.table import (
    catalogue,
    counters,
    idempotency,
    mailed,
    opinions,
    outbox,
    purchases,
    throttles,
    uploads,
    users,
)

__all__ = [
    "catalogue",
    "counters",
    "idempotency",
    "mailed",
    "opinions",
    "outbox",
    "purchases",
    "throttles",
    "uploads",
    "users",
]
