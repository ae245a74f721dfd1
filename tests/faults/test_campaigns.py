"""At most one mail for each, and none to whoever has left, whatever breaks where."""

from collections import Counter
from collections.abc import Callable, Iterator
from functools import cache, partial
from itertools import count
from typing import Any

import pytest
from botocore.awsrequest import AWSResponse

from local.postbox.sink import Sink
from local.template import Template
from nexus.campaigns import sending
from nexus.campaigns.service import confirm
from nexus.subscriptions import service as subscriptions
from nexus.table import keys
from nexus.table.campaigns import CampaignItem, find_campaign, move_campaign
from nexus.table.counters import CountersItem
from nexus.table.items import find
from tests.faults.kinds import COMPLETE, CRASH_AFTER, CRASHES, SWEPT, Kind
from tests.faults.mailroom import PEOPLE, Mailroom, connected
from tests.faults.sweep import Sweeper
from tests.faults.wire import Attempt, Fault
from tests.races.race import race

AMBIGUOUS = ("crash before", "crash after", "reply lost", "HTTP 500")
"""After these nobody knows whether the provider has the mails, if they befall its call."""


@pytest.fixture(scope="module")
def room(sweeper: Sweeper, template: Template) -> Iterator[Mailroom]:
    sink = Sink()
    queue = template.queue_url("CampaignsQueue")
    with connected(sweeper.wire, sink):
        yield Mailroom(sweeper.world, sweeper.wire, sink, queue)


@cache
def calls(room: Mailroom) -> list[str]:
    """The calls of planner and workers where nothing goes wrong."""
    room.prepare()
    operations = room.run().operations
    settled(room)
    assert operations.count("sendgrid POST") == 2
    return operations


def sums(room: Mailroom) -> CountersItem:
    assert room.campaign
    found = find(CountersItem, keys.campaign_counters(room.campaign.id))
    assert found
    return found


def settled(room: Mailroom, *, status: str = "sent", unknown: bool = False) -> None:
    """Everything is quiet: everybody is accounted for, nobody has two mails."""
    assert room.campaign
    found, counted = sums(room), Counter(mail.to for mail in room.sink.mails)
    campaign = find_campaign(room.campaign.id)
    assert campaign
    assert campaign.status == status
    assert set(counted.values()) <= {1}, counted
    assert found.sent + found.skipped + found.failed + found.unknown == found.audience
    assert bool(found.unknown) <= unknown, "something is in doubt that need not be"
    known = {each for batch in room.batches() if batch.state == "sent" for each in reached(batch)}
    got = {person.id for person in room.people if counted[person.item.email]}
    doubted = {
        each for batch in room.batches() if batch.state == "unknown" for each in batch.user_ids
    }
    assert known <= got <= known | doubted
    assert len(known) == found.sent


def reached(batch: Any) -> set[int]:
    return set(batch.user_ids) - set(batch.skipped)


@pytest.mark.parametrize("kind", SWEPT, ids=lambda kind: kind.name)
def test_a_fault_at_any_call_mails_nobody_twice(room: Mailroom, kind: Kind) -> None:
    broken = []
    for number, operation in enumerate(calls(room)):
        if not kind.befalls(operation):
            continue
        room.prepare()
        try:
            assert room.run(kind.at(number)).struck, "the call did not come"
            settled(room, unknown=may_doubt(kind, number, calls(room)))
            told_by_the_provider(room)
        except AssertionError as why:
            broken.append(f"{kind.name} at call {number} ({operation}): {why}")
    assert not broken, "\n".join(broken)


@pytest.mark.skipif(not COMPLETE, reason="make faults")
@pytest.mark.parametrize("second", CRASHES, ids=lambda kind: kind.name)
@pytest.mark.parametrize("first", CRASHES, ids=lambda kind: kind.name)
def test_two_faults_mail_nobody_twice(room: Mailroom, first: Kind, second: Kind) -> None:
    broken = []
    for number, operation in enumerate(calls(room)):
        if not first.befalls(operation):
            continue
        for then in count():
            room.prepare()
            try:
                struck = room.run(first.at(number), second.at_its(then)).struck
                settled(room, unknown=True)
                told_by_the_provider(room)
            except AssertionError as why:
                broken.append(f"{first.name} at call {number} ({operation}), then at {then}: {why}")
                break
            if not struck:
                break
    assert not broken, "\n".join(broken)


def may_doubt(kind: Kind, number: int, operations: list[str]) -> bool:
    """Only where it strikes between `begin_call` and taking note of what came of it."""
    near = operations[max(0, number - 1) : number + 2]
    return kind.name in (*AMBIGUOUS, "outage") and "sendgrid POST" in near


def told_by_the_provider(room: Mailroom) -> None:
    """Its events settle what was in doubt and went out."""
    counted = Counter(mail.to for mail in room.sink.mails)
    for batch in room.batches():
        if any(counted[p.item.email] for p in room.people if p.id in reached(batch)):
            confirm(batch.campaign_id, batch.number)
    room.world.stream.drain()
    found = sums(room)
    assert found.sent == len(room.sink.mails)
    assert found.sent + found.skipped + found.failed + found.unknown == found.audience


def interposed(room: Mailroom, number: int, deed: Callable[[], None]) -> None:
    """Something happens just before this call."""

    def strike(attempt: Attempt) -> AWSResponse:
        with room.wire.unwatched():
            race([deed])
        return attempt.carry_out()

    room.run(Fault(number, strike))


def unclaimed(room: Mailroom, user_id: int) -> bool:
    """Whether nobody has claimed a batch with this user."""
    return not any(user_id in each.user_ids and each.state != "planned" for each in room.batches())


def leave(room: Mailroom, user_id: int, in_time: list[bool]) -> None:
    subscriptions.set_wish(user_id, wants_news=False)
    in_time.append(unclaimed(room, user_id))


def cancel(room: Mailroom, campaign: CampaignItem, left: list[int]) -> None:
    open_ = ["scheduled", "sending"]
    move_campaign(CampaignItem(*campaign.key), open_, {"status": "cancelled"})
    left.extend(person.id for person in room.people if unclaimed(room, person.id))


@pytest.mark.parametrize("position", [0, PEOPLE - 1])
def test_whoever_leaves_gets_nothing_that_is_claimed_later(room: Mailroom, position: int) -> None:
    for number, operation in enumerate(calls(room)):
        room.prepare()
        leaver = room.people[position]
        in_time: list[bool] = []
        interposed(room, number, partial(leave, room, leaver.id, in_time))
        assert in_time, operation
        mails = [mail for mail in room.sink.mails if mail.to == leaver.item.email]
        assert len(mails) <= 1 - in_time[0], f"before call {number} ({operation})"
        settled(room)


def test_a_campaign_that_is_cancelled_claims_nothing_more(room: Mailroom) -> None:
    for number, operation in enumerate(calls(room)):
        campaign = room.prepare()
        left: list[int] = []
        interposed(room, number, partial(cancel, room, campaign, left))
        got = {mail.to for mail in room.sink.mails}
        late = [p for p in room.people if p.id in left and p.item.email in got]
        assert not late, f"before call {number} ({operation})"


def deliver_all(room: Mailroom) -> None:
    for event in list(room.inbox):
        room.deliver(event)


def test_two_workers_on_one_message_mail_nobody_twice(room: Mailroom) -> None:
    """Before each call of one, another does all the same."""
    for number, operation in enumerate(calls(room)):
        room.prepare()
        interposed(room, number, partial(deliver_all, room))
        try:
            settled(room, unknown=True)
        except AssertionError as why:
            raise AssertionError(f"another before call {number} ({operation})") from why


def test_a_clock_that_rings_twice_begins_once(room: Mailroom) -> None:
    room.prepare()
    room.ring()
    room.run()
    room.ring()
    room.run()
    settled(room)
    assert len(room.sink.mails) == PEOPLE


def send_then_claim(batch: Any, claim: str, letter: Any, door: Any) -> None:
    """How a batch must not be sent: the note that it is comes after the call."""
    from nexus.table.campaigns import begin_call, end_batch
    from nexus.table.users import find_users_now

    users = find_users_now(int(each) for each in batch.user_ids)
    door.send(letter, [sending._recipient(batch, user) for user in users.values()])
    begin_call(batch, claim, [])
    end_batch(batch, "sent", ("calling",))


def test_the_sweep_finds_a_worker_that_sends_before_it_takes_note(
    room: Mailroom, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sending, "_carry_out", send_then_claim)
    room.prepare()
    number = room.run().operations.index("sendgrid POST")
    room.prepare()
    room.run(CRASH_AFTER.at(number))
    with pytest.raises(AssertionError):
        settled(room, unknown=True)


def test_the_sweep_finds_workers_without_claims(
    room: Mailroom, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sending, "claim_batch", lambda *_: True)
    monkeypatch.setattr(sending, "begin_call", lambda *_: True)
    room.prepare()
    number = room.run().operations.index("sendgrid POST")
    room.prepare()
    interposed(room, number, partial(deliver_all, room))
    assert max(Counter(mail.to for mail in room.sink.mails).values()) == 2
