"""Whatever a queue does (again, late, mixed, in bad company), each message is done once."""

import copy
import json
import random
from collections import Counter
from typing import Any

import pytest

from local.postbox import events
from local.postbox.sink import Sink
from nexus.table.outbox import OutboxItem
from nexus.table.uploads import UploadItem
from tests import cloud, postbox, stream
from tests.people import Person
from tests.seeds import dealt
from tests.workshop import message, promised, raw_message, seeing, send

BATCH = 10
MOST_ROUNDS = 200

type Message = dict[str, Any]


@pytest.fixture(autouse=True)
def _alive(living_house: None, sink: Sink) -> None:
    """The house's mails arrive in the sink."""


def chaos(function: str, messages: list[Message], dice: random.Random) -> None:
    """Bring messages until all are done: in any order, some of them again, poison among them."""
    waiting = [*messages, *(copy.deepcopy(dice.choice(messages)) for _ in range(3))]
    for _ in range(MOST_ROUNDS):
        if not waiting:
            return
        batch = [waiting.pop(dice.randrange(len(waiting))) for _ in range(min(BATCH, len(waiting)))]
        poison = raw_message({}) | {"body": "neither this nor that"}
        there = dice.randrange(len(batch) + 1)
        for number, each in enumerate([*batch[:there], poison, *batch[there:]]):
            each["messageId"] = f"message-{number}"
        failed = postbox.deliver(function, *batch[:there], poison, *batch[there:])
        assert failed == [poison["messageId"]], "bad company keeps no message from being done"
        if dice.random() < 0.3:
            waiting.append(copy.deepcopy(dice.choice(batch)))
    raise AssertionError("it never ends")


@pytest.mark.parametrize("seed", dealt(2))
def test_each_mail_goes_out_once_and_what_is_told_of_it_counts_once(seed: int, sink: Sink) -> None:
    dice = random.Random(seed)
    people = [Person(f"person{number}") for number in range(3)]
    stream.settle()
    mails = postbox.waiting("MailsQueue")

    chaos("MailerFunction", mails, dice)

    got = Counter((mail.to, mail.subject) for mail in sink.mails)
    assert len(got) == 2 * len(people)
    assert set(got.values()) == {1}
    told = [
        events.event(mail, kind, events.now())
        for mail in sink.mails
        for kind in ("delivered", "bounce" if mail.to == people[0].email else "open")
    ]
    dice.shuffle(told)
    chaos("ReceiptsFunction", [raw_message({"events": [each]}) for each in told], dice)
    assert {item.state for item in cloud.of_kind(OutboxItem)} == {"sent"}


@pytest.mark.parametrize("seed", dealt(3))
def test_each_file_is_looked_at_once(seed: int) -> None:
    dice, creator = random.Random(seed), Person("creator")
    forms = [promised(creator, f"castle{number}.glb") for number in range(4)]
    messages = [message(send(form)) for form in forms]
    together = (
        json.loads(messages[0]["body"])["Records"] + json.loads(messages[1]["body"])["Records"]
    )
    messages[0] = raw_message({"Records": together})

    with seeing() as seen:
        chaos("ThumbnailsFunction", messages, dice)

    assert Counter(seen) == {f"castle{number}.glb": 1 for number in range(4)}
    assert {(item.status, item.attempts) for item in cloud.of_kind(UploadItem)} == {("ready", 1)}
