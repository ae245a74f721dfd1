"""A mail that is owed goes out once at most, whatever breaks where, and once when all is told."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest

from local.postbox.sink import Sink
from local.template import Template
from nexus.mail import service as mail
from nexus.outside import secrets
from nexus.table.outbox import OutboxItem, find_owed
from tests import cloud
from tests.faults.kinds import COMPLETE, CRASHES, KINDS, Kind
from tests.faults.mailroom import connected
from tests.faults.sweep import Sweeper
from tests.faults.wire import Crash, Fault, Wire
from tests.faults.world import World
from tests.gateway import Context, handler

TEMPLATE = "welcome"
MOST_TRIES = 6


@dataclass(eq=False)
class Desk:
    """One who owes one mail, and the queue's message about it."""

    world: World
    wire: Wire
    sink: Sink
    queue: str
    cause: str = ""

    def prepare(self) -> None:
        secrets._others.clear()  # the function has just started
        self.world.empty()
        self.sink.empty()
        person = self.world.person("ada")
        self.world.write()
        self.cause = f"USER-{person.id}"
        self._empty_queue()
        mail.post(None, self.owed(), self.world.clock())
        self.message = self._receive()

    def owed(self) -> OutboxItem:
        found = find_owed(self.cause, TEMPLATE)
        assert found
        return found

    def work(self, fault: Fault | None = None, then: Fault | None = None) -> list[str]:
        """Bring the message until it is taken, or it has come as often as it may."""
        with self.wire.watched(fault) as watch:
            taken = self._take(1)
        if then and not taken:
            with self.wire.watched(then):
                taken = self._take(2)
        for attempts in range(2, MOST_TRIES + 1):
            if taken:
                break
            taken = self._take(attempts)
        return watch.operations

    def _take(self, attempts: int) -> bool:
        record = {
            "messageId": self.message["MessageId"],
            "receiptHandle": self.message["ReceiptHandle"],
            "body": self.message["Body"],
            "attributes": {"ApproximateReceiveCount": str(attempts)},
            "eventSource": "aws:sqs",
        }
        try:
            answer = handler("MailerFunction")({"Records": [record]}, Context())
        except Crash:
            return False
        return not answer["batchItemFailures"]

    def _receive(self) -> Any:
        [message] = cloud.client("sqs").receive_message(
            QueueUrl=self.queue, MaxNumberOfMessages=1, WaitTimeSeconds=5
        )["Messages"]
        return message

    def _empty_queue(self) -> None:
        sqs = cloud.client("sqs")
        while found := sqs.receive_message(QueueUrl=self.queue, MaxNumberOfMessages=10).get(
            "Messages"
        ):
            for each in found:
                sqs.delete_message(QueueUrl=self.queue, ReceiptHandle=each["ReceiptHandle"])


@pytest.fixture(scope="module")
def desk(sweeper: Sweeper, template: Template) -> Iterator[Desk]:
    sink = Sink()
    with connected(sweeper.wire, sink):
        yield Desk(sweeper.world, sweeper.wire, sink, template.queue_url("MailsQueue"))


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.name)
def test_a_fault_at_any_call_sends_no_mail_twice(desk: Desk, kind: Kind) -> None:
    desk.prepare()
    operations = desk.work()
    assert (desk.owed().state, len(desk.sink.mails)) == ("sent", 1)
    broken = []
    for number, operation in enumerate(operations):
        if kind.befalls(operation):
            desk.prepare()
            desk.work(kind.at(number))
            broken += [f"{kind.name} at call {number} ({operation}): {why}" for why in wrong(desk)]
    assert not broken, "\n".join(broken)


@pytest.mark.parametrize("second", CRASHES if COMPLETE else CRASHES[1:2], ids=lambda it: it.name)
@pytest.mark.parametrize("first", CRASHES if COMPLETE else CRASHES[1:2], ids=lambda it: it.name)
def test_two_faults_send_no_mail_twice(desk: Desk, first: Kind, second: Kind) -> None:
    desk.prepare()
    operations, broken = desk.work(), list[str]()
    for number, operation in enumerate(operations):
        for then in range(len(operations)):
            desk.prepare()
            desk.work(first.at(number), second.at(then))
            broken += [
                f"{first.name} at call {number} ({operation}), then at {then}: {why}"
                for why in wrong(desk)
            ]
    assert not broken, "\n".join(broken)


def wrong(desk: Desk) -> Iterator[str]:
    """Whether it went out once, or nobody knows; then it is settled as operators settle it."""
    state, sent = desk.owed().state, len(desk.sink.mails)
    if (state, sent) not in {("sent", 1), ("claimed", 0), ("claimed", 1), ("owed", 0)}:
        yield f"it is {state}, and {sent} went out"
    if state == "claimed" and sent:
        mail.confirm(desk.cause, TEMPLATE, now=desk.world.clock())  # the provider's event
    elif state == "claimed":
        assert mail.resend(desk.cause, TEMPLATE)
    if not sent:
        desk.work()
    if (desk.owed().state, len(desk.sink.mails)) != ("sent", 1):
        yield f"in the end it is {desk.owed().state}, and {len(desk.sink.mails)} went out"
    desk.work()
    if len(desk.sink.mails) != 1:
        yield "a message that comes again sends it again"
