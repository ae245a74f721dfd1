"""SQS → here: what SendGrid has told of our mails takes its effect."""

import json
from datetime import UTC, datetime

from aws_lambda_powertools.utilities.batch import (
    BatchProcessor,
    EventType,
    process_partial_response,
)
from aws_lambda_powertools.utilities.batch.types import PartialItemFailureResponse
from aws_lambda_powertools.utilities.data_classes.sqs_event import SQSRecord
from aws_lambda_powertools.utilities.typing import LambdaContext

from nexus.logs import function_logger
from nexus.receipts import service as receipts

logger = function_logger()
processor = BatchProcessor(EventType.SQS, raise_on_entire_batch_failure=False)


@logger.inject_lambda_context
def handler(event: dict[str, object], context: LambdaContext) -> PartialItemFailureResponse:
    return process_partial_response(event, take_message, processor, context)


def take_message(record: SQSRecord) -> None:
    try:
        receipts.take(json.loads(record.body)["events"], now=datetime.now(UTC))
    except Exception:
        logger.exception("events not taken", message_id=record.message_id)
        raise
