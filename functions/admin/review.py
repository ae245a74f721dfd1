"""Reviewing what creators submit."""

from typing import Annotated

from fastapi import Query

from nexus.catalogue import service
from nexus.catalogue.schemas import Model3D, Rejection
from nexus.errors import Malformed
from nexus.schema import Id, Message, Reason
from nexus.web.app import router
from nexus.web.identity import CurrentAdmin, Now
from nexus.web.paging import CurrentPage

review = router("/api/admin/models", "admin")


@review.get("/pending", response_model=list[Model3D])
async def pending_models(_: CurrentAdmin, page: CurrentPage) -> list[Model3D]:
    """What waits for review, oldest first."""
    return page.read(service.awaiting_review)


@review.post("/{model_id}/approve", response_model=Message)
async def approve_model(model_id: Id, admin: CurrentAdmin, now: Now) -> Message:
    """Put a pending model on sale."""
    service.approve(model_id, admin=admin, now=now)
    return Message(message="Model approved successfully")


@review.post("/{model_id}/reject", response_model=Message)
async def reject_model(
    model_id: Id,
    admin: CurrentAdmin,
    now: Now,
    rejection: Rejection | None = None,
    reason: Annotated[Reason | None, Query()] = None,
) -> Message:
    """Turn a pending model down; the reason comes in the query or in the body."""
    told = rejection.reason if rejection else reason
    if told is None:
        raise Malformed("A reason is required", ("body", "reason"))
    service.reject(model_id, told, admin=admin, now=now)
    return Message(message="Model rejected")
