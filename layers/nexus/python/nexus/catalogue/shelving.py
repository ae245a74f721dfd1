"""How index and shelves follow the models and their creators; called with stream records."""

from datetime import datetime

from nexus.table.catalogue import (
    ModelItem,
    hide_model,
    models_made_by,
    put_on_shelf,
    shelves,
    take_off_shelf,
)
from nexus.table.items import Item, Start
from nexus.table.users import UserItem

PAGE = 100


def reshelve(before: Item | None, after: Item | None, _: datetime) -> None:
    """Put a model on the shelves where it stands now, and take it off those it left."""
    old = before if isinstance(before, ModelItem) else None
    new = after if isinstance(after, ModelItem) else None
    for key in shelves(old) - shelves(new):
        take_off_shelf(key)
    if new is not None:
        for key in shelves(new):
            put_on_shelf(key, new.id)


def follow_ban(before: Item | None, after: Item | None, _: datetime) -> None:
    """Hide the models of who was banned or erased, show those of who came back."""
    if not isinstance(before, UserItem) or not isinstance(after, UserItem):
        return
    if before.is_banned == after.is_banned:
        return
    start: Start = None
    while True:
        models, start = models_made_by(after.id, start, PAGE)
        for model in models:
            hide_model(model, hidden=after.is_banned)
        if start is None:
            return
