"""Files on their way in."""

from nexus.schema import Id
from nexus.uploads import sending
from nexus.uploads.schemas import NewUpload, Upload, UploadForm, UploadParts
from nexus.web.app import answers, router
from nexus.web.idempotency import PromisedId
from nexus.web.identity import CurrentUser, Now

uploads = router("/api/uploads", "uploads")
inspection = router("/api/inspect", "uploads")


@uploads.post("", status_code=201, response_model=UploadForm | UploadParts, responses=answers(429))
async def promise_upload(
    wanted: NewUpload, user: CurrentUser, upload_id: PromisedId, now: Now
) -> UploadForm | UploadParts:
    """Announce a file and get the form, or for a large one the parts, to send it to S3 with."""
    return sending.promise(wanted, owner_id=user.id, upload_id=upload_id, now=now)


@uploads.get("/{upload_id}", response_model=Upload, responses=answers(404))
async def read_upload(upload_id: Id, user: CurrentUser) -> Upload:
    """How far a file of one's own has come, and what was found in it."""
    return sending.show(upload_id, owner_id=user.id)


@uploads.post("/{upload_id}/complete", response_model=Upload, responses=answers(404, 409))
async def complete_upload(upload_id: Id, user: CurrentUser, now: Now) -> Upload:
    """Join the parts of a large file; 409 names those that are missing."""
    return sending.complete(upload_id, owner_id=user.id, now=now)


@inspection.post(
    "", status_code=201, response_model=UploadForm | UploadParts, responses=answers(429)
)
async def inspect_file(
    wanted: NewUpload, user: CurrentUser, upload_id: PromisedId, now: Now
) -> UploadForm | UploadParts:
    """Have a file looked at without making a model: sent and read as an upload, kept for a day."""
    return sending.promise(
        wanted, owner_id=user.id, upload_id=upload_id, now=now, purpose="inspect"
    )
