"""The admins' sums; camelCase where the storefront has it so."""

from datetime import date

from nexus.accounts.schemas import User
from nexus.catalogue.schemas import Model3D
from nexus.money import Dollars
from nexus.purchases.schemas import Transaction
from nexus.schema import Answer, Time
from nexus.table.outbox import AuditItem


class Stats(Answer):
    """`serverLoad` is the share of the account's Lambda concurrency in use, in percent."""

    totalRevenue: Dollars  # noqa: N815
    platformFees: Dollars  # noqa: N815
    activeUsers: int  # noqa: N815
    pendingModels: int  # noqa: N815
    totalModels: int  # noqa: N815
    serverLoad: int  # noqa: N815


class Revenue(Answer):
    """Completed sales; `transactions` are the newest ten, whatever became of them."""

    totalRevenue: Dollars  # noqa: N815
    platformFees: Dollars  # noqa: N815
    avgTransaction: Dollars  # noqa: N815
    transactions: list[Transaction]


class Day(Answer):
    date: date
    revenue: Dollars
    fees: Dollars
    sales: int


class Analytics(Answer):
    """At most ten of each, the best first."""

    topModels: list[Model3D]  # noqa: N815
    topCreators: list[User]  # noqa: N815


class Deed(Answer):
    """What an admin did to what, when."""

    id: int
    admin_id: int
    action: str
    subject: str
    detail: str | None
    created_at: Time

    @classmethod
    def of(cls, item: AuditItem) -> "Deed":
        return cls.model_validate(item, from_attributes=True)
