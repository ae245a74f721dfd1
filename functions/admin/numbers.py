"""The platform in numbers, and who did what."""

from typing import Literal

from nexus.purchases import refunding
from nexus.purchases.schemas import Refund, Transaction
from nexus.schema import Id
from nexus.statistics import service
from nexus.statistics.schemas import Analytics, Day, Deed, Revenue, Stats
from nexus.verification import service as verification
from nexus.verification.schemas import Verification
from nexus.web.app import answers, router
from nexus.web.idempotency import FinalId, NewId
from nexus.web.identity import CurrentAdmin, Now
from nexus.web.paging import CurrentPage
from nexus.web.periods import CurrentPeriod

numbers = router("/api/admin", "admin")


@numbers.get("/stats", response_model=Stats)
async def read_stats(_: CurrentAdmin) -> Stats:
    return service.platform_stats()


@numbers.get("/revenue", response_model=Revenue)
async def read_revenue(_: CurrentAdmin) -> Revenue:
    return service.revenue()


@numbers.get("/revenue/series", response_model=list[Day])
async def read_revenue_series(
    _: CurrentAdmin,
    period: CurrentPeriod,
    interval: Literal["day"] = "day",  # noqa: ARG001  the contract names it; days are all there is
) -> list[Day]:
    """Revenue by day (UTC): the last 30 days, or from one day to another, 366 at most."""
    return service.revenue_by_day(*period)


@numbers.get("/analytics", response_model=Analytics)
async def read_analytics(_: CurrentAdmin) -> Analytics:
    return service.analytics()


@numbers.get("/audit", response_model=list[Deed])
async def read_audit(_: CurrentAdmin, page: CurrentPage) -> list[Deed]:
    """What admins did, newest first."""
    return page.read(service.audit)


@numbers.get("/verification", response_model=Verification)
async def read_verification(_: CurrentAdmin) -> Verification:
    """Whether all stored facts agree with each other, as of the last look at them."""
    return verification.last()


@numbers.post("/verification", status_code=202, response_model=Verification)
async def verify(admin: CurrentAdmin, deed_id: NewId, now: Now) -> Verification:
    """Ask for another look; it comes within five minutes."""
    return verification.ask(admin=admin, deed_id=deed_id, now=now)


@numbers.post(
    "/transactions/{transaction_id}/refund",
    response_model=Transaction,
    responses=answers(404, 409, 503),
)
async def refund_transaction(
    transaction_id: Id,
    admin: CurrentAdmin,
    refund_id: FinalId,
    now: Now,
    wanted: Refund | None = None,
) -> Transaction:
    """Give a buyer's money back, all of it or some; after all of it the model is theirs no more.

    The same within a minute is one refund, also without a key.
    """
    return refunding.refund(
        transaction_id,
        admin=admin,
        refund_id=refund_id,
        amount_cents=wanted.amount if wanted else None,
        reason=wanted.reason if wanted else None,
        now=now,
    )
