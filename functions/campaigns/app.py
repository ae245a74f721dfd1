"""SQS → here: begin, plan and send campaigns, one step for each message."""

from datetime import UTC, datetime

from aws_lambda_powertools.utilities.batch import (
    BatchProcessor,
    EventType,
    process_partial_response,
)
from aws_lambda_powertools.utilities.batch.types import PartialItemFailureResponse
from aws_lambda_powertools.utilities.data_classes.sqs_event import SQSRecord
from aws_lambda_powertools.utilities.typing import LambdaContext

from nexus.campaigns import sending
from nexus.logs import function_logger

logger = function_logger()
processor = BatchProcessor(EventType.SQS, raise_on_entire_batch_failure=False)


@logger.inject_lambda_context
def handler(event: dict[str, object], context: LambdaContext) -> PartialItemFailureResponse:
    return process_partial_response(event, take_message, processor, context)


def take_message(record: SQSRecord) -> None:
    attempts = int(record.attributes.approximate_receive_count or 1)
    try:
        sending.take(record.body, record.receipt_handle, attempts, now=datetime.now(UTC))
    except Exception:
        logger.exception("not done", message_id=record.message_id, attempts=attempts)
        raise
