"""The index as the function has it: built, packed, unpacked and asked."""

import json
import shutil
import tarfile
import time
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import batched
from pathlib import Path
from typing import Any
from unittest.mock import patch

from benchmarks.search.measuring import Cost, cost
from benchmarks.search.questions import CLASSES
from nexus.search import lists
from nexus.search.index import Index
from nexus.search.ranking import Place
from nexus.search.schemas import Entry, Wanted
from nexus.web import paging

ROUNDS = 20
LIMIT = 50


@dataclass(frozen=True)
class Built:
    seconds: float
    mebibytes: float
    load_seconds: float
    costs: dict[str, Cost]


def measure(models: Iterable[Entry], folder: Path) -> Built:
    began = time.process_time()
    (folder / "made").mkdir()
    made = Index(folder / "made", building=True)
    for some in batched(models, 1000, strict=False):
        made.build(some)
    made.close()
    seconds = time.process_time() - began
    archive = folder / "archive.tar"
    with tarfile.open(archive, "w") as packed:
        for file in (folder / "made").iterdir():
            packed.add(file, arcname=file.name)
    size = archive.stat().st_size / 2**20
    shutil.rmtree(folder / "made")
    began = time.perf_counter()
    with tarfile.open(archive, "r|") as packed:
        packed.extractall(folder / "copy", filter="data")
    index = Index(folder / "copy")
    index.find(Wanted(), Place(), LIMIT)
    load = time.perf_counter() - began
    return Built(seconds, size, load, dict(_costs(index)))


def _costs(index: Index) -> Iterable[tuple[str, Cost]]:
    for name, questions in CLASSES.items():
        asking = [
            lambda wanted=each.wanted: index.find(wanted, Place(), LIMIT) for each in questions
        ]
        yield name, cost(asking, ROUNDS)
    words = [each.wanted for each in CLASSES["one word"]]
    yield "facets of a word", cost([lambda w=w: _fresh_facets(index, w) for w in words], 3)
    yield "facets of all", cost([lambda: _fresh_facets(index, Wanted())], 3)
    typed = [str(each.search)[:3] for each in words]
    yield "suggestions", cost([lambda t=t: index.suggest(t, 8) for t in typed], ROUNDS)
    key = patch.object(paging, "signing_keys", lambda: {"key": "k" * 32})
    with patch.object(lists, "current", lambda *_: index), key:
        yield (
            "GET /api/models, the whole call: 50 cards",
            cost([_request("/api/models")], 10 * ROUNDS),
        )
        yield (
            "GET /api/models/suggest, an empty answer",
            cost([_request("/api/models/suggest")], 10 * ROUNDS),
        )


def _fresh_facets(index: Index, wanted: Wanted) -> object:
    index._facets.clear()
    return index.facets(wanted)


def _request(path: str) -> Any:
    """A call of the function, from the gateway's event to its answer."""
    from models.app import handler  # after the environment is made

    event = json.loads(Path("events/models/list.json").read_text())
    event["rawPath"] = event["requestContext"]["http"]["path"] = path

    class Context:
        function_name, memory_limit_in_mb = "models", 1024
        invoked_function_arn = aws_request_id = "x"

    return lambda: handler(event, Context())
