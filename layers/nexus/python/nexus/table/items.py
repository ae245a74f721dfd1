"""What every item has, and how several are written as one.

PynamoDB 6.1 puts the steps of a transaction in an order of its own (checks, deletes, puts,
updates) and the reasons of a refusal come in that order; `commit` hides that behind named steps.
"""

import random
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any, ClassVar, Protocol

from pynamodb.attributes import Attribute, DiscriminatorAttribute, UnicodeAttribute
from pynamodb.connection import Connection, TableConnection
from pynamodb.constants import NUMBER
from pynamodb.exceptions import DeleteError, DoesNotExist, PutError, TransactWriteError, UpdateError
from pynamodb.expressions.condition import Condition
from pynamodb.expressions.update import Action
from pynamodb.indexes import AllProjection, GlobalSecondaryIndex
from pynamodb.models import Model
from pynamodb.transactions import TransactWrite

from nexus.settings import settings
from nexus.table.keys import Key

CONFLICT_RETRIES = 8


class GSI1(GlobalSecondaryIndex["Item"]):  # type: ignore[no-untyped-call]
    class Meta:
        index_name = "GSI1"
        projection = AllProjection()

    gsi1_pk = UnicodeAttribute(hash_key=True, attr_name="GSI1PK")
    gsi1_sk = UnicodeAttribute(range_key=True, attr_name="GSI1SK")


class GSI2(GlobalSecondaryIndex["Item"]):  # type: ignore[no-untyped-call]
    class Meta:
        index_name = "GSI2"
        projection = AllProjection()

    gsi2_pk = UnicodeAttribute(hash_key=True, attr_name="GSI2PK")
    gsi2_sk = UnicodeAttribute(range_key=True, attr_name="GSI2SK")


class IntegerAttribute(Attribute[int]):
    """Ids, cents, bytes, counts: numbers that must never become floats on their way."""

    attr_type = NUMBER

    def serialize(self, value: int) -> str:
        return str(value)

    def deserialize(self, value: str) -> int:
        return int(value)


class Item(Model):
    """A row of the table. Create with a condition that the key is free, change with updates.

    `save()` on an item that was read would erase attributes its class does not declare.
    """

    class Meta:
        table_name = settings().table_name
        region: ClassVar[str | None] = None

    pk = UnicodeAttribute(hash_key=True, attr_name="PK")
    sk = UnicodeAttribute(range_key=True, attr_name="SK")
    kind = DiscriminatorAttribute(attr_name="kind")
    gsi1_pk = UnicodeAttribute(null=True, attr_name="GSI1PK")
    gsi1_sk = UnicodeAttribute(null=True, attr_name="GSI1SK")
    gsi2_pk = UnicodeAttribute(null=True, attr_name="GSI2PK")
    gsi2_sk = UnicodeAttribute(null=True, attr_name="GSI2SK")
    expires_at = IntegerAttribute(null=True)
    gsi1 = GSI1()
    gsi2 = GSI2()

    @property
    def key(self) -> Key:
        return Key(self.pk, self.sk)

    @classmethod
    def _get_connection(cls) -> TableConnection:
        """One for all kinds; PynamoDB makes a client (100 ms) for each kind that is used first."""
        return super()._get_connection() if cls is Item else Item._get_connection()


def epoch_seconds(at: datetime) -> int:
    """The form in which DynamoDB's TTL wants a moment."""
    return int(at.timestamp())


@dataclass(frozen=True, eq=False)
class Check:
    item: Item
    condition: Condition


@dataclass(frozen=True, eq=False)
class Delete:
    item: Item
    condition: Condition | None = None


@dataclass(frozen=True, eq=False)
class Put:
    item: Item
    condition: Condition | None = None


@dataclass(frozen=True, eq=False)
class Update:
    item: Item
    actions: Sequence[Action]
    condition: Condition | None = None


type Start = dict[str, Any] | None
"""The key after which a page starts; `None` for the first, and after the last."""

type Step = Check | Delete | Put | Update

ORDER: tuple[type[Step], ...] = (Check, Delete, Put, Update)


def create(item: Item) -> Put:
    """The step that writes a new item, unless its key is taken."""
    return Put(item, Item.pk.does_not_exist())


def new_values(kind: type[Item], values: Mapping[str, Any]) -> list[Action]:
    """The actions that give attributes their new values; `None` takes an attribute away."""
    return [
        getattr(kind, name).remove() if value is None else getattr(kind, name).set(value)
        for name, value in values.items()
    ]


class ConditionFailed(Exception):
    """Nothing was written, because the conditions of `steps` do not hold."""

    def __init__(self, steps: list[Step]) -> None:
        super().__init__(", ".join(f"{type(step).__name__} {step.item.key}" for step in steps))
        self.steps = steps


@cache
def _connection() -> Connection:
    return Item._get_connection().connection


def commit(*steps: Step) -> None:
    """Write all steps or none. Raises `ConditionFailed`."""
    ordered = sorted(steps, key=lambda step: ORDER.index(type(step)))
    try:
        _insist(lambda: _write(ordered))
    except TransactWriteError as error:
        failed = [
            step
            for step, code in zip(ordered, _codes(error), strict=False)  # none, or one for each
            if code == "ConditionalCheckFailed"
        ]
        if failed:
            raise ConditionFailed(failed) from error
        raise


def _insist(write: Callable[[], object]) -> None:
    """Write again, after growing pauses, while transactions on the same items are under way.

    botocore does not do that: to it such a refusal is final.
    """
    for attempt in range(CONFLICT_RETRIES):
        try:
            write()
        except (DeleteError, PutError, UpdateError, TransactWriteError) as error:
            if not _is_conflict(error):
                raise
            time.sleep(random.uniform(0, 0.02 * 2**attempt))  # noqa: S311  jitter, no secret
        else:
            return
    write()


def _is_conflict(error: DeleteError | PutError | UpdateError | TransactWriteError) -> bool:
    if isinstance(error, TransactWriteError):
        codes = _codes(error)
        return "TransactionConflict" in codes and "ConditionalCheckFailed" not in codes
    return error.cause_response_code == "TransactionConflictException"


def _codes(error: TransactWriteError) -> list[str | None]:
    """Why each step was refused, in the order they were sent; none where the request was."""
    return [reason.code if reason else None for reason in error.cancellation_reasons]


def _write(steps: Iterable[Step]) -> None:
    with TransactWrite(connection=_connection()) as write:
        for step in steps:
            match step:
                case Check(item, condition):
                    write.condition_check(type(item), item.pk, item.sk, condition)
                case Delete(item, condition):
                    write.delete(item, condition, add_version_condition=False)
                case Put(item, condition):
                    write.save(item, condition)
                case Update(item, actions, condition):
                    write.update(item, list(actions), condition)


def put(step: Put) -> None:
    """Write one item. Raises `ConditionFailed`.

    botocore sends again what got no answer. Where the first try went through all the same, the
    second is refused because of it: that is no failure.
    """
    try:
        _insist(lambda: step.item.save(step.condition))
    except PutError as error:
        refusal = _refusal(error, step)
        if not (isinstance(refusal, ConditionFailed) and _is_stored(step.item)):
            raise refusal from error


def _is_stored(item: Item) -> bool:
    stored = find(type(item), item.key)
    return stored is not None and stored.serialize() == item.serialize()


def update(step: Update) -> None:
    """Change one item and load the result into it. Raises `ConditionFailed`."""
    try:
        _insist(lambda: step.item.update(list(step.actions), step.condition))
    except UpdateError as error:
        raise _refusal(error, step) from error


def remove(item: Item) -> None:
    """Delete one item, if it is there."""
    _insist(item.delete)


def _refusal(error: PutError | UpdateError, step: Step) -> Exception:
    conditional = error.cause_response_code == "ConditionalCheckFailedException"
    return ConditionFailed([step]) if conditional else error


def find[T: Item](kind: type[T], key: Key, *, consistent: bool = True) -> T | None:
    try:
        return kind.get(key.pk, key.sk, consistent_read=consistent)
    except DoesNotExist:
        return None


def find_all(keys: Iterable[Key], *, consistent: bool = False) -> dict[Key, Item]:
    """The items that exist of these keys: one call for each hundred keys, none for no key."""
    wanted = list(dict.fromkeys(keys))
    found = Item.batch_get(wanted, consistent_read=consistent) if wanted else ()
    return {item.key: item for item in found}


class Numbered(Protocol):
    @property
    def id(self) -> int: ...


def find_by_id[T: Numbered](
    kind: type[T], keys: Iterable[Key], *, consistent: bool = False
) -> dict[int, T]:
    """The items of a kind that exist of these keys, by their ids; as `find_all`."""
    found: Iterable[Any] = find_all(keys, consistent=consistent).values()
    return {item.id: item for item in found if isinstance(item, kind)}


def count_some(pk: str, range_condition: Condition, index: str | None, most: int) -> int:
    """How many items there are, counted up to `most` in one call.

    `Item.count` would go on, page after page, to the end of the partition.
    """
    found = Item.query(
        pk, range_condition, index_name=index, limit=most, attributes_to_get=["PK", "SK", "kind"]
    )
    return sum(1 for _ in found)


def from_image(image: dict[str, Any]) -> Item:
    """The item of a stream record's image (DynamoDB JSON)."""
    return Item.from_raw_data(image)
