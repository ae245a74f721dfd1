"""The sweep is worth something only if it finds what is wrong."""

import dataclasses
from collections.abc import Iterator
from contextlib import contextmanager
from unittest.mock import patch

import pytest

from nexus.purchases import service
from nexus.statistics import service as statistics
from nexus.table.counters import CountersItem
from nexus.table.items import Item, Step, Update, commit, update
from nexus.table.purchases import LedgerItem, OwnedItem, TransactionItem
from tests.faults.flow import Flow
from tests.faults.flows import FLOWS
from tests.faults.kinds import KINDS
from tests.faults.sweep import Broken, Sweeper

NAMED = {flow.name: flow for flow in FLOWS}


def findings(sweeper: Sweeper, flow: Flow, kind_name: str) -> list[int]:
    """At which calls this kind of fault leaves something broken."""
    (kind,) = [kind for kind in KINDS if kind.name == kind_name]
    found = []
    for number, operation in enumerate(sweeper.calls(flow)):
        if kind.befalls(operation):
            try:
                sweeper.run(flow, kind, number)
            except (AssertionError, Broken):
                found.append(number)
    return found


def one_after_the_other(sale: TransactionItem, ledger: list[LedgerItem], *also: Step) -> None:
    """How a sale must not be written."""
    for item in (sale, OwnedItem.by(sale), *ledger):
        item.save()
    for step in also:
        commit(step)


def test_it_finds_a_sale_that_is_written_in_several_steps(sweeper: Sweeper) -> None:
    with patch.object(service, "record_sale", one_after_the_other):
        assert findings(sweeper, NAMED["purchase without a key"], "crash after")


@contextmanager
def bare_additions() -> Iterator[None]:
    """A projector that adds without a marker."""

    def add(_event_id: str, changes: object, _now: object) -> None:
        assert isinstance(changes, dict)
        for key, amounts in changes.items():
            sums = [getattr(CountersItem, name).add(amount) for name, amount in amounts.items()]
            update(Update(CountersItem(*key), [Item.kind.set(CountersItem), *sums]))

    with patch.object(statistics, "apply_once", add):
        yield


def test_it_finds_a_projector_that_only_adds(sweeper: Sweeper) -> None:
    with bare_additions(), pytest.raises(AssertionError):
        sweeper.calls(NAMED["projector"])


def test_it_finds_a_flow_that_does_not_end(sweeper: Sweeper) -> None:
    flow = dataclasses.replace(NAMED["purchase"], patience=0)
    assert findings(sweeper, flow, "crash before")
