"""What the signed-in user sees of themselves."""

from nexus.accounts import service as accounts
from nexus.accounts.schemas import User
from nexus.catalogue import service as catalogue
from nexus.catalogue.schemas import Model3D
from nexus.purchases import service as purchases
from nexus.purchases.schemas import Purchase, Transaction
from nexus.web.app import router
from nexus.web.identity import CurrentUser
from nexus.web.paging import CurrentPage

users = router("/api/users", "accounts")


@users.get("/me", response_model=User)
async def me(user: CurrentUser) -> User:
    return accounts.present(user)


@users.get("/me/models", response_model=list[Model3D])
async def my_models(user: CurrentUser, page: CurrentPage) -> list[Model3D]:
    """One's own models in every status, newest first."""
    return page.read(lambda start, limit: catalogue.made_by(user.id, start, limit))


@users.get("/me/purchases", response_model=list[Purchase])
async def my_purchases(user: CurrentUser, page: CurrentPage) -> list[Purchase]:
    """What one bought, newest first, each with its model."""
    return page.read(lambda start, limit: purchases.purchases_of(user.id, start, limit))


@users.get("/me/sales", response_model=list[Transaction])
async def my_sales(user: CurrentUser, page: CurrentPage) -> list[Transaction]:
    """The sales of one's models, newest first."""
    return page.read(lambda start, limit: purchases.sales_of(user.id, start, limit))
