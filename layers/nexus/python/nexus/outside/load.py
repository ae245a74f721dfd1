"""How busy the functions are, as CloudWatch has measured it."""

import logging
import time
from datetime import UTC, datetime, timedelta
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError

from nexus.outside.aws import client

KEPT_SECONDS = 60
WINDOW = timedelta(minutes=5)

logger = logging.getLogger(__name__)

_measured: list[int] = []
_measured_at = 0.0


def server_load() -> int:
    """The share of the account's Lambda concurrency that was in use lately, 0 to 100.

    The highest `ConcurrentExecutions` of the last five minutes against the account's limit, kept
    for a minute; 0 where nothing ran, or where AWS does not tell or is not to be reached.
    https://docs.aws.amazon.com/lambda/latest/dg/monitoring-concurrency.html
    """
    global _measured_at  # noqa: PLW0603  one value for the whole process
    if not _measured or time.monotonic() - _measured_at > KEPT_SECONDS:
        try:
            _measured[:] = [_measure(datetime.now(UTC))]
        except (BotoCoreError, ClientError):
            logger.warning("the load could not be measured", exc_info=True)
            _measured[:] = [0]
        _measured_at = time.monotonic()
    return _measured[0]


def _measure(now: datetime) -> int:
    limits: dict[str, int] = client("lambda").get_account_settings()["AccountLimit"]
    points: list[dict[str, Any]] = client("cloudwatch").get_metric_statistics(
        Namespace="AWS/Lambda",
        MetricName="ConcurrentExecutions",
        StartTime=now - WINDOW,
        EndTime=now,
        Period=60,
        Statistics=["Maximum"],
    )["Datapoints"]
    busiest: float = max((point["Maximum"] for point in points), default=0)
    return min(100, round(100 * busiest / limits["ConcurrentExecutions"]))
