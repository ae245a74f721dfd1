"""Categories, as everyone sees them."""

from fastapi import Depends

from nexus.categories import service
from nexus.categories.schemas import Category
from nexus.web.app import router
from nexus.web.identity import Anyone
from nexus.web.paging import CurrentPage
from nexus.web.routes import public

categories = router("/api/categories", "content")


@categories.get("", response_model=list[Category], dependencies=[Anyone, Depends(public)])
async def list_categories(page: CurrentPage) -> list[Category]:
    """The enabled ones, by order and name, each with the number of its models."""
    return page.read(service.enabled)
