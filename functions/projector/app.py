"""DynamoDB stream → here: what is derived from facts follows them.

Records are taken in order. At the first that fails the batch ends and the stream is read again
from there (`ReportBatchItemFailures`), so that the order of each item's changes holds.
"""

from datetime import UTC, datetime
from typing import Any

from nexus.logs import function_logger
from nexus.reactions import service as reactions

logger = function_logger()


@logger.inject_lambda_context
def handler(
    event: dict[str, Any],
    context: object,  # noqa: ARG001  Lambda passes it
) -> dict[str, list[dict[str, str]]]:
    for record in event["Records"]:
        try:
            project(record)
        except Exception:
            number = record["dynamodb"]["SequenceNumber"]
            logger.exception("projection failed", sequence_number=number)
            return {"batchItemFailures": [{"itemIdentifier": number}]}
    return {"batchItemFailures": []}


def project(record: dict[str, Any]) -> None:
    change = record["dynamodb"]
    now = datetime.now(UTC)
    reactions.follow(record["eventID"], change.get("OldImage"), change.get("NewImage"), now)
