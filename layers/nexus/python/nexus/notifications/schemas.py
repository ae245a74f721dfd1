"""What goes in and out about notifications."""

from typing import Annotated, Literal, cast

from pydantic import Field

from nexus.schema import Answer, Id, Schema, Time
from nexus.table.notifications import NotificationItem

type Kind = Literal[
    "sale",
    "model_approved",
    "model_rejected",
    "new_review",
    "bounty_application",
    "bounty_awarded",
    "bounty_completed",
]

TEXTS: dict[str, str] = {
    "sale": "You sold “{name}”.",
    "model_approved": "“{name}” was approved and is on sale now.",
    "model_rejected": "“{name}” was not approved: {reason}",
    "new_review": "“{name}” got a review with {rating} of 5 stars.",
    "bounty_application": "Someone applied for your bounty “{name}”.",
    "bounty_awarded": "You were chosen for the bounty “{name}”.",
    "bounty_completed": "The bounty “{name}” is completed.",
}
"""How each kind is told, in plain text."""


class Notification(Answer):
    """`text` is plain text that can be shown; `link` is the path of what it is about."""

    id: int
    kind: Kind
    text: str
    link: str
    read: bool
    created_at: Time

    @classmethod
    def of(cls, item: NotificationItem, *, read: bool) -> "Notification":
        return cls(
            id=item.id,
            kind=cast("Kind", item.about),
            text=TEXTS[item.about].format_map(item.data),
            link=item.link,
            read=read,
            created_at=item.created_at,
        )


class Read(Schema):
    """The notifications to mark; without `ids` all there are."""

    ids: Annotated[list[Annotated[Id, Field(strict=True)]], Field(max_length=50)] | None = None


class Unread(Answer):
    """Counted up to 100."""

    unread: int
