"""What moto does at length, in short: a third of the tests' time went into its copies and words."""

import copy
import pickle
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import cache
from types import SimpleNamespace
from typing import Any
from unittest.mock import patch

from botocore.useragent import UserAgentString
from moto.core.serialize import BaseJSONSerializer
from moto.dynamodb import models
from moto.dynamodb.models import DynamoDBBackend
from moto.dynamodb.models.dynamo_type import DynamoType
from moto.dynamodb.models.table import Table
from moto.dynamodb.parsing import validators
from moto.dynamodb.parsing.ast_nodes import (  # type: ignore[attr-defined]
    DepthFirstTraverser,
    Node,
)
from moto.dynamodb.parsing.expressions import (  # type: ignore[attr-defined]
    UpdateExpressionParser,
)

type Transaction = list[dict[str, dict[str, Any]]]

_PLAIN = {"S", "N", "BOOL", "NULL", "SS", "NS"}

_under_way: ContextVar[Transaction] = ContextVar("_under_way")
_transact = DynamoDBBackend.transact_write_items
_write_structure = BaseJSONSerializer._serialize_type_structure
_parsed = cache(UpdateExpressionParser.make)  # each validator copies it before it changes it


@contextmanager
def moto() -> Iterator[None]:
    with (
        patch.object(models, "copy", SimpleNamespace(deepcopy=_copied, copy=copy.copy)),
        patch.object(DynamoDBBackend, "transact_write_items", _transact_write_items),
        patch.object(BaseJSONSerializer, "_serialize_type_structure", _serialize_type_structure),
        patch.object(UpdateExpressionParser, "make", _parsed),
        patch.object(validators, "deepcopy", _pickled),
        patch.object(DepthFirstTraverser, "traverse", _traverse),
        patch.object(UserAgentString, "to_string", lambda _: "tests"),
    ):
        yield


def _pickled[T](it: T) -> T:
    """A deep copy of a parsed update, in less than half the time."""
    copied: T = pickle.loads(pickle.dumps(it))  # noqa: S301  it comes from here
    return copied


def _transact_write_items(self: DynamoDBBackend, transact_items: Transaction) -> None:
    before = _under_way.set(transact_items)
    try:
        _transact(self, transact_items)
    finally:
        _under_way.reset(before)


def _copied[T](it: T) -> T:
    return _as_it_is(it) if isinstance(it, Table) else copy.deepcopy(it)


def _as_it_is(table: Table) -> Any:
    """What the table becomes again when the transaction fails: moto would copy all that is in it,
    for each step. What the transaction may change is copied here, and the rest is shared.
    """
    kept = copy.copy(table)
    kept.items = copy.copy(table.items)
    for ((kind, step),) in map(dict.items, _under_way.get()):
        key = step["Item" if kind == "Put" else "Key"]
        partition, row = (DynamoType(key[name]) for name in table.table_key_attrs)
        if partition in table.items:
            if kept.items[partition] is table.items[partition]:
                kept.items[partition] = dict(table.items[partition])
            if row in table.items[partition]:
                kept.items[partition][row] = copy.deepcopy(table.items[partition][row])
    if table.stream_shard:
        kept.stream_shard = copy.copy(table.stream_shard)
        kept.stream_shard.table = kept
        kept.stream_shard.items = list(table.stream_shard.items)
    return kept


def _serialize_type_structure(
    self: BaseJSONSerializer, serialized: Any, value: Any, shape: Any, key: str
) -> None:
    """moto looks for each of the ten types a value may have, in several spellings."""
    if shape.name == "AttributeValue" and value.keys() <= _PLAIN:
        serialized[key] = value
    else:
        _write_structure(self, serialized, value, shape, key)


def _traverse(self: DepthFirstTraverser, root: Node) -> Node:
    """moto asks at each node, of each kind that this traverser is for, whether the node is one."""
    steps = self._processing_map()

    def walk(node: Any, place: int) -> Any:
        if not isinstance(node, Node):
            return node
        above = node.parent
        for number, child in enumerate(node.children or ()):
            self.pre_processing_of_child(node, number)
            walk(child, number)
        kind = next((kind for kind in type(node).__mro__ if kind in steps), None)
        if kind:
            node = steps[kind](node)
            node.parent = above
            if above:
                above.children[place] = node
        return node

    return walk(root, -1)
