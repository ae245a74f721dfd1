"""What follows when someone has erased their account; called with stream records."""

from datetime import datetime

from nexus.outside import files
from nexus.table.items import Item
from nexus.table.profiles import delete, traces
from nexus.table.uploads import UploadItem
from nexus.table.users import UserItem


def follow_erasure(before: Item | None, after: Item | None, _: datetime) -> None:
    """Delete what names an erased user, but for the facts that others rely on."""
    if not isinstance(before, UserItem) or not isinstance(after, UserItem):
        return
    if before.is_erased or not after.is_erased:
        return
    found = traces(after.id)
    for item in found:
        if isinstance(item, UploadItem):
            files.discard(item.incoming_key)
    delete(found)
