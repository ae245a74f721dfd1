"""What the storefront's first page shows."""

from typing import Annotated, Any

from fastapi import Body, Request, Response

from nexus.catalogue.schemas import Model3D
from nexus.storefront import service
from nexus.storefront.schemas import Arrangement
from nexus.web.app import answers, router
from nexus.web.identity import CurrentAdmin, Now
from nexus.web.preconditions import OptionalVersion, tag

storefront = router("/api/admin", "admin")

ANY_OBJECT: dict[str, Any] = {
    "requestBody": {
        "required": True,
        "content": {
            "application/json": {
                "schema": {
                    "type": "object",
                    "description": "Any JSON object up to 100 KB, at most 32 levels deep",
                }
            }
        },
    }
}


@storefront.get("/homepage", response_model=dict[str, object], responses=answers(etag=True))
async def read_homepage(_: CurrentAdmin) -> Response:
    """The object that the storefront reads its first page from."""
    return _answer(*service.homepage())


@storefront.put(
    "/homepage",
    response_model=dict[str, object],
    openapi_extra=ANY_OBJECT,
    responses=answers(etag=True),
)
async def save_homepage(
    request: Request, admin: CurrentAdmin, version: OptionalVersion, now: Now
) -> Response:
    """Keep any JSON object, as it is given."""
    content = await request.body()
    return _answer(*service.save_homepage(content, version=version, admin=admin, now=now))


@storefront.get("/slider", response_model=list[Model3D], responses=answers(etag=True))
async def read_slider(_: CurrentAdmin, response: Response) -> list[Model3D]:
    """The chosen models that are on sale, in order."""
    models, version = service.slider()
    tag(response, version)
    return models


@storefront.put("/slider", response_model=list[Model3D], responses=answers(etag=True))
async def arrange_slider(
    wanted: Annotated[Arrangement, Body()],
    admin: CurrentAdmin,
    version: OptionalVersion,
    response: Response,
    now: Now,
) -> list[Model3D]:
    """Choose up to 20 models that are on sale; 422, and nothing changes, for any other."""
    models, saved = service.arrange_slider(wanted.model_ids, version=version, admin=admin, now=now)
    tag(response, saved)
    return models


def _answer(content: str, version: int) -> Response:
    response = Response(content, media_type="application/json")
    tag(response, version)
    return response
