"""Fills a fresh local cloud with the demo catalogue through the public API, and with its past.

Running it again changes nothing: models that are there already are skipped. What needs no model
comes first, and each model is on sale as soon as it is inspected, so there is soon a shop to see.
"""

import asyncio
import hashlib
import signal
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from datetime import UTC, datetime
from multiprocessing import get_context

from rich.progress import Progress

from local.demo.catalogue import CATALOGUE, DemoModel
from local.demo.history import history
from local.furnishing import SLIDES, arrange_slider, feature, furnish, open_categories
from local.past import Past
from local.people import People, Person, SeedingFailed, checked, run_job

AT_ONCE = 2
INSPECTION_SECONDS = 240.0
POLL_SECONDS = 0.5
SETTLING_SECONDS = 120

PENDING = 2
REASON = (
    "The description promises more than the preview shows. Please describe what is in the file."
)


async def seed(people: People, past: Past, progress: Progress) -> int:
    """Put the catalogue in, review it and buy from it; returns how many models were added.

    A model that fails keeps no other back; the group of failures is raised at the end.
    """
    admin = people.admin
    await open_categories(admin)
    await furnish(admin, past)
    missing = await _missing(people.creators)
    task = progress.add_task("Uploading the demo catalogue", total=len(missing))
    turns = asyncio.Semaphore(AT_ONCE)
    with _builder() as builder:

        async def add(model: DemoModel, creator: Person) -> None:
            async with turns:
                model_id = await _submit(model, creator, builder)
                on_sale = await _decide(admin, model_id, model.name)
            progress.update(task, advance=1, description=f"Uploaded {model.name}")
            if on_sale:
                rank = CATALOGUE.index(model)
                await past.tell("tell_of_model", model_id, history(model.name, rank, _now()))
                if rank == SLIDES:
                    await arrange_slider(admin)

        bounties = past.tell("tell_of_bounties")
        adding = (add(*each) for each in missing)
        outcomes = await asyncio.gather(bounties, *adding, return_exceptions=True)
    await _finish(people, new=bool(missing))
    if failures := [each for each in outcomes if isinstance(each, Exception)]:
        raise ExceptionGroup("Some of the demo is missing", failures)
    return len(missing)


async def _finish(people: People, *, new: bool) -> None:
    """What looks at the whole catalogue: reviews that were left, shopping, the best of it."""
    for model in await people.admin.call("GET", "/api/admin/models/pending?limit=100"):
        await _decide(people.admin, model["id"], model["name"])
    for number, buyer in enumerate(people.buyers):
        await _shop(buyer, number, len(people.buyers))
    if new:
        http = people.admin.http
        checked(await http.post(f"/_local/drain?seconds={SETTLING_SECONDS}", timeout=None))
        await run_job(http, job="compute-trending")
        await feature(people.admin)
        await arrange_slider(people.admin)


def _now() -> datetime:
    return datetime.now(UTC)


async def _missing(creators: Sequence[Person]) -> list[tuple[DemoModel, Person]]:
    """The models that are not there yet, each with the creator whose turn it is."""
    mine = [await creator.call("GET", "/api/users/me/models?limit=100") for creator in creators]
    there = {model["name"] for models in mine for model in models}
    turns = [(model, creators[n % len(creators)]) for n, model in enumerate(CATALOGUE)]
    return [(model, creator) for model, creator in turns if model.name not in there]


async def _submit(model: DemoModel, creator: Person, builder: ProcessPoolExecutor) -> int:
    """The id of the model, which waits for review."""
    position = CATALOGUE.index(model)
    content = await asyncio.get_running_loop().run_in_executor(builder, _build, position)
    upload_id = await _upload(model, content, creator)
    made = await creator.call(
        "POST",
        "/api/models",
        json={
            "name": model.name,
            "description": model.description,
            "price": model.price_cents / 100,
            "category": model.category,
            "subcategory": model.subcategory,
            "tags": list(model.tags),
            "upload_ids": [upload_id],
        },
    )
    return int(made["id"])


async def _upload(model: DemoModel, content: bytes, creator: Person) -> int:
    """Send a file straight to S3 and wait until it has been inspected; returns the upload's id."""
    wanted = {
        "filename": model.filename,
        "size": len(content),
        "sha256": hashlib.sha256(content).hexdigest(),
    }
    form = await creator.call("POST", "/api/uploads", json=wanted)
    files = {"file": (model.filename, content)}
    checked(await creator.http.post(form["url"], data=form["fields"], files=files))
    deadline = time.monotonic() + INSPECTION_SECONDS
    while time.monotonic() < deadline:
        upload = await creator.call("GET", f"/api/uploads/{form['id']}")
        if upload["status"] == "ready":
            return int(form["id"])
        if upload["status"] == "rejected":
            raise SeedingFailed(f"{model.name} was rejected: {upload['reason']}")
        await asyncio.sleep(POLL_SECONDS)
    raise SeedingFailed(f"{model.name} was not inspected within {INSPECTION_SECONDS:.0f} s")


async def _decide(admin: Person, model_id: int, name: str) -> bool:
    """Approve all but the last three, which show what pending and rejected look like."""
    *approved, rejected = [model.name for model in CATALOGUE[:-PENDING]]
    path = f"/api/admin/models/{model_id}"
    if name == rejected:
        await admin.call("POST", f"{path}/reject", json={"reason": REASON})
    elif name in approved:
        await admin.call("POST", f"{path}/approve")
    return name in approved


async def _shop(buyer: Person, number: int, buyers: int) -> None:
    """Buy a few models, each buyer some others; what is theirs already stays so."""
    models = await buyer.call("GET", "/api/models?limit=100")
    purchases = await buyer.call("GET", "/api/users/me/purchases?limit=100")
    owned = {purchase["model_id"] for purchase in purchases}
    for model in models[number :: buyers + 1]:
        if model["id"] not in owned:
            await buyer.call("POST", f"/api/models/{model['id']}/purchase")


@contextmanager
def _builder() -> Iterator[ProcessPoolExecutor]:
    """A process that builds models, so that the API keeps answering meanwhile."""
    pool = ProcessPoolExecutor(1, get_context("spawn"), initializer=_ignore_interrupts)
    try:
        yield pool
    finally:
        pool.shutdown(wait=False, cancel_futures=True)


def _ignore_interrupts() -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)


def _build(position: int) -> bytes:
    return CATALOGUE[position].build()
