"""Each sample event of events/, replayed through its handler."""

import json
from typing import Any

import pytest

from local.template import PROJECT, project
from nexus.table import keys
from nexus.table.counters import CountersItem
from nexus.table.items import find
from nexus.table.users import UserItem
from tests import cloud
from tests.gateway import Context, handler
from tests.people import Person

FUNCTIONS = project().resources("AWS::Serverless::Function")


def sample(path: str) -> Any:
    return json.loads((PROJECT / "events" / path).read_text())


def replay(path: str) -> Any:
    """What the function answers; the folder is that of its code."""
    group = path.partition("/")[0]
    [function] = [
        name for name, each in FUNCTIONS.items() if each["Handler"].startswith(f"{group}.")
    ]
    return handler(function)(sample(path), Context())


def test_every_function_has_a_sample_and_every_sample_a_function() -> None:
    groups = {each["Handler"].partition(".")[0] for each in FUNCTIONS.values()}
    sampled = {path.parent.name for path in (PROJECT / "events").glob("*/*.json")}

    assert groups - {"admin"} <= sampled <= groups, "the admin's door needs a living token"


def test_register() -> None:
    answer = replay("accounts/register.json")

    assert answer["statusCode"] == 201
    assert json.loads(answer["body"])["user"]["email"] == "ada@example.com"
    assert len(cloud.of_kind(UserItem)) == 1


def test_welcome() -> None:
    answer = replay("content/welcome.json")

    assert answer["statusCode"] == 200
    assert json.loads(answer["body"]) == {"message": "Nexus Models API"}


def test_lists() -> None:
    for path in ("models/list.json", "bounties/list.json"):
        answer = replay(path)
        assert (answer["statusCode"], json.loads(answer["body"])) == (200, [])


def test_make_admin() -> None:
    ada = Person("ada")

    assert replay("jobs/make-admin.json") == {"job": "make-admin", "user_id": ada.id}


def test_payment() -> None:
    """Signed by someone else, and long ago."""
    assert replay("webhooks/payment.json")["statusCode"] == 400


def test_purchase() -> None:
    assert replay("projector/purchase.json") == {"batchItemFailures": []}

    sums = find(CountersItem, keys.PLATFORM_COUNTERS)
    assert sums is not None
    assert (sums.sales, sums.revenue_cents, sums.fees_cents) == (1, 1999, 150)


@pytest.mark.parametrize("name", ["upload", "test-event"])
def test_uploads(name: str) -> None:
    """The upload is of nobody here: it is thrown away, and the message is done."""
    answer = replay(f"thumbnails/{name}.json")

    assert answer == {"batchItemFailures": []}


@pytest.mark.parametrize("path", ["mailer/mail", "campaigns/batch", "receipts/events"])
def test_messages_about_mails(path: str) -> None:
    """There is no such mail here, so the message is done."""
    assert replay(f"{path}.json") == {"batchItemFailures": []}
