"""Messages of the uploads queue, and when they come again."""

import logging

from botocore.exceptions import BotoCoreError, ClientError

from nexus.outside.aws import client
from nexus.settings import settings

logger = logging.getLogger(__name__)


def hide(receipt: str, seconds: int) -> None:
    """Let a message come again in `seconds`, unless it is done by then.

    That is a courtesy: where it cannot be had, the message comes when the queue's own visibility
    timeout is over.
    """
    url = settings().needed("uploads_queue_url")
    try:
        client("sqs").change_message_visibility(
            QueueUrl=url, ReceiptHandle=receipt, VisibilityTimeout=seconds
        )
    except (BotoCoreError, ClientError):
        logger.warning("the message comes again when the queue wants", exc_info=True)
