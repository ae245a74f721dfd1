"""The storefront's first page."""

from fastapi import Depends, Response

from nexus.catalogue.schemas import Model3D
from nexus.storefront import service
from nexus.web.app import router
from nexus.web.identity import Anyone
from nexus.web.preconditions import tag
from nexus.web.routes import public

storefront = router("/api", "content")


@storefront.get(
    "/homepage", response_model=dict[str, object], dependencies=[Anyone, Depends(public)]
)
async def read_homepage() -> Response:
    """The object that the admins keep for the storefront."""
    content, version = service.homepage()
    response = Response(content, media_type="application/json")
    tag(response, version)
    return response


@storefront.get("/slider", response_model=list[Model3D], dependencies=[Anyone, Depends(public)])
async def read_slider(response: Response) -> list[Model3D]:
    """The chosen models that are on sale, in order."""
    models, version = service.slider()
    tag(response, version)
    return models
