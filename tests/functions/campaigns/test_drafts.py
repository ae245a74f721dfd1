"""Campaigns, as the admins write them."""

import json
from typing import Any

import pytest

from local.postbox.sink import Sink
from nexus.table.receipts import ReceiptItem
from tests import cloud, stream
from tests.gateway import Caller
from tests.mailroom import CAMPAIGN, begin, carry_out, shown, written
from tests.people import Person


def test_a_campaign_has_the_contracts_shape(admin: Person) -> None:
    campaign = shown(admin, written(admin))

    assert {name: campaign[name] for name in CAMPAIGN} == CAMPAIGN
    assert campaign["status"] == "draft"
    assert [campaign[name] for name in ("sent", "opened", "clicked")] == [0, 0, 0]
    assert [campaign[name] for name in ("scheduled_at", "sent_at")] == [None, None]
    assert campaign["created_at"].endswith("Z")


def test_campaigns_are_listed_newest_first(admin: Person) -> None:
    ids = {written(admin, name=str(number)) for number in range(3)}

    listed = admin.get("/api/admin/campaigns").json()
    assert {each["id"] for each in listed} == ids
    assert [each["id"] for each in listed] == sorted(ids, reverse=True)


def test_a_campaign_is_edited_on_the_version_one_has_seen(admin: Person) -> None:
    campaign_id = written(admin)
    path = f"/api/admin/campaigns/{campaign_id}"
    etag = admin.get(path).headers["etag"]

    edited = admin.patch(path, json={"content": "<p>Other</p>"}, headers={"If-Match": etag})
    assert edited.json()["content"] == "<p>Other</p>"
    again = admin.patch(path, json={"name": "June"}, headers={"If-Match": etag})
    assert again.status_code == 412
    assert admin.patch(path, json={"name": "June"}).status_code == 428


def test_a_retry_makes_no_second_campaign(admin: Person) -> None:
    headers = {"Idempotency-Key": "once"}
    answers = [admin.post("/api/admin/campaigns", json=CAMPAIGN, headers=headers) for _ in "ab"]

    assert len({answer.json()["id"] for answer in answers}) == 1


@pytest.mark.parametrize(
    "wrong",
    [
        {"subject": "News\r\nBcc: everyone@example.com"},
        {"subject": "News\x00"},
        {"subject": "News\u2028Bcc: x"},
        {"subject": ""},
        {"subject": "x" * 121},
        {"name": "a\nb"},
        {"content": "  "},
        {"content": "x" * 100_001},
        {"content": "\ud800"},
        {"segment": "everyone"},
        {"segment": None},
        {"status": "sent"},
        {"sent": 5},
    ],
)
def test_what_no_campaign_can_be_is_refused(admin: Person, wrong: dict[str, Any]) -> None:
    answer = admin.post(
        "/api/admin/campaigns",
        content=json.dumps(CAMPAIGN | wrong).encode(),
        headers={"Content-Type": "application/json"},
    )
    assert answer.status_code == 422
    assert answer.json()["errors"]


def test_two_megabytes_are_too_much(admin: Person) -> None:
    answer = admin.post("/api/admin/campaigns", json=CAMPAIGN | {"content": "x" * 2_000_000})

    assert answer.status_code == 413
    assert answer.headers["content-type"] == "application/problem+json"


def test_the_preview_shows_the_mail_and_counts_the_segment(admin: Person) -> None:
    for number in range(2):
        Person(f"user{number}")
    stream.settle()
    campaign_id = written(admin, content="<p>Hi</p><script>1</script>")

    preview = admin.get(f"/api/admin/campaigns/{campaign_id}/preview").json()
    assert preview["recipients"] == 3
    assert preview["subject"] == "News of May"
    assert "<p>Hi</p>" in preview["html"]
    assert "script" not in preview["html"]
    assert preview["text"].startswith("Hi\n")


def test_an_admin_tries_a_campaign_on_themselves(admin: Person, sink: Sink) -> None:
    Person("other")
    carry_out()
    sink.empty()
    campaign_id = written(admin)
    assert admin.post(f"/api/admin/campaigns/{campaign_id}/test").status_code == 202
    carry_out()

    [mail] = sink.mails
    assert (mail.to, mail.subject) == (admin.email, "News of May")
    link = mail.headers["List-Unsubscribe"].strip("<>")
    assert link in mail.html
    assert Caller().post(link.removeprefix("http://localhost:8000")).status_code == 200
    carry_out()
    assert admin.get("/api/users/me").json()["wants_news"] is False, "the link works"
    assert [shown(admin, campaign_id)[each] for each in ("sent", "unsubscribed")] == [0, 0]
    assert cloud.of_kind(ReceiptItem) == []


def test_trying_a_campaign_is_no_edit_of_it(admin: Person) -> None:
    path = f"/api/admin/campaigns/{written(admin)}"
    etag = admin.get(path).headers["etag"]
    admin.post(f"{path}/test")

    edit = admin.patch(path, json={"name": "June"}, headers={"If-Match": etag})
    assert edit.status_code == 200


def test_a_draft_is_deleted(admin: Person) -> None:
    campaign_id = written(admin)
    path = f"/api/admin/campaigns/{campaign_id}"

    assert admin.delete(path).status_code == 204
    assert admin.get(path).status_code == 404
    assert admin.delete(path).status_code == 404


def test_nobody_in_the_segment_is_told(admin: Person) -> None:
    stream.settle()
    answer = begin(admin, written(admin, segment="buyers"))

    assert (answer.status_code, answer.json()["detail"]) == (409, "Nobody is in this segment")


MAILING = {"subject": "Sale", "content": "<p>Now</p>", "segment": "all"}

SUBJECT, REST = ({"subject": MAILING["subject"]}, MAILING | {"subject": "Another"})


@pytest.mark.parametrize(
    "said",
    [{"params": MAILING}, {"json": MAILING}, {"params": MAILING, "json": {}},
     {"params": REST, "json": SUBJECT}],
)  # fmt: skip
def test_the_storefronts_own_call_mails_at_once(
    admin: Person, sink: Sink, said: dict[str, Any]
) -> None:
    Person("other")
    carry_out()
    sink.empty()

    answer = admin.post("/api/admin/emails/send", **said)
    assert answer.json() == {"message": "Email sent to 2 users"}
    carry_out()
    assert {mail.subject for mail in sink.mails} == {"Sale"}
    assert len(sink.mails) == 2
    [campaign] = admin.get("/api/admin/campaigns").json()
    assert (campaign["name"], campaign["status"], campaign["sent"]) == ("Sale", "sent", 2)
    assert campaign["sent_at"] == campaign["created_at"]
    [deed] = admin.get("/api/admin/audit").json()
    assert (deed["action"], deed["detail"]) == ("campaign.send", "Sale")


@pytest.mark.parametrize(
    "wrong", [{"segment": "nobody"}, {"subject": "a\r\nb"}, {"content": " "}, {"x": "y"}]
)
def test_the_storefronts_call_with_bad_input_is_refused(
    admin: Person, wrong: dict[str, str]
) -> None:
    assert admin.post("/api/admin/emails/send", json=MAILING | wrong).status_code == 422
    if "x" not in wrong:
        assert admin.post("/api/admin/emails/send", params=MAILING | wrong).status_code == 422
    assert admin.post("/api/admin/emails/send").status_code == 422


@pytest.mark.parametrize("headers", [{"Idempotency-Key": "sale"}, {}])
def test_the_storefronts_call_twice_mails_once(
    admin: Person, sink: Sink, headers: dict[str, str]
) -> None:
    carry_out()
    sink.empty()
    for _ in "ab":
        answer = admin.post("/api/admin/emails/send", json=MAILING, headers=headers)
        assert answer.json() == {"message": "Email sent to 1 users"}
    carry_out()

    assert len(sink.mails) == 1
