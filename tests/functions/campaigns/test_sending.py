"""From an admin's click to one mail for each in the segment."""

from typing import Any
from unittest.mock import patch

import pytest

from local.postbox.sink import Plan, Sink
from nexus.campaigns import sending
from nexus.settings import settings
from nexus.table.campaigns import begin_call, find_batch
from tests import cloud, mailroom, postbox, stream
from tests.mailroom import batches, begin, carry_out, shown, written
from tests.people import Person, an_admin, ban, change
from tests.workshop import on_sale

QUEUE, FUNCTION, DEAD = "CampaignsQueue", "CampaignsFunction", "CampaignsDeadLetters"


@pytest.fixture(autouse=True)
def _alive(living_house: None, sink: Sink) -> None:
    """The house's mails arrive in the sink."""


@pytest.fixture
def admin(_alive: None) -> Person:
    return an_admin("root")


@pytest.fixture
def crowd(admin: Person, sink: Sink) -> list[Person]:
    """Three more users; their welcomes are over."""
    people = [Person(f"user{number}") for number in range(3)]
    carry_out()
    sink.empty()
    return people


def sizes(size: int) -> Any:
    """While this lasts batches are this small."""
    return patch.object(sending, "MOST_RECIPIENTS", size)


def step() -> list[str]:
    """One turn of the campaigns' queue; the messages that come again."""
    stream.settle()
    mailroom.hurry()
    return postbox.work_off(QUEUE, FUNCTION)


def test_everyone_gets_one_mail(admin: Person, crowd: list[Person], sink: Sink) -> None:
    campaign_id = written(admin)
    with sizes(3):
        assert begin(admin, campaign_id).json()["status"] == "sending"
        carry_out()

    assert sorted(mail.to for mail in sink.mails) == sorted(p.email for p in [admin, *crowd])
    assert [len(batch.user_ids) for batch in batches()] == [3, 1]
    campaign = shown(admin, campaign_id)
    assert (campaign["status"], campaign["sent"], campaign["audience"]) == ("sent", 4, 4)
    assert campaign["sent_at"] is not None


def test_one_call_takes_a_thousand(admin: Person, crowd: list[Person], sink: Sink) -> None:
    begin(admin, written(admin))
    carry_out()

    assert sink.requests == 1


def test_the_mail_is_safe_framed_and_can_be_left(
    admin: Person, crowd: list[Person], sink: Sink
) -> None:
    content = "<h1>Hi</h1><script>alert(1)</script><p onclick=x>A &amp; B</p><img src=http://x.y/z>"
    begin(admin, written(admin, content=content))
    carry_out()

    [mail] = sink.to(crowd[0].email)
    assert mail.sender == "noreply@nexusmodels.com"
    assert mail.subject == "News of May"
    assert mail.tracked
    assert not {"<script", "onclick", "alert(1)", "http://x.y"} & set(mail.html.split())
    assert "script" not in mail.html
    assert "onclick" not in mail.html
    assert "Hi\n\nA & B" in mail.text
    assert mail.headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    link = mail.headers["List-Unsubscribe"].strip("<>")
    assert link in mail.html
    assert link in mail.text
    assert link.startswith("http://localhost:8000/api/unsubscribe/")
    assert len({each.headers["List-Unsubscribe"] for each in sink.mails}) == len(sink.mails)


def test_segments_are_those_of_the_contract(admin: Person, sink: Sink) -> None:
    ada, bob, carl = Person("ada"), Person("bob"), Person("carl")
    model_id = on_sale(ada, admin)
    sale = bob.post(f"/api/models/{model_id}/purchase").json()["transaction_id"]
    carry_out()

    def reached(segment: str) -> set[str]:
        sink.empty()
        begin(admin, written(admin, segment=segment))
        carry_out()
        return {mail.to for mail in sink.mails}

    assert reached("all") == {each.email for each in (admin, ada, bob, carl)}
    assert reached("creators") == {ada.email}
    assert reached("buyers") == {bob.email}

    admin.post(f"/api/admin/transactions/{sale}/refund")
    ada.delete(f"/api/models/{model_id}")
    carry_out()
    for segment in ("creators", "buyers"):
        assert begin(admin, written(admin, segment=segment)).status_code == 409


def leave(person: Person, why: str) -> None:
    if why == "banned":
        ban(person)
    elif why == "erased":
        assert person.delete("/api/users/me").status_code == 204
    elif why == "unsubscribed":
        headers = {"If-Match": "*"}
        assert person.patch("/api/users/me", json={"wants_news": False}, headers=headers).is_success
    else:
        change(person.id, unreachable=why)


@pytest.mark.parametrize("why", ["banned", "erased", "unsubscribed", "bounced", "complained"])
@pytest.mark.parametrize("when", ["before", "planned"])
def test_who_may_not_be_mailed_gets_nothing(
    admin: Person, crowd: list[Person], sink: Sink, why: str, when: str
) -> None:
    campaign_id = written(admin)
    if when == "before":
        leave(crowd[1], why)
        change(crowd[1].id, version=99)
    begin(admin, campaign_id)
    if when == "planned":
        step()
        leave(crowd[1], why)
    carry_out()

    assert not sink.to(f"{crowd[1].email}")
    assert len(sink.mails) == 3
    campaign = shown(admin, campaign_id)
    assert campaign["sent"] == 3
    assert campaign["audience"] == campaign["sent"] + campaign["skipped"]


def test_a_cancelled_campaign_sends_no_more(admin: Person, crowd: list[Person], sink: Sink) -> None:
    campaign_id = written(admin)
    with sizes(2):
        begin(admin, campaign_id)
        step()
        step()
        sent = len(sink.mails)
        assert 0 < sent < 4
        path = f"/api/admin/campaigns/{campaign_id}/cancel"
        assert admin.post(path).json()["status"] == "cancelled"
        assert admin.post(path).json()["status"] == "cancelled"
        carry_out()

    assert len(sink.mails) == sent
    campaign = shown(admin, campaign_id)
    assert (campaign["status"], campaign["sent"]) == ("cancelled", sent)
    assert campaign["audience"] == campaign["sent"] + campaign["skipped"]


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


def test_who_registers_meanwhile_is_in_no_batch_twice(
    admin: Person, crowd: list[Person], sink: Sink
) -> None:
    campaign_id = written(admin)
    with sizes(2):
        begin(admin, campaign_id)
        step()
        Person("late")
        carry_out()

    news = [mail for mail in sink.mails if mail.subject == "News of May"]
    assert len(news) == len({mail.to for mail in news})
    first = find_batch(campaign_id, 1)
    assert first is not None
    assert len(first.user_ids) == 2


def test_the_rate_is_kept(admin: Person, crowd: list[Person], monkeypatch: Any) -> None:
    monkeypatch.setenv("CAMPAIGN_RATE", "2")
    settings.cache_clear()
    begin(admin, written(admin))
    stream.settle()
    arguments: list[Any] = []
    with cloud.calls(arguments) as names:
        postbox.work_off(QUEUE, FUNCTION)
    monkeypatch.undo()
    settings.cache_clear()

    delays = [
        each["DelaySeconds"]
        for name, each in zip(names, arguments, strict=True)
        if name == "SendMessage"
    ]
    assert delays == [0, 60], "two recipients now, the next two in a minute"
