"""What goes wrong on the way to the provider, and behind it."""

from typing import Any
from unittest.mock import patch

import pytest

from local.postbox.sink import Plan, Sink
from nexus.campaigns import sending
from nexus.table.campaigns import begin_call
from tests import cloud, mailroom, postbox, stream
from tests.gateway import Context, handler
from tests.mailroom import begin, carry_out, shown, step, written
from tests.people import Person

QUEUE, FUNCTION, DEAD = "CampaignsQueue", "CampaignsFunction", "CampaignsDeadLetters"


def sizes(size: int) -> Any:
    """While this lasts batches are this small."""
    return patch.object(sending, "MOST_RECIPIENTS", size)


def test_each_message_may_come_twice(admin: Person, crowd: list[Person], sink: Sink) -> None:
    begin(admin, written(admin))
    stream.settle()
    with sizes(2):
        for _ in range(8):
            mailroom.hurry()
            messages = postbox.waiting(QUEUE)
            if messages:
                assert postbox.deliver(FUNCTION, *messages, *messages) == []
            for each in messages:
                cloud.client("sqs").delete_message(
                    QueueUrl=cloud.queue(QUEUE), ReceiptHandle=each["receiptHandle"]
                )
    carry_out()

    assert len(sink.mails) == len({mail.to for mail in sink.mails}) == 4


@pytest.mark.parametrize("status", [401, 429, 503])
def test_what_is_not_taken_now_goes_out_later(
    admin: Person, crowd: list[Person], sink: Sink, status: int
) -> None:
    begin(admin, written(admin))
    stream.settle()
    postbox.work_off(QUEUE, FUNCTION)
    sink.plans.append(Plan(status))

    assert len(step()) == 1
    assert not sink.mails
    carry_out()
    assert len(sink.mails) == 4


@pytest.mark.parametrize("plan", [Plan(500, take=True), Plan(None, take=True), Plan(500)])
def test_what_may_have_been_taken_is_unknown_until_the_provider_tells(
    admin: Person, crowd: list[Person], sink: Sink, plan: Plan
) -> None:
    campaign_id = written(admin)
    begin(admin, campaign_id)
    sink.plans.append(plan)
    carry_out()

    campaign = shown(admin, campaign_id)
    assert (campaign["status"], campaign["unknown"], campaign["sent"]) == ("sent", 4, 0)
    assert sink.requests == 1
    if plan.take:
        told = mailroom.about(sink.mails[0], "processed", at=sink.mails[0].at)
        assert mailroom.tell(*told).status_code == 200
        campaign = shown(admin, campaign_id)
        assert (campaign["unknown"], campaign["sent"]) == (0, 4)


def test_what_is_refused_for_good_is_shown_and_can_be_sent_again(
    admin: Person, crowd: list[Person], sink: Sink
) -> None:
    campaign_id = written(admin)
    begin(admin, campaign_id)
    sink.plans.append(Plan(400))
    carry_out()

    campaign = shown(admin, campaign_id)
    assert (campaign["status"], campaign["failed"]) == ("failed", 4)
    [dead] = postbox.waiting(DEAD)
    assert postbox.deliver(FUNCTION, dead) == []
    carry_out()
    campaign = shown(admin, campaign_id)
    assert (campaign["status"], campaign["failed"], campaign["sent"]) == ("sent", 0, 4)
    assert len(sink.mails) == 4


def test_an_operator_who_has_looked_lets_a_batch_go_out_again(
    admin: Person, crowd: list[Person], sink: Sink
) -> None:
    campaign_id = written(admin)
    begin(admin, campaign_id)
    sink.plans.append(Plan(500))
    carry_out()
    wanted = {"job": "resend-batch", "campaign_id": campaign_id, "number": 1}

    assert handler("JobsFunction")(wanted, Context())["resent"] is True
    carry_out()
    campaign = shown(admin, campaign_id)
    assert [campaign[name] for name in ("status", "sent", "unknown")] == ["sent", 4, 0]
    assert handler("JobsFunction")(wanted, Context())["resent"] is False
    carry_out()
    assert len(sink.mails) == 4


def test_a_campaign_whose_beginning_was_lost_begins_after_the_recount(
    admin: Person, crowd: list[Person], sink: Sink, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("jobs.app.SETTLING_SECONDS", 0)
    campaign_id = written(admin)
    begin(admin, campaign_id)
    assert postbox.waiting(QUEUE) == [], "nobody was told of it"

    handler("JobsFunction")({"job": "reconcile"}, Context())
    [message] = postbox.waiting(QUEUE)
    assert postbox.deliver(FUNCTION, message) == []
    assert handler("JobsFunction")({"job": "reconcile"}, Context())["told_again"] == []

    carry_out()
    assert shown(admin, campaign_id)["sent"] == len(sink.mails) == 4


def test_an_address_that_is_refused_does_not_stop_the_others(
    admin: Person, crowd: list[Person], sink: Sink
) -> None:
    campaign_id = written(admin)
    sink.disliked.update(each.email for each in crowd[:2])
    begin(admin, campaign_id)
    carry_out()

    assert {mail.to for mail in sink.mails} == {admin.email, crowd[2].email}
    campaign = shown(admin, campaign_id)
    assert [campaign[name] for name in ("status", "sent", "skipped", "failed")] == ["sent", 2, 2, 0]
    assert crowd[0].get("/api/users/me").json()["mail_problem"] == "bounced"
    assert postbox.count(DEAD) == 0


def test_a_worker_that_died_before_the_call_is_replaced(
    admin: Person, crowd: list[Person], sink: Sink
) -> None:
    campaign_id = written(admin)
    begin(admin, campaign_id)
    stream.settle()
    postbox.work_off(QUEUE, FUNCTION)
    death = patch.object(sending, "begin_call", side_effect=KeyboardInterrupt)
    with death, pytest.raises(KeyboardInterrupt):
        postbox.deliver(FUNCTION, *postbox.waiting(QUEUE))
    carry_out()

    assert len(sink.mails) == 4
    assert shown(admin, campaign_id)["unknown"] == 0


def test_a_worker_that_was_replaced_does_not_call(
    admin: Person, crowd: list[Person], sink: Sink
) -> None:
    """Two work on one message: the second takes over between claim and call of the first."""
    begin(admin, written(admin))
    stream.settle()
    postbox.work_off(QUEUE, FUNCTION)
    [message] = [each for each in postbox.waiting(QUEUE) if "send" in each["body"]]
    original = begin_call

    def overtaken(*arguments: Any) -> bool:
        with patch.object(sending, "begin_call", original):
            assert postbox.deliver(FUNCTION, message) == []
        return original(*arguments)

    with patch.object(sending, "begin_call", overtaken):
        assert postbox.deliver(FUNCTION, message) == [message["messageId"]]
    assert postbox.deliver(FUNCTION, message) == []
    assert len(sink.mails) == len({mail.to for mail in sink.mails}) == 4
