"""What SendGrid tells: believed if it has signed it, counted once, in whatever order it comes."""

import itertools
import json
from base64 import b64decode, b64encode
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec

from local.postbox import events
from local.postbox.sink import Mail, Sink
from nexus.receipts.schemas import Event
from nexus.receipts.service import merge
from nexus.statistics.contributions import contribution
from nexus.statistics.reconciliation import reconcile
from nexus.table.receipts import ReceiptItem
from tests import cloud, mailroom, postbox, stream
from tests.gateway import Caller
from tests.mailroom import about, begin, carry_out, shown, tell, written
from tests.people import Person, an_admin

NOON = datetime(2026, 5, 1, 12, tzinfo=UTC)
HOOK = "/api/webhooks/sendgrid"


@pytest.fixture(autouse=True)
def _alive(living_house: None, sink: Sink) -> None:
    """The house's mails arrive in the sink."""


@pytest.fixture
def admin(_alive: None) -> Person:
    return an_admin("root")


@pytest.fixture
def ada(_alive: None) -> Person:
    return Person("ada")


@pytest.fixture
def campaign_id(admin: Person, ada: Person, sink: Sink) -> int:
    """A campaign that Ada and the admin got."""
    carry_out()
    sink.empty()
    campaign_id = written(admin)
    begin(admin, campaign_id)
    carry_out()
    return campaign_id


@pytest.fixture
def mail(campaign_id: int, ada: Person, sink: Sink) -> Mail:
    [found] = sink.to(ada.email)
    return found


def counted(admin: Person, campaign_id: int) -> dict[str, int]:
    names = ("delivered", "opened", "clicked", "machine_opened", "machine_clicked", "bounced",
             "complained", "unsubscribed")  # fmt: skip
    campaign = shown(admin, campaign_id)
    return {name: campaign[name] for name in names if campaign[name]}


def test_opens_and_clicks_of_people_are_counted_once_each(
    admin: Person, campaign_id: int, mail: Mail
) -> None:
    later = NOON + timedelta(minutes=3)
    told = [
        *about(mail, "delivered", at=NOON),
        *about(mail, "open", "click", "open", "click", at=later),
    ]
    for _ in range(3):
        assert tell(*told).status_code == 200

    assert counted(admin, campaign_id) == {"delivered": 1, "opened": 1, "clicked": 1}


def test_an_export_holds_what_we_were_told_of_campaigns_mails(
    ada: Person, admin: Person, campaign_id: int, mail: Mail
) -> None:
    later = NOON + timedelta(minutes=3)
    tell(*about(mail, "delivered", at=NOON), *about(mail, "open", at=later))
    tell(*about(mail, "open", at=later + timedelta(days=1)))

    [told] = ada.get("/api/users/me/export").json()["campaign_mails"]

    assert told == {
        "campaign_id": campaign_id,
        "subject": shown(admin, campaign_id)["subject"],
        "delivered_at": "2026-05-01T12:00:00Z",
        "first_open": "2026-05-01T12:03:00Z",
        "last_open": "2026-05-02T12:03:00Z",
        "first_click": None,
        "last_click": None,
        "bounced": False,
        "complained": False,
        "unsubscribed": False,
    }
    assert admin.get("/api/users/me/export").json()["campaign_mails"] == []


def test_machines_are_counted_apart(admin: Person, campaign_id: int, mail: Mail) -> None:
    later = NOON + timedelta(minutes=3)
    scanner = {"useragent": "Mozilla/5.0 (compatible; Barracuda Sentinel)"}
    tell(
        *about(mail, "delivered", at=NOON),
        *about(mail, "open", at=later, sg_machine_open=True),
        *about(mail, "open", at=NOON + timedelta(seconds=1)),
        *about(mail, "click", at=NOON + timedelta(seconds=2)),
        *about(mail, "click", at=later, **scanner),
    )

    machines = {"delivered": 1, "machine_opened": 1, "machine_clicked": 1}
    assert counted(admin, campaign_id) == machines


def test_any_order_comes_to_the_same() -> None:
    told = [
        Event(event="delivered", timestamp=NOON),
        Event(event="open", timestamp=NOON + timedelta(seconds=2)),
        Event(event="open", timestamp=NOON + timedelta(seconds=60)),
        Event(event="click", timestamp=NOON + timedelta(seconds=1)),
        Event(event="bounce", timestamp=NOON, type="blocked"),
        Event(event="spamreport", timestamp=NOON),
    ]
    ends = set()
    for order in itertools.permutations(told):
        receipt = ReceiptItem("pk", "sk", campaign_id=1, user_id=2)
        for event in (*order, order[0]):
            merge(receipt, event)
        ends.add(json.dumps(receipt.serialize(), sort_keys=True))

    assert len(ends) == 1
    [sums] = contribution(receipt).values()
    assert sums == {
        "delivered": 1, "opened": 1, "machine_opened": 1, "machine_clicked": 1, "complained": 1
    }  # fmt: skip


@pytest.mark.parametrize(
    ("kind", "more", "problem"),
    [
        ("bounce", {}, "bounced"),
        ("bounce", {"type": "blocked"}, None),
        ("dropped", {"reason": "Bounced Address"}, "bounced"),
        ("dropped", {"reason": "Invalid"}, "bounced"),
        ("dropped", {"reason": "Invalid SMTPAPI header"}, None),
        ("dropped", {"reason": "Spam Reporting Address"}, "complained"),
        ("dropped", {"reason": "Unsubscribed Address"}, None),
        ("spamreport", {}, "complained"),
        ("deferred", {}, None),
    ],
)
def test_hard_bounces_and_complaints_end_the_news(
    admin: Person, ada: Person, mail: Mail, sink: Sink, kind: str, more: Any, problem: str | None
) -> None:
    tell(*about(mail, kind, at=NOON, **more))
    assert ada.get("/api/users/me").json()["mail_problem"] == problem
    sink.empty()
    begin(admin, written(admin))
    carry_out()

    assert len(sink.to(ada.email)) == (problem is None)


def test_a_bounce_of_a_transactional_mail_ends_the_news_too(
    ada: Person, admin: Person, sink: Sink
) -> None:
    carry_out()
    tell(*about(sink.to(ada.email)[0], "bounce", at=NOON))

    assert ada.get("/api/users/me").json()["mail_problem"] == "bounced"


def test_leaving_at_the_provider_is_leaving(
    admin: Person, ada: Person, campaign_id: int, mail: Mail
) -> None:
    tell(*about(mail, "unsubscribe", at=NOON))

    assert ada.get("/api/users/me").json()["wants_news"] is False
    assert counted(admin, campaign_id) == {"unsubscribed": 1}


def test_events_of_others_mails_are_passed_over(mail: Mail) -> None:
    before = cloud.rows()
    strange = [
        events.event(mail, "bounce", NOON, receipt=receipt)
        for receipt in (None, 5, "", "campaign 1 1 1.forged", mail.custom_args["receipt"] + "x")
    ]
    assert tell(*strange).json() == {"message": "0 events taken"}
    assert cloud.rows() == before


def hook(body: bytes, headers: dict[str, str]) -> int:
    return Caller().post(HOOK, content=body, headers=headers).status_code


def signed_by_another(body: bytes, timestamp: str) -> str:
    key = ec.generate_private_key(ec.SECP256R1())
    return b64encode(key.sign(timestamp.encode() + body, ec.ECDSA(hashes.SHA256()))).decode()


def test_only_what_sendgrid_has_signed_just_now_is_believed(mail: Mail) -> None:
    now = datetime.now(UTC)
    told = list(about(mail, "delivered", at=now))
    body, headers = events.signed(told, now)
    signature, timestamp = headers[events.SIGNATURE], headers[events.TIMESTAMP]
    flipped = bytearray(b64decode(signature))
    flipped[-1] ^= 1
    before = cloud.rows()

    def variant(**changed: str) -> dict[str, str]:
        names = {"signature": events.SIGNATURE, "timestamp": events.TIMESTAMP}
        return headers | {names[name]: value for name, value in changed.items()}

    refused = [
        (body, {}),
        (body, {events.SIGNATURE: signature}),
        (body, {events.TIMESTAMP: timestamp}),
        (body, variant(signature="")),
        (body, variant(signature="no base64!")),
        (body, variant(signature=signature[:-8])),
        (body, variant(signature=b64encode(flipped).decode())),
        (body, variant(signature=signed_by_another(body, timestamp))),
        (body, variant(timestamp=str(int(timestamp) + 1))),
        (body, variant(timestamp="")),
        (body, variant(timestamp="now")),
        (body, variant(timestamp="9" * 30)),
        (body + b" ", headers),
        (body.replace(b"delivered", b"processed"), headers),
        (b"", headers),
        (json.dumps(json.loads(body)).encode(), headers),
        events.signed(told, now - timedelta(minutes=6)),
        events.signed(told, now + timedelta(minutes=6)),
    ]
    assert {hook(*each) for each in refused} == {403}
    assert cloud.rows() == before
    assert postbox.count("ReceiptsQueue") == 0
    assert hook(body, headers) == 200


def signed(body: bytes) -> dict[str, str]:
    now = datetime.now(UTC)
    timestamp = str(int(now.timestamp()))
    signature = events._key().sign(timestamp.encode() + body, ec.ECDSA(hashes.SHA256()))
    return {events.SIGNATURE: b64encode(signature).decode(), events.TIMESTAMP: timestamp}


@pytest.mark.parametrize(
    ("body", "status"),
    [
        (b"[]", 200),
        (b"{}", 422),
        (b"nothing", 422),
        (b"\xff\xfe\x00", 422),
        (b'[{"event": "open"}]', 422),
        (b'[{"event": "open", "timestamp": "soon"}]', 422),
        (b"[" * 100_000, 422),
        ('[{"event": "\U0001f48c", "timestamp": 1}]\r\n'.encode(), 200),
        (b'[{"event": ["open"], "timestamp": 1, "receipt": {"a": 1}}]', 200),
        (b" " * (1024 * 1024 + 1), 413),
    ],
)
def test_whatever_is_signed_is_no_error_of_ours(body: bytes, status: int) -> None:
    assert hook(body, signed(body)) == status


def test_a_full_post_of_events_is_taken_at_once(mail: Mail) -> None:
    """SendGrid collects up to 768 KB; they are looked at later, in pieces."""
    told = list(about(mail, "open", at=NOON, filler="x" * 300)) * 1200
    body, headers = events.signed(told, datetime.now(UTC))
    assert 700_000 < len(body) < 1024 * 1024
    with cloud.calls() as names:
        assert hook(body, headers) == 200
    assert set(names) <= {"SendMessage", "GetSecretValue"}
    assert postbox.count("ReceiptsQueue") == 12


def test_the_job_that_recounts_finds_nothing_wrong(
    admin: Person, campaign_id: int, mail: Mail
) -> None:
    later = NOON + timedelta(minutes=3)
    tell(*about(mail, "delivered", at=NOON), *about(mail, "open", at=later))
    stream.settle()

    repair = reconcile(lambda: None)
    assert repair.drift == 0, repair
    assert mailroom.batches()[0].state == "sent"
