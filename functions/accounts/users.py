"""Oneself, and the public pages of creators."""

from fastapi import Depends, Response

from nexus.accounts import profile
from nexus.accounts import service as accounts
from nexus.accounts.schemas import ProfileChanges, PublicCreator, User
from nexus.catalogue import service as catalogue
from nexus.catalogue.schemas import Model3D
from nexus.export.schemas import Export
from nexus.export.service import export
from nexus.purchases import refunding
from nexus.purchases import service as purchases
from nexus.purchases.schemas import Purchase, Transaction
from nexus.schema import Id
from nexus.web.app import answers, router
from nexus.web.idempotency import NewId
from nexus.web.identity import Anyone, CurrentUser, Now
from nexus.web.paging import CurrentPage
from nexus.web.preconditions import RequiredVersion, tag
from nexus.web.routes import public

users = router("/api/users", "accounts")


@users.get("/me", response_model=User, responses=answers(etag=True))
async def me(user: CurrentUser, response: Response) -> User:
    tag(response, user.version)
    return accounts.present(user)


@users.patch("/me", response_model=User, responses=answers(409, etag=True))
async def edit_me(
    changes: ProfileChanges, user: CurrentUser, version: RequiredVersion, response: Response
) -> User:
    """Change one's username or full name."""
    shown, new_version = profile.edit(user, changes, version=version)
    tag(response, new_version)
    return shown


@users.delete("/me", status_code=204, responses=answers(409))
async def erase_me(user: CurrentUser, now: Now) -> Response:
    """Erase one's account for good. Buyers of one's models keep what they own."""
    profile.erase(user, now=now)
    return Response(status_code=204)


@users.get("/me/export", response_model=Export)
async def export_me(user: CurrentUser, now: Now) -> Export:
    """Everything we hold about oneself."""
    return export(user, now=now)


@users.get("/me/likes", response_model=list[Model3D])
async def my_likes(user: CurrentUser, page: CurrentPage) -> list[Model3D]:
    """What one likes and is still on sale, the latest like first."""
    return page.read(lambda start, limit: catalogue.liked_models(user.id, start, limit))


@users.get("/me/models", response_model=list[Model3D])
async def my_models(user: CurrentUser, page: CurrentPage) -> list[Model3D]:
    """One's own models in every status, newest first."""
    return page.read(lambda start, limit: catalogue.made_by(user.id, start, limit))


@users.get("/me/purchases", response_model=list[Purchase])
async def my_purchases(user: CurrentUser, page: CurrentPage) -> list[Purchase]:
    """What one bought, newest first, each with its model."""
    return page.read(lambda start, limit: purchases.purchases_of(user.id, start, limit))


@users.get("/me/purchases/{transaction_id}", response_model=Purchase, responses=answers(404))
async def my_purchase(transaction_id: Id, user: CurrentUser) -> Purchase:
    """One of one's purchases, also while it is not paid yet."""
    return purchases.purchase_of(transaction_id, user)


@users.post(
    "/me/purchases/{transaction_id}/refund",
    response_model=Transaction,
    responses=answers(404, 409, 503),
)
async def return_purchase(
    transaction_id: Id, user: CurrentUser, refund_id: NewId, now: Now
) -> Transaction:
    """Return what one bought at most 14 days ago and never downloaded."""
    return refunding.take_back(transaction_id, buyer=user, refund_id=refund_id, now=now)


@users.get("/me/sales", response_model=list[Transaction])
async def my_sales(user: CurrentUser, page: CurrentPage) -> list[Transaction]:
    """The sales of one's models, newest first."""
    return page.read(lambda start, limit: purchases.sales_of(user.id, start, limit))


@users.get(
    "/{user_id}",
    response_model=PublicCreator,
    dependencies=[Anyone, Depends(public)],
    responses=answers(404),
)
async def creator(user_id: Id) -> PublicCreator:
    """A creator's public page."""
    return profile.public_page(user_id)


@users.get(
    "/{user_id}/models",
    response_model=list[Model3D],
    dependencies=[Anyone, Depends(public)],
    responses=answers(404),
)
async def creators_models(user_id: Id, page: CurrentPage) -> list[Model3D]:
    """What a creator has on sale, newest first."""
    profile.public_page(user_id)
    return page.read(lambda start, limit: catalogue.approved_by(user_id, start, limit))
