"""Campaigns in the tests: from an admin's wish to the mails, and back from the provider."""

from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Any

import httpx

from local.postbox import events
from local.postbox.sink import Mail
from nexus.table.campaigns import BatchItem
from tests import cloud, postbox, stream
from tests.gateway import Caller
from tests.people import Person

CAMPAIGN = {
    "name": "May",
    "subject": "News of May",
    "content": "<p>Hello <b>you</b>, <a href='https://nexusmodels.com/sale'>look</a></p>",
    "segment": "all",
}
QUEUES = {"MailsQueue": "MailerFunction", "CampaignsQueue": "CampaignsFunction"}
MOST_ROUNDS = 50


def written(admin: Person, **fields: Any) -> int:
    """The id of a draft."""
    answer = admin.post("/api/admin/campaigns", json=CAMPAIGN | fields)
    assert answer.status_code == 201, answer.text
    campaign_id: int = answer.json()["id"]
    return campaign_id


def shown(admin: Person, campaign_id: int) -> Any:
    return admin.get(f"/api/admin/campaigns/{campaign_id}").json()


def begin(admin: Person, campaign_id: int) -> httpx.Response:
    return admin.post(f"/api/admin/campaigns/{campaign_id}/send")


def carry_out() -> None:
    """Let the stream and the queues do what they do, until nothing is left to do."""
    for _ in range(MOST_ROUNDS):
        stream.settle()
        if not any(map(postbox.count, QUEUES)):
            return
        hurry()
        for queue, function in QUEUES.items():
            postbox.work_off(queue, function)
    raise AssertionError("it never ends")


def step() -> list[str]:
    """One turn of the campaigns' queue; the messages that come again."""
    stream.settle()
    hurry()
    return postbox.work_off("CampaignsQueue", "CampaignsFunction")


def hurry() -> None:
    """What was put into queues for later is there now."""
    for queue in QUEUES:
        postbox.hurry(queue)


def batches() -> list[BatchItem]:
    return sorted(cloud.of_kind(BatchItem), key=lambda each: each.number)


def tell(*told: dict[str, Any]) -> httpx.Response:
    """SendGrid posts events, and they take their effect."""
    body, headers = events.signed(told, datetime.now(UTC))
    answer = Caller().post("/api/webhooks/sendgrid", content=body, headers=headers)
    postbox.work_off("ReceiptsQueue", "ReceiptsFunction")
    stream.settle()
    return answer


def about(mail: Mail, *kinds: str, at: datetime, **more: Any) -> Iterable[dict[str, Any]]:
    return [events.event(mail, kind, at, **more) for kind in kinds]


def way_out(mail: Mail) -> str:
    """The path of the link to unsubscribe."""
    return mail.headers["List-Unsubscribe"].strip("<>").removeprefix("http://localhost:8000")
