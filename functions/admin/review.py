"""Reviewing what creators submit."""

from typing import Annotated

from fastapi import Query, Response

from nexus.catalogue import review as reviews
from nexus.catalogue import service
from nexus.catalogue.schemas import Decision, Flags, Model3D, Rejection
from nexus.errors import Malformed
from nexus.schema import Id, Message, Reason
from nexus.web.app import answers, router
from nexus.web.identity import CurrentAdmin, Now
from nexus.web.paging import CurrentPage
from nexus.web.preconditions import OptionalVersion, RequiredVersion, tag

review = router("/api/admin/models", "admin")


@review.get("/pending", response_model=list[Model3D])
async def pending_models(_: CurrentAdmin, page: CurrentPage) -> list[Model3D]:
    """What waits for review, oldest first. A page of long texts ends early; `Link` leads on."""
    return page.read(lambda start, limit: service.awaiting_review(start, limit, page.skip))


@review.post("/{model_id}/approve", response_model=Message, responses=answers(404, 409))
async def approve_model(
    model_id: Id, admin: CurrentAdmin, version: OptionalVersion, now: Now
) -> Message:
    """Put a pending model on sale; with the ETag of what was looked at, only that."""
    reviews.approve(model_id, admin=admin, version=version, now=now)
    return Message(message="Model approved successfully")


@review.post("/{model_id}/reject", response_model=Message, responses=answers(404, 409))
async def reject_model(
    model_id: Id,
    admin: CurrentAdmin,
    version: OptionalVersion,
    now: Now,
    rejection: Rejection | None = None,
    reason: Annotated[Reason | None, Query()] = None,
) -> Message:
    """Turn a pending model down; the reason comes in the query or in the body."""
    told = (rejection.reason if rejection else None) or reason
    if told is None:
        raise Malformed("A reason is required", ("body", "reason"))
    reviews.reject(model_id, told, admin=admin, version=version, now=now)
    return Message(message="Model rejected")


@review.get("/{model_id}/history", response_model=list[Decision], responses=answers(404))
async def model_history(model_id: Id, _: CurrentAdmin) -> list[Decision]:
    """How a model came to its status, oldest step first."""
    return reviews.history(model_id)


@review.patch("/{model_id}", response_model=Model3D, responses=answers(404, etag=True))
async def flag_model(
    model_id: Id,
    flags: Flags,
    admin: CurrentAdmin,
    version: RequiredVersion,
    response: Response,
    now: Now,
) -> Model3D:
    """Feature a model, or mark it as trending until trends are computed again."""
    model, new_version = reviews.flag(model_id, flags, admin=admin, version=version, now=now)
    tag(response, new_version)
    return model
