"""What goes in and out about who gets our news."""

from nexus.schema import Answer


class Subscription(Answer):
    """Whether someone gets our news; `address` is not spelled out."""

    address: str
    wants_news: bool
