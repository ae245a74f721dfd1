"""Clients of AWS services. botocore alone imports in a fraction of boto3's time."""

from functools import cache
from typing import Any

import botocore.session
from botocore.config import Config

ATTEMPTS = Config(
    retries={"mode": "standard", "total_max_attempts": 4},
    connect_timeout=3,
    read_timeout=20,
    signature_version="v4",
)


@cache
def client(service: str) -> Any:
    """A client of a service, made once per process; `AWS_ENDPOINT_URL` may lead it elsewhere."""
    return botocore.session.get_session().create_client(service, config=ATTEMPTS)
