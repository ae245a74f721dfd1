"""What the projector tells the followers of the catalogue: the change log of the search index.

Each line tells how things are when it is written, not what the record says that caused it. So a
record that comes twice, late or never does no lasting harm: the next line, or the next snapshot,
is right.
"""

from collections.abc import Iterable
from datetime import datetime

from nexus.catalogue.schemas import rating
from nexus.search.schemas import Entry
from nexus.table import keys
from nexus.table.catalogue import ModelItem, is_on_sale
from nexus.table.changes import forget_creator, log_broken, log_counters, log_model
from nexus.table.counters import CountersItem
from nexus.table.items import Item, find, find_all
from nexus.table.users import UserItem

ERASED = "an account was erased"


def entries(models: Iterable[ModelItem], *, consistent: bool = False) -> list[Entry]:
    """Those of the models that are on sale, with their sums and creators."""
    on_sale = [model for model in models if is_on_sale(model)]
    wanted = [
        key
        for model in on_sale
        for key in (keys.user(model.creator_id), keys.model_counters(model.id))
    ]
    found = find_all(wanted, consistent=consistent)
    known = []
    for model in on_sale:
        creator = found.get(keys.user(model.creator_id))
        sums = found.get(keys.model_counters(model.id))
        if isinstance(creator, UserItem) and not creator.is_banned:
            counted = sums if isinstance(sums, CountersItem) else CountersItem()
            known.append(Entry.of(model, creator, counted))
    return known


def entries_as_they_are(model_ids: Iterable[int]) -> list[Entry]:
    """Those of the models that are on sale at this moment."""
    found = find_all((keys.model(each) for each in model_ids), consistent=True)
    models = [item for item in found.values() if isinstance(item, ModelItem)]
    return entries(models, consistent=True)


def follow_model(before: Item | None, after: Item | None, _: datetime) -> None:
    """Log what a model on sale is like now, or that it is not on sale any more."""
    model = after if after is not None else before
    if not isinstance(model, ModelItem):
        return
    if not any(is_on_sale(item) for item in (before, after) if isinstance(item, ModelItem)):
        return
    known = entries_as_they_are([model.id])
    log_model(model.id, model.creator_id, known[0].text() if known else None)


def follow_counters(before: Item | None, after: Item | None, _: datetime) -> None:
    """Log the sums of a model."""
    if not isinstance(after, CountersItem) or (model_id := keys.counted_model(after.key)) is None:
        return
    told, known = _told(after), _told(before) if isinstance(before, CountersItem) else None
    if told != known:
        log_counters(model_id, _told(find(CountersItem, after.key) or after))


def _told(sums: CountersItem) -> dict[str, float]:
    return {
        "downloads": sums.downloads,
        "likes": sums.likes,
        "views": sums.views,
        "rating": rating(sums),
        "reviews": sums.rating_count,
    }


def follow_erasure(before: Item | None, after: Item | None, _: datetime) -> None:
    """Take an erased creator's name out of the log, and have the snapshots made anew."""
    if not isinstance(before, UserItem) or not isinstance(after, UserItem):
        return
    if after.is_erased and not before.is_erased:
        forget_creator(after.id)
        log_broken(ERASED)
