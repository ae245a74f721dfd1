"""The log of a function: JSON lines, one for each request and one for each surprise."""

import logging

from aws_lambda_powertools import Logger
from aws_lambda_powertools.metrics import MetricUnit, single_metric

from nexus.settings import settings

TALKATIVE = ("botocore", "mangum", "pynamodb")


def function_logger() -> Logger:
    """The logger of this function; libraries say no more than their warnings."""
    for name in TALKATIVE:
        logging.getLogger(name).setLevel(logging.WARNING)
    return Logger(service=settings().powertools_service_name, level=settings().log_level)


def count(name: str, service: str | None = None, *, value: int = 1) -> None:
    """Count something that an alarm watches."""
    with single_metric(
        namespace=settings().powertools_metrics_namespace,
        name=name,
        unit=MetricUnit.Count,
        value=value,
    ) as metric:
        metric.add_dimension("service", service or settings().powertools_service_name)
