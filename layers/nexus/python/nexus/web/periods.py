"""Days from one to another (UTC), as `from` and `to` of a query."""

from datetime import UTC, date, datetime, time, timedelta
from typing import Annotated, NamedTuple

from fastapi import Depends, Query

from nexus.errors import Malformed
from nexus.web.identity import Now

USUAL_DAYS, MOST_DAYS = 30, 366
EARLIEST, LATEST = date(2000, 1, 1), date(2999, 12, 31)


class Period(NamedTuple):
    """Both days are in it."""

    first: date
    last: date

    @property
    def moments(self) -> tuple[datetime, datetime]:
        """When it begins, and when the day after it does."""
        begin, end = (
            datetime.combine(day, time(), UTC)
            for day in (self.first, self.last + timedelta(days=1))
        )
        return begin, end


def _period(
    now: Now,
    first: Annotated[date | None, Query(alias="from")] = None,
    last: Annotated[date | None, Query(alias="to")] = None,
) -> Period:
    until = last or now.date()
    if not EARLIEST <= until <= LATEST:
        raise Malformed(f"A period ends between {EARLIEST} and {LATEST}", ("query", "to"))
    since = first or until - timedelta(days=USUAL_DAYS - 1)
    if not 0 <= (until - since).days < MOST_DAYS:
        raise Malformed(f"A period has 1 to {MOST_DAYS} days", ("query", "from"))
    return Period(since, until)


CurrentPeriod = Annotated[Period, Depends(_period)]
"""The last 30 days, or those that the query asks for, 366 at most."""
