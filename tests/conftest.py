# ruff: noqa: E402  the environment comes first: nexus reads it when it is imported
"""A moto in place of AWS, made from template.yaml, and the environment of its functions."""

import asyncio
import os
from collections.abc import Iterator

import pytest
from pytest_socket import disable_socket, enable_socket

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

from local.postbox.sink import Sink
from nexus.accounts import passwords
from tests import cloud, invariants, postbox, workshop


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
def house(aws: None, no_sockets: None, fast_hasher: None) -> Iterator[None]:
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
