"""Tutorials, as the admins keep them."""

from fastapi import Response

from nexus.schema import Id
from nexus.tutorials import service
from nexus.tutorials.schemas import NewTutorial, Tutorial, TutorialChanges
from nexus.web.app import answers, router
from nexus.web.idempotency import NewId
from nexus.web.identity import CurrentAdmin, Now
from nexus.web.paging import CurrentPage
from nexus.web.preconditions import RequiredVersion, tag

tutorials = router("/api/admin/tutorials", "admin")


@tutorials.get("", response_model=list[Tutorial])
async def list_tutorials(_: CurrentAdmin, page: CurrentPage) -> list[Tutorial]:
    """All of them, newest first. A page of long texts ends early; `Link` leads on."""
    return page.read(lambda start, limit: service.every(start, limit, page.skip))


@tutorials.post("", status_code=201, response_model=Tutorial, responses=answers(etag=True))
async def add_tutorial(
    wanted: NewTutorial, admin: CurrentAdmin, tutorial_id: NewId, response: Response, now: Now
) -> Tutorial:
    tutorial, version = service.add(wanted, tutorial_id=tutorial_id, admin=admin, now=now)
    tag(response, version)
    return tutorial


@tutorials.get("/{tutorial_id}", response_model=Tutorial, responses=answers(404, etag=True))
async def read_tutorial(tutorial_id: Id, _: CurrentAdmin, response: Response) -> Tutorial:
    tutorial, version = service.show(tutorial_id)
    tag(response, version)
    return tutorial


@tutorials.patch("/{tutorial_id}", response_model=Tutorial, responses=answers(404, etag=True))
async def edit_tutorial(
    tutorial_id: Id,
    changes: TutorialChanges,
    admin: CurrentAdmin,
    version: RequiredVersion,
    response: Response,
    now: Now,
) -> Tutorial:
    tutorial, saved = service.edit(tutorial_id, changes, version=version, admin=admin, now=now)
    tag(response, saved)
    return tutorial


@tutorials.delete("/{tutorial_id}", status_code=204, responses=answers(404))
async def delete_tutorial(tutorial_id: Id, admin: CurrentAdmin, now: Now) -> Response:
    service.delete(tutorial_id, admin=admin, now=now)
    return Response(status_code=204)
