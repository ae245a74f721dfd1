"""The flows of money, with every kind of fault at every call to AWS and to Stripe."""

from collections.abc import Iterator
from unittest.mock import patch

import pytest

from local.stripe.running import StandIn, give_secrets
from local.template import Template
from nexus.outside import secrets, stripe_payments
from nexus.settings import settings
from tests import cloud
from tests.faults.flow import Flow
from tests.faults.kinds import COMPLETE, CRASHES, SWEPT, Kind
from tests.faults.paying import Cards
from tests.faults.sweep import Broken, Sweeper
from tests.stripe import VARIABLES, Stripe

NAMES = (
    "purchase by card",
    "purchase by card, no key",
    "webhook of a payment",
    "refund through Stripe",
    "a seller opens an account",
    "the books are compared",
    "a payment expires",
)


@pytest.fixture(scope="module")
def flow_named(stripe_url: str, sweeper: Sweeper, template: Template) -> Iterator[dict[str, Flow]]:
    """The flows, in a house in which Stripe takes the money."""
    parameters = StandIn(stripe_url).parameters.items()
    provider = Stripe(stripe_url)
    with (
        pytest.MonkeyPatch.context() as environment,
        patch("stripe._http_client.HTTPClient._sleep_time_seconds", lambda *_: 0),
    ):
        for parameter, value in parameters:
            environment.setenv(VARIABLES[parameter], value)
        settings.cache_clear()
        secrets._others.clear()
        give_secrets(template, cloud.client("secretsmanager"))
        yield {flow.name: flow for flow in Cards(provider).flows()}
    provider.close()
    stripe_payments._http().close()
    settings.cache_clear()


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("kind", SWEPT, ids=lambda kind: kind.name)
@pytest.mark.filterwarnings("ignore:unclosed <socket:ResourceWarning")
def test_a_fault_at_any_call_leaves_no_money_behind(
    flow_named: dict[str, Flow], sweeper: Sweeper, name: str, kind: Kind
) -> None:
    flow = flow_named[name]
    if kind not in flow.only:
        pytest.skip("its caller notices nothing of it")
    broken = []
    for number, operation in enumerate(sweeper.calls(flow)):
        if kind.befalls(operation):
            try:
                sweeper.run(flow, kind, number)
            except (AssertionError, Broken) as why:
                broken.append(f"{flow.name}, {kind.name} at call {number} ({operation}): {why}")
    assert not broken, "\n".join(broken)


@pytest.mark.skipif(not COMPLETE, reason="make faults")
@pytest.mark.parametrize("name", NAMES[:5])
@pytest.mark.parametrize("second", CRASHES, ids=lambda kind: kind.name)
@pytest.mark.parametrize("first", CRASHES, ids=lambda kind: kind.name)
@pytest.mark.filterwarnings("ignore:unclosed <socket:ResourceWarning")
def test_a_fault_at_the_second_try_too_leaves_no_money_behind(
    flow_named: dict[str, Flow], sweeper: Sweeper, name: str, first: Kind, second: Kind
) -> None:
    flow, broken = flow_named[name], []
    for number, operation in enumerate(sweeper.calls(flow)):
        if first.befalls(operation):
            try:
                sweeper.run_twice(flow, first, number, second)
            except (AssertionError, Broken) as why:
                broken.append(f"{flow.name}, {first.name} at call {number} ({operation}): {why}")
    assert not broken, "\n".join(broken)


@pytest.mark.parametrize("name", NAMES[:4])
def test_what_is_sent_once_more_changes_nothing(
    flow_named: dict[str, Flow], sweeper: Sweeper, name: str
) -> None:
    sweeper.repeat(flow_named[name])
