"""From an admin's click to one mail for each in the segment."""

from typing import Any
from unittest.mock import patch

import pytest

from local.postbox.sink import Sink
from nexus.campaigns import sending
from nexus.settings import settings
from nexus.table.campaigns import find_batch
from tests import cloud, postbox, stream
from tests.mailroom import batches, begin, carry_out, shown, step, written
from tests.people import Person, ban, change
from tests.workshop import on_sale

QUEUE, FUNCTION = "CampaignsQueue", "CampaignsFunction"


def sizes(size: int) -> Any:
    """While this lasts batches are this small."""
    return patch.object(sending, "MOST_RECIPIENTS", size)


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
    content = (
        "<h1>Hi</h1><script>alert(1)</script><p onclick=x>A &amp; B</p>"
        "<img src=http://x.y/1><img src=//x.y/2><a href=/account>mine</a>"
    )
    begin(admin, written(admin, content=content))
    carry_out()

    [mail] = sink.to(crowd[0].email)
    assert mail.sender == "noreply@nexusmodels.com"
    assert mail.subject == "News of May"
    assert mail.tracked
    for unsafe in ("script", "onclick", "alert(1)", "x.y", "/account"):
        assert unsafe not in mail.html
    assert "Hi\n\nA & B" in mail.text
    assert mail.headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    link = mail.headers["List-Unsubscribe"].strip("<>")
    assert f'<a clicktracking="off" href="{link}"' in mail.html, "leaving is no click"
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
