"""What operators start by hand."""

from datetime import datetime
from typing import Any, Literal

from nexus.accounts import service as accounts
from nexus.campaigns import service as campaigns
from nexus.mail import service as mail
from nexus.schema import Schema


class MakeAdmin(Schema):
    """Make the holder of an address an admin; no route can."""

    job: Literal["make-admin"]
    email: str

    def run(self, _: datetime) -> dict[str, Any]:
        return {"user_id": accounts.appoint(self.email, is_admin=True)}


class DismissAdmin(Schema):
    """Let an admin be one no longer, from their next request on; no route can."""

    job: Literal["dismiss-admin"]
    email: str

    def run(self, _: datetime) -> dict[str, Any]:
        return {"user_id": accounts.appoint(self.email, is_admin=False)}


class ResendMail(Schema):
    """Send a mail again of which nobody knows whether it went out; see docs/operations.md."""

    job: Literal["resend-mail"]
    cause: str
    template: str

    def run(self, _: datetime) -> dict[str, Any]:
        return {"resent": mail.resend(self.cause, self.template)}


class ResendBatch(Schema):
    """Send a campaign's batch again of which nobody knows whether it went out."""

    job: Literal["resend-batch"]
    campaign_id: int
    number: int

    def run(self, _: datetime) -> dict[str, Any]:
        return {"resent": campaigns.resend(self.campaign_id, self.number)}
