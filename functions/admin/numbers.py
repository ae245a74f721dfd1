"""The platform in numbers."""

from nexus.statistics import service
from nexus.statistics.schemas import Stats
from nexus.web.app import router
from nexus.web.identity import CurrentAdmin

numbers = router("/api/admin", "admin")


@numbers.get("/stats", response_model=Stats)
async def read_stats(_: CurrentAdmin) -> Stats:
    return service.platform_stats()
