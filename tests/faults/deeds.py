"""The routes that write and have no flow of their own, each as one line; and the jobs.

`{castle}` and the like stand for ids in `Town.places`. A route of the document that writes and is
in no flow fails `test_every_route_and_worker_is_swept`.
"""

import json
from collections.abc import Callable
from functools import cache
from typing import Any, NamedTuple

from local.postbox import events
from nexus.outside.mail import receipt
from nexus.table.items import Item
from nexus.table.mailed import MailedItem
from nexus.table.outbox import AuditItem, OutboxItem
from tests.faults.flow import Try, heard
from tests.faults.town import CAMPAIGN, NEXT_MONTH, Town
from tests.gateway import Context, handler


class Deed(NamedTuple):
    """`at` fills the blank of the route's path. Who sends it twice leaves more of the kinds in
    `again`: what was changed twice was done twice, and is on record twice.
    """

    who: str
    route: str
    json: Any = None
    at: str = ""
    again: tuple[type[Item], ...] = (AuditItem,)

    @property
    def name(self) -> str:
        return self.route

    def __call__(self, town: Town) -> Try:
        """One try of a client."""
        method, _, path = self.route.partition(" ")
        if self.at:
            path = path[: path.index("{")] + str(town.places[self.at]) + path[path.index("}") + 1 :]
        headers = {"If-Match": "*", "Idempotency-Key": "the-key"}
        if self.route == "POST /api/webhooks/sendgrid":
            return self._tell(town, path)
        answer = town.caller(self.who).request(
            method, path, json=filled(self.json, town), headers=headers
        )
        return heard(answer)

    def _tell(self, town: Town, path: str) -> Try:
        body, headers = events.signed([delivered(town)], town.world.clock())
        return heard(town.caller("").post(path, content=body, headers=headers))


def filled(body: Any, town: Town) -> Any:
    """A body with what stands in `Town.places` where it names it."""
    match body:
        case str() if body.startswith("{"):
            return town.places[body.strip("{}")]
        case dict():
            return {name: filled(value, town) for name, value in body.items()}
        case list():
            return [filled(value, town) for value in body]
    return body


def delivered(town: Town) -> dict[str, Any]:
    """What SendGrid tells of the buyer's receipt."""
    cause = f"mail SALE-{town.places['sale']} purchase_confirmation"
    told = {"event": "delivered", "email": "buyer@example.com", "timestamp": 1_700_000_000}
    return told | {"receipt": _receipt(cause)}


@cache
def _receipt(cause: str) -> str:
    """Made once, because what it is sealed with may be out of reach when it is told again."""
    return receipt(cause)


ME, MODEL, ADMIN = "/api/users/me", "/api/models/{model_id}", "/api/admin"
BOUNTY, CAMPAIGNS = "/api/bounties/{bounty_id}", "/api/admin/campaigns"
TUTORIAL = {"title": "Moats", "content": "# Moats", "category": "Beginner"}
PASSWORD = "a tall ship and a star"

DEEDS = (
    # Accounts
    Deed("", "POST /api/auth/verify-email", {"token": "{verification}"}),
    Deed(
        "",
        "POST /api/auth/forgot-password",
        {"email": "creator@example.com"},
        again=(MailedItem, OutboxItem),
    ),
    Deed("", "POST /api/auth/reset-password", {"token": "{reset}", "password": PASSWORD}),
    Deed("buyer", f"PATCH {ME}", {"full_name": "Bo Buyer"}),
    Deed("buyer", f"DELETE {ME}"),
    Deed("creator", f"POST {ME}/notifications/read", {}),
    Deed("buyer", f"POST {ME}/purchases/{{transaction_id}}/refund", at="sale"),
    Deed("creator", f"POST {ME}/discounts", {"code": "GATE-20", "percent": 20}),
    Deed("creator", f"DELETE {ME}/discounts/{{code}}", at="code"),
    # Models
    Deed("creator", f"PATCH {MODEL}", {"price": 9.99, "name": "Keep"}, at="castle"),
    Deed("creator", f"DELETE {MODEL}", at="castle"),
    Deed("admin", f"POST {MODEL}/like", at="castle"),
    Deed("buyer", f"DELETE {MODEL}/like", at="castle"),
    Deed("buyer", f"POST {MODEL}/reviews", {"rating": 4, "text": "Stands"}, at="castle"),
    Deed("buyer", f"GET {MODEL}/download", at="castle"),
    Deed("buyer", f"GET {MODEL}", at="tower"),
    Deed("buyer", "POST /api/inspect", {"filename": "moat.glb", "size": 5}),
    # Bounties
    Deed("creator", "POST /api/bounties", {"title": "A gate", "description": "Oak", "budget": 5}),
    Deed("buyer", f"PATCH {BOUNTY}", {"budget": 60}, at="open"),
    Deed("creator", f"POST {BOUNTY}/apply", {"message": "Gladly"}, at="open"),
    Deed("buyer", f"POST {BOUNTY}/award", {"user_id": "{other}"}, at="open"),
    Deed("buyer", f"POST {BOUNTY}/complete", at="won"),
    Deed("buyer", f"POST {BOUNTY}/close", at="open"),
    # Admins
    Deed(
        "admin",
        f"PATCH {ADMIN}/models/{{model_id}}",
        {"is_featured": True, "is_trending": True},
        at="castle",
    ),
    Deed("admin", f"POST {ADMIN}/users/{{user_id}}/verify", at="other"),
    Deed("admin", f"POST {ADMIN}/users/{{user_id}}/ban", at="creator"),
    Deed("admin", f"DELETE {ADMIN}/users/{{user_id}}/ban", at="guest"),
    Deed(
        "admin",
        f"POST {ADMIN}/users/{{user_id}}/disbursements",
        {"amount": 5, "reference": "SEPA 1"},
        at="creator",
    ),
    Deed("admin", f"POST {ADMIN}/transactions/{{transaction_id}}/refund", {"amount": 5}, at="sale"),
    Deed("admin", f"POST {ADMIN}/verification"),
    Deed("admin", f"POST {ADMIN}/categories", {"name": "Towers"}),
    Deed("admin", f"PATCH {ADMIN}/categories/{{category_id}}", {"name": "Doors"}, at="category"),
    Deed("admin", f"DELETE {ADMIN}/categories/{{category_id}}", at="category"),
    Deed("admin", f"POST {ADMIN}/testimonials", {"author": "Bo", "text": "Yes", "rating": 4}),
    Deed(
        "admin", f"PATCH {ADMIN}/testimonials/{{testimonial_id}}", {"rating": 4}, at="testimonial"
    ),
    Deed("admin", f"DELETE {ADMIN}/testimonials/{{testimonial_id}}", at="testimonial"),
    Deed("admin", f"POST {ADMIN}/tutorials", TUTORIAL),
    Deed("admin", f"PATCH {ADMIN}/tutorials/{{tutorial_id}}", {"published": True}, at="tutorial"),
    Deed("admin", f"DELETE {ADMIN}/tutorials/{{tutorial_id}}", at="tutorial"),
    Deed("admin", f"PUT {ADMIN}/homepage", {"hero": "Castles"}),
    Deed("admin", f"PUT {ADMIN}/slider", ["{castle}", "{tower}"]),
    Deed("admin", f"POST {CAMPAIGNS}", CAMPAIGN),
    Deed("admin", f"PATCH {CAMPAIGNS}/{{campaign_id}}", {"subject": "Others"}, at="draft"),
    Deed("admin", f"DELETE {CAMPAIGNS}/{{campaign_id}}", at="draft"),
    Deed("admin", f"POST {CAMPAIGNS}/{{campaign_id}}/test", at="draft"),
    Deed(
        "admin",
        f"POST {CAMPAIGNS}/{{campaign_id}}/schedule",
        {"scheduled_at": NEXT_MONTH},
        at="draft",
    ),
    Deed("admin", f"POST {CAMPAIGNS}/{{campaign_id}}/send", at="draft"),
    Deed("admin", f"POST {CAMPAIGNS}/{{campaign_id}}/cancel", at="scheduled"),
    Deed(
        "admin",
        f"POST {ADMIN}/emails/send",
        {"subject": "News", "content": "<p>Hi</p>", "segment": "all"},
    ),
    # Whoever holds a link or a key
    Deed("", "POST /api/unsubscribe/{token}", at="link"),
    Deed("", "POST /api/unsubscribe/{token}/undo", at="link"),
    Deed("", "POST /api/webhooks/sendgrid"),
)


class Job(NamedTuple):
    """Lambda tries an event again that its function raised for."""

    payload: dict[str, Any]
    again: tuple[type[Item], ...] = (AuditItem,)

    @property
    def name(self) -> str:
        return f"job {self.payload['job']}"

    def __call__(self, town: Town) -> Try:
        return tried(lambda: handler("JobsFunction")(filled(self.payload, town), Context()))


def tried(work: Callable[[], Any]) -> Try:
    try:
        told = str(work())
    except Exception as why:  # noqa: BLE001  the runtime takes any of them for a failure
        return Try(ended=False, well=False, told=repr(why))
    return Try(ended=True, well=True, told=told)


JOBS = (
    Job({"job": "make-admin", "email": "buyer@example.com"}),
    Job({"job": "dismiss-admin", "email": "admin@example.com"}),
    Job({"job": "compute-trending"}),
    Job({"job": "reconcile"}),
    Job({"job": "close-expired-bounties"}),
    Job({"job": "resend-mail", "cause": "{claimed}", "template": "sale_notification"}),
    Job({"job": "take-snapshot"}),
    Job({"job": "verify"}),
)


class Receipts(NamedTuple):
    """The queue of what SendGrid has told."""

    name: str = "ReceiptsFunction"
    again: tuple[type[Item], ...] = (AuditItem,)

    def __call__(self, town: Town) -> Try:
        message = {
            "messageId": "1",
            "receiptHandle": "1",
            "body": json.dumps({"events": [delivered(town)]}),
            "attributes": {"ApproximateReceiveCount": "1"},
            "eventSource": "aws:sqs",
        }
        answer = handler("ReceiptsFunction")({"Records": [message]}, Context())
        taken = not answer["batchItemFailures"]
        return Try(ended=taken, well=taken, told=str(answer))


ALL: tuple[Deed | Job | Receipts, ...] = (*DEEDS, *JOBS, Receipts())
