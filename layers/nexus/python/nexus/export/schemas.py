"""Everything we hold about a user, as they get it."""

from nexus.accounts.schemas import User
from nexus.bounties.schemas import Application, Bounty
from nexus.catalogue.schemas import Model3D
from nexus.notifications.schemas import Notification
from nexus.purchases.schemas import Purchase, Transaction
from nexus.schema import Answer, Time


class Export(Answer):
    """At most a thousand of each kind, the newest first."""

    exported_at: Time
    profile: User
    models: list[Model3D]
    purchases: list[Purchase]
    unpaid_purchases: list[Purchase]
    sales: list[Transaction]
    likes: list[Model3D]
    bounties: list[Bounty]
    applications: list[Application]
    notifications: list[Notification]
