"""Applying for bounties."""

from nexus.bounties import applications as service
from nexus.bounties.schemas import Application, NewApplication
from nexus.schema import Id
from nexus.web.app import answers, router
from nexus.web.idempotency import NewId
from nexus.web.identity import CurrentUser, Now
from nexus.web.paging import CurrentPage

applications = router("/api/bounties/{bounty_id}", "bounties")


@applications.post(
    "/apply", status_code=201, response_model=Application, responses=answers(404, 409, 429)
)
async def apply_for_bounty(
    bounty_id: Id,
    user: CurrentUser,
    application_id: NewId,
    now: Now,
    wanted: NewApplication | None = None,
) -> Application:
    """Offer to make it: once, while it is open and before its deadline, and not one's own."""
    return service.apply(
        bounty_id,
        wanted or NewApplication(),
        user=user,
        application_id=application_id,
        now=now,
    )


@applications.get("/applications", response_model=list[Application], responses=answers(403, 404))
async def read_applications(
    bounty_id: Id, user: CurrentUser, page: CurrentPage
) -> list[Application]:
    """All of them, oldest first, for the creator and admins; for an applicant their own."""
    return page.read(
        lambda start, limit: service.applications(bounty_id, user=user, start=start, limit=limit)
    )
