"""Files on their way in."""

from nexus.schema import Id
from nexus.uploads import service
from nexus.uploads.schemas import NewUpload, Upload, UploadForm
from nexus.web.app import answers, router
from nexus.web.idempotency import NewId
from nexus.web.identity import CurrentUser, Now

uploads = router("/api/uploads", "uploads")


@uploads.post("", status_code=201, response_model=UploadForm, responses=answers(429))
async def promise_upload(
    wanted: NewUpload, user: CurrentUser, upload_id: NewId, now: Now
) -> UploadForm:
    """Announce a file and get the form to send it to S3 with."""
    return service.promise(wanted, owner_id=user.id, upload_id=upload_id, now=now)


@uploads.get("/{upload_id}", response_model=Upload, responses=answers(404))
async def read_upload(upload_id: Id, user: CurrentUser) -> Upload:
    """How far a file of one's own has come, and what was found in it."""
    return service.show(upload_id, owner_id=user.id)
