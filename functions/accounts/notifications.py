"""What the signed-in user is told."""

from fastapi import Response

from nexus.notifications import service
from nexus.notifications.schemas import Notification, Read, Unread
from nexus.web.app import router
from nexus.web.identity import CurrentUser, Now
from nexus.web.paging import CurrentPage

notifications = router("/api/users/me/notifications", "notifications")


@notifications.get(
    "",
    response_model=list[Notification],
    responses={
        200: {
            "headers": {
                "X-Unread-Count": {
                    "required": True,
                    "description": "How many are unread, counted up to 100",
                    "schema": {"type": "integer"},
                }
            }
        }
    },
)
async def my_notifications(
    user: CurrentUser, page: CurrentPage, response: Response
) -> list[Notification]:
    """What happened for one, newest first; kept for half a year."""
    until = service.last_read(user.id)
    response.headers["X-Unread-Count"] = str(service.unread(user.id, until))
    return page.read(lambda start, limit: service.inbox(user.id, until, start, limit))


@notifications.post("/read", response_model=Unread)
async def mark_as_read(user: CurrentUser, now: Now, wanted: Read | None = None) -> Unread:
    """Mark some as read, or all. Ids that are not one's own change nothing."""
    return Unread(unread=service.read(user.id, wanted.ids if wanted else None, now=now))
