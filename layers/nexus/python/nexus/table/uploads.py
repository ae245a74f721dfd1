"""Files that creators send, from the promise of one to its verdict."""

from datetime import datetime, timedelta
from typing import Any

from pynamodb.attributes import (
    JSONAttribute,
    UnicodeAttribute,
    UTCDateTimeAttribute,
)

from nexus.table import keys
from nexus.table.items import (
    ConditionFailed,
    IntegerAttribute,
    Item,
    Start,
    Update,
    count_some,
    create,
    find,
    find_all,
    new_values,
    put,
    update,
)
from nexus.table.pages import page


class UploadItem(Item, discriminator="Upload"):
    """`status` goes waiting → processing → ready or rejected, and ends there.

    While its files are deleted it is `erased`. Its `purpose` is `model`, or `inspect` for a dry
    run, which no model can be made of.
    """

    id = IntegerAttribute()
    owner_id = IntegerAttribute()
    filename = UnicodeAttribute()
    size = IntegerAttribute()
    claimed_sha256 = UnicodeAttribute(null=True)
    part_sha256: JSONAttribute = JSONAttribute(null=True)
    multipart_id = UnicodeAttribute(null=True)
    purpose = UnicodeAttribute(default="model")
    incoming_key = UnicodeAttribute()
    status = UnicodeAttribute(default="waiting")
    reason = UnicodeAttribute(null=True)
    attempts = IntegerAttribute(default=0)
    lease = UnicodeAttribute(null=True)
    leased_until = UTCDateTimeAttribute(null=True)
    sha256 = UnicodeAttribute(null=True)
    asset_key = UnicodeAttribute(null=True)
    format = UnicodeAttribute(null=True)
    formats: JSONAttribute = JSONAttribute(null=True)
    facts: JSONAttribute = JSONAttribute(null=True)
    pictures: JSONAttribute = JSONAttribute(null=True)
    preview = UnicodeAttribute(null=True)
    model_id = IntegerAttribute(null=True)
    created_at = UTCDateTimeAttribute()

    @classmethod
    def of(cls, upload_id: int, owner_id: int, **fields: Any) -> "UploadItem":
        pk, sk = keys.upload(upload_id)
        gsi1_pk, gsi1_sk = keys.uploaded(owner_id, upload_id)
        return cls(
            pk=pk,
            sk=sk,
            gsi1_pk=gsi1_pk,
            gsi1_sk=gsi1_sk,
            id=upload_id,
            owner_id=owner_id,
            **fields,
        )


def create_upload(upload: UploadItem) -> None:
    put(create(upload))


def find_upload(upload_id: int) -> UploadItem | None:
    return find(UploadItem, keys.upload(upload_id))


def find_uploads(upload_ids: list[int]) -> list[UploadItem]:
    """Those that exist, in the order asked for, as they are now."""
    found = find_all((keys.upload(upload_id) for upload_id in upload_ids), consistent=True)
    items = (found.get(keys.upload(upload_id)) for upload_id in upload_ids)
    return [item for item in items if isinstance(item, UploadItem)]


def uploads_by(owner_id: int, start: Start, limit: int) -> tuple[list[UploadItem], Start]:
    """A page of what someone sent, newest first."""
    return page(UploadItem, keys.uploads_of(owner_id), start, limit, index="GSI1")


def count_uploads_since(owner_id: int, oldest_id: int, most: int) -> int:
    """How many uploads a user asked for since an id was young, counted up to `most`."""
    pk, since = keys.uploaded(owner_id, oldest_id)
    return count_some(pk, UploadItem.gsi1_sk >= since, "GSI1", most)


def claim_upload(upload: UploadItem, lease: str, now: datetime, seconds: int) -> bool:
    """Take an unfinished upload for `seconds`; False while another worker has it, or at its end."""
    unfinished = UploadItem.status.is_in("waiting", "processing")
    free = UploadItem.leased_until.does_not_exist() | (UploadItem.leased_until < now)
    actions = [
        UploadItem.status.set("processing"),
        UploadItem.lease.set(lease),
        UploadItem.leased_until.set(now + timedelta(seconds=seconds)),
        UploadItem.attempts.add(1),
    ]
    try:
        update(Update(upload, actions, unfinished & free))
    except ConditionFailed:
        upload.refresh(consistent_read=True)
        return upload.lease == lease  # ours all the same, when the reply to a first try was lost
    return True


def release_upload(upload: UploadItem, lease: str) -> None:
    """Give an upload back before its lease ends, so that the next delivery finds it free."""
    try:
        update(Update(upload, [UploadItem.leased_until.remove()], UploadItem.lease == lease))
    except ConditionFailed:
        return


def finish_upload(upload: UploadItem, lease: str, status: str, **facts: Any) -> bool:
    """Write the verdict, if the lease is still ours. False when another worker took over."""
    actions = [
        UploadItem.status.set(status),
        UploadItem.lease.remove(),
        UploadItem.leased_until.remove(),
        *new_values(UploadItem, facts),
    ]
    ours = (UploadItem.lease == lease) & (UploadItem.status == "processing")
    try:
        update(Update(upload, actions, ours))
    except ConditionFailed:
        return False
    return True


def use_upload(upload: UploadItem, model_id: int) -> Update:
    """The step that binds a ready upload to a model, once."""
    unused = UploadItem.model_id.does_not_exist() | (UploadItem.model_id == model_id)
    ready = (UploadItem.status == "ready") & (UploadItem.purpose != "inspect")
    return Update(UploadItem(*upload.key), [UploadItem.model_id.set(model_id)], ready & unused)


def retire_upload(upload: UploadItem) -> bool:
    """Let an upload become no model any more; False when it has changed since it was read."""
    as_read = UploadItem.status.is_in(upload.status, "erased")  # a first try may have come through
    unused = UploadItem.model_id.does_not_exist()
    try:
        update(Update(upload, [UploadItem.status.set("erased")], as_read & unused))
    except ConditionFailed:
        return False
    return True
