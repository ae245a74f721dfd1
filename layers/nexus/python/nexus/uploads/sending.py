"""How a file gets here: announced, then sent straight to S3, whole or in parts."""

from datetime import datetime, timedelta
from itertools import pairwise

from nexus.errors import Conflict, TooManyRequests
from nexus.ids import EPOCH, RANDOM_BITS
from nexus.outside import files, parts
from nexus.outside.parts import PartsChanged, PartsMissing, Received
from nexus.table.items import ConditionFailed, epoch_seconds
from nexus.table.uploads import UploadItem, count_uploads_since, create_upload, find_upload
from nexus.uploads.schemas import (
    PART_BYTES,
    PARTED_FROM_BYTES,
    NewUpload,
    Part,
    Upload,
    UploadForm,
    UploadParts,
)
from nexus.uploads.service import INCOMING, findings_in, get_upload

UPLOADS_A_DAY = 200
PARTS_KEPT = timedelta(days=1)
"""As the bucket's lifecycle has it."""
INSPECTION_KEPT = timedelta(days=1)
"""How long the findings of a dry run can be read."""

NOT_PARTED = "This file comes as a whole, by the form that was given out for it."
STILL_COMING = "A part came again while the file was put together. Please complete it once more."
TOO_LATE = "This upload was given up after a day. Please announce the file anew."


def promise(
    wanted: NewUpload, *, owner_id: int, upload_id: int, now: datetime, purpose: str = "model"
) -> UploadForm | UploadParts:
    """Expect a file, and tell how to send it. Raises `TooManyRequests`.

    With the purpose `inspect` it is looked at, and then nothing of it is kept.
    """
    upload = find_upload(upload_id)
    if upload is None:
        _check_quota(owner_id, now)
        upload = _expected(wanted, owner_id, upload_id, purpose, now)
    if upload.multipart_id is None:
        form = files.presign_upload(upload.incoming_key, wanted.size, wanted.sha256)
        return UploadForm(id=upload_id, url=form["url"], fields=form["fields"])
    return UploadParts(id=upload_id, part_size=PART_BYTES, parts=_parts(upload, []))


def _check_quota(owner_id: int, now: datetime) -> None:
    yesterday = int((now - timedelta(days=1) - EPOCH).total_seconds()) << RANDOM_BITS
    if count_uploads_since(owner_id, yesterday, UPLOADS_A_DAY) >= UPLOADS_A_DAY:
        raise TooManyRequests(f"You can send {UPLOADS_A_DAY} files a day.", 3600)


def _expected(
    wanted: NewUpload, owner_id: int, upload_id: int, purpose: str, now: datetime
) -> UploadItem:
    key = f"{INCOMING}{owner_id}/{upload_id}/{wanted.filename}"
    upload = UploadItem.of(
        upload_id,
        owner_id,
        filename=wanted.filename,
        size=wanted.size,
        claimed_sha256=wanted.sha256,
        part_sha256=wanted.part_sha256,
        multipart_id=_begun(wanted, key),
        purpose=purpose,
        incoming_key=key,
        created_at=now,
        expires_at=epoch_seconds(now + INSPECTION_KEPT) if purpose == "inspect" else None,
    )
    try:
        create_upload(upload)
    except ConditionFailed:  # the same request, at the same time; S3 gives our parts up in a day
        return find_upload(upload_id) or upload
    return upload


def _begun(wanted: NewUpload, key: str) -> str | None:
    if wanted.size <= PARTED_FROM_BYTES:
        return None
    return parts.begin(key, checked=wanted.part_sha256 is not None)


def show(upload_id: int, *, owner_id: int) -> Upload:
    """How far an upload has come, what is still to be sent, what was found. Raises `NotFound`."""
    return _shown(get_upload(upload_id, owner_id=owner_id))


def _shown(upload: UploadItem) -> Upload:
    if upload.multipart_id is None or upload.status != "waiting":
        return Upload.of(upload, findings_in(upload))
    try:
        come = parts.received(upload.incoming_key, upload.multipart_id)
    except PartsMissing:  # all of it has come, and will be looked at
        return Upload.of(upload, findings_in(upload))
    return Upload.of(upload, findings_in(upload), PART_BYTES, _parts(upload, come))


def complete(upload_id: int, *, owner_id: int, now: datetime) -> Upload:
    """Join the parts of a file, so that it is inspected; a second time is no error.

    Raises `NotFound`, and `Conflict` while parts are missing or still come.
    """
    upload = get_upload(upload_id, owner_id=owner_id)
    if upload.multipart_id is None:
        raise Conflict(NOT_PARTED)
    if upload.status == "waiting":
        _join(upload, upload.multipart_id, now)
    return _shown(upload)


def _join(upload: UploadItem, multipart_id: str, now: datetime) -> None:
    try:
        come = parts.received(upload.incoming_key, multipart_id)
        if lacking := _lacking(upload, come):
            numbers = ", ".join(map(str, lacking[:10]))
            raise Conflict(f"Parts are missing, or are not as long as they must be: {numbers}")
        parts.join(upload.incoming_key, multipart_id, come)
    except PartsChanged:
        raise Conflict(STILL_COMING) from None
    except PartsMissing:  # they were joined before, or S3 gave them up
        if now - upload.created_at > PARTS_KEPT:
            raise Conflict(TOO_LATE) from None


def _sizes(upload: UploadItem) -> list[int]:
    """Bytes of each part: all as long as the first, but for the last."""
    edges = [*range(0, upload.size, PART_BYTES), upload.size]
    return [end - start for start, end in pairwise(edges)]


def _lacking(upload: UploadItem, come: list[Received]) -> list[int]:
    found = {part.number: part for part in come}
    wanted = dict(enumerate(_sizes(upload), 1))
    return sorted(
        number
        for number in wanted.keys() | found.keys()
        if number not in found or found[number].size != wanted.get(number)
    )


def _parts(upload: UploadItem, come: list[Received]) -> list[Part]:
    """All parts of a file, with an address for each that is still to be sent."""
    lacking = set(_lacking(upload, come))
    return [
        _part(upload, number, number in lacking) for number in range(1, len(_sizes(upload)) + 1)
    ]


def _part(upload: UploadItem, number: int, lacking: bool) -> Part:  # noqa: FBT001
    if not lacking:
        return Part(number=number, url=None, headers={})
    sha256 = upload.part_sha256[number - 1] if upload.part_sha256 else None
    url = parts.presign_part(upload.incoming_key, str(upload.multipart_id), number, sha256)
    headers = {"x-amz-checksum-sha256": parts.checksum(sha256)} if sha256 else {}
    return Part(number=number, url=url, headers=headers)
