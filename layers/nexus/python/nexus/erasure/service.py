"""What goes when someone erases their account, but for the facts that others rely on."""

from datetime import datetime
from functools import partial

from nexus.outside import files
from nexus.table.discounts import discounts_of, end_discount
from nexus.table.items import Item, remove
from nexus.table.pages import every
from nexus.table.profiles import delete, traces
from nexus.table.uploads import UploadItem, find_upload, retire_upload, uploads_by
from nexus.table.users import UserItem, find_user

AT_WORK = "processing"


def follow(before: Item | None, after: Item | None, now: datetime) -> None:
    """Delete what names an erased user, and what they sent that became no model."""
    if not isinstance(before, UserItem) or not isinstance(after, UserItem):
        return
    if before.is_erased or not after.is_erased:
        return
    delete(traces(after.id))
    _end_discounts(after.id, now)
    for upload in every(partial(uploads_by, after.id)):
        _forget(upload.id)


def follow_upload(before: Item | None, after: Item | None, _: datetime) -> None:
    """Delete what a worker still had in hand when its sender left, now that it is done."""
    if not isinstance(before, UploadItem) or not isinstance(after, UploadItem):
        return
    if before.status != AT_WORK or after.status == AT_WORK:
        return
    sender = find_user(after.owner_id)
    if sender is not None and sender.is_erased:
        _forget(after.id)


def _end_discounts(creator_id: int, now: datetime) -> None:
    """They stay, ended: a payment under way may give its use back."""
    for discount in every(partial(discounts_of, creator_id)):
        if discount.ends_at is None or discount.ends_at > now:
            end_discount(discount, now)


def _forget(upload_id: int) -> None:
    """Delete an upload with its files, unless a model is made of it or a worker has it in hand.

    Nobody can use it any more before its files go, and its row, which names them, goes last.
    """
    upload = find_upload(upload_id)
    if upload is None or upload.model_id is not None or upload.status == AT_WORK:
        return
    if not retire_upload(upload):
        return
    for key in (upload.incoming_key, upload.asset_key):
        if key:
            files.discard(key)
    for name in (*(upload.pictures or {}).values(), upload.preview):
        if name:
            files.unpublish(name)
    remove(upload)
