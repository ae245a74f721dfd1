"""A segment of many: the admin's request costs what it costs for one, the rest is in batches."""

from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime

from local.postbox.sink import Sink
from nexus.accounts.names import email_key
from nexus.table import keys
from nexus.table.counters import CountersItem
from nexus.table.items import Item
from nexus.table.segments import MemberItem
from nexus.table.users import ReservationItem, UserItem
from tests import cloud
from tests.mailroom import batches, begin, carry_out, shown, written
from tests.people import Person

MANY = 2300
NOON = datetime(2026, 5, 1, 12, tzinfo=UTC)


def registered(number: int) -> Iterator[Item]:
    """Someone with an account, who is in the segment of all."""
    email, username = f"reader{number}@example.com", f"reader{number}"
    user = UserItem.of(
        number,
        email=email,
        username=username,
        password_hash="-",
        is_admin=False,
        created_at=NOON,
    )
    yield user
    yield ReservationItem(*keys.email(email_key(email)), user_id=number)
    yield ReservationItem(*keys.username(username), user_id=number)
    yield MemberItem.of("all", number)


def calls_of_a_request(admin: Person) -> list[str]:
    campaign_id = written(admin)
    with cloud.calls() as names:
        assert begin(admin, campaign_id).status_code == 200
    return names


def test_a_request_costs_the_same_however_many_there_are(admin: Person, sink: Sink) -> None:
    carry_out()
    alone = calls_of_a_request(admin)
    carry_out()
    sink.empty()
    cloud.store(item for number in range(1, MANY) for item in registered(number))
    cloud.store([CountersItem(*keys.segment_counters("all"), members=MANY)])

    assert calls_of_a_request(admin) == alone

    carry_out()
    campaign = shown(admin, max(each.campaign_id for each in batches()))
    assert (campaign["status"], campaign["sent"], campaign["audience"]) == ("sent", MANY, MANY)
    assert sink.requests == 3, "a thousand at a time"
    counted = Counter(mail.to for mail in sink.mails)
    assert (len(counted), set(counted.values())) == (MANY, {1})
