"""Uploads: a file is promised, sent straight to S3, inspected, and ends ready or rejected."""

import uuid
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from nexus.errors import NotFound
from nexus.outside import files, queues
from nexus.outside.files import Fetched, FileTooLarge
from nexus.settings import settings
from nexus.table.items import Start
from nexus.table.uploads import (
    UploadItem,
    claim_upload,
    find_upload,
    finish_upload,
    release_upload,
    uploads_by,
)
from nexus.uploads.findings import of_facts
from nexus.uploads.schemas import Finding, Upload

INCOMING = "incoming/"
MOST_ATTEMPTS = 4
"""One below the queue's `maxReceiveCount`: the last delivery writes the verdict."""
LEASE_SECONDS = 320
"""Longer than the thumbnails function may run."""
MARGIN_SECONDS = 5
FIRST_RETRY_SECONDS = 20
"""The second try comes twice as late after the first, and so on."""

GAVE_UP = (
    "We could not process this file, although we tried several times. Please check that it opens"
    " in other programs, or send it in another format."
)


class Busy(Exception):
    """Another worker has this upload."""


@dataclass(frozen=True)
class Verdict:
    """What inspection found in a file that is a model. `pictures` by their names."""

    format: str
    formats: list[str]
    facts: dict[str, Any]
    pictures: dict[str, Path]
    preview: Path | None = None


@dataclass(frozen=True)
class Job:
    """An upload that this worker has for a while."""

    upload: UploadItem
    lease: str


def get_upload(upload_id: int, *, owner_id: int) -> UploadItem:
    """Raises `NotFound`, also for what belongs to someone else."""
    upload = find_upload(upload_id)
    if upload is None or upload.owner_id != owner_id:
        raise NotFound("Upload not found")
    return upload


def sent_by(owner_id: int, start: Start, limit: int) -> tuple[list[Upload], Start]:
    """A page of what someone sent, newest first."""
    items, following = uploads_by(owner_id, start, limit)
    return [Upload.of(item, findings_in(item)) for item in items], following


def findings_in(upload: UploadItem) -> list[Finding]:
    return of_facts(upload.facts) if upload.facts else []


def take(key: str, *, now: datetime) -> Job | None:
    """Take the upload whose file has come under this key; None where nothing is left to do.

    Raises `Busy` while another worker has it. An upload that has broken its worker several
    times is rejected here.
    """
    upload = _announced(key)
    if upload is None:
        if key.startswith(INCOMING):
            files.discard(key)
        return None
    lease = uuid.uuid4().hex
    if not claim_upload(upload, lease, now, LEASE_SECONDS):
        _discard_if_finished(upload)
        return None
    job = Job(upload, lease)
    if upload.attempts > MOST_ATTEMPTS:
        reject(job, GAVE_UP)
        return None
    return job


def _announced(key: str) -> UploadItem | None:
    parts = key.split("/")
    upload_id = int(parts[2]) if len(parts) > 2 and parts[2].isdecimal() else 0
    upload = find_upload(upload_id)
    return upload if upload and upload.incoming_key == key else None


def _discard_if_finished(upload: UploadItem) -> None:
    current = find_upload(upload.id)
    if current and current.status not in {"ready", "rejected"}:
        raise Busy(upload.incoming_key)
    files.discard(upload.incoming_key)


def fetch(job: Job, target: Path) -> Fetched | None:
    """Bring the file of a job to disk; None when it was not the promised one and was rejected.

    Raises `FileMissing`.
    """
    upload = job.upload
    try:
        fetched = files.fetch(upload.incoming_key, target, upload.size)
    except FileTooLarge:
        reject(job, f"The file is larger than the {upload.size} bytes that were announced.")
        return None
    if fetched.size != upload.size:
        reject(job, f"The file has {fetched.size} bytes, but {upload.size} were announced.")
        return None
    if upload.claimed_sha256 and fetched.sha256 != upload.claimed_sha256:
        reject(job, "The file was damaged on its way: its SHA-256 is not the announced one.")
        return None
    return fetched


def accept(job: Job, fetched: Fetched, verdict: Verdict) -> None:
    """Keep the product and its pictures, then say so. The order lets any step be repeated.

    Of a dry run only what was found is kept, and that expires.
    """
    found = {"format": verdict.format, "formats": verdict.formats, "facts": verdict.facts}
    if job.upload.purpose == "inspect":
        _finish(job, "ready", found)
        return
    upload = job.upload
    pictures = {name: files.publish(file, upload.id) for name, file in verdict.pictures.items()}
    asset_key = files.keep(upload.incoming_key, upload.id, fetched)
    kept = {
        "pictures": pictures,
        "preview": files.publish(verdict.preview, upload.id) if verdict.preview else None,
        "sha256": fetched.sha256,
        "asset_key": asset_key,
    }
    _finish(job, "ready", found | kept)


def reject(job: Job, reason: str) -> None:
    """End an upload with a reason that its creator understands."""
    _finish(job, "rejected", {"reason": reason})


def _finish(job: Job, status: str, facts: dict[str, Any]) -> None:
    """Write the verdict and clean up. Raises `Busy` when another worker took over, which then
    needs the file.
    """
    if finish_upload(job.upload, job.lease, status, **facts):
        files.discard(job.upload.incoming_key)
    else:
        _discard_if_finished(job.upload)


def expect_again(receipt: str) -> None:
    """Let a message come again as soon as whoever works on its upload must be done or dead."""
    _hide(receipt, LEASE_SECONDS + MARGIN_SECONDS)


def give_back(job: Job, receipt: str) -> None:
    """Let the message come again soon, later from time to time, and find the upload free."""
    release_upload(job.upload, job.lease)
    _hide(receipt, FIRST_RETRY_SECONDS * 2 ** (job.upload.attempts - 1))


def _hide(receipt: str, seconds: int) -> None:
    queues.hide(settings().needed("uploads_queue_url"), receipt, seconds)
