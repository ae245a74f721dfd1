"""Whatever is not signed by Stripe, as it is, at this moment, is refused and changes nothing."""

import base64
import json
import time
from collections.abc import Callable
from typing import Any

import pytest

from local.stripe.deliveries import signed
from local.stripe.running import CONNECT_SECRET, WEBHOOK_SECRET
from local.template import project
from nexus.outside import secrets
from nexus.table.purchases import TransactionItem
from tests import cloud, stripe
from tests.gateway import Context, handler
from tests.people import Person
from tests.stripe import Event, Stripe, send, tell
from tests.workshop import stocked

OLD_SECRET = WEBHOOK_SECRET + "_of_yesterday"
WRITES = {"PutItem", "UpdateItem", "DeleteItem", "TransactWriteItems", "BatchWriteItem"}


@pytest.fixture
def paid(provider: Stripe, creator: Person, buyer: Person) -> Event:
    """What Stripe tells of a payment that was made, and that we have not heard of yet."""
    told = buyer.post(f"/api/models/{stocked(creator)}/purchase").json()
    provider.pay(told)
    [event] = provider.fresh()
    return event


def status() -> str:
    [sale] = cloud.of_kind(TransactionItem)
    return sale.status


def now() -> int:
    return int(time.time())


def good(body: bytes) -> str:
    return signed(body, WEBHOOK_SECRET, now())


def v1(body: bytes) -> str:
    return good(body).partition("v1=")[2]


type Forgery = Callable[[bytes], tuple[bytes, str | None]]

FORGERIES: dict[str, Forgery] = {
    "no signature": lambda body: (body, None),
    "an empty signature": lambda body: (body, ""),
    "nonsense": lambda body: (body, "nonsense"),
    "only a time": lambda body: (body, f"t={now()}"),
    "no time": lambda body: (body, f"v1={v1(body)}"),
    "a time that is none": lambda body: (body, f"t=now,v1={v1(body)}"),
    "v1 stripped to v0": lambda body: (body, good(body).replace("v1=", "v0=")),
    "an empty v1": lambda body: (body, f"t={now()},v1="),
    "v1 cut short": lambda body: (body, good(body)[:-1]),
    "v1 in capitals": lambda body: (body, f"t={now()},v1={v1(body).upper()}"),
    "another secret": lambda body: (body, signed(body, "whsec_of_another", now())),
    "no secret": lambda body: (body, signed(body, "", now())),
    "too old": lambda body: (body, signed(body, WEBHOOK_SECRET, now() - 301)),
    "very old": lambda body: (body, signed(body, WEBHOOK_SECRET, 1)),
    "in the future": lambda body: (body, signed(body, WEBHOOK_SECRET, now() + 330)),
    "far in the future": lambda body: (body, signed(body, WEBHOOK_SECRET, now() + 10**9)),
    "an old time made new": lambda body: (
        body,
        f"t={now()},v1={signed(body, WEBHOOK_SECRET, now() - 4000).partition('v1=')[2]}",
    ),
    "serialised again": lambda body: (json.dumps(json.loads(body)).encode(), good(body)),
    "a space more": lambda body: (body + b" ", good(body)),
    "line ends changed": lambda body: (body.replace(b"\n", b"\r\n"), good(body)),
    "another amount": lambda body: (body.replace(b"1999", b"1"), good(body)),
    "an empty body": lambda body: (b"", good(body)),
    "not text": lambda body: (b"\xff\xfe" + body, good(body)),
    "a signature of the body alone": lambda body: (body, f"t={now()},v1={'0' * 64}"),
}


@pytest.mark.parametrize("how", FORGERIES)
def test_a_forgery_is_refused_and_nothing_is_written(how: str, paid: Event) -> None:
    body, signature = FORGERIES[how](json.dumps(paid, indent=2).encode())

    with cloud.calls() as calls:
        answer = send(body, signature)

    assert answer.status_code == 400, answer.text
    assert answer.json()["detail"] == "This is not signed by Stripe"
    assert not WRITES & set(calls)
    assert status() == "pending"


def test_what_is_signed_is_taken_and_taken_once(paid: Event) -> None:
    assert [tell(paid).json()["message"] for _ in range(3)] == ["Taken"] * 3

    assert status() == "completed"


@pytest.mark.parametrize("skew", [-290, 290])
def test_clocks_may_differ_by_minutes(skew: int, paid: Event) -> None:
    assert tell(paid, at=now() + skew).status_code == 200


def test_the_bytes_are_what_is_signed_whatever_they_are(paid: Event) -> None:
    paid["data"]["object"]["description"] = "Château 🏰"
    body = json.dumps(paid, indent=2, ensure_ascii=False).encode().replace(b"\n", b"\r\n")

    assert send(body, good(body)).status_code == 200
    assert status() == "completed"


def test_a_body_in_base64_is_decoded_once(paid: Event) -> None:
    body = json.dumps(paid).encode()
    event: dict[str, Any] = json.loads(
        (project().folder / "events/webhooks/payment.json").read_text()
    )
    event["headers"]["stripe-signature"] = good(body)
    event |= {"body": base64.b64encode(body).decode(), "isBase64Encoded": True}

    assert handler("WebhooksFunction")(event, Context())["statusCode"] == 200
    assert status() == "completed"


@pytest.mark.parametrize("secret", [WEBHOOK_SECRET, CONNECT_SECRET])
def test_each_of_the_two_endpoints_signs_with_its_own_secret(secret: str, paid: Event) -> None:
    assert tell(paid, secret).json()["message"] == "Taken"


def test_two_secrets_live_while_they_are_changed(paid: Event) -> None:
    name = project().name("StripeWebhookSecret")
    keep = cloud.client("secretsmanager").put_secret_value
    keep(SecretId=name, SecretString=f"{OLD_SECRET} {CONNECT_SECRET}")
    keep(SecretId=name, SecretString=f"{WEBHOOK_SECRET} {CONNECT_SECRET}")
    secrets._others.clear()

    assert tell(paid, OLD_SECRET).status_code == 200
    assert tell(paid).status_code == 200
    assert status() == "completed"


@pytest.mark.parametrize("kind", ["customer.created", "charge.succeeded", "invented"])
def test_what_does_not_concern_us_is_passed_over(kind: str, paid: Event) -> None:
    with cloud.calls() as calls:
        answer = tell(paid | {"type": kind})

    assert (answer.status_code, answer.json()["message"]) == (200, "Ignored")
    assert not WRITES & set(calls)


def test_a_payment_of_someone_elses_is_passed_over(paid: Event) -> None:
    intent: dict[str, Any] = {**paid["data"]["object"], "id": "pi_elsewhere", "metadata": {}}

    answer = tell(paid | {"data": {"object": intent}})

    assert (answer.status_code, answer.json()["message"]) == (200, "Unknown payment")
    assert status() == "pending"


@pytest.mark.usefixtures("provider")
def test_the_door_is_for_posts_only(buyer: Person) -> None:
    assert buyer.get("/api/webhooks/stripe").status_code == 404
    assert stripe.send(b"{}", None).status_code == 400
