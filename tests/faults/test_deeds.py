"""Every route that writes and every worker: what it leaves after a fault is what it leaves without.

`NEXUS_FAULTS=all` sweeps with every kind of fault. Otherwise the process ends after each call that
changes something: between two of those it leaves the same, wherever it ends.
"""

from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from typing import get_args
from unittest.mock import patch

import pytest

from jobs.app import Job as AnyJob
from local.openapi import document
from local.template import project
from nexus.outside import secrets
from nexus.search import own_copy
from nexus.table import changes
from tests.faults.deeds import ALL, Deed, Job, Receipts
from tests.faults.flow import LEASE_SECONDS, Try
from tests.faults.flows import FLOWS
from tests.faults.kinds import COMPLETE, CRASH_AFTER, KINDS, Kind
from tests.faults.sweep import MOST_TRIES, Broken, Sweeper
from tests.faults.town import Town
from tests.faults.wire import Crash, Fault, Wire

TRIED = KINDS if COMPLETE else (CRASH_AFTER,)

PURCHASE = "POST /api/models/{model_id}/purchase"
ELSEWHERE = {
    "purchase": PURCHASE,
    "upload worker": "ThumbnailsFunction",
    "promise": "POST /api/uploads",
    "complete": "POST /api/uploads/{upload_id}/complete",
    "submit": "POST /api/models",
    "approve": "POST /api/admin/models/{model_id}/approve",
    "reject": "POST /api/admin/models/{model_id}/reject",
    "register": "POST /api/auth/register",
    "log in": "POST /api/auth/login",
    "refresh": "POST /api/auth/refresh",
    "log out": "POST /api/auth/logout",
    "projector": "ProjectorFunction",
}
"""What the flows of `flows.py` are about."""
OF_MONEY = {
    "POST /api/webhooks/stripe": "webhook of a payment",
    "POST /api/users/me/payouts/onboarding": "a seller opens an account",
    "end-expired-payments": "a payment expires",
    "reconcile-payments": "the books are compared",
}
"""And those of `paying.py`."""
OF_MAIL = {"MailerFunction": "test_mails.py", "CampaignsFunction": "test_campaigns.py"}

UNSWEPT = {"resend-batch": "what `resend-mail` does, with a batch in place of a mail"}


@pytest.fixture(scope="module")
def town(sweeper: Sweeper) -> Iterator[Town]:
    with (
        patch("jobs.app.SETTLING_SECONDS", 0),
        patch.object(own_copy, "POLL_SECONDS", 0.0),
        patch.object(own_copy, "READING_SECONDS", 60.0),
        patch.object(changes, "SLOT_SECONDS", 0.001),
    ):
        yield Town(sweeper.world)


def test_every_route_and_worker_is_swept() -> None:
    swept = {each.name for each in ALL} | set(ELSEWHERE.values()) | OF_MONEY.keys() | OF_MAIL.keys()
    subjects = writing() | workers() | jobs()
    assert subjects - {name.removeprefix("job ") for name in swept} == UNSWEPT.keys()
    assert ELSEWHERE.keys() <= {flow.name for flow in FLOWS}


def writing() -> set[str]:
    operations = {
        f"{method.upper()} {path}" for path, all_ in document()["paths"].items() for method in all_
    }
    return {operation for operation in operations if not operation.startswith("GET")}


def workers() -> set[str]:
    """The functions that no caller speaks with."""
    behind_http = {
        name
        for name in project().resources("AWS::Serverless::Function")
        for event in project().properties(name).get("Events", {}).values()
        if event["Type"] == "HttpApi"
    }
    return set(project().resources("AWS::Serverless::Function")) - behind_http - {"JobsFunction"}


def jobs() -> set[str]:
    kinds = get_args(AnyJob.__value__)
    return {get_args(kind.model_fields["job"].annotation)[0] for kind in kinds}


def attempt(each: Deed | Job | Receipts, town: Town) -> Try | None:
    """None where the caller hears nothing."""
    secrets._others.clear()  # the function has just started
    try:
        return each(town)
    except Crash:
        return None


def clean(each: Deed | Job | Receipts, town: Town, wire: Wire) -> tuple[list[str], Counter[str]]:
    """The calls where nothing goes wrong, and what they leave."""
    if each.name in town.known:
        return town.known[each.name]
    town.restore()
    with wire.watched() as watch:
        tried = attempt(each, town)
    assert tried, each.name
    assert tried.well, f"{each.name} goes wrong by itself: {tried.told}"
    town.known[each.name] = watch.operations, town.settle(each.again)
    return town.known[each.name]


def sweep(each: Deed | Job | Receipts, town: Town, wire: Wire, fault: Fault, kind: Kind) -> None:
    town.restore()
    with wire.watched(fault) as watch:
        tried = attempt(each, town)
    if not watch.struck:
        raise Broken("the call did not come")
    tried = None if watch.crashed else tried
    if kind.hiccup and not (tried and tried.well):
        raise Broken(f"a hiccup that the caller notices: {tried}")
    for _ in range(MOST_TRIES):
        if tried and tried.ended:
            break
        town.world.clock.wait(LEASE_SECONDS)
        tried = attempt(each, town)
    left, right = town.settle(each.again), clean(each, town, wire)[1]
    if left != right:
        raise Broken(
            f"left {list((left - right).elements())}, not {list((right - left).elements())}"
        )


@pytest.mark.parametrize("each", ALL, ids=lambda each: each.name)
@pytest.mark.parametrize("kind", TRIED, ids=lambda kind: kind.name)
@pytest.mark.filterwarnings("ignore:unclosed <socket:ResourceWarning")
def test_a_fault_at_any_call_leaves_what_no_fault_leaves(
    town: Town, sweeper: Sweeper, each: Deed | Job | Receipts, kind: Kind
) -> None:
    broken = []
    operations, _ = clean(each, town, sweeper.wire)
    for number, operation in enumerate(filter(kind.befalls, operations)):
        fault = replace(kind.at(number), counts=kind.befalls)
        try:
            sweep(each, town, sweeper.wire, fault, kind)
        except (AssertionError, Broken) as why:
            broken.append(f"{each.name}, {kind.name} at call {number} ({operation}): {why}")
    assert not broken, "\n".join(broken)
