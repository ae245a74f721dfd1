"""What schedules and operators start: {"job": NAME, …}, as in `aws lambda invoke`."""

import time
from dataclasses import asdict
from datetime import UTC, datetime
from typing import Annotated, Any, Literal

from pydantic import Field, TypeAdapter

from jobs.commands import DismissAdmin, MakeAdmin, ResendBatch, ResendMail
from nexus.bounties.outcome import close_expired
from nexus.catalogue.trending import compute_trending
from nexus.logs import count, function_logger
from nexus.purchases.paying import end_expired
from nexus.purchases.reconciliation import reconcile_payments
from nexus.schema import Schema
from nexus.search.snapshots import take_if_due
from nexus.statistics.reconciliation import reconcile
from nexus.verification import service as verification

SETTLING_SECONDS = 20
"""Twenty times what the projector needs to follow a change."""

logger = function_logger()


class ComputeTrending(Schema):
    """Mark the models that are trending, hourly."""

    job: Literal["compute-trending"]

    def run(self, now: datetime) -> dict[str, Any]:
        return {"model_ids": compute_trending(now.date())}


class Reconcile(Schema):
    """Recount all sums, mend drift and tell it, daily."""

    job: Literal["reconcile"]

    def run(self, _: datetime) -> dict[str, Any]:
        repair = reconcile(lambda: time.sleep(SETTLING_SECONDS))
        count("Drift", value=repair.drift)
        if repair.drift:
            logger.warning("drift was mended", drift=repair.drift)
        return {"drift": repair.drift, **asdict(repair)}


class Verify(Schema):
    """Look whether all facts agree: at once, or only daily and when an admin has asked."""

    job: Literal["verify"]
    if_due: bool = False

    def run(self, now: datetime) -> dict[str, Any]:
        if self.if_due and not verification.is_due(now):
            return {"status": "not due"}
        found = verification.verify(lambda: time.sleep(SETTLING_SECONDS), now=now)
        return found.model_dump(mode="json")


class TakeSnapshot(Schema):
    """Make a snapshot of the search index, every five minutes if there is a reason to."""

    job: Literal["take-snapshot"]

    def run(self, now: datetime) -> dict[str, Any]:
        return {"reason": take_if_due(now)}


class CloseExpiredBounties(Schema):
    """Close the open bounties whose deadline has come, every quarter of an hour."""

    job: Literal["close-expired-bounties"]

    def run(self, now: datetime) -> dict[str, Any]:
        return {"closed": close_expired(now)}


class EndExpiredPayments(Schema):
    """End the payments whose quote has run out, every quarter of an hour."""

    job: Literal["end-expired-payments"]

    def run(self, now: datetime) -> dict[str, Any]:
        return {"ended": end_expired(now)}


class ReconcilePayments(Schema):
    """Compare our books with the provider's, finish what broke off, tell what differs, daily."""

    job: Literal["reconcile-payments"]

    def run(self, now: datetime) -> dict[str, Any]:
        return asdict(reconcile_payments(now))


type Job = (
    MakeAdmin
    | DismissAdmin
    | ComputeTrending
    | Reconcile
    | CloseExpiredBounties
    | ResendMail
    | ResendBatch
    | EndExpiredPayments
    | ReconcilePayments
    | TakeSnapshot
    | Verify
)
JOBS: TypeAdapter[Job] = TypeAdapter(Annotated[Job, Field(discriminator="job")])


@logger.inject_lambda_context
def handler(
    event: dict[str, object],
    context: object,  # noqa: ARG001  Lambda passes it
) -> dict[str, Any]:
    """Raises `ValidationError` for a job that is not known and `NotFound` for an unknown user."""
    job = JOBS.validate_python(event)
    result = {"job": job.job, **job.run(datetime.now(UTC))}
    logger.info("job done", extra=result)
    return result
