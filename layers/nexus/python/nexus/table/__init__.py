"""The table. Importing it imports every kind of item.

PynamoDB leaves out of its answers, without a word, the kinds whose classes it has not seen.
"""

from nexus.table import (
    bounties,
    campaigns,
    catalogue,
    categories,
    counters,
    idempotency,
    mailed,
    notifications,
    opinions,
    outbox,
    payments,
    purchases,
    receipts,
    segments,
    storefront,
    testimonials,
    throttles,
    tutorials,
    uploads,
    users,
)

__all__ = [
    "bounties",
    "campaigns",
    "catalogue",
    "categories",
    "counters",
    "idempotency",
    "mailed",
    "notifications",
    "opinions",
    "outbox",
    "payments",
    "purchases",
    "receipts",
    "segments",
    "storefront",
    "testimonials",
    "throttles",
    "tutorials",
    "uploads",
    "users",
]
