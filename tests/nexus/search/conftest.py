from collections.abc import Callable, Iterable
from pathlib import Path

import pytest

from nexus.search.index import Index
from nexus.search.schemas import Entry

type Shelve = Callable[[Iterable[Entry]], Index]


@pytest.fixture
def shelve(tmp_path: Path) -> Shelve:
    """Puts models into an index that was empty."""

    def put(entries: Iterable[Entry]) -> Index:
        index = Index(tmp_path)
        index.put(entries)
        index.commit()
        return index

    return put
