"""Sums over everything: kept up to date by the projector, read by the admins."""

from datetime import datetime

from nexus.outside.load import server_load
from nexus.statistics.contributions import difference
from nexus.statistics.schemas import Stats
from nexus.table import keys
from nexus.table.counters import apply_once, counters
from nexus.table.items import Item


def project(event_id: str, before: Item | None, after: Item | None, now: datetime) -> None:
    """Bring a change of an item into the sums, once per event id."""
    changes = difference(before, after)
    if changes:
        apply_once(event_id, changes, now)


def platform_stats() -> Stats:
    sums = counters(keys.PLATFORM_COUNTERS)
    return Stats(
        totalRevenue=sums.revenue_cents,
        platformFees=sums.fees_cents,
        activeUsers=sums.users,
        pendingModels=sums.pending_models,
        totalModels=sums.models,
        serverLoad=server_load(),
    )
