"""What admins do with models: approve, reject, feature; and what was decided when."""

from datetime import datetime

from nexus.catalogue.schemas import Decision, Flags, Model3D
from nexus.catalogue.service import get_model, present
from nexus.errors import Conflict, PreconditionFailed, check_version
from nexus.ids import new_id
from nexus.table.catalogue import DecisionItem, ModelItem, change_model, decisions_on
from nexus.table.discounts import change_price
from nexus.table.items import ConditionFailed, Step, create
from nexus.table.outbox import owe_mail, record_deed
from nexus.table.trending import list_trending
from nexus.table.users import UserItem


def approve(model_id: int, *, admin: UserItem, version: int | None, now: datetime) -> None:
    """Put a pending model of someone else on sale; its buyers get its newest files from now on.

    With a version only what was looked at is approved. Raises `NotFound`, `Conflict` and
    `PreconditionFailed`.
    """
    _review(get_model(model_id), "approved", None, admin, version, now)


def reject(
    model_id: int, reason: str, *, admin: UserItem, version: int | None, now: datetime
) -> None:
    """Turn a pending model down and tell its creator why; raises what `approve` does."""
    _review(get_model(model_id), "rejected", reason, admin, version, now)


def _review(
    model: ModelItem,
    status: str,
    reason: str | None,
    admin: UserItem,
    version: int | None,
    now: datetime,
) -> None:
    check_version(version, model.version)
    model_id = model.id
    if status == "approved" and model.creator_id == admin.id:
        raise Conflict("This model is your own; another admin must approve it")
    data: dict[str, object] = {"model_id": model_id, "model_name": model.name}
    if reason:
        data["reason"] = reason
    decision_id = new_id(now)
    also: list[Step] = [
        create(DecisionItem.of(model_id, status, reason, admin.id, now)),
        owe_mail(f"REVIEW-{decision_id}", f"model_{status}", model.creator_id, data, now),
        record_deed(decision_id, admin.id, f"model.{status}", f"model {model_id}", reason, now),
    ]
    verdict: dict[str, object] = {"status": status, "reason": reason}
    if status == "approved":
        verdict |= {"approved": None, "offered_cents": None, "offered_until": None}
        if model.offered_cents not in {None, model.price_cents}:
            also.append(change_price(model, model.price_cents, now))
    unseen = (ModelItem.status == "pending") & (ModelItem.version == model.version)
    try:
        change_model(model, verdict, now, unseen, *also)
    except ConditionFailed:
        raise Conflict("This model is not waiting for review") from None


def flag(
    model_id: int, flags: Flags, *, admin: UserItem, version: int | None, now: datetime
) -> tuple[Model3D, int]:
    """Feature a model, or mark it as trending until the next computation does.

    Raises `NotFound` and `PreconditionFailed`.
    """
    model = get_model(model_id)
    check_version(version, model.version)
    wanted = flags.model_dump(exclude_none=True)
    also: list[Step] = [
        record_deed(new_id(now), admin.id, "model.flags", f"model {model_id}", str(wanted), now)
    ]
    if flags.is_trending is not None:
        also.append(list_trending(model_id, marked=flags.is_trending))
    try:
        change_model(model, wanted, now, ModelItem.version == model.version, *also)
    except ConditionFailed:
        raise PreconditionFailed from None
    changed = get_model(model_id)
    return present([changed])[0], changed.version


def history(model_id: int) -> list[Decision]:
    """How a model came to its status, oldest step first. Raises `NotFound`."""
    model = get_model(model_id)
    submitted = Decision(
        status="pending", reason=None, user_id=model.creator_id, created_at=model.created_at
    )
    return [submitted, *map(Decision.of, decisions_on(model_id))]
