from datetime import UTC, datetime
from typing import Any

import pytest
from botocore.exceptions import BotoCoreError, ClientError, EndpointConnectionError

from nexus.outside import load


class Aws:
    """Answers as Lambda and CloudWatch do."""

    def __init__(self, limit: int, busy: list[float]) -> None:
        self.limit, self.busy, self.asked = limit, busy, 0

    def get_account_settings(self) -> dict[str, Any]:
        self.asked += 1
        return {"AccountLimit": {"ConcurrentExecutions": self.limit}}

    def get_metric_statistics(self, **asked: Any) -> dict[str, Any]:
        assert (asked["Namespace"], asked["MetricName"]) == ("AWS/Lambda", "ConcurrentExecutions")
        return {
            "Datapoints": [{"Maximum": each, "Timestamp": datetime.now(UTC)} for each in self.busy]
        }


@pytest.mark.parametrize(
    ("limit", "busy", "percent"),
    [
        (1000, [], 0),
        (1000, [4.0, 120.0, 30.0], 12),
        (10, [10.0], 100),
        (10, [25.0], 100),
        (1000, [1.0], 0),
    ],
)
def test_the_load_is_measured(
    limit: int, busy: list[float], percent: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    aws = Aws(limit, busy)
    monkeypatch.setattr(load, "client", lambda _: aws)

    assert load.server_load() == percent


def test_it_is_measured_once_a_minute(monkeypatch: pytest.MonkeyPatch) -> None:
    aws = Aws(1000, [10.0])
    monkeypatch.setattr(load, "client", lambda _: aws)
    for _ in range(5):
        assert load.server_load() == 1
    assert aws.asked == 1

    monkeypatch.setattr(load, "_measured_at", load._measured_at - 61)
    load.server_load()
    assert aws.asked == 2


@pytest.mark.parametrize(
    "trouble",
    [
        EndpointConnectionError(endpoint_url="https://lambda"),
        ClientError({"Error": {"Code": "ThrottlingException"}}, "GetAccountSettings"),
    ],
)
def test_where_aws_does_not_tell_there_is_no_load(
    trouble: BotoCoreError | ClientError, monkeypatch: pytest.MonkeyPatch
) -> None:
    aws = Aws(1000, [10.0])

    def refuse() -> dict[str, Any]:
        raise trouble

    monkeypatch.setattr(aws, "get_account_settings", refuse)
    monkeypatch.setattr(load, "client", lambda _: aws)

    assert load.server_load() == 0
