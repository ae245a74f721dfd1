"""Models: what is offered, in which state."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from pynamodb.attributes import (
    BooleanAttribute,
    JSONAttribute,
    UnicodeAttribute,
    UTCDateTimeAttribute,
)

from nexus.table import keys
from nexus.table.items import IntegerAttribute, Item, Step, Update, commit, create, find, find_all
from nexus.table.uploads import UploadItem, use_upload


class ModelItem(Item, discriminator="Model"):
    """`status` is pending, approved or rejected. `files` lists the products:
    {format, filename, size (bytes), sha256, key}.
    """

    id = IntegerAttribute()
    creator_id = IntegerAttribute()
    name = UnicodeAttribute()
    description = UnicodeAttribute(null=True)
    price_cents = IntegerAttribute()
    category = UnicodeAttribute()
    subcategory = UnicodeAttribute(null=True)
    tags: JSONAttribute = JSONAttribute()
    files: JSONAttribute = JSONAttribute()
    upload_ids: JSONAttribute = JSONAttribute()
    pictures: JSONAttribute = JSONAttribute()
    formats: JSONAttribute = JSONAttribute()
    poly_count = IntegerAttribute()
    is_rigged = BooleanAttribute()
    is_animated = BooleanAttribute()
    texture_resolution = UnicodeAttribute()
    claims: JSONAttribute = JSONAttribute(null=True)
    status = UnicodeAttribute(default="pending")
    reason = UnicodeAttribute(null=True)
    is_trending = BooleanAttribute(default=False)
    is_featured = BooleanAttribute(default=False)
    version = IntegerAttribute(default=1)
    created_at = UTCDateTimeAttribute()
    updated_at = UTCDateTimeAttribute()

    @classmethod
    def of(cls, model_id: int, creator_id: int, created_at: datetime, **fields: Any) -> "ModelItem":
        pk, sk = keys.model(model_id)
        gsi1_pk, gsi1_sk = keys.model_in("pending", created_at, model_id)
        gsi2_pk, gsi2_sk = keys.model_by(creator_id, model_id)
        return cls(
            pk=pk,
            sk=sk,
            gsi1_pk=gsi1_pk,
            gsi1_sk=gsi1_sk,
            gsi2_pk=gsi2_pk,
            gsi2_sk=gsi2_sk,
            id=model_id,
            creator_id=creator_id,
            created_at=created_at,
            updated_at=created_at,
            **fields,
        )


def create_model(model: ModelItem, uploads: list[UploadItem]) -> None:
    """Write a model together with the use of its uploads. Raises `ConditionFailed`."""
    commit(create(model), *(use_upload(upload, model.id) for upload in uploads))


def find_model(model_id: int) -> ModelItem | None:
    return find(ModelItem, keys.model(model_id))


def find_models(model_ids: list[int]) -> dict[int, ModelItem]:
    found = find_all(keys.model(model_id) for model_id in model_ids)
    return {item.id: item for item in found.values() if isinstance(item, ModelItem)}


def approved_models(
    start: dict[str, Any] | None, limit: int, category: str | None
) -> tuple[list[ModelItem], dict[str, Any] | None]:
    """A page of what is on sale, newest first, and the key that the next page starts after."""
    return _models_in("approved", start, limit, category=category, newest_first=True)


def pending_models(
    start: dict[str, Any] | None, limit: int
) -> tuple[list[ModelItem], dict[str, Any] | None]:
    """A page of what waits for review, oldest first, and the key that the next starts after."""
    return _models_in("pending", start, limit)


def _models_in(
    status: str,
    start: dict[str, Any] | None,
    limit: int,
    *,
    category: str | None = None,
    newest_first: bool = False,
) -> tuple[list[ModelItem], dict[str, Any] | None]:
    results = Item.query(
        keys.models_in(status),
        filter_condition=ModelItem.category == category if category else None,
        index_name="GSI1",
        scan_index_forward=not newest_first,
        limit=limit,
        last_evaluated_key=start,
    )
    models = list(_models(results))
    return models, results.last_evaluated_key


def _models(items: Iterator[Item]) -> Iterator[ModelItem]:
    return (item for item in items if isinstance(item, ModelItem))


def decide(model: ModelItem, status: str, reason: str | None, now: datetime, *also: Step) -> None:
    """Move a pending model to its verdict, with the rows that go with it.

    Raises `ConditionFailed` when it is pending no more.
    """
    gsi1_pk, gsi1_sk = keys.model_in(status, now, model.id)
    actions = [
        ModelItem.status.set(status),
        ModelItem.reason.set(reason) if reason else ModelItem.reason.remove(),
        ModelItem.updated_at.set(now),
        ModelItem.version.add(1),
        Item.gsi1_pk.set(gsi1_pk),
        Item.gsi1_sk.set(gsi1_sk),
    ]
    commit(Update(ModelItem(*model.key), actions, ModelItem.status == "pending"), *also)


def models_made_by(
    creator_id: int, start: dict[str, Any] | None, limit: int
) -> tuple[list[ModelItem], dict[str, Any] | None]:
    """A page of someone's models in every status, newest first, and where the next starts."""
    results = Item.query(
        keys.models_by(creator_id),
        index_name="GSI2",
        scan_index_forward=False,
        limit=limit,
        last_evaluated_key=start,
    )
    return list(_models(results)), results.last_evaluated_key
