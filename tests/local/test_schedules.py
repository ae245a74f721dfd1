from datetime import UTC, datetime

import pytest

from local.schedules import following

SUNDAY_NIGHT = datetime(2026, 11, 22, 23, 58, 30, tzinfo=UTC)


@pytest.mark.parametrize(
    ("expression", "due"),
    [
        ("rate(5 minutes)", datetime(2026, 11, 23, 0, 3, 30, tzinfo=UTC)),
        ("rate(1 day)", datetime(2026, 11, 23, 23, 58, 30, tzinfo=UTC)),
        ("cron(0 3 * * ? *)", datetime(2026, 11, 23, 3, 0, tzinfo=UTC)),
        ("cron(0/15 * * * ? *)", datetime(2026, 11, 23, 0, 0, tzinfo=UTC)),
        ("cron(30 8 ? * MON-FRI *)", datetime(2026, 11, 23, 8, 30, tzinfo=UTC)),
        ("cron(0 0 ? * SUN *)", datetime(2026, 11, 29, 0, 0, tzinfo=UTC)),
        ("cron(59 23 22 NOV ? 2026)", datetime(2026, 11, 22, 23, 59, tzinfo=UTC)),
        ("cron(0 0 29 2 ? *)", datetime(2028, 2, 29, 0, 0, tzinfo=UTC)),
    ],
)
def test_when_a_schedule_is_due(expression: str, due: datetime) -> None:
    assert following(expression, SUNDAY_NIGHT) == due


def test_another_syntax_is_refused() -> None:
    with pytest.raises(ValueError, match="neither"):
        following("every day", SUNDAY_NIGHT)
