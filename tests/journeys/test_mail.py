"""What arrives by mail on the local cloud: a campaign that begins by itself, and news of a sale."""

import time
from collections import Counter
from datetime import UTC, datetime, timedelta
from typing import Any

from local.stack import Stack
from tests.journeys.files import ring
from tests.journeys.journey import Cast, approved, bought, submitted
from tests.journeys.people import POLL_SECONDS, Person, get

INBOX = "/_local/mail/mails"
CLOCK_SECONDS = 60.0
"""The local clock looks every ten; a machine that is busy with tests gets more."""
CAMPAIGN = {
    "name": "June",
    "subject": "News of June",
    "content": "<h1>June</h1><p>Look at <a href='https://nexusmodels.com/june'>this</a>.</p>",
    "segment": "all",
}


def inbox(stack: Stack, wanted: str) -> list[dict[str, Any]]:
    """The mails with this in their address or subject."""
    mails: list[dict[str, Any]] = get(f"{stack.api_url}{INBOX}?q={wanted}").json()
    return mails


def ended(admin: Person, path: str) -> Any:
    """The campaign once it is over."""
    deadline = time.monotonic() + CLOCK_SECONDS
    while (campaign := admin.told("GET", path))["status"] in {"scheduled", "sending"}:
        assert time.monotonic() < deadline, campaign
        time.sleep(POLL_SECONDS)
    return campaign


def tell(anyone: Person, mail: dict[str, Any], *told: Any) -> None:
    """The provider posts signed events of a mail."""
    anyone.told("POST", f"{INBOX}/{mail['id']}/events", json=told)


def test_a_scheduled_campaign_begins_by_itself_and_its_opens_are_counted(cast: Cast) -> None:
    stack, admin = cast.stack, cast.admin
    stack.drain()
    written = admin.told("POST", "/api/admin/campaigns", 201, json=CAMPAIGN)
    path = f"/api/admin/campaigns/{written['id']}"
    recipients = admin.told("GET", f"{path}/preview")["recipients"]
    at = datetime.now(UTC) + timedelta(seconds=2)
    planned = admin.told("POST", f"{path}/schedule", json={"scheduled_at": at.isoformat()})
    assert planned["status"] == "scheduled"

    campaign = ended(admin, path)
    stack.drain()

    mails = inbox(stack, CAMPAIGN["subject"])
    counted = Counter(mail["to"] for mail in mails)
    ours = (cast.admin, cast.creator, cast.buyer, cast.other)
    assert set(counted.values()) == {1}
    assert counted.keys() >= {person.account["email"] for person in ours}
    assert (campaign["status"], campaign["sent"], len(mails)) == ("sent", recipients, recipients)

    now = int(time.time())
    read = {"event": "open", "timestamp": now + 60}
    for _ in range(2):
        tell(cast.anyone, mails[0], "delivered", read, {**read, "event": "click"})
        tell(cast.anyone, mails[1], "delivered", {**read, "sg_machine_open": True})
    stack.drain()
    campaign = admin.told("GET", path)
    names = ("delivered", "opened", "clicked", "machine_opened")
    assert [campaign[name] for name in names] == [2, 1, 1, 1]

    assert stack.client("scheduler").list_schedules()["Schedules"] == [], "it has deleted itself"


def test_a_link_in_the_mail_ends_the_news_and_the_next_campaign_skips(cast: Cast) -> None:
    stack, admin = cast.stack, cast.admin
    stack.drain()
    mailing = {**CAMPAIGN, "subject": "News of July"}
    mailing.pop("name")
    admin.told("POST", "/api/admin/emails/send", json=mailing)
    stack.drain()
    address = cast.buyer.account["email"]
    [mail] = [each for each in inbox(stack, "July") if each["to"] == address]
    link = mail["headers"]["List-Unsubscribe"].strip("<>")
    assert get(link).status_code == 200
    assert cast.buyer.told("GET", "/api/users/me")["wants_news"] is True
    assert cast.anyone.post(link, content=b"List-Unsubscribe=One-Click").status_code == 200

    admin.told("POST", "/api/admin/emails/send", json={**mailing, "subject": "News of August"})
    stack.drain()
    assert address not in {each["to"] for each in inbox(stack, "August")}
    assert inbox(stack, "August")


def test_a_sale_sends_its_two_mails(cast: Cast) -> None:
    model = submitted(cast, cast.creator.upload("ring.glb", ring()))
    approved(cast, model)
    bought(cast, model)
    cast.stack.drain()

    sold = inbox(cast.stack, "You Made a Sale!")
    paid = inbox(cast.stack, "Purchase Confirmation")
    mine = [each for each in sold if each["to"] == cast.creator.account["email"]]
    theirs = [each for each in paid if each["to"] == cast.buyer.account["email"]]
    assert (len(mine), len(theirs)) == (1, 1)
    for mail in (*mine, *theirs):
        assert model["name"] in mail["text"]
        assert mail["html"].startswith("<!DOCTYPE html>")
    assert "Your revenue: $18.49" in mine[0]["text"]
