"""What the uploads queue delivers."""

import json
from typing import Any
from urllib.parse import quote_plus

from local.template import PROJECT

SAMPLE = PROJECT / "events/thumbnails/upload.json"


def announcement(key: str) -> dict[str, Any]:
    """The event of one message in which S3 tells of one object."""
    event: dict[str, Any] = json.loads(SAMPLE.read_text())
    told = json.loads(event["Records"][0]["body"])
    told["Records"][0]["s3"]["object"]["key"] = quote_plus(key, safe="/")
    event["Records"][0]["body"] = json.dumps(told)
    return event
