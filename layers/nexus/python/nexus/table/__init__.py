"""The table. Importing it imports every kind of item.

PynamoDB leaves out of its answers, without a word, the kinds whose classes it has not seen.
"""

from nexus.table import (
    bounties,
    catalogue,
    categories,
    changes,
    counters,
    discounts,
    idempotency,
    mailed,
    notifications,
    opinions,
    outbox,
    payments,
    payouts,
    purchases,
    storefront,
    testimonials,
    throttles,
    tutorials,
    uploads,
    users,
)

__all__ = [
    "bounties",
    "catalogue",
    "categories",
    "changes",
    "counters",
    "discounts",
    "idempotency",
    "mailed",
    "notifications",
    "opinions",
    "outbox",
    "payments",
    "payouts",
    "purchases",
    "storefront",
    "testimonials",
    "throttles",
    "tutorials",
    "uploads",
    "users",
]
