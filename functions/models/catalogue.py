"""Models: submitting and reading them."""

from typing import Annotated

from fastapi import Depends, Query

from nexus.catalogue import service
from nexus.catalogue.schemas import Model3D, NewModel
from nexus.schema import Id
from nexus.web.app import router
from nexus.web.idempotency import NewId
from nexus.web.identity import Anyone, CurrentUser, Now, Visitor
from nexus.web.paging import CurrentPage
from nexus.web.routes import public

models = router("/api/models", "models")

Category = Annotated[str | None, Query(max_length=50)]


@models.get("", response_model=list[Model3D], dependencies=[Anyone, Depends(public)])
async def list_models(page: CurrentPage, category: Category = None) -> list[Model3D]:
    """What is on sale, newest first."""
    return page.read(lambda start, limit: service.on_sale(start, limit, category))


@models.post("", status_code=201, response_model=Model3D)
async def submit_model(wanted: NewModel, user: CurrentUser, model_id: NewId, now: Now) -> Model3D:
    """Make a model of uploads that are ready; it waits for review."""
    return service.submit(wanted, creator=user, model_id=model_id, now=now)


@models.get("/{model_id}", response_model=Model3D, dependencies=[Depends(public)])
async def read_model(model_id: Id, viewer: Visitor) -> Model3D:
    """A model that is on sale; any of one's own, and for admins any at all."""
    return service.show(model_id, viewer)
