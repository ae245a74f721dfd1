"""Lines of the change log, gathered and then made in the index all at once."""

from dataclasses import replace
from typing import Any

from nexus.search.index import Index
from nexus.search.schemas import Entry
from nexus.table.changes import ChangeItem

COUNTED = ("downloads", "likes", "views", "rating")


class Changes:
    """`announced` are the models that will change in a moment, each with its creator."""

    def __init__(self, index: Index, announced: dict[int, int]) -> None:
        self._index = index
        self.announced = dict(announced)
        self._left: set[int] = set()
        self._models: dict[int, Entry | None] = {}
        self.snapshot: str | None = None

    def follow(self, line: ChangeItem) -> None:
        if line.snapshot:
            self.snapshot = line.snapshot
        elif line.counters:
            self._count(line.model_id, line.counters)
        elif line.document:
            self.set(line.model_id, Entry.read(line.document))
        elif line.gone and line.model_id:
            self.set(line.model_id, None)
        elif line.gone:
            self._leave(line.creator_id)
        elif line.model_id:
            self.announced[line.model_id] = line.creator_id

    def set(self, model_id: int, entry: Entry | None) -> None:
        self._models[model_id] = entry
        self.announced.pop(model_id, None)

    def _leave(self, creator_id: int) -> None:
        self._left.add(creator_id)
        for model_id, entry in self._models.items():
            if entry and entry.card["creator_id"] == creator_id:
                self._models[model_id] = None

    def _count(self, model_id: int, counters: dict[str, Any]) -> None:
        entry = self._models[model_id] if model_id in self._models else self._known(model_id)
        if entry is not None:
            card = entry.card | {name: counters[name] for name in COUNTED}
            self._models[model_id] = replace(entry, card=card, reviews=counters["reviews"])

    def _known(self, model_id: int) -> Entry | None:
        entry = self._index.entry(model_id)
        return entry if entry and entry.card["creator_id"] not in self._left else None

    def make(self) -> None:
        """Bring what was gathered into the index; nothing happens where there is nothing."""
        for creator_id in self._left:
            self._index.remove_all_of(creator_id)
        for model_id, entry in self._models.items():
            if entry is None:
                self._index.remove(model_id)
        self._index.put(entry for entry in self._models.values() if entry)
        if self._left or self._models:
            self._index.commit()
