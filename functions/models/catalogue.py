"""Models: submitting, reading, editing and withdrawing them."""

from fastapi import Depends, Response

from nexus.catalogue import service, submission
from nexus.catalogue.schemas import Model3D, ModelChanges, NewModel
from nexus.schema import Id
from nexus.web.app import answers, router
from nexus.web.idempotency import NewId
from nexus.web.identity import CurrentUser, Now, Visitor
from nexus.web.preconditions import FirstLook, RequiredVersion, tag
from nexus.web.routes import public

models = router("/api/models", "models")


@models.post("", status_code=201, response_model=Model3D, responses=answers(409))
async def submit_model(wanted: NewModel, user: CurrentUser, model_id: NewId, now: Now) -> Model3D:
    """Make a model of uploads that are ready; it waits for review."""
    return submission.submit(wanted, creator=user, model_id=model_id, now=now)


@models.get(
    "/{model_id}",
    response_model=Model3D,
    dependencies=[Depends(public)],
    responses=answers(404, etag=True),
)
async def read_model(
    model_id: Id, viewer: Visitor, first_look: FirstLook, response: Response, now: Now
) -> Model3D:
    """A model that is on sale, which counts a view; any of one's own, and for admins any at all."""
    model, version = service.show(model_id, viewer)
    if first_look:
        model = service.count_look(model, now)
    tag(response, version)
    return model


@models.patch("/{model_id}", response_model=Model3D, responses=answers(404, 409, etag=True))
async def edit_model(
    model_id: Id,
    changes: ModelChanges,
    user: CurrentUser,
    version: RequiredVersion,
    response: Response,
    now: Now,
) -> Model3D:
    """Change a model of one's own. New files send it back to review; text and price do not."""
    model, new_version = submission.edit(model_id, changes, user=user, version=version, now=now)
    tag(response, new_version)
    return model


@models.delete("/{model_id}", status_code=204, responses=answers(404, 409))
async def withdraw_model(model_id: Id, user: CurrentUser, now: Now) -> Response:
    """Take a model of one's own off the market. Its buyers keep their downloads."""
    submission.withdraw(model_id, user=user, now=now)
    return Response(status_code=204)
