"""EventBridge Scheduler: messages that come at a time, once."""

import json
import logging
from collections.abc import Mapping
from datetime import UTC, datetime

from botocore.exceptions import BotoCoreError, ClientError

from nexus.outside.aws import client
from nexus.settings import settings

logger = logging.getLogger(__name__)


class TooLate(Exception):
    """The time has passed."""


def schedule(name: str, at: datetime, message: Mapping[str, object]) -> None:
    """Send a message to the campaigns queue at a time. The same name again changes nothing.

    Raises `TooLate`.
    """
    ours = settings()
    try:
        client("scheduler").create_schedule(
            Name=name,
            GroupName=ours.needed("schedule_group"),
            ScheduleExpression=f"at({at.astimezone(UTC):%Y-%m-%dT%H:%M:%S})",
            ScheduleExpressionTimezone="UTC",
            FlexibleTimeWindow={"Mode": "OFF"},
            ActionAfterCompletion="DELETE",
            Target={
                "Arn": ours.needed("campaigns_queue_arn"),
                "RoleArn": ours.needed("schedule_role_arn"),
                "Input": json.dumps(message),
                "RetryPolicy": {"MaximumEventAgeInSeconds": 86400, "MaximumRetryAttempts": 185},
                "DeadLetterConfig": {"Arn": ours.needed("campaigns_dead_letters_arn")},
            },
        )
    except ClientError as error:
        code = error.response["Error"]["Code"]
        if code == "ValidationException" and at <= datetime.now(UTC):
            raise TooLate(name) from error
        if code != "ConflictException":
            raise


def unschedule(name: str) -> None:
    """Take a schedule back. A courtesy: one that comes all the same finds nothing to do."""
    try:
        client("scheduler").delete_schedule(
            Name=name, GroupName=settings().needed("schedule_group")
        )
    except (BotoCoreError, ClientError) as error:
        logger.info("the schedule is not there, or stays", extra={"why": str(error)})
