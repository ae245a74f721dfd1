"""The log of a function: JSON lines, one for each request and one for each surprise."""

import logging

from aws_lambda_powertools import Logger

from nexus.settings import settings

TALKATIVE = ("botocore", "mangum", "pynamodb")


def function_logger() -> Logger:
    """The logger of this function; libraries say no more than their warnings."""
    for name in TALKATIVE:
        logging.getLogger(name).setLevel(logging.WARNING)
    return Logger(service=settings().powertools_service_name, level=settings().log_level)
