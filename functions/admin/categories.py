"""Categories, as the admins keep them."""

from fastapi import Response

from nexus.categories import service
from nexus.categories.schemas import Category, CategoryChanges, NewCategory
from nexus.schema import Id
from nexus.web.app import answers, router
from nexus.web.idempotency import NewId
from nexus.web.identity import CurrentAdmin, Now
from nexus.web.paging import CurrentPage
from nexus.web.preconditions import RequiredVersion, tag

categories = router("/api/admin/categories", "admin")


@categories.get("", response_model=list[Category])
async def list_categories(_: CurrentAdmin, page: CurrentPage) -> list[Category]:
    return page.read(service.every)


@categories.post("", status_code=201, response_model=Category, responses=answers(409, etag=True))
async def add_category(
    wanted: NewCategory, admin: CurrentAdmin, category_id: NewId, response: Response, now: Now
) -> Category:
    """409 when a category has that name, however capitalised."""
    category, version = service.add(wanted, category_id=category_id, admin=admin, now=now)
    tag(response, version)
    return category


@categories.get("/{category_id}", response_model=Category, responses=answers(404, etag=True))
async def read_category(category_id: Id, _: CurrentAdmin, response: Response) -> Category:
    category, version = service.show(category_id)
    tag(response, version)
    return category


@categories.patch("/{category_id}", response_model=Category, responses=answers(404, 409, etag=True))
async def edit_category(
    category_id: Id,
    changes: CategoryChanges,
    admin: CurrentAdmin,
    version: RequiredVersion,
    response: Response,
    now: Now,
) -> Category:
    """409 for another name while models use the category: they carry it."""
    category, saved = service.edit(category_id, changes, version=version, admin=admin, now=now)
    tag(response, saved)
    return category


@categories.delete("/{category_id}", status_code=204, responses=answers(404, 409))
async def delete_category(category_id: Id, admin: CurrentAdmin, now: Now) -> Response:
    """409 while models use the category."""
    service.delete(category_id, admin=admin, now=now)
    return Response(status_code=204)
