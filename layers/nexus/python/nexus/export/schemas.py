"""Everything we hold about a user, as they get it."""

from nexus.accounts.schemas import User
from nexus.bounties.schemas import Application, Bounty
from nexus.catalogue.schemas import Model3D
from nexus.discounts.schemas import Discount
from nexus.notifications.schemas import Notification
from nexus.opinions.schemas import Review
from nexus.purchases.schemas import Booking, Purchase, Transaction
from nexus.receipts.schemas import CampaignMail
from nexus.schema import Answer, Time
from nexus.uploads.schemas import Upload


class Export(Answer):
    """The newest of each kind first, as many as one answer holds.

    `truncated` tells that there is more: the `Link` header leads to the rest, which has the same
    form.
    """

    exported_at: Time
    truncated: bool
    profile: User
    payout_account: str | None
    models: list[Model3D]
    purchases: list[Purchase]
    unpaid_purchases: list[Purchase]
    sales: list[Transaction]
    bookings: list[Booking]
    likes: list[Model3D]
    bounties: list[Bounty]
    applications: list[Application]
    notifications: list[Notification]
    reviews: list[Review]
    discounts: list[Discount]
    uploads: list[Upload]
    campaign_mails: list[CampaignMail]
