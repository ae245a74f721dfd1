"""The catalogue: creators submit models, admins review them, everyone sees the approved ones."""

from datetime import datetime
from typing import Any

from nexus.catalogue.schemas import Model3D, NewModel
from nexus.errors import Conflict, Malformed, NotFound
from nexus.ids import new_id
from nexus.table import keys
from nexus.table.catalogue import (
    ModelItem,
    approved_models,
    create_model,
    decide,
    find_model,
    models_made_by,
    pending_models,
)
from nexus.table.counters import counters_of
from nexus.table.items import ConditionFailed
from nexus.table.outbox import owe_mail, record_deed
from nexus.table.uploads import UploadItem, find_uploads
from nexus.table.users import UserItem, find_users

type Start = dict[str, Any] | None

NOT_FOUND = "Model not found"
USED = "An upload belongs to another model already"
RESOLUTIONS = ("None", "512", "1K", "2K", "4K", "8K", "16K")


def submit(wanted: NewModel, *, creator: UserItem, model_id: int, now: datetime) -> Model3D:
    """Make a model of inspected uploads; it waits for review.

    Raises `Malformed` for uploads that are not the creator's and `Conflict` for those that are
    not ready or belong to another model. The same `model_id` again (a retry) is no error.
    """
    uploads = _usable_uploads(wanted.upload_ids, creator.id, model_id)
    model = ModelItem.of(
        model_id,
        creator.id,
        now,
        name=wanted.name,
        description=wanted.description,
        price_cents=wanted.price,
        category=wanted.category,
        subcategory=wanted.subcategory,
        tags=wanted.tags,
        files=[_product(upload) for upload in uploads],
        upload_ids=wanted.upload_ids,
        pictures=uploads[0].pictures,
        claims=wanted.claims.model_dump(exclude_none=True) if wanted.claims else None,
        **_measured(uploads),
    )
    try:
        create_model(model, uploads)
    except ConditionFailed:
        earlier = find_model(model_id)
        if earlier is None:
            raise Conflict(USED) from None
        model = earlier
    return present([model])[0]


def _usable_uploads(upload_ids: list[int], owner_id: int, model_id: int) -> list[UploadItem]:
    uploads = [each for each in find_uploads(upload_ids) if each.owner_id == owner_id]
    if missing := set(upload_ids) - {each.id for each in uploads}:
        raise Malformed(f"Upload {min(missing)} not found", ("body", "upload_ids"))
    for upload in uploads:
        if upload.status == "rejected":
            raise Conflict(f"Upload {upload.id} was rejected: {upload.reason}")
        if upload.status != "ready":
            raise Conflict(f"Upload {upload.id} is not inspected yet")
        if upload.model_id not in {None, model_id}:
            raise Conflict(USED)
    return uploads


def _product(upload: UploadItem) -> dict[str, Any]:
    return {
        "format": upload.format,
        "filename": upload.filename,
        "size": upload.size,
        "sha256": upload.sha256,
        "key": upload.asset_key,
    }


def _measured(uploads: list[UploadItem]) -> dict[str, Any]:
    """The facts of a model: counts from its first file, abilities from any of them."""
    facts = [upload.facts for upload in uploads]
    formats = dict.fromkeys(name for upload in uploads for name in upload.formats)
    return {
        "formats": list(formats),
        "poly_count": facts[0]["triangles"],
        "is_rigged": any(each["is_rigged"] for each in facts),
        "is_animated": any(each["is_animated"] for each in facts),
        "texture_resolution": max(
            (each["texture_resolution"] for each in facts), key=RESOLUTIONS.index
        ),
    }


def present(models: list[ModelItem]) -> list[Model3D]:
    """Models with their sums and creators, read in one call for each hundred of either."""
    sums = counters_of(keys.model_counters(model.id) for model in models)
    creators = find_users({model.creator_id for model in models})
    return [
        Model3D.of(model, creators[model.creator_id], sums[keys.model_counters(model.id)])
        for model in models
    ]


def on_sale(start: Start, limit: int, category: str | None) -> tuple[list[Model3D], Start]:
    """A page of what everyone may see, newest first."""
    models, following = approved_models(start, limit, category)
    return present(models), following


def awaiting_review(start: Start, limit: int) -> tuple[list[Model3D], Start]:
    models, following = pending_models(start, limit)
    return present(models), following


def made_by(creator_id: int, start: Start, limit: int) -> tuple[list[Model3D], Start]:
    """A page of a creator's models in every status, newest first."""
    models, following = models_made_by(creator_id, start, limit)
    return present(models), following


def get_model(model_id: int) -> ModelItem:
    """A model in any status. Raises `NotFound`."""
    model = find_model(model_id)
    if model is None:
        raise NotFound(NOT_FOUND)
    return model


def show(model_id: int, viewer: UserItem | None) -> Model3D:
    """A model, for whom it may concern. Raises `NotFound`."""
    model = get_model(model_id)
    if model.status != "approved" and not _concerns(model, viewer):
        raise NotFound(NOT_FOUND)
    return present([model])[0]


def _concerns(model: ModelItem, viewer: UserItem | None) -> bool:
    return viewer is not None and (viewer.is_admin or viewer.id == model.creator_id)


def approve(model_id: int, *, admin: UserItem, now: datetime) -> None:
    """Put a pending model on sale. Raises `NotFound` and `Conflict`."""
    _review(model_id, "approved", None, admin, now)


def reject(model_id: int, reason: str, *, admin: UserItem, now: datetime) -> None:
    """Turn a pending model down and tell its creator why. Raises `NotFound` and `Conflict`."""
    _review(model_id, "rejected", reason, admin, now)


def _review(model_id: int, status: str, reason: str | None, admin: UserItem, now: datetime) -> None:
    model = get_model(model_id)
    data = {"model_name": model.name, **({"reason": reason} if reason else {})}
    decision_id = new_id(now)
    mail = owe_mail(f"REVIEW-{decision_id}", f"model_{status}", model.creator_id, data, now)
    deed = record_deed(decision_id, admin.id, f"model.{status}", f"model {model_id}", reason, now)
    try:
        decide(model, status, reason, now, mail, deed)
    except ConditionFailed:
        raise Conflict("This model is not waiting for review") from None
