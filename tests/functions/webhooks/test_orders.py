"""The events of a payment, in every order and with repetitions, come to the same."""

import copy
import os
import random
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime
from itertools import permutations
from typing import Any

import pytest

from nexus.outside.payments import Told
from nexus.outside.stripe_events import understand
from nexus.purchases.events import take
from nexus.table.items import Item
from nexus.table.outbox import OutboxItem
from nexus.table.payments import CheckoutItem, EventItem
from nexus.table.purchases import LedgerItem, OwnedItem, TransactionItem
from tests import cloud
from tests.people import Person
from tests.stripe import Stripe
from tests.workshop import stocked

NOW = datetime(2026, 8, 17, 12, 0, tzinfo=UTC)
ORDERS = int(os.environ.get("NEXUS_ORDERS", "20"))
"""How many of at most 720 orders of each story; `make gate` takes all."""

STORIES = {
    "refunded in two parts": ("paid", "refund 500", "refund 1499"),
    "a dispute that is won": ("paid", "refund 500", "dispute", "won"),
    "a dispute that is lost": ("paid", "refund 500", "dispute", "lost"),
    "a dispute of all after a refund": ("paid", "refund 500", "dispute 1999", "lost"),
    "a dispute that is won in part": ("paid", "refund 500", "dispute 1499", "lost but 999"),
    "a dispute that is won on appeal": ("paid", "dispute 1999", "lost", "appeal won"),
    "two disputes": ("paid", "dispute", "won", "dispute", "lost"),
    "a refund that comes back": ("paid", "refund 1999", "returned"),
}


@pytest.fixture
def reference(provider: Stripe, creator: Person, buyer: Person) -> str:
    told = buyer.post(f"/api/models/{stocked(creator)}/purchase").json()
    assert provider.pay(told) == 200
    return str(told["payment"]["client_secret"].partition("_secret_")[0])


def tell(story: tuple[str, ...], reference: str, provider: Stripe) -> list[Told]:
    """What Stripe tells of a story, from its beginning."""
    dispute = ""
    for step in story:
        match step.split():
            case ["refund", cents]:
                provider.refund(reference, int(cents))
            case ["dispute", *cents]:
                dispute = provider.dispute(reference, amount=int(*cents or ["700"]))
            case ["won" | "lost" as outcome]:
                provider.end_dispute(dispute, outcome)
            case ["lost", "but", cents]:
                provider.end_dispute(dispute, "lost", int(cents))
            case ["appeal", "won"]:
                provider.end_dispute(dispute, "won")
    events = provider.fresh()
    if "appeal won" in story:
        events[-1]["created"] += 3600
    if "returned" in story:
        failed = copy.deepcopy(events[-1])
        failed["data"]["object"]["status"] = "failed"
        events.append(failed | {"id": "evt_returned", "type": "refund.failed"})
    repeated = "charge.dispute.funds_withdrawn"  # what the dispute's creation has told already
    events = [event for event in events if event["type"] != repeated]
    return [told for event in events if (told := understand(event))]


def orders(told: list[Told]) -> Iterator[tuple[Told, ...]]:
    """Orders of six events, the first ones told twice where there are fewer."""
    six = [*told, *told][: max(6, len(told))]
    every = list(dict.fromkeys(permutations(six)))
    return iter(random.Random(7).sample(every, min(ORDERS, len(every))))


def outcome() -> Any:
    """All that is left, but for the moments at which it was written; of the ledger each entry with
    its corrections, because what comes later corrects what came before.
    """
    kinds = (TransactionItem, OwnedItem, CheckoutItem, EventItem, OutboxItem)
    left = [item for item in cloud.items() if isinstance(item, kinds)]
    booked: Counter[tuple[str, str]] = Counter()
    for line in cloud.of_kind(LedgerItem):
        booked[line.entry.partition(" by ")[0], line.account] += line.amount_cents
    entries = sorted(each for each in booked.items() if each[1])
    return sorted((item.key, without_moments(item)) for item in left), entries


def without_moments(item: Item) -> list[tuple[str, str]]:
    values = item.attribute_values.items()
    unsaid = ("revision", "gsi1_sk", "gsi2_sk")
    return sorted((n, repr(v)) for n, v in values if n not in unsaid and "_at" not in n)


@pytest.mark.parametrize("name", STORIES)
def test_every_order_comes_to_the_same(name: str, reference: str, provider: Stripe) -> None:
    told = tell(STORIES[name], reference, provider)
    assert len(told) == len(STORIES[name])
    before = copy.deepcopy(cloud._table().items)
    outcomes = {}
    for order in orders(told):
        cloud._table().items = copy.deepcopy(before)
        for event in order:
            assert take(event, now=NOW)
        outcomes[repr(outcome())] = order

    assert len(outcomes) == 1, "\n".join(outcomes)
