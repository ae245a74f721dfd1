"""What admins and others send by mistake or by malice: told as the contract tells errors, and
nothing comes of it.
"""

from datetime import UTC, datetime, timedelta
from typing import Any
from unittest.mock import patch

import httpx
import pytest

from local.postbox import events
from local.postbox.sink import Sink
from nexus.campaigns import service
from nexus.outside.seals import seal
from nexus.table.campaigns import change_campaign
from tests import cloud, postbox
from tests.gateway import Caller
from tests.mailroom import CAMPAIGN, about, begin, carry_out, tell, written
from tests.people import Person, an_admin
from tests.races.race import race

HOOK = "/api/webhooks/sendgrid"


def told(answer: httpx.Response, status: int) -> Any:
    """The problem document of an answer that must have this status."""
    assert answer.status_code == status, answer.text
    assert answer.headers["content-type"] == "application/problem+json"
    problem = answer.json()
    assert problem.keys() >= {"type", "title", "status", "detail", "request_id"}
    assert isinstance(problem["detail"], str)
    assert ("errors" in problem) == (status == 422)
    return problem


def place(answer: httpx.Response) -> list[str]:
    """Which field of the input a 422 blames."""
    [error] = told(answer, 422)["errors"]
    return list(error["loc"])


def schedule(admin: Person, campaign_id: int, when: str) -> httpx.Response:
    path = f"/api/admin/campaigns/{campaign_id}/schedule"
    return admin.post(path, json={"scheduled_at": when})


def in_days(days: float) -> str:
    return (datetime.now(UTC) + timedelta(days=days)).isoformat()


@pytest.mark.parametrize("when", [-1, 730, "2027-05-01T12:00:00", "2027-05-01", "soon", ""])
def test_a_time_that_is_past_far_or_without_a_zone(admin: Person, when: int | str) -> None:
    campaign_id = written(admin)
    before = cloud.rows()

    wanted = when if isinstance(when, str) else in_days(when)
    assert place(schedule(admin, campaign_id, wanted)) == ["body", "scheduled_at"]
    assert cloud.rows() == before


def test_an_empty_segment(admin: Person) -> None:
    carry_out()
    campaign_id = written(admin, segment="buyers")
    before = cloud.rows()
    mailing = {"subject": "Sale", "content": "<p>Now</p>", "segment": "buyers"}

    for answer in (begin(admin, campaign_id), admin.post("/api/admin/emails/send", json=mailing)):
        assert told(answer, 409)["detail"] == "Nobody is in this segment"
    assert cloud.rows() == before


@pytest.mark.parametrize("subject", ["a\r\nBcc: b@example.com", "a\nb", "a\rb", "a\u2028b"])
def test_a_subject_of_more_lines_than_one(admin: Person, subject: str) -> None:
    campaign_id = written(admin)
    before = cloud.rows()
    mailing = {"subject": subject, "content": "<p>Now</p>", "segment": "all"}
    patched = admin.patch(
        f"/api/admin/campaigns/{campaign_id}", json={"subject": subject}, headers={"If-Match": "*"}
    )
    answers = [
        patched,
        admin.post("/api/admin/campaigns", json=CAMPAIGN | {"subject": subject}),
        admin.post("/api/admin/emails/send", json=mailing),
    ]

    assert [place(answer) for answer in answers] == [["body", "subject"]] * 3
    assert place(admin.post("/api/admin/emails/send", params=mailing)) == ["query", "subject"]
    assert cloud.rows() == before


def test_two_megabytes_of_html(admin: Person) -> None:
    before = cloud.rows()
    for path in ("/api/admin/campaigns", "/api/admin/emails/send"):
        told(admin.post(path, json=CAMPAIGN | {"content": "<p>x</p>" * 250_000}), 413)
    assert cloud.rows() == before


def test_scheduling_what_was_sent(admin: Person) -> None:
    carry_out()
    campaign_id = written(admin)
    begin(admin, campaign_id)
    carry_out()
    before = cloud.rows()

    answer = schedule(admin, campaign_id, in_days(1))
    assert told(answer, 409)["detail"] == "This campaign is sent"
    assert cloud.rows() == before
    assert cloud.client("scheduler").list_schedules()["Schedules"] == []


def test_two_admins_who_send_at_the_very_same_moment(admin: Person, sink: Sink) -> None:
    """The other one sends between what this one reads and what it writes."""
    other = an_admin("other")
    carry_out()
    sink.empty()
    campaign_id = written(admin)
    answers: list[httpx.Response] = []

    def meanwhile(*arguments: Any) -> None:
        with patch.object(service, "change_campaign", change_campaign):
            answers.extend(race([lambda: begin(other, campaign_id)]))
        change_campaign(*arguments)

    with patch.object(service, "change_campaign", meanwhile):
        late = begin(admin, campaign_id)
    carry_out()

    assert [answer.status_code for answer in answers] == [200]
    told(late, 409)
    assert sorted(mail.to for mail in sink.mails) == sorted([admin.email, other.email])


def test_a_webhook_that_is_unsigned_or_replayed(admin: Person, sink: Sink) -> None:
    carry_out()
    sink.empty()
    begin(admin, written(admin))
    carry_out()
    now = datetime.now(UTC)
    opened = list(about(sink.mails[0], "delivered", "open", at=now))
    body, headers = events.signed(opened, now)
    late_body, late_headers = events.signed(opened, now - timedelta(minutes=6))
    tell(*opened)
    before = cloud.rows()

    told(Caller().post(HOOK, content=body), 403)
    told(Caller().post(HOOK, content=late_body, headers=late_headers), 403)
    assert postbox.count("ReceiptsQueue") == 0
    assert Caller().post(HOOK, content=body, headers=headers).status_code == 200
    postbox.work_off("ReceiptsQueue", "ReceiptsFunction")
    assert cloud.rows() == before, "in time it is SendGrid's own repetition, and changes nothing"


@pytest.mark.parametrize("method", ["GET", "POST"])
def test_an_old_link_to_unsubscribe(admin: Person, method: str) -> None:
    gone = Person("gone")
    link = f"/api/unsubscribe/{seal('unsubscribe', f'{gone.id}.1')}"
    gone.delete("/api/users/me")
    carry_out()
    before = cloud.rows()

    answer = Caller().request(method, link)
    assert told(answer, 404)["detail"] == "This link is no longer good"
    assert cloud.rows() == before
