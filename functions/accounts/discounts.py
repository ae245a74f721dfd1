"""Discount codes of one's own."""

from typing import Annotated

from fastapi import Path, Response

from nexus.discounts import service
from nexus.discounts.schemas import Discount, NewDiscount
from nexus.web.app import answers, router
from nexus.web.idempotency import NewId
from nexus.web.identity import CurrentUser, Now
from nexus.web.paging import CurrentPage

discounts = router("/api/users/me/discounts", "money")


@discounts.get("", response_model=list[Discount])
async def my_discounts(user: CurrentUser, page: CurrentPage) -> list[Discount]:
    """One's codes, by their letters."""
    return page.read(lambda start, limit: service.offered(user.id, start, limit))


@discounts.post("", status_code=201, response_model=Discount, responses=answers(409))
async def offer_discount(
    wanted: NewDiscount, user: CurrentUser, discount_id: NewId, now: Now
) -> Discount:
    """Make a code that lowers the price of all one's models."""
    return service.offer(wanted, creator=user, discount_id=discount_id, now=now)


@discounts.delete("/{code}", status_code=204, responses=answers(404))
async def end_discount(
    code: Annotated[str, Path(max_length=30)], user: CurrentUser, now: Now
) -> Response:
    """End a code."""
    service.end(code, creator=user, now=now)
    return Response(status_code=204)
