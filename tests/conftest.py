# ruff: noqa: E402  the environment comes first: nexus reads it when it is imported
"""A moto in place of AWS, made from template.yaml, and the environment of its functions."""

import asyncio
import contextlib
import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from pytest_socket import disable_socket, enable_socket, socket_allow_hosts

from local.stripe.running import StandIn, give_secrets
from local.template import project

for _function in project().resources("AWS::Serverless::Function"):
    os.environ |= project().environment(_function)
os.environ |= {
    "AWS_ACCESS_KEY_ID": "testing",
    "AWS_ACCOUNT_ID_ENDPOINT_MODE": "disabled",  # moto has no streams at such endpoints
    "AWS_DEFAULT_REGION": "us-east-1",
    "AWS_SECRET_ACCESS_KEY": "testing",
    "POWERTOOLS_SERVICE_NAME": "tests",
}
os.environ.pop("AWS_ENDPOINT_URL", None)
asyncio.set_event_loop(asyncio.new_event_loop())  # Lambda's runtime has one; Mangum asks for it

from argon2 import PasswordHasher
from coverage import Coverage

from imaging import sandbox
from local.postbox.sink import Sink
from nexus.accounts import passwords
from nexus.outside import secrets, stripe_payments
from nexus.search import own_copy
from nexus.settings import settings
from nexus.table import changes
from tests import cloud, covered_child, grants, invariants, postbox, stripe, workshop

grants.listen()
if Coverage.current():
    sandbox._CHILD = Path(covered_child.__file__)


@pytest.fixture(scope="module")
def aws() -> Iterator[None]:
    """What template.yaml declares, in a moto that only the tests of one file see."""
    with cloud.made():
        yield


@pytest.fixture
def no_sockets() -> Iterator[None]:
    disable_socket(allow_unix_socket=True)
    yield
    enable_socket()


@pytest.fixture
def fast_hasher(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setattr(passwords, "HASHER", PasswordHasher(1, 8, 1))
    passwords._no_ones_hash.cache_clear()
    yield
    passwords._no_ones_hash.cache_clear()


@pytest.fixture
def fresh_lists(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody waits for the second that a list may be old, or for its counters."""
    monkeypatch.setattr(own_copy, "POLL_SECONDS", 0.0)
    monkeypatch.setattr(own_copy, "READING_SECONDS", 60.0)
    monkeypatch.setattr(changes, "SLOT_SECONDS", 0.001)


@pytest.fixture
def house(aws: None, no_sockets: None, fast_hasher: None, fresh_lists: None) -> Iterator[None]:
    """An empty house without a way out; afterwards its facts must agree with each other."""
    cloud.forget()
    workshop.category("Buildings")
    yield
    stored = cloud.items()
    cloud.empty()
    invariants.check(stored)


@pytest.fixture
def living_house(house: None) -> Iterator[None]:
    """A house whose table tells of its changes; `stream.settle()` lets them have their effects."""
    with cloud.streaming():
        yield


@pytest.fixture
def sink() -> Iterator[Sink]:
    """Where mails arrive."""
    with postbox.opened() as sink:
        yield sink


@pytest.fixture(scope="session")
def stripe_url() -> Iterator[str]:
    """Stripe's stand-in, for as long as there are tests."""
    with stripe.running() as url:
        yield url


@pytest.fixture
def provider(
    stripe_url: str, house: None, monkeypatch: pytest.MonkeyPatch
) -> Iterator[stripe.Stripe]:
    """A house in which Stripe takes the money; the one way out leads to its stand-in."""
    enable_socket()
    socket_allow_hosts(["127.0.0.1"], allow_unix_socket=True)
    for parameter, value in StandIn(stripe_url).parameters.items():
        monkeypatch.setenv(stripe.VARIABLES[parameter], value)
    settings.cache_clear()
    secrets._others.clear()
    give_secrets(project(), cloud.client("secretsmanager"))
    with contextlib.closing(stripe.Stripe(stripe_url)) as provider:
        provider.forget()
        yield provider
    stripe_payments._http().close()
    settings.cache_clear()
    socket_allow_hosts(None)
