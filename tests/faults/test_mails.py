"""A mail that a fact owes goes out once, whatever breaks where; and where nobody knows, it is not
lost: its message stays.
"""

import contextlib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache, partial
from itertools import count

import pytest
from botocore.awsrequest import AWSResponse

from local.postbox.sink import Sink
from local.template import Template
from nexus.mail import service as mail
from nexus.outside import secrets
from nexus.table.outbox import OutboxItem
from tests import cloud
from tests.faults.kinds import COMPLETE, CRASH_AFTER, CRASHES, SWEPT, Kind
from tests.faults.mailroom import Event, connected, record
from tests.faults.sweep import Sweeper
from tests.faults.wire import Attempt, Crash, Fault, Watch, Wire
from tests.faults.world import World
from tests.gateway import Context, handler
from tests.races.race import race

TRIES = 4


@dataclass(eq=False)
class Counter:
    """Where one mail waits to be sent: a welcome, whose message is in the queue."""

    world: World
    wire: Wire
    sink: Sink
    queue: str

    def prepare(self) -> Event:
        secrets._others.clear()  # the function has just started
        self.world.empty()
        self.sink.empty()
        self._messages()
        self.world.person("ada")
        self.world.write()
        self.world.stream.drain()
        [message] = [each for each in self._messages() if "welcome" in str(each)]
        return message

    def run(self, message: Event, *faults: Fault) -> tuple[bool, Watch]:
        """Bring the message until it is done, or has come too often, with the next fault each time
        it comes; tells what was seen of the last of them, or of it all.
        """
        with self.wire.watched(faults[0] if faults else None) as watch:
            done = self.deliver(message)
        for fault in faults[1:]:
            with self.wire.watched(fault) as watch:
                done = done or self.deliver(message)
        return done or any(self.deliver(message) for _ in range(TRIES)), watch

    def deliver(self, message: Event) -> bool:
        with contextlib.suppress(Crash):
            return not handler("MailerFunction")(message, Context())["batchItemFailures"]
        return False

    def owed(self) -> OutboxItem:
        found = self.world.look().of(OutboxItem)
        return next(each for each in found if each.template == "welcome")

    def _messages(self) -> list[Event]:
        sqs = cloud.client("sqs")
        found: list[Event] = []
        while got := sqs.receive_message(QueueUrl=self.queue, MaxNumberOfMessages=10).get(
            "Messages"
        ):
            for each in got:
                sqs.delete_message(QueueUrl=self.queue, ReceiptHandle=each["ReceiptHandle"])
                found.append({"Records": [record(each)]})
        return found


@pytest.fixture(scope="module")
def counter(sweeper: Sweeper, template: Template) -> Iterator[Counter]:
    sink = Sink()
    with connected(sweeper.wire, sink):
        yield Counter(sweeper.world, sweeper.wire, sink, template.queue_url("MailsQueue"))


@cache
def calls(counter: Counter) -> list[str]:
    """The calls where nothing goes wrong."""
    done, watch = counter.run(counter.prepare())
    assert done
    assert len(counter.sink.mails) == 1
    assert watch.operations.count("sendgrid POST") == 1
    return watch.operations


def settled(counter: Counter, message: Event, *, done: bool, in_doubt: bool) -> None:
    """One mail, of which we know; or at most one, whose message waits for the provider's word."""
    assert len(counter.sink.mails) <= 1, "twice"
    item = counter.owed()
    if done:
        assert (item.state, len(counter.sink.mails)) == ("sent", 1)
        return
    assert in_doubt, f"{item.state}, which need not be"
    assert item.state == "claimed"
    if counter.sink.mails:
        mail.confirm(item.cause, item.template, now=item.created_at)
    else:
        assert mail.resend(item.cause, item.template), "an operator has looked"
    assert counter.deliver(message)
    assert (counter.owed().state, len(counter.sink.mails)) == ("sent", 1)


def may_doubt(kind: Kind, number: int, operations: list[str]) -> bool:
    """From the claim on who dies tells nothing; and the provider's own answer may be lost."""
    writes = [each for each, name in enumerate(operations) if name == "dynamodb UpdateItem"]
    if kind.hiccup:
        lost = kind.name in {"reply lost", "HTTP 500"}
        return lost and operations[number] == "sendgrid POST"
    return writes[0] <= number <= writes[-1]


@pytest.mark.parametrize("kind", SWEPT, ids=lambda kind: kind.name)
def test_a_fault_at_any_call_sends_one_mail(counter: Counter, kind: Kind) -> None:
    broken = []
    for number, operation in enumerate(calls(counter)):
        if not kind.befalls(operation):
            continue
        message = counter.prepare()
        done, watch = counter.run(message, kind.at(number))
        try:
            assert watch.struck, "the call did not come"
            in_doubt = may_doubt(kind, number, calls(counter))
            settled(counter, message, done=done, in_doubt=in_doubt)
        except AssertionError as why:
            broken.append(f"{kind.name} at call {number} ({operation}): {why}")
    assert not broken, "\n".join(broken)


@pytest.mark.skipif(not COMPLETE, reason="make faults")
@pytest.mark.parametrize("second", CRASHES, ids=lambda kind: kind.name)
@pytest.mark.parametrize("first", CRASHES, ids=lambda kind: kind.name)
def test_two_faults_send_one_mail(counter: Counter, first: Kind, second: Kind) -> None:
    broken = []
    for number, operation in enumerate(calls(counter)):
        if not first.befalls(operation):
            continue
        for then in count():
            message = counter.prepare()
            done, watch = counter.run(message, first.at(number), second.at_its(then))
            try:
                settled(counter, message, done=done, in_doubt=True)
            except AssertionError as why:
                broken.append(f"{first.name} at call {number} ({operation}), then at {then}: {why}")
                break
            if not watch.struck:
                break
    assert not broken, "\n".join(broken)


def test_two_mailers_on_one_message_send_one_mail(counter: Counter) -> None:
    """Before each call of one, another does all the same."""
    for number, operation in enumerate(calls(counter)):
        message = counter.prepare()

        def strike(attempt: Attempt, message: Event = message) -> AWSResponse:
            with counter.wire.unwatched():
                race([partial(counter.deliver, message)])
            return attempt.carry_out()

        done, _ = counter.run(message, Fault(number, strike))
        assert done, operation
        assert len(counter.sink.mails) == 1, f"another before call {number} ({operation})"


def test_the_sweep_finds_a_mailer_without_claims(
    counter: Counter, monkeypatch: pytest.MonkeyPatch
) -> None:
    number = calls(counter).index("sendgrid POST")
    monkeypatch.setattr(mail, "claim_mail", lambda *_: True)
    message = counter.prepare()
    done, _ = counter.run(message, CRASH_AFTER.at(number - 1))
    with pytest.raises(AssertionError, match="twice"):
        settled(counter, message, done=done, in_doubt=True)
