"""One's money: purchases and their receipts, returns, sales and what was booked for them."""

from fastapi import Response

from nexus.purchases import refunding, statements
from nexus.purchases import service as purchases
from nexus.purchases.schemas import Booking, Purchase, Receipt, Transaction
from nexus.schema import Id
from nexus.web.app import answers, router
from nexus.web.idempotency import NewId
from nexus.web.identity import CurrentUser, Now
from nexus.web.paging import CurrentPage
from nexus.web.periods import CurrentPeriod


class Table(Response):
    media_type = "text/csv"


money = router("/api/users/me", "money")


@money.get("/purchases", response_model=list[Purchase])
async def my_purchases(user: CurrentUser, page: CurrentPage) -> list[Purchase]:
    """Purchases that were paid, newest first, each with its model; also those refunded since."""
    return page.read(lambda start, limit: purchases.purchases_of(user.id, start, limit))


@money.get("/purchases/{transaction_id}", response_model=Purchase, responses=answers(404))
async def my_purchase(transaction_id: Id, user: CurrentUser) -> Purchase:
    """One of one's purchases, also while it is not paid yet."""
    return purchases.purchase_of(transaction_id, user)


@money.get(
    "/purchases/{transaction_id}/receipt", response_model=Receipt, responses=answers(404, 409)
)
async def my_receipt(transaction_id: Id, user: CurrentUser) -> Receipt:
    """The receipt of what one paid for."""
    return statements.receipt(transaction_id, buyer=user)


@money.post(
    "/purchases/{transaction_id}/refund",
    response_model=Transaction,
    responses=answers(404, 409, 503),
)
async def return_purchase(
    transaction_id: Id, user: CurrentUser, refund_id: NewId, now: Now
) -> Transaction:
    """Return what one bought at most 14 days ago and never downloaded; each model once."""
    return refunding.take_back(transaction_id, buyer=user, refund_id=refund_id, now=now)


@money.get("/sales", response_model=list[Transaction])
async def my_sales(user: CurrentUser, page: CurrentPage) -> list[Transaction]:
    """The sales of one's models, newest first."""
    return page.read(lambda start, limit: purchases.sales_of(user.id, start, limit))


@money.get("/statement", response_model=list[Booking])
async def my_statement(user: CurrentUser, page: CurrentPage) -> list[Booking]:
    """What was booked for one as a seller, newest first."""
    return page.read(lambda start, limit: purchases.bookings_of(user.id, start, limit))


@money.get("/statement.csv", response_class=Table)
async def my_statement_as_a_table(user: CurrentUser, period: CurrentPeriod) -> Table:
    """The same of a period (UTC) as CSV: the last 30 days, or up to 366; 422 for more than 5,000
    lines.
    """
    filename = f"statement-{period.first}-{period.last}.csv"
    return Table(
        statements.statement_csv(user.id, *period.moments),
        headers={"Content-Disposition": f'attachment; filename="{filename}"'},
    )
