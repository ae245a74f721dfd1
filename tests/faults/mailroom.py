"""A campaign on its way through planner and workers, one of whose calls is disturbed.

The messages are real ones of a real queue; only their pauses are left out: whatever failed comes
again at once.
"""

import contextlib
import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import partial
from types import SimpleNamespace
from typing import Any, cast
from unittest.mock import patch
from urllib.error import HTTPError, URLError
from urllib.request import Request

from botocore.awsrequest import AWSPreparedRequest, AWSResponse
from botocore.exceptions import ConnectionClosedError, EndpointConnectionError

from local.postbox.sink import Answer, Sink
from nexus.campaigns import sending
from nexus.ids import new_id
from nexus.outside import secrets
from nexus.table.campaigns import BatchItem, CampaignItem, create_campaign
from tests import cloud
from tests.faults.wire import Attempt, Crash, Fault, Watch, Wire, crafted
from tests.faults.world import Person, World
from tests.gateway import Context, handler
from tests.postbox import Taken, headers

BATCH = 2
PEOPLE = 3
MOST_ROUNDS = 60

type Event = dict[str, Any]


@dataclass(eq=False)
class Mailroom:
    world: World
    wire: Wire
    sink: Sink
    queue: str
    people: list[Person] = field(default_factory=list)
    campaign: CampaignItem | None = None
    inbox: list[Event] = field(default_factory=list)

    def prepare(self) -> CampaignItem:
        """A campaign for three people, for which the clock rings twice."""
        secrets._others.clear()  # the functions have just started
        self.world.empty()
        self.sink.empty()
        self.inbox.clear()
        self._receive()
        self.inbox.clear()
        self.people = [self.world.person(f"user{number}") for number in range(PEOPLE)]
        self.world.write()
        self.world.stream.drain()
        now = self.world.clock()
        self.campaign = CampaignItem.of(
            new_id(now),
            now,
            name="May",
            subject="News",
            segment="all",
            status="scheduled",
            scheduled_at=now,
            size=3,
        )
        create_campaign(self.campaign, "<p>")
        self.ring()
        self.ring()
        return self.campaign

    def ring(self) -> None:
        """The clock tells that it is time."""
        assert self.campaign
        assert self.campaign.scheduled_at
        due = {"start": self.campaign.id, "scheduled_at": self.campaign.scheduled_at.isoformat()}
        cloud.client("sqs").send_message(QueueUrl=self.queue, MessageBody=json.dumps(due))

    def run(self, *faults: Fault) -> Watch:
        """Carry everything out, with the first fault wherever it strikes, and the next one when it
        goes on; tells what was seen while the last of them was to be feared, or of it all.
        """
        self._catch_up()
        for fault in faults:
            with self.wire.watched(fault) as watch:
                self._work(partial(_ends_with, watch, fault))
        with self.wire.watched() as rest:
            self._work(lambda: False)
        return watch if faults else rest

    def deliver(self, event: Event) -> bool:
        """Give a message to a worker; whether it is done."""
        return not handler("CampaignsFunction")(event, Context())["batchItemFailures"]

    def _work(self, is_over: Callable[[], bool]) -> None:
        """Bring each message until it is done, or whoever works is dead or cut off."""
        for _ in range(MOST_ROUNDS):
            with self.wire.unwatched():
                self._catch_up()
            if not self.inbox:
                return
            for event in list(self.inbox):
                with contextlib.suppress(Crash):
                    if self.deliver(event):
                        self.inbox.remove(event)
                if is_over():
                    return
        raise AssertionError("it never ends")

    def _catch_up(self) -> None:
        self.world.stream.drain()
        self._receive()

    def _receive(self) -> None:
        sqs = cloud.client("sqs")
        while found := sqs.receive_message(QueueUrl=self.queue, MaxNumberOfMessages=10).get(
            "Messages"
        ):
            for each in found:
                sqs.delete_message(QueueUrl=self.queue, ReceiptHandle=each["ReceiptHandle"])
                self.inbox.append({"Records": [record(each)]})

    def batches(self) -> list[BatchItem]:
        return self.world.look().of(BatchItem)


def _ends_with(watch: Watch, fault: Fault) -> bool:
    """Whether whoever works is dead, or cut off for good."""
    return watch.crashed or (watch.struck and fault.lasting)


def record(message: dict[str, Any]) -> dict[str, Any]:
    return {
        "messageId": message["MessageId"],
        "receiptHandle": message["ReceiptHandle"],
        "body": message["Body"],
        "attributes": {"ApproximateReceiveCount": "1"},
        "eventSource": "aws:sqs",
    }


class _Opener:
    """The provider at the other end of the wire."""

    def __init__(self, wire: Wire, sink: Sink) -> None:
        self._wire = wire
        self._sink = sink

    def open(self, request: Request, timeout: float | None = None) -> Taken:  # noqa: ARG002
        sent = SimpleNamespace(
            url=request.full_url, headers={}, body=request.data, reset_stream=lambda: None
        )

        def send(again: Any) -> AWSResponse:
            answer = self._sink.answer(request.headers["Authorization"], again.body)
            return crafted(again, answer.status, answer.body or b"{}", answer.headers)

        try:
            answer = self._wire.pass_on(Attempt(cast("AWSPreparedRequest", sent), send))
        except ConnectionClosedError as error:
            raise ConnectionResetError("the answer is lost") from error
        except EndpointConnectionError as error:
            raise URLError(ConnectionRefusedError()) from error
        told = Answer(answer.status_code, answer.content)
        if told.status >= 400:
            raise HTTPError(request.full_url, told.status, "", headers(told), Taken(told))
        return Taken(told)


@contextlib.contextmanager
def connected(wire: Wire, sink: Sink) -> Iterator[None]:
    """SendGrid's client speaks over this wire, in small batches without pauses."""
    opener = patch("python_http_client.client.urllib.build_opener", lambda: _Opener(wire, sink))
    small = patch.object(sending, "MOST_RECIPIENTS", BATCH)
    at_once = patch.object(sending, "ceil", lambda _: 0)
    with opener, small, at_once:
        yield
