"""The admins' sums; camelCase, because the storefront has them so."""

from nexus.money import Dollars
from nexus.schema import Answer


class Stats(Answer):
    """`serverLoad` is the share of the account's Lambda concurrency in use, in percent."""

    totalRevenue: Dollars  # noqa: N815
    platformFees: Dollars  # noqa: N815
    activeUsers: int  # noqa: N815
    pendingModels: int  # noqa: N815
    totalModels: int  # noqa: N815
    serverLoad: int  # noqa: N815
