"""Models: what is offered, in which state."""

from contextlib import suppress
from datetime import datetime
from typing import Any

from pynamodb.attributes import (
    BooleanAttribute,
    JSONAttribute,
    UnicodeAttribute,
    UTCDateTimeAttribute,
)
from pynamodb.expressions.condition import Condition

from nexus.table import keys
from nexus.table.changes import announce
from nexus.table.items import (
    ConditionFailed,
    IntegerAttribute,
    Item,
    Start,
    Step,
    Update,
    commit,
    create,
    find,
    find_by_id,
    new_values,
    update,
)
from nexus.table.pages import Keep, kept_page, page, sized_page, weight
from nexus.table.uploads import UploadItem, use_upload

MOST_DECISIONS = 100
HIDING_TRIES = 8
OF_FILES = (
    *("files", "upload_ids", "pictures", "preview", "formats"),
    *("poly_count", "is_rigged", "is_animated", "texture_resolution"),
)
"""What a model has from its files, and what review is about."""


class Restless(Exception):
    """A model changes faster than it can be hidden; the stream comes again."""


class ModelItem(Item, discriminator="Model"):
    """`status` is pending, approved, rejected or withdrawn; `since` is when it became that.

    `files` lists the products: {format, filename, size (bytes), sha256, key}. While newer ones
    wait for review, or were rejected, `approved` keeps what it had on sale, `offered_cents` the
    price at which it was, and `offered_until` when that ended. A model of a
    banned creator is hidden: it keeps its status, but leaves the lists. `creator_version` tells
    which of its creator's names the lists show with it.
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
    preview = UnicodeAttribute(null=True)
    formats: JSONAttribute = JSONAttribute()
    poly_count = IntegerAttribute()
    is_rigged = BooleanAttribute()
    is_animated = BooleanAttribute()
    texture_resolution = UnicodeAttribute()
    approved: JSONAttribute = JSONAttribute(null=True)
    offered_cents = IntegerAttribute(null=True)
    offered_until = UTCDateTimeAttribute(null=True)
    claims: JSONAttribute = JSONAttribute(null=True)
    findings: JSONAttribute = JSONAttribute(null=True)
    status = UnicodeAttribute(default="pending")
    since = UTCDateTimeAttribute()
    is_hidden = BooleanAttribute(default=False)
    reason = UnicodeAttribute(null=True)
    is_trending = BooleanAttribute(default=False)
    is_featured = BooleanAttribute(default=False)
    creator_version = IntegerAttribute(null=True)
    version = IntegerAttribute(default=1)
    created_at = UTCDateTimeAttribute()
    updated_at = UTCDateTimeAttribute()

    @classmethod
    def of(cls, model_id: int, creator_id: int, created_at: datetime, **fields: Any) -> "ModelItem":
        pk, sk = keys.model(model_id)
        gsi1_pk, gsi1_sk = keys.model_in("pending", created_at, model_id)
        gsi2_pk, gsi2_sk = keys.model_by(creator_id, created_at, model_id)
        return cls(
            pk=pk,
            sk=sk,
            gsi1_pk=gsi1_pk,
            gsi1_sk=gsi1_sk,
            gsi2_pk=gsi2_pk,
            gsi2_sk=gsi2_sk,
            id=model_id,
            creator_id=creator_id,
            since=created_at,
            created_at=created_at,
            updated_at=created_at,
            **fields,
        )

    def of_files(self, *, newest: bool) -> dict[str, Any]:
        """`OF_FILES` of the newest files, or of those that review let pass last, as buyers may
        neither get nor see others.
        """
        earlier: dict[str, Any] | None = None if newest else self.approved
        return earlier or {name: getattr(self, name) for name in OF_FILES}

    @property
    def size(self) -> int:
        """The `weight` of its texts."""
        labels = [self.name, self.category, self.subcategory, self.tags]
        texts = [*labels, self.description, self.files, self.findings, self.reason]
        return weight(texts)


class DecisionItem(Item, discriminator="Decision"):
    """One step in the life of a model: who moved it to which status, and why."""

    model_id = IntegerAttribute()
    status = UnicodeAttribute()
    reason = UnicodeAttribute(null=True)
    user_id = IntegerAttribute()
    created_at = UTCDateTimeAttribute()

    @classmethod
    def of(
        cls, model_id: int, status: str, reason: str | None, user_id: int, now: datetime
    ) -> "DecisionItem":
        return cls(
            *keys.decision(model_id, now),
            model_id=model_id,
            status=status,
            reason=reason,
            user_id=user_id,
            created_at=now,
        )


def create_model(model: ModelItem, uploads: list[UploadItem]) -> None:
    """Write a model together with the use of its uploads. Raises `ConditionFailed`."""
    commit(create(model), *(use_upload(upload, model.id) for upload in uploads))


def find_model(model_id: int) -> ModelItem | None:
    return find(ModelItem, keys.model(model_id))


def find_models(model_ids: list[int]) -> dict[int, ModelItem]:
    return find_by_id(ModelItem, (keys.model(model_id) for model_id in model_ids))


def approved_models(start: Start, limit: int) -> tuple[list[ModelItem], Start]:
    """A page of what is on sale, newest first, and the key that the next page starts after."""
    return _indexed("GSI1", keys.models_in("approved"), start, limit, newest_first=True)


def pending_models(start: Start, limit: int, skip: int) -> tuple[list[ModelItem], Start]:
    """A page of what waits for review, oldest first, cut as `sized_page` does."""
    return _indexed("GSI1", keys.models_in("pending"), start, limit, skip, newest_first=False)


def models_made_by(
    creator_id: int, start: Start, limit: int, skip: int = 0
) -> tuple[list[ModelItem], Start]:
    """A page of someone's models in every status, newest first, cut as `sized_page` does."""
    return _indexed("GSI2", keys.models_by(creator_id), start, limit, skip, newest_first=True)


def shown_models_by(
    creator_id: int, start: Start, limit: int, skip: int, keep: Keep[ModelItem]
) -> tuple[list[ModelItem], Start]:
    """A page of those of someone's models that are kept, newest first, cut as `sized_page` does."""
    return kept_page(
        ModelItem,
        keys.models_by(creator_id),
        start,
        limit,
        keep=keep,
        index="GSI2",
        weigh=lambda model: model.size,
        skip=skip,
    )


def _indexed(
    index: str, partition: str, start: Start, limit: int, skip: int = 0, *, newest_first: bool
) -> tuple[list[ModelItem], Start]:
    return sized_page(
        ModelItem,
        partition,
        start,
        limit,
        skip=skip,
        index=index,
        newest_first=newest_first,
    )


def decisions_on(model_id: int) -> list[DecisionItem]:
    """The history of a model, oldest first; it gains a line at each review."""
    made, among = keys.decisions_on(model_id), Item.sk.startswith(keys.DECISIONS)
    return page(DecisionItem, made, None, MOST_DECISIONS, among=among, newest_first=False)[0]


def change_model(
    model: ModelItem, changes: dict[str, Any], now: datetime, condition: Condition, *also: Step
) -> None:
    """Set attributes of a model, with the rows that go with it. Raises `ConditionFailed`.

    A change of `status` moves the model in the index; nothing else does. Those who follow what
    is on sale are told that it changes.
    """
    actions = [
        *new_values(ModelItem, changes),
        ModelItem.updated_at.set(now),
        ModelItem.version.add(1),
    ]
    status = changes.get("status", model.status)
    if "approved" in {model.status, status}:
        telling = announce(model.id, model.creator_id, now, gone=status != "approved")
        also = (telling, *also)
    step = Update(ModelItem(*model.key), actions, condition)
    if "status" not in changes:
        commit(step, *also)
        return
    try:
        commit(_placed(step, status, now, model, hidden=model.is_hidden), *also)
    except ConditionFailed:  # a ban, or its end, may have come between: it only moves the place
        commit(_placed(step, status, now, model, hidden=not model.is_hidden), *also)


def _placed(
    step: Update, status: str, since: datetime, model: ModelItem, *, hidden: bool
) -> Update:
    """The step that moves the model in the index too, as long as it is hidden or is not."""
    place = new_values(Item, _place(status, since, model.id, hidden=hidden))
    place.append(ModelItem.since.set(since))
    as_seen = ModelItem.is_hidden == hidden
    return Update(step.item, [*step.actions, *place], as_seen & step.condition)


def hide_model(model: ModelItem, *, hidden: bool) -> None:
    """Take a model out of the index, or put it back; repeating it changes nothing.

    What has changed since it was read is read again. Raises `Restless`.
    """
    current = model
    for _ in range(HIDING_TRIES):
        place = _place(current.status, current.since, current.id, hidden=hidden)
        actions = new_values(ModelItem, {"is_hidden": hidden, **place})
        try:
            update(Update(ModelItem(*current.key), actions, ModelItem.version == current.version))
        except ConditionFailed:
            current = find_model(model.id) or current
        else:
            return
    raise Restless(model.id)


def is_misplaced(model: ModelItem) -> bool:
    """Whether the index has it where it does not belong, or lacks it."""
    place = _place(model.status, model.since, model.id, hidden=model.is_hidden)
    return {name: getattr(model, name) for name in place} != place


def _place(status: str, since: datetime, model_id: int, *, hidden: bool) -> dict[str, str | None]:
    """The keys of a model in the index of what has its status; hidden or withdrawn it has none."""
    if hidden or status == "withdrawn":
        return {"gsi1_pk": None, "gsi1_sk": None}
    gsi1_pk, gsi1_sk = keys.model_in(status, since, model_id)
    return {"gsi1_pk": gsi1_pk, "gsi1_sk": gsi1_sk}


def is_on_sale(model: ModelItem | None) -> bool:
    """Whether everyone sees it, unless its creator was banned this very moment."""
    return model is not None and model.status == "approved" and not model.is_hidden


def name_creator(model: ModelItem, creator_version: int) -> None:
    """Let the lists show a creator's new name; repeating it changes nothing."""
    version = ModelItem.creator_version
    newer = version.does_not_exist() | (version < creator_version)
    with suppress(ConditionFailed):
        update(Update(ModelItem(*model.key), [version.set(creator_version)], newer))
