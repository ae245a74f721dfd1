"""Queues: work for functions that take it later, and when it comes again."""

import json
import logging
from collections.abc import Mapping

from botocore.exceptions import BotoCoreError, ClientError

from nexus.outside.aws import client

FIRST_WAIT_SECONDS = 15
LONGEST_WAIT_SECONDS = 900

logger = logging.getLogger(__name__)


def put(url: str, message: Mapping[str, object], *, delay: int = 0) -> None:
    """Send a message; `delay` tells for how many seconds (at most 900) nobody gets it."""
    client("sqs").send_message(QueueUrl=url, MessageBody=json.dumps(message), DelaySeconds=delay)


def hide(url: str, receipt: str, seconds: int) -> None:
    """Let a message come again in `seconds`, unless it is done by then.

    That is a courtesy: where it cannot be had, the message comes when the queue's own visibility
    timeout is over.
    """
    try:
        client("sqs").change_message_visibility(
            QueueUrl=url, ReceiptHandle=receipt, VisibilityTimeout=seconds
        )
    except (BotoCoreError, ClientError):
        logger.warning("the message comes again when the queue wants", exc_info=True)


def put_off(url: str, receipt: str, attempts: int, *, at_least: float = 0) -> None:
    """Hide a message that was taken `attempts` times, the longer the more often it was.

    `at_least` tells seconds in which it makes no sense to try.
    """
    pause = max(FIRST_WAIT_SECONDS * 2 ** min(attempts - 1, 10), at_least)
    hide(url, receipt, int(min(pause, LONGEST_WAIT_SECONDS)))
