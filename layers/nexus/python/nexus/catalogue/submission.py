"""What creators do with their models: submit, edit, withdraw."""

from datetime import datetime
from typing import Any

from nexus.catalogue.findings import MEASURED, RESOLUTIONS, compared, joined, of_files
from nexus.catalogue.schemas import Model3D, ModelChanges, NewModel, findings_on
from nexus.catalogue.service import NOT_FOUND, concerns, get_model, present
from nexus.categories.service import known_category
from nexus.errors import CHANGED, Conflict, Malformed, NotFound, PreconditionFailed, check_version
from nexus.ids import new_id
from nexus.table.catalogue import (
    DecisionItem,
    ModelItem,
    change_model,
    create_model,
    find_model,
)
from nexus.table.discounts import change_price
from nexus.table.items import ConditionFailed, Step, create
from nexus.table.outbox import record_deed
from nexus.table.uploads import UploadItem, find_uploads, use_upload
from nexus.table.users import UserItem
from nexus.uploads.schemas import Finding
from nexus.uploads.service import findings_in

USED = "An upload belongs to another model already"


def submit(wanted: NewModel, *, creator: UserItem, model_id: int, now: datetime) -> Model3D:
    """Make a model of inspected uploads; it waits for review.

    Raises `Malformed` for uploads that are not the creator's and `Conflict` for those that are
    not ready or belong to another model. The same `model_id` again (a retry) is no error.
    """
    uploads = _usable_uploads(wanted.upload_ids, creator.id, model_id)
    claims = wanted.claims.model_dump(exclude_none=True) if wanted.claims else None
    measured = _from_files(uploads)
    model = ModelItem.of(
        model_id,
        creator.id,
        now,
        name=wanted.name,
        description=wanted.description,
        price_cents=wanted.price,
        category=known_category(wanted.category),
        subcategory=wanted.subcategory,
        tags=wanted.tags,
        claims=claims,
        findings=_findings(claims, measured, _in_files(uploads)),
        **measured,
    )
    try:
        create_model(model, uploads)
    except ConditionFailed:
        earlier = find_model(model_id)
        if earlier is None:
            raise Conflict(USED) from None
        model = earlier
    return present([model])[0]


def edit(
    model_id: int, changes: ModelChanges, *, user: UserItem, version: int | None, now: datetime
) -> tuple[Model3D, int]:
    """Change a model of one's own (an admin: any), and tell its new version.

    New files send it back to review, and so does any change of a rejected one; text and price
    of an approved one do not. Buyers keep getting the files that were approved. Raises
    `NotFound`, `PreconditionFailed` and what `submit` raises.
    """
    model = _own(model_id, user)
    check_version(version, model.version)
    wanted, also = _wanted(changes), list[Step]()
    measured: dict[str, Any] = {name: getattr(model, name) for name in MEASURED}
    in_files = of_files(findings_on(model))
    if changes.upload_ids is not None:
        uploads = _usable_uploads(changes.upload_ids, model.creator_id, model_id)
        measured, in_files = _from_files(uploads), _in_files(uploads)
        wanted |= measured
        also += [use_upload(upload, model_id) for upload in uploads]
    if changes.upload_ids is not None or changes.claims is not None:
        claims = wanted.get("claims", model.claims)
        wanted["findings"] = _findings(claims, measured, in_files)
    if changes.upload_ids is not None or model.status == "rejected":
        wanted |= {"status": "pending", "reason": None, **_kept(model, now)}
        also.append(create(DecisionItem.of(model_id, "pending", None, user.id, now)))
    elif model.status == "approved" and changes.price not in {None, model.price_cents}:
        also.append(change_price(model, wanted["price_cents"], now))
    also += _deed(model, "edited", _told(model, changes), user, now)
    try:
        change_model(model, wanted, now, ModelItem.version == model.version, *also)
    except ConditionFailed:
        raise PreconditionFailed from None
    changed = get_model(model_id)
    return present([changed])[0], changed.version


def withdraw(model_id: int, *, user: UserItem, now: datetime) -> None:
    """Take a model of one's own off the market for good; its buyers keep their downloads.

    Raises `NotFound`. Withdrawing it again is no error.
    """
    model = get_model(model_id)
    if model.status == "withdrawn" and concerns(model, user):
        return
    _own(model_id, user)
    also = [
        create(DecisionItem.of(model_id, "withdrawn", None, user.id, now)),
        *_deed(model, "withdrawn", None, user, now),
    ]
    try:
        change_model(model, {"status": "withdrawn"}, now, ModelItem.version == model.version, *also)
    except ConditionFailed:
        raise Conflict(CHANGED) from None


def _own(model_id: int, user: UserItem) -> ModelItem:
    model = get_model(model_id)
    if model.status == "withdrawn" or not concerns(model, user):
        raise NotFound(NOT_FOUND)
    return model


def _wanted(changes: ModelChanges) -> dict[str, Any]:
    wanted = changes.model_dump(exclude_unset=True, exclude={"upload_ids", "price", "claims"})
    if changes.price is not None:
        wanted["price_cents"] = changes.price
    if changes.claims is not None:
        wanted["claims"] = changes.claims.model_dump(exclude_none=True)
    if changes.category is not None:
        wanted["category"] = known_category(changes.category)
    return wanted


def _deed(
    model: ModelItem, what: str, detail: str | None, user: UserItem, now: datetime
) -> list[Step]:
    """The step that records what an admin does to someone else's model."""
    if user.id == model.creator_id:
        return []
    return [record_deed(new_id(now), user.id, f"model.{what}", f"model {model.id}", detail, now)]


def _told(model: ModelItem, changes: ModelChanges) -> str:
    """The names of what changes; the audit has no room for the texts, but for the prices."""
    price = f"price from {model.price_cents} to {changes.price} cents"
    named = sorted(changes.model_fields_set)
    return ", ".join(price if name == "price" else name for name in named)


def _kept(model: ModelItem, now: datetime) -> dict[str, Any]:
    """What a model on sale was, for the time in which it is not."""
    if model.status != "approved":
        return {}
    return {
        "approved": model.of_files(newest=False),
        "offered_cents": model.price_cents,
        "offered_until": now,
    }


def _usable_uploads(upload_ids: list[int], owner_id: int, model_id: int) -> list[UploadItem]:
    uploads = [each for each in find_uploads(upload_ids) if each.owner_id == owner_id]
    if missing := set(upload_ids) - {each.id for each in uploads}:
        raise Malformed(f"Upload {min(missing)} not found", ("body", "upload_ids"))
    for upload in uploads:
        if upload.status == "rejected":
            raise Conflict(f"Upload {upload.id} was rejected: {upload.reason}")
        if upload.purpose == "inspect":
            raise Conflict(f"Upload {upload.id} was only inspected: nothing of it is kept")
        if upload.status != "ready":
            raise Conflict(f"Upload {upload.id} is not inspected yet")
        if upload.model_id not in {None, model_id}:
            raise Conflict(USED)
    return uploads


def _from_files(uploads: list[UploadItem]) -> dict[str, Any]:
    """Products, pictures and facts: counts from the first file, abilities from any of them."""
    facts = [upload.facts for upload in uploads]
    formats = dict.fromkeys(name for upload in uploads for name in upload.formats)
    return {
        "files": [_product(upload) for upload in uploads],
        "upload_ids": [upload.id for upload in uploads],
        "pictures": uploads[0].pictures,
        "preview": uploads[0].preview,
        "formats": list(formats),
        "poly_count": facts[0]["triangles"],
        "is_rigged": any(each["is_rigged"] for each in facts),
        "is_animated": any(each["is_animated"] for each in facts),
        "texture_resolution": max(
            (each["texture_resolution"] for each in facts), key=RESOLUTIONS.index
        ),
    }


def _in_files(uploads: list[UploadItem]) -> list[Finding]:
    return joined(*map(findings_in, uploads))


def _findings(
    claims: dict[str, Any] | None, measured: dict[str, Any], in_files: list[Finding]
) -> list[dict[str, Any]]:
    return [each.model_dump() for each in joined(compared(claims, measured), in_files)]


def _product(upload: UploadItem) -> dict[str, Any]:
    return {
        "format": upload.format,
        "filename": upload.filename,
        "size": upload.size,
        "sha256": upload.sha256,
        "key": upload.asset_key,
    }
