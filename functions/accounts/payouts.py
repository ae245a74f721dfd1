"""Where sellers get their money."""

from nexus.payouts import service
from nexus.payouts.schemas import Onboarding, Payouts
from nexus.web.app import answers, router
from nexus.web.identity import CurrentUser, Now

payouts = router("/api/users/me/payouts", "money")


@payouts.get("", response_model=Payouts, responses=answers(409, 503))
async def my_payouts(user: CurrentUser, now: Now) -> Payouts:
    """What one is owed as a seller, and what was paid out."""
    return service.payouts_of(user, now=now)


@payouts.post("/onboarding", response_model=Onboarding, responses=answers(409, 503))
async def onboard_me(user: CurrentUser) -> Onboarding:
    """A link to the payment provider, where one says who gets the money."""
    return service.onboard(user)
