"""Clients for whatever plays AWS on this machine."""

from functools import cache
from typing import Any

import boto3  # type: ignore[import-untyped]
from botocore.config import Config

from local.template import REGION

CREDENTIALS = {"AWS_ACCESS_KEY_ID": "local", "AWS_SECRET_ACCESS_KEY": "local"}
"""Accepted by every local backend; worth nothing on AWS."""


@cache
def client(service: str, url: str | None = None) -> Any:
    """A client of one service at `url`; without a url it goes wherever boto3 sends it."""
    return boto3.client(
        service,
        region_name=REGION,
        endpoint_url=url,
        aws_access_key_id=CREDENTIALS["AWS_ACCESS_KEY_ID"],
        aws_secret_access_key=CREDENTIALS["AWS_SECRET_ACCESS_KEY"],
        config=Config(
            retries={"total_max_attempts": 2, "mode": "standard"},
            max_pool_connections=20,
            s3={"addressing_style": "path"},
            account_id_endpoint_mode="disabled",  # moto does not know such addresses of streams
        ),
    )
