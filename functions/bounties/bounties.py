"""Bounties: asking for a model, and how that ends."""

from typing import Annotated

from fastapi import Depends, Query, Response

from nexus.bounties import outcome, service
from nexus.bounties.schemas import Bounty, BountyChanges, BountyStatus, NewBounty, Winner
from nexus.schema import Id
from nexus.web.app import answers, router
from nexus.web.idempotency import NewId
from nexus.web.identity import Anyone, CurrentUser, Now, Visitor
from nexus.web.paging import CurrentPage
from nexus.web.preconditions import RequiredVersion, tag
from nexus.web.routes import public

bounties = router("/api/bounties", "bounties")

ByStatus = Annotated[BountyStatus | None, Query(description="Only those of this status.")]


@bounties.get("", response_model=list[Bounty], dependencies=[Anyone, Depends(public)])
async def list_bounties(page: CurrentPage, status: ByStatus = None) -> list[Bounty]:
    """What is asked for, newest first."""
    return page.read(lambda start, limit: service.listed(status, start, limit))


@bounties.post("", status_code=201, response_model=Bounty, responses=answers(429, etag=True))
async def post_bounty(
    wanted: NewBounty, user: CurrentUser, bounty_id: NewId, response: Response, now: Now
) -> Bounty:
    """Ask for a model. The budget is a promise to the winner; the platform moves no money."""
    bounty = service.post(wanted, creator=user, bounty_id=bounty_id, now=now)
    tag(response, bounty.version)
    return bounty


@bounties.get(
    "/{bounty_id}",
    response_model=Bounty,
    dependencies=[Depends(public)],
    responses=answers(404, etag=True),
)
async def read_bounty(bounty_id: Id, viewer: Visitor, response: Response) -> Bounty:
    bounty = service.show(bounty_id, viewer)
    tag(response, bounty.version)
    return bounty


@bounties.patch("/{bounty_id}", response_model=Bounty, responses=answers(403, 404, 409, etag=True))
async def edit_bounty(
    bounty_id: Id,
    changes: BountyChanges,
    user: CurrentUser,
    version: RequiredVersion,
    response: Response,
    now: Now,
) -> Bounty:
    """Change an open bounty of one's own; 409 when it is not open any more."""
    bounty = service.edit(bounty_id, changes, user=user, version=version, now=now)
    tag(response, bounty.version)
    return bounty


@bounties.post(
    "/{bounty_id}/award", response_model=Bounty, responses=answers(403, 404, 409, etag=True)
)
async def award_bounty(
    bounty_id: Id, winner: Winner, user: CurrentUser, response: Response, now: Now
) -> Bounty:
    """Choose one of the applicants for an open bounty of one's own: In Progress."""
    bounty = outcome.award(bounty_id, winner.user_id, user=user, now=now)
    tag(response, bounty.version)
    return bounty


@bounties.post(
    "/{bounty_id}/complete", response_model=Bounty, responses=answers(403, 404, 409, etag=True)
)
async def complete_bounty(bounty_id: Id, user: CurrentUser, response: Response, now: Now) -> Bounty:
    """Say that the winner of one's own bounty has delivered: Completed."""
    bounty = outcome.complete(bounty_id, user=user, now=now)
    tag(response, bounty.version)
    return bounty


@bounties.post(
    "/{bounty_id}/close", response_model=Bounty, responses=answers(403, 404, 409, etag=True)
)
async def close_bounty(bounty_id: Id, user: CurrentUser, response: Response, now: Now) -> Bounty:
    """End an open bounty without a winner: one's own, and an admin any: Closed."""
    bounty = outcome.close(bounty_id, user=user, now=now)
    tag(response, bounty.version)
    return bounty
