"""S3 upload → SQS → here: inspect each file that lands, draw it, and give the verdict."""

import dataclasses
import json
import tempfile
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import unquote_plus

from aws_lambda_powertools.utilities.batch import (
    BatchProcessor,
    EventType,
    process_partial_response,
)
from aws_lambda_powertools.utilities.batch.types import PartialItemFailureResponse
from aws_lambda_powertools.utilities.data_classes.sqs_event import SQSRecord
from aws_lambda_powertools.utilities.typing import LambdaContext

from imaging import sandbox
from nexus.logs import function_logger
from nexus.uploads import service as uploads
from nexus.uploads.service import Job, Verdict

DRY_RUN = sandbox.Limits(picture_size=256, frames=1)
"""Whether a model can be drawn is told; its pictures are thrown away."""

logger = function_logger()
processor = BatchProcessor(EventType.SQS, raise_on_entire_batch_failure=False)


@logger.inject_lambda_context
def handler(event: dict[str, Any], context: LambdaContext) -> PartialItemFailureResponse:
    return process_partial_response(event, take_message, processor, context)


def take_message(record: SQSRecord) -> None:
    uploads.expect_again(record.receipt_handle)
    for key in announced(json.loads(record.body)):
        if job := uploads.take(key, now=datetime.now(UTC)):
            try:
                inspect(job)
            except Exception:
                uploads.give_back(job, record.receipt_handle)
                raise


def announced(message: dict[str, Any]) -> list[str]:
    """The keys that an S3 notification names; `s3:TestEvent` names none."""
    return [unquote_plus(each["s3"]["object"]["key"]) for each in message.get("Records", [])]


def inspect(job: Job) -> None:
    with tempfile.TemporaryDirectory() as folder:
        source, pictures = Path(folder, "upload"), Path(folder, "pictures")
        pictures.mkdir()
        fetched = uploads.fetch(job, source)
        if fetched is None:
            return
        limits = DRY_RUN if job.upload.purpose == "inspect" else None
        report = sandbox.process(source, job.upload.filename, pictures, limits)
        if report.format is None or report.facts is None:
            logger.info("rejected", upload_id=job.upload.id, reason=report.reason_code)
            uploads.reject(job, report.reason or "This file is not a model that we can read.")
            return
        facts = dataclasses.asdict(report.facts)
        verdict = Verdict(report.format, report.formats, facts, report.pictures, report.preview)
        uploads.accept(job, fetched, verdict)
