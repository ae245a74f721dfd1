"""Buying models and downloading what was bought."""

from typing import Annotated

from fastapi import Query

from nexus.catalogue.schemas import Downloads
from nexus.discounts import service as prices
from nexus.discounts.schemas import Price
from nexus.errors import Forbidden
from nexus.purchases import service
from nexus.purchases.schemas import Bought
from nexus.schema import Id
from nexus.web.app import answers, router
from nexus.web.idempotency import NewId
from nexus.web.identity import CurrentUser, Now, Visitor

purchases = router("/api/models/{model_id}", "purchases")

BuyerId = Annotated[
    Id | None, Query(description="The storefront sends it; anyone but the caller is refused.")
]


DiscountCode = Annotated[
    str | None, Query(min_length=3, max_length=30, description="A code of the creator")
]


@purchases.post("/purchase", response_model=Bought, responses=answers(403, 404, 409, 503))
async def buy_model(
    model_id: Id,
    user: CurrentUser,
    transaction_id: NewId,
    now: Now,
    buyer_id: BuyerId = None,
    discount: DiscountCode = None,
) -> Bought:
    """Buy a model, or begin to: with status `pending` the answer has what is needed to pay.

    409 when it is one's own, was bought before, or its payment is refused by the provider.
    """
    if buyer_id not in {None, user.id}:
        raise Forbidden
    sale, payment = service.buy(
        model_id, buyer=user, transaction_id=transaction_id, now=now, code=discount
    )
    return Bought.of(sale, payment)


@purchases.get("/price", response_model=Price, responses=answers(404, 409))
async def read_price(
    model_id: Id, viewer: Visitor, now: Now, discount: DiscountCode = None
) -> Price:
    """What a model costs, with a creator's code if there is one, and what it cost before."""
    return prices.price_of(model_id, discount, viewer, now)


@purchases.get("/download", response_model=Downloads, responses=answers(403, 404))
async def download_model(model_id: Id, user: CurrentUser, now: Now) -> Downloads:
    """Links to the files, for buyers, the creator and admins. They live five minutes."""
    return service.downloads(model_id, user=user, now=now)
