"""Campaigns that the clock begins, and what no longer can be begun."""

from datetime import UTC, datetime, timedelta
from typing import Any
from unittest.mock import patch

import pytest

from local.postbox.sink import Sink
from nexus.campaigns import service
from nexus.outside.schedules import unschedule
from nexus.table.outbox import AuditItem, OutboxItem
from tests import cloud, mailroom, postbox
from tests.mailroom import begin, carry_out, shown, written
from tests.people import Person, an_admin
from tests.races.race import race


def at(**ahead: float) -> str:
    return (datetime.now(UTC) + timedelta(**ahead)).isoformat()


def plan(admin: Person, campaign_id: int, when: str, **headers: str) -> Any:
    path = f"/api/admin/campaigns/{campaign_id}/schedule"
    return admin.post(path, json={"scheduled_at": when}, headers=headers)


def clocks() -> list[str]:
    return [each["Name"] for each in cloud.client("scheduler").list_schedules()["Schedules"]]


def ring(name: str | None = None) -> None:
    """The clock that is set sends its message, as the scheduler would."""
    scheduler = cloud.client("scheduler")
    [set_] = [name] if name else clocks()
    found = scheduler.get_schedule(Name=set_, GroupName="nexus-local-Schedules")
    assert found["ActionAfterCompletion"] == "DELETE"
    assert found["Target"]["Arn"].endswith("CampaignsQueue")
    cloud.client("sqs").send_message(
        QueueUrl=cloud.queue("CampaignsQueue"), MessageBody=found["Target"]["Input"]
    )


def test_a_scheduled_campaign_begins_when_the_clock_rings(admin: Person, sink: Sink) -> None:
    carry_out()
    sink.empty()
    campaign_id = written(admin)
    planned = plan(admin, campaign_id, at(hours=1)).json()
    assert planned["status"] == "scheduled"
    assert planned["scheduled_at"].endswith("Z")

    ring()
    ring()
    carry_out()

    assert [mail.to for mail in sink.mails] == [admin.email]
    assert shown(admin, campaign_id)["status"] == "sent"


def test_only_the_last_time_that_was_given_counts(admin: Person, sink: Sink) -> None:
    carry_out()
    sink.empty()
    campaign_id = written(admin)
    plan(admin, campaign_id, at(hours=1))
    [first] = clocks()
    ring(first)
    plan(admin, campaign_id, at(hours=2))
    assert first not in clocks()
    carry_out()

    assert not sink.mails, "the first clock rang for nobody"
    ring()
    carry_out()
    assert len(sink.mails) == 1


def test_a_time_that_is_given_up_and_given_again_at_once_counts(admin: Person, sink: Sink) -> None:
    """While one takes the first clock back, another sets one for the same time."""
    carry_out()
    sink.empty()
    campaign_id, first = written(admin), at(hours=1)
    plan(admin, campaign_id, first)

    def meanwhile(name: str) -> None:
        with patch.object(service, "stop_clock", unschedule):
            race([lambda: plan(admin, campaign_id, first)])
        unschedule(name)

    with patch.object(service, "stop_clock", meanwhile):
        plan(admin, campaign_id, at(hours=2))
    ring()
    carry_out()
    assert len(sink.mails) == 1


def test_a_cancelled_campaign_does_not_begin(admin: Person, sink: Sink) -> None:
    carry_out()
    sink.empty()
    campaign_id = written(admin)
    plan(admin, campaign_id, at(hours=1))
    ring()
    admin.post(f"/api/admin/campaigns/{campaign_id}/cancel")
    carry_out()

    assert not sink.mails
    assert clocks() == []
    assert shown(admin, campaign_id)["status"] == "cancelled"


@pytest.mark.parametrize("days", [-1, 0, 366, 730])
def test_a_time_that_is_past_or_far_is_refused(admin: Person, days: int) -> None:
    campaign_id = written(admin)

    answer = plan(admin, campaign_id, at(days=days))
    assert answer.status_code == 422
    assert answer.json()["errors"][0]["loc"] == ["body", "scheduled_at"]
    assert clocks() == []


@pytest.mark.parametrize("time", ["2027-05-01T12:00:00", "tomorrow", "", None, 12, "2027-05-01"])
def test_a_time_without_a_zone_is_none(admin: Person, time: Any) -> None:
    assert plan(admin, written(admin), time).status_code == 422


def test_what_has_begun_is_neither_edited_nor_scheduled_nor_sent_again(admin: Person) -> None:
    carry_out()
    campaign_id = written(admin)
    path = f"/api/admin/campaigns/{campaign_id}"
    assert begin(admin, campaign_id).status_code == 200
    for _ in "ab":
        assert begin(admin, campaign_id).status_code == 409
        assert plan(admin, campaign_id, at(hours=1)).status_code == 409
        edit = admin.patch(path, json={"name": "June"}, headers={"If-Match": "*"})
        assert edit.status_code == 409
        assert admin.delete(path).status_code == 409
        carry_out()
    assert admin.post(f"{path}/cancel").status_code == 409


def test_two_admins_who_send_at_once_send_once(admin: Person, sink: Sink) -> None:
    other = an_admin("other")
    carry_out()
    sink.empty()
    campaign_id = written(admin)

    answers = [begin(each, campaign_id).status_code for each in (admin, other)]
    carry_out()

    assert answers == [200, 409]
    assert len(sink.mails) == 2


def test_a_segment_that_is_empty_when_the_clock_rings_fails(admin: Person) -> None:
    carry_out()
    campaign_id = written(admin, segment="buyers")
    plan(admin, campaign_id, at(hours=1))
    ring()
    carry_out()

    campaign = shown(admin, campaign_id)
    assert (campaign["status"], campaign["trouble"]) == ("failed", "Nobody was in the segment")


def test_every_deed_is_on_record(admin: Person) -> None:
    carry_out()
    campaign_id = written(admin)
    path = f"/api/admin/campaigns/{campaign_id}"
    admin.patch(path, json={"name": "June"}, headers={"If-Match": "*"})
    admin.post(f"{path}/test")
    plan(admin, campaign_id, at(hours=1))
    begin(admin, campaign_id)
    admin.post(f"{path}/cancel")

    deeds = sorted(cloud.of_kind(AuditItem), key=lambda each: each.id)
    whats = {each.action for each in deeds if each.subject == f"campaign {campaign_id}"}
    assert whats == {
        f"campaign.{what}" for what in ("create", "update", "test", "schedule", "send", "cancel")
    }
    assert [each.template for each in cloud.of_kind(OutboxItem) if each.cause.startswith("TEST")]
    assert mailroom.batches() == []
    assert postbox.count("CampaignsQueue") == 0
