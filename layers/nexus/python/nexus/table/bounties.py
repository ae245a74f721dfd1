"""Bounties: what someone wants made, who applied for it, and who was chosen."""

from datetime import datetime
from typing import Any

from pynamodb.attributes import UnicodeAttribute, UTCDateTimeAttribute

from nexus.ids import LARGEST
from nexus.table import keys
from nexus.table.items import (
    Check,
    Delete,
    IntegerAttribute,
    Item,
    Start,
    Step,
    Update,
    commit,
    count_some,
    create,
    find,
    find_by_id,
    new_values,
    remove,
    update,
)
from nexus.table.pages import Keep, kept_page, page


class BountyItem(Item, discriminator="Bounty"):
    """`status` is Open, In Progress, Completed or Closed. `deadline` counts while it is Open."""

    id = IntegerAttribute()
    creator_id = IntegerAttribute()
    title = UnicodeAttribute()
    description = UnicodeAttribute()
    budget_cents = IntegerAttribute()
    status = UnicodeAttribute(default="Open")
    winner_id = IntegerAttribute(null=True)
    deadline = UTCDateTimeAttribute(null=True)
    version = IntegerAttribute(default=1)
    created_at = UTCDateTimeAttribute()
    updated_at = UTCDateTimeAttribute()

    @classmethod
    def of(
        cls, bounty_id: int, creator_id: int, created_at: datetime, **fields: Any
    ) -> "BountyItem":
        pk, sk = keys.bounty(bounty_id)
        gsi1_pk, gsi1_sk = keys.among_bounties(bounty_id)
        gsi2_pk, gsi2_sk = keys.bounty_in("Open", bounty_id)
        return cls(
            pk=pk,
            sk=sk,
            gsi1_pk=gsi1_pk,
            gsi1_sk=gsi1_sk,
            gsi2_pk=gsi2_pk,
            gsi2_sk=gsi2_sk,
            id=bounty_id,
            creator_id=creator_id,
            created_at=created_at,
            updated_at=created_at,
            **fields,
        )

    @property
    def due(self) -> datetime | None:
        """When it is to be closed; `None` where nothing is to be done."""
        return self.deadline if self.status == "Open" else None


class PostedItem(Item, discriminator="Posted"):
    """A bounty among those of its creator."""

    bounty_id = IntegerAttribute()


class DeadlineItem(Item, discriminator="Deadline"):
    """There is one for each open bounty that has a deadline, and for no other."""

    bounty_id = IntegerAttribute()

    @classmethod
    def of(cls, due: datetime, bounty_id: int) -> "DeadlineItem":
        return cls(*keys.deadline(due, bounty_id), bounty_id=bounty_id)


class ApplicationItem(Item, discriminator="Application"):
    id = IntegerAttribute()
    bounty_id = IntegerAttribute()
    user_id = IntegerAttribute()
    message = UnicodeAttribute(null=True)
    created_at = UTCDateTimeAttribute()

    @classmethod
    def of(
        cls, application_id: int, bounty_id: int, user_id: int, **fields: Any
    ) -> "ApplicationItem":
        pk, sk = keys.application(bounty_id, user_id)
        gsi1_pk, gsi1_sk = keys.application_for(bounty_id, application_id)
        gsi2_pk, gsi2_sk = keys.application_of(user_id, application_id)
        return cls(
            pk=pk,
            sk=sk,
            gsi1_pk=gsi1_pk,
            gsi1_sk=gsi1_sk,
            gsi2_pk=gsi2_pk,
            gsi2_sk=gsi2_sk,
            id=application_id,
            bounty_id=bounty_id,
            user_id=user_id,
            **fields,
        )


def create_bounty(bounty: BountyItem) -> None:
    """Raises `ConditionFailed` when its id is taken."""
    posted = PostedItem(*keys.posted(bounty.creator_id, bounty.id), bounty_id=bounty.id)
    due = [create(DeadlineItem.of(bounty.due, bounty.id))] if bounty.due else []
    commit(create(bounty), create(posted), *due)


def find_bounty(bounty_id: int) -> BountyItem | None:
    return find(BountyItem, keys.bounty(bounty_id))


def find_bounties(bounty_ids: list[int]) -> dict[int, BountyItem]:
    """Those that exist, as they are now."""
    return find_by_id(BountyItem, (keys.bounty(each) for each in bounty_ids), consistent=True)


def list_bounties(
    status: str | None, start: Start, limit: int, keep: Keep[BountyItem]
) -> tuple[list[BountyItem], Start]:
    """A page of those bounties of a status, or of all, that are kept, newest first."""
    partition, index = (keys.bounties_in(status), "GSI2") if status else (keys.BOUNTIES, "GSI1")
    return kept_page(BountyItem, partition, start, limit, keep=keep, index=index)


def posted_by(user_id: int, start: Start, limit: int) -> tuple[list[int], Start]:
    """A page of the ids of someone's bounties, newest first."""
    posted = Item.sk.startswith(keys.POSTED)
    found, following = page(PostedItem, keys.posted_by(user_id), start, limit, among=posted)
    return [item.bounty_id for item in found], following


def count_posted_since(user_id: int, oldest_id: int, most: int) -> int:
    """How many bounties someone posted since an id was young, counted up to `most`."""
    pk, since = keys.posted(user_id, oldest_id)
    _, latest = keys.posted(user_id, LARGEST)
    return count_some(pk, Item.sk.between(since, latest), None, most)


def count_applied_since(user_id: int, oldest_id: int, most: int) -> int:
    """How many applications someone made since an id was young, counted up to `most`."""
    pk, since = keys.application_of(user_id, oldest_id)
    return count_some(pk, Item.gsi2_sk >= since, "GSI2", most)


def change_bounty(bounty: BountyItem, changes: dict[str, Any], now: datetime, *also: Step) -> None:
    """Write changes of a bounty as it was read, with its deadline's row and the steps besides.

    Raises `ConditionFailed` when it is not as it was read any more.
    """
    was_due, unchanged = bounty.due, _unchanged(bounty)
    for name, value in {**changes, "updated_at": now}.items():
        setattr(bounty, name, value)
    rows: list[Step] = []
    if was_due and was_due != bounty.due:
        rows.append(Delete(DeadlineItem.of(was_due, bounty.id)))
    if bounty.due and was_due != bounty.due:
        rows.append(create(DeadlineItem.of(bounty.due, bounty.id)))
    gsi2_pk, _ = keys.bounty_in(bounty.status, bounty.id)
    actions = [
        *new_values(BountyItem, changes),
        BountyItem.updated_at.set(now),
        BountyItem.version.add(1),
        Item.gsi2_pk.set(gsi2_pk),
    ]
    commit(Update(BountyItem(*bounty.key), actions, unchanged), *rows, *also)
    bounty.version += 1


def _unchanged(bounty: BountyItem) -> Any:
    return BountyItem.version == bounty.version


def record_application(application: ApplicationItem, bounty: BountyItem, *also: Step) -> None:
    """Write an application for a bounty as it was read.

    Raises `ConditionFailed` when the bounty has changed or the user has applied before.
    """
    commit(create(application), Check(BountyItem(*bounty.key), _unchanged(bounty)), *also)


def find_application(bounty_id: int, user_id: int) -> ApplicationItem | None:
    return find(ApplicationItem, keys.application(bounty_id, user_id))


def has_applied(bounty_id: int, user_id: int) -> Check:
    """The step that lets a transaction happen only with an application of this user."""
    item = ApplicationItem(*keys.application(bounty_id, user_id))
    return Check(item, Item.pk.exists())


def withdraw_application(application: ApplicationItem) -> None:
    remove(application)


def forget_message(application: ApplicationItem) -> None:
    update(Update(application, [ApplicationItem.message.remove()], Item.pk.exists()))


def applications_for(
    bounty_id: int, start: Start, limit: int, keep: Keep[ApplicationItem]
) -> tuple[list[ApplicationItem], Start]:
    """A page of those applications for a bounty that are kept, oldest first."""
    partition = keys.applications_for(bounty_id)
    return kept_page(
        ApplicationItem, partition, start, limit, keep=keep, index="GSI1", newest_first=False
    )


def applications_of(user_id: int, start: Start, limit: int) -> tuple[list[ApplicationItem], Start]:
    """A page of someone's applications, newest first."""
    return page(ApplicationItem, keys.applications_of(user_id), start, limit, index="GSI2")


def due_bounties(now: datetime, limit: int) -> list[int]:
    """The ids of open bounties whose deadline has come, the most overdue first."""
    _, latest = keys.deadline(now, LARGEST)
    results = Item.query(keys.DEADLINES, Item.sk <= latest, limit=limit, consistent_read=True)
    return [item.bounty_id for item in results if isinstance(item, DeadlineItem)]
