"""Every flow, with every kind of fault at every call that it makes."""

from functools import cache

import pytest

from tests.faults.flow import Flow
from tests.faults.flows import FLOWS
from tests.faults.kinds import COMPLETE, CRASH_AFTER, CRASHES, SWEPT, Kind
from tests.faults.sweep import Broken, Sweeper

flows = pytest.mark.parametrize("flow", FLOWS, ids=lambda flow: flow.name)
faults = pytest.mark.parametrize(
    ("flow", "kind"),
    [
        pytest.param(flow, kind, id=f"{flow.name}, {kind.name}")
        for flow in FLOWS
        for kind in flow.only
        if kind in SWEPT
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


TWICE = {"purchase", "upload worker", "promise", "complete", "submit"}
"""Money and uploads; mails are in files of their own, as are cards."""


@pytest.mark.parametrize(
    ("flow", "first", "second"),
    [
        pytest.param(flow, first, second, id=f"{flow.name}, {first.name}, {second.name}")
        for flow in FLOWS
        if flow.name in (TWICE if COMPLETE else {"purchase"})
        for first in (CRASHES if COMPLETE else [CRASH_AFTER])
        for second in (CRASHES if COMPLETE else [CRASH_AFTER])
    ],
)
def test_a_fault_at_the_second_try_too_leaves_nothing_half_done(
    sweeper: Sweeper, flow: Flow, first: Kind, second: Kind
) -> None:
    broken = []
    for number, operation in enumerate(calls(sweeper, flow)):
        if first.befalls(operation):
            try:
                sweeper.run_twice(flow, first, number, second)
            except (AssertionError, Broken) as why:
                broken.append(f"{flow.name}, {first.name} at call {number} ({operation}): {why}")
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
