"""Clients of AWS services. botocore alone imports in a fraction of boto3's time."""

from functools import cache
from typing import Any

import botocore.session
from botocore.config import Config

ATTEMPTS = Config(
    retries={"mode": "standard", "total_max_attempts": 4},
    connect_timeout=3,
    read_timeout=20,
)
PRESIGNING = Config(signature_version="s3v4", s3={"us_east_1_regional_endpoint": "regional"})
CONFIGS = {"s3": ATTEMPTS.merge(PRESIGNING)}
"""Presigned URLs still get the signature of 2008 unless told otherwise."""


@cache
def client(service: str) -> Any:
    """A client of a service, made once per process; `AWS_ENDPOINT_URL` may lead it elsewhere."""
    return botocore.session.get_session().create_client(
        service, config=CONFIGS.get(service, ATTEMPTS)
    )
