"""Every flow, with every kind of fault at every call that it makes."""

from functools import cache

import pytest

from tests.faults.flow import Flow
from tests.faults.flows import FLOWS
from tests.faults.kinds import Kind
from tests.faults.sweep import Broken, Sweeper

flows = pytest.mark.parametrize("flow", FLOWS, ids=lambda flow: flow.name)
faults = pytest.mark.parametrize(
    ("flow", "kind"),
    [
        pytest.param(flow, kind, id=f"{flow.name}, {kind.name}")
        for flow in FLOWS
        for kind in flow.only
    ],
)


@cache
def calls(sweeper: Sweeper, flow: Flow) -> list[str]:
    return sweeper.calls(flow)


@faults
def test_a_fault_at_any_call_leaves_nothing_half_done(
    sweeper: Sweeper, flow: Flow, kind: Kind
) -> None:
    broken = []
    for number, operation in enumerate(calls(sweeper, flow)):
        if kind.befalls(operation):
            try:
                sweeper.run(flow, kind, number)
            except (AssertionError, Broken) as why:
                broken.append(f"{flow.name}, {kind.name} at call {number} ({operation}): {why}")
    assert not broken, "\n".join(broken)


@flows
def test_two_at_once_leave_what_one_after_the_other_would(sweeper: Sweeper, flow: Flow) -> None:
    broken = []
    for number, operation in enumerate(calls(sweeper, flow)):
        try:
            sweeper.interleave(flow, number)
        except (AssertionError, Broken) as why:
            broken.append(f"{flow.name}, another before call {number} ({operation}): {why}")
    assert not broken, "\n".join(broken)


@flows
def test_what_is_sent_once_more_changes_nothing(sweeper: Sweeper, flow: Flow) -> None:
    sweeper.repeat(flow)
