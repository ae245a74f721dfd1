"""Plays EventBridge schedules: `rate(...)` and `cron(...)`, in UTC."""

import asyncio
import json
import re
import uuid
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta

from local.functions import Function
from local.sources import Activity, declared
from local.template import ACCOUNT, REGION, Template

_DAYS = ["SUN", "MON", "TUE", "WED", "THU", "FRI", "SAT"]
_MONTHS = ["JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC"]
_BOUNDS = [(0, 59), (0, 23), (1, 31), (1, 12), (1, 7), (1970, 2199)]


class ScheduleSource:
    def __init__(self, expression: str, payload: bytes | None, function: Function) -> None:
        self.activity = Activity()
        self._expression = expression
        self._payload = payload
        self._function = function

    async def run(self) -> None:
        while True:
            now = datetime.now(UTC)
            due = following(self._expression, now)
            while (left := (due - datetime.now(UTC)).total_seconds()) > 0:
                await asyncio.sleep(left)
            with self.activity.work():
                await self._function.invoke(self._payload or _event(due))

    async def exhausted(self, since: float) -> bool:  # noqa: ARG002 - it is due when it is due
        return True


def following(expression: str, now: datetime) -> datetime:
    """When a schedule is due next after `now` (UTC); raises ValueError for another syntax."""
    if rate := re.fullmatch(r"rate\((\d+) (minute|hour|day)s?\)", expression):
        return now + timedelta(**{f"{rate[2]}s": int(rate[1])})
    cron = re.fullmatch(r"cron\((.+)\)", expression)
    if cron is None or len(cron[1].split()) != len(_BOUNDS):
        raise ValueError(f"{expression} is neither rate(...) nor cron(...)")
    fields = [_values(*field) for field in zip(cron[1].split(), _BOUNDS, strict=True)]
    due = now.replace(second=0, microsecond=0) + timedelta(minutes=1)
    while not _matches(due, fields):
        whole_day = not _matches_day(due, fields)
        midnight = due.replace(hour=0, minute=0) + timedelta(days=1)
        due = midnight if whole_day else due + timedelta(minutes=1)
    return due


def _matches(moment: datetime, fields: list[set[int]]) -> bool:
    in_time = moment.minute in fields[0] and moment.hour in fields[1]
    return in_time and _matches_day(moment, fields)


def _matches_day(moment: datetime, fields: list[set[int]]) -> bool:
    _, _, days, months, weekdays, years = fields
    weekday = moment.isoweekday() % 7 + 1
    return (
        moment.day in days
        and moment.month in months
        and weekday in weekdays
        and moment.year in years
    )


def _values(field: str, bounds: tuple[int, int]) -> set[int]:
    """The numbers a cron field stands for: `*`, `?`, `1-5`, `0/15`, `MON,WED` and their kin."""
    values: set[int] = set()
    for part in field.split(","):
        span, _, step = part.partition("/")
        first, _, last = ("-" if span in "*?" else span).partition("-")
        low = _number(first, bounds[0])
        high = _number(last, bounds[1] if step or span in "*?" else low)
        values.update(range(low, high + 1, int(step or 1)))
    return values


def _number(text: str, default: int) -> int:
    if text in _MONTHS:
        return _MONTHS.index(text) + 1
    if text in _DAYS:
        return _DAYS.index(text) + 1
    return int(text) if text else default


def _event(due: datetime) -> bytes:
    event = {
        "version": "0",
        "id": str(uuid.uuid4()),
        "detail-type": "Scheduled Event",
        "source": "aws.events",
        "account": ACCOUNT,
        "time": due.strftime("%Y-%m-%dT%H:%M:%SZ"),
        "region": REGION,
        "resources": [],
        "detail": {},
    }
    return json.dumps(event).encode()


def schedule_sources(template: Template, functions: Mapping[str, Function]) -> list[ScheduleSource]:
    """One source for each enabled schedule in the template."""
    events = [
        (function, event)
        for kind in ("Schedule", "ScheduleV2")
        for function, event in declared(template, kind, functions)
    ]
    return [
        ScheduleSource(
            event.get("ScheduleExpression") or event["Schedule"],
            event["Input"].encode() if "Input" in event else None,
            function,
        )
        for function, event in events
        if event.get("State", "ENABLED") == "ENABLED" and event.get("Enabled", True)
    ]
