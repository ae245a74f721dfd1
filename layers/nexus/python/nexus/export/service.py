"""Everything we hold about a user, for that user (GDPR art. 15 and 20)."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import orjson

from nexus.accounts import service as accounts
from nexus.bounties import service as bounties
from nexus.catalogue import service as catalogue
from nexus.discounts import service as discounts
from nexus.export.schemas import Export
from nexus.notifications import service as notifications
from nexus.opinions import service as opinions
from nexus.payouts import service as payouts
from nexus.purchases import service as purchases
from nexus.receipts import service as receipts
from nexus.schema import Answer
from nexus.table.items import Start
from nexus.table.pages import PAGE, Read
from nexus.table.users import UserItem
from nexus.uploads import service as uploads

MOST_BYTES = 4_000_000
"""What the entries of one answer may come to, as Lambda counts them: it lets 6 MB of JSON out, in
which an answer is a text, so that each quote and backslash in it takes one byte more.
https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html
"""


@dataclass(frozen=True)
class Part:
    """What fits into one answer; `following` is where the next begins."""

    export: Export
    following: Start


def export(user: UserItem, begin: Start, most: int, *, now: datetime) -> Part:
    """At most so many entries of all kinds, from the place on that the part before ended with."""
    kinds = _kinds(user)
    found: dict[str, list[Any]] = {name: [] for name in kinds}
    following: Start = None
    count, size = 0, 0
    for name, entry, place in _entries(kinds, begin):
        count, size = count + 1, size + len(orjson.dumps(entry.model_dump_json()))
        if count > most or (count > 1 and size > MOST_BYTES):
            following = place
            break
        found[name].append(entry)
    whole = Export(
        exported_at=now,
        truncated=following is not None,
        profile=accounts.present(user),
        payout_account=payouts.account_of(user.id),
        **found,
    )
    return Part(whole, following)


def _kinds(user: UserItem) -> dict[str, Read[Any]]:
    """What there is of someone, in the order in which it is exported."""
    until = notifications.last_read(user.id)
    return {
        "models": lambda start, limit: catalogue.made_by(user.id, start, limit),
        "purchases": lambda start, limit: purchases.purchases_of(user.id, start, limit),
        "unpaid_purchases": lambda start, limit: purchases.unpaid_of(user.id, start, limit),
        "sales": lambda start, limit: purchases.sales_of(user.id, start, limit),
        "bookings": lambda start, limit: purchases.bookings_of(user.id, start, limit),
        "likes": lambda start, limit: catalogue.liked_models(user.id, start, limit),
        "bounties": lambda start, limit: bounties.posted(user, start, limit),
        "applications": lambda start, limit: bounties.applications_by(user, start, limit),
        "notifications": lambda start, limit: notifications.inbox(user.id, until, start, limit),
        "reviews": lambda start, limit: opinions.written_by(user, start, limit),
        "discounts": lambda start, limit: discounts.offered(user.id, start, limit),
        "uploads": lambda start, limit: uploads.sent_by(user.id, start, limit),
        "campaign_mails": lambda start, limit: receipts.sent_to(user.id, start, limit),
    }


def _entries(
    kinds: dict[str, Read[Any]], begin: Start
) -> Iterator[tuple[str, Answer, dict[str, Any]]]:
    """Each entry from a place on, with its kind and its own place."""
    names = list(kinds)
    at: dict[str, Any] = begin or {"kind": names[0], "start": None, "skip": 0}
    for name in names[names.index(at["kind"]) :]:
        start, skip = (at["start"], at["skip"]) if name == at["kind"] else (None, 0)
        while True:
            entries, following = kinds[name](start, PAGE)
            for number, entry in enumerate(entries[skip:], skip):
                yield name, entry, {"kind": name, "start": start, "skip": number}
            if following is None:
                break
            start, skip = following, 0
