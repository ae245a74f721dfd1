"""Oneself, and the public pages of creators."""

from fastapi import Depends, Response

from nexus.accounts import profile
from nexus.accounts import service as accounts
from nexus.accounts.schemas import ProfileChanges, PublicCreator, User
from nexus.catalogue import service as catalogue
from nexus.catalogue.schemas import Model3D
from nexus.export.schemas import Export
from nexus.export.service import export
from nexus.schema import Id
from nexus.web.app import answers, router
from nexus.web.identity import Anyone, CurrentUser, Now
from nexus.web.paging import CurrentPage, LongPage
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
async def export_me(user: CurrentUser, now: Now, page: LongPage) -> Export:
    """Everything we hold about oneself, in as many answers as it takes."""
    return page.read_from(lambda start, _, limit: export(user, start, limit, now=now)).export


@users.get("/me/likes", response_model=list[Model3D])
async def my_likes(user: CurrentUser, page: CurrentPage) -> list[Model3D]:
    """What one likes and is still on sale, the latest like first."""
    return page.read(lambda start, limit: catalogue.liked_models(user.id, start, limit))


@users.get("/me/models", response_model=list[Model3D])
async def my_models(user: CurrentUser, page: CurrentPage) -> list[Model3D]:
    """One's own models in every status, newest first. A page of long texts ends early; `Link`
    leads on.
    """
    return page.read(lambda start, limit: catalogue.made_by(user.id, start, limit, page.skip))


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
    """What a creator has on sale, newest first; a page of long texts ends early."""
    profile.public_page(user_id)
    return page.read(lambda start, limit: catalogue.approved_by(user_id, start, limit, page.skip))
