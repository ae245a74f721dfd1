"""The part of the walk that is about mail to many, and about leaving it."""

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from local.walk import Walk

ANY_VERSION = {"If-Match": "*"}
NEWS = {"subject": "A walker's news", "content": "<p>All is well.</p>", "segment": "all"}


def campaigns(to: "Walk") -> None:
    path = campaign(to)
    to.call("admin", "GET", "/api/admin/campaigns")
    to.call("admin", "GET", path)
    to.call("admin", "PATCH", path, json={"name": "Walked"}, headers=ANY_VERSION)
    to.call("admin", "GET", f"{path}/preview")
    to.call("admin", "POST", f"{path}/test", 202)
    moment = {"scheduled_at": (datetime.now(UTC) + timedelta(days=1)).isoformat()}
    to.call("admin", "POST", f"{path}/schedule", json=moment)
    to.call("admin", "POST", f"{path}/cancel")
    to.call("admin", "DELETE", path, 204)
    to.call("admin", "POST", f"{campaign(to)}/send")
    to.call("admin", "POST", "/api/admin/emails/send", json=NEWS)


def campaign(to: "Walk") -> str:
    made = to.call("admin", "POST", "/api/admin/campaigns", 201, json=NEWS | {"name": "A walk"})
    return f"/api/admin/campaigns/{made['id']}"


def leaving(to: "Walk") -> None:
    """Links are made up, and events unsigned: the mails are another door's business."""
    to.call("anyone", "GET", "/api/unsubscribe/made-up", 404)
    for end in ("", "/undo"):
        to.call("anyone", "POST", f"/api/unsubscribe/made-up{end}", 404)
    to.call("anyone", "POST", "/api/webhooks/sendgrid", 403, json=[])
