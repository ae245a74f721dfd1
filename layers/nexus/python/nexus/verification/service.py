"""Whether all stored facts agree: looked at daily, and when an admin asks."""

from collections.abc import Callable
from datetime import datetime, timedelta

from nexus.logs import count
from nexus.table.counters import everything
from nexus.table.outbox import record_deed
from nexus.table.users import UserItem
from nexus.table.verification import ask_for_verification, find_verification, keep_findings
from nexus.verification.facts import look_at
from nexus.verification.schemas import Verification

EVERY = timedelta(days=1)
MOST_TOLD = 100


def last() -> Verification:
    return Verification.of(find_verification())


def ask(*, admin: UserItem, deed_id: int, now: datetime) -> Verification:
    """Let the next run of the job look. Asking again before it does is asking once."""
    asked = last()
    if asked.status == "asked":
        return asked
    deed = record_deed(deed_id, admin.id, "verification.ask", "verification", None, now)
    ask_for_verification(now, deed)
    return last()


def is_due(now: datetime) -> bool:
    kept = last()
    return kept.status != "done" or kept.looked_at is None or now - kept.looked_at >= EVERY


def verify(pause: Callable[[], object], *, now: datetime) -> Verification:
    """Look at all facts, twice: what is wrong both times is kept, told, and wakes someone.

    `pause` comes between the looks: what is being written meanwhile may look half done.
    """
    first = look_at(everything())
    pause()
    second = look_at(everything())
    findings = sorted(set(first.found) & set(second.found))
    count("BrokenInvariants", "verification", value=len(findings))
    keep_findings(now, second.checked, findings[:MOST_TOLD], len(findings))
    return last()
