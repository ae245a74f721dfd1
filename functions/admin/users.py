"""Finding, verifying and banning users."""

from typing import Annotated

from fastapi import Query

from nexus.accounts import moderation
from nexus.accounts.schemas import Ban, User
from nexus.payouts import disbursing
from nexus.payouts.schemas import Disbursement, NewDisbursement
from nexus.schema import Id, Message, Reason
from nexus.web.app import answers, router
from nexus.web.idempotency import FinalId
from nexus.web.identity import CurrentAdmin, Now
from nexus.web.paging import CurrentPage

users = router("/api/admin/users", "admin")

Search = Annotated[
    str | None,
    Query(
        min_length=1,
        max_length=254,
        description="An email address, or how a username begins, whatever the case",
    ),
]


@users.get("", response_model=list[User])
async def list_users(_: CurrentAdmin, page: CurrentPage, search: Search = None) -> list[User]:
    """All accounts, newest first, or those that are looked for."""
    return page.read(lambda start, limit: moderation.users(search, start, limit))


@users.post("/{user_id}/verify", response_model=Message, responses=answers(404, 409))
async def verify_user(user_id: Id, admin: CurrentAdmin, now: Now) -> Message:
    """Give a creator the badge."""
    moderation.verify(user_id, admin=admin, now=now)
    return Message(message="User verified successfully")


@users.post("/{user_id}/ban", response_model=Message, responses=answers(404, 409))
async def ban_user(
    user_id: Id,
    admin: CurrentAdmin,
    now: Now,
    ban: Ban | None = None,
    reason: Annotated[Reason | None, Query()] = None,
) -> Message:
    """Close an account at once; the reason may come in the query or in the body.

    The audit keeps it for good, so it should name nobody.
    """
    told = (ban.reason if ban else None) or reason
    moderation.ban(user_id, told, admin=admin, now=now)
    return Message(message="User banned successfully")


@users.delete("/{user_id}/ban", response_model=Message, responses=answers(404, 409))
async def lift_ban(user_id: Id, admin: CurrentAdmin, now: Now) -> Message:
    """Open an account again."""
    moderation.lift_ban(user_id, admin=admin, now=now)
    return Message(message="User unbanned successfully")


@users.post(
    "/{user_id}/disbursements",
    status_code=201,
    response_model=Disbursement,
    responses=answers(404, 409),
)
async def disburse(
    user_id: Id, wanted: NewDisbursement, admin: CurrentAdmin, disbursement_id: FinalId, now: Now
) -> Disbursement:
    """Book what was paid to a seller, or came from them, past the payment provider.

    The same within a minute is booked once, also without a key.
    """
    return disbursing.disburse(
        user_id, wanted, admin=admin, disbursement_id=disbursement_id, now=now
    )
