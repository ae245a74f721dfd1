"""The messages between the outbox and whoever sends its mails."""

from nexus.schema import Schema


class Owed(Schema):
    """A mail that is in the outbox."""

    cause: str
    template: str
