"""Which models are marked as trending.

A mark and its entry in the list are one transaction. So the list has exactly what is marked,
whoever marks it and whatever breaks off, and whoever computes anew finds all there is to unmark.
"""

from contextlib import suppress

from pynamodb.attributes import NumberSetAttribute

from nexus.table import keys
from nexus.table.catalogue import ModelItem
from nexus.table.items import ConditionFailed, Item, Update, commit, find


class TrendingItem(Item, discriminator="Trending"):
    """`marked` are the ids of the models that have the mark at this moment."""

    marked = NumberSetAttribute(null=True)


def trending() -> set[int]:
    found = find(TrendingItem, keys.TRENDING)
    return {int(model_id) for model_id in found.marked or ()} if found else set()


def list_trending(model_id: int, *, marked: bool) -> Update:
    """The step that goes with a model's mark, set or taken away."""
    change = TrendingItem.marked.add if marked else TrendingItem.marked.delete
    return Update(TrendingItem(*keys.TRENDING), [Item.kind.set(TrendingItem), change({model_id})])


def mark_trending(model_ids: list[int]) -> None:
    """Let these models, and no others, be trending. Repeating it changes nothing."""
    for model_id in trending() ^ set(model_ids):
        marked = model_id in model_ids
        actions = [ModelItem.is_trending.set(marked)]
        mark = Update(ModelItem(*keys.model(model_id)), actions, Item.pk.exists())
        with suppress(ConditionFailed):
            commit(mark, list_trending(model_id, marked=marked))
