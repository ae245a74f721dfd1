"""Fills a fresh local cloud with demo accounts and the demo catalogue, through the public API only.

Running it again changes nothing: accounts log in, models that are there already are skipped.
"""

import asyncio
import hashlib
import signal
import time
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from multiprocessing import get_context
from typing import Any

import httpx

from local.demo.catalogue import CATALOGUE, DemoModel
from local.screen import Screen

PASSWORD = "correct horse battery staple"  # noqa: S105 - the contract names it
AT_ONCE = 2
INSPECTION_SECONDS = 240.0
POLL_SECONDS = 0.5

ADMIN = ("admin@example.com", "admin", "Ada Admin")
CREATORS = (
    ("creator@example.com", "lumen-studio", "Lumen Studio"),
    ("mira@example.com", "mira.forge", "Mira Okafor"),
    ("jonas@example.com", "northwind3d", "Jonas Lindqvist"),
    ("yuki@example.com", "kiln-and-clay", "Yuki Tanabe"),
    ("paulo@example.com", "brass.atlas", "Paulo Reis"),
)
BUYERS = (
    ("buyer@example.com", "buyer", "Bea Buyer"),
    ("harper@example.com", "harper", "Harper Quinn"),
    ("noor@example.com", "noor", "Noor Haddad"),
)
ACCOUNTS = (ADMIN[0], CREATORS[0][0], BUYERS[0][0])

PENDING = 2
REASON = (
    "The description promises more than the preview shows. Please describe what is in the file."
)


class SeedingFailed(Exception):
    """The API answered other than the contract says; the text tells what."""


@dataclass(frozen=True)
class Person:
    """A signed-in demo account."""

    http: httpx.AsyncClient
    token: str

    async def call(self, method: str, path: str, **content: Any) -> Any:
        """The JSON answer; raises SeedingFailed for any but a success."""
        headers = {"Authorization": f"Bearer {self.token}"}
        answer = await self.http.request(method, path, headers=headers, **content)
        return _checked(answer).json()


async def seed(api_url: str, screen: Screen) -> int:
    """Seed the API at `api_url`; returns how many models were added. Raises SeedingFailed."""
    async with httpx.AsyncClient(base_url=api_url, timeout=60, trust_env=False) as http:
        admin = await _admin(http)
        creators = [await _person(http, *creator) for creator in CREATORS]
        missing = await _missing(creators)
        with screen.progress() as progress, _builder() as builder:
            task = progress.add_task("Uploading the demo catalogue", total=len(missing))
            turns = asyncio.Semaphore(AT_ONCE)

            async def add(model: DemoModel, creator: Person) -> None:
                async with turns:
                    await _submit(model, creator, builder)
                progress.update(task, advance=1, description=f"Uploading ({model.name})")

            async with asyncio.TaskGroup() as uploads:
                for model, creator in missing:
                    uploads.create_task(add(model, creator))
        await _review(admin)
        for number, buyer in enumerate(BUYERS):
            await _shop(await _person(http, *buyer), number)
    return len(missing)


async def _admin(http: httpx.AsyncClient) -> Person:
    await _person(http, *ADMIN)
    path = "/2015-03-31/functions/JobsFunction/invocations"
    job = {"job": "make-admin", "email": ADMIN[0]}
    answer = _checked(await http.post(path, json=job))
    if "X-Amz-Function-Error" in answer.headers:
        raise SeedingFailed(f"make-admin: {answer.text}")
    return await _person(http, *ADMIN)


async def _person(http: httpx.AsyncClient, email: str, username: str, full_name: str) -> Person:
    credentials = {"email": email, "password": PASSWORD}
    wanted = credentials | {"username": username, "full_name": full_name}
    answer = await http.post("/api/auth/register", json=wanted)
    if answer.status_code == httpx.codes.CONFLICT:
        answer = await http.post("/api/auth/login", json=credentials)
    return Person(http, _checked(answer).json()["access_token"])


async def _missing(creators: list[Person]) -> list[tuple[DemoModel, Person]]:
    """The models that are not there yet, each with the creator whose turn it is."""
    mine = [await creator.call("GET", "/api/users/me/models?limit=100") for creator in creators]
    there = {model["name"] for models in mine for model in models}
    turns = [(model, creators[n % len(creators)]) for n, model in enumerate(CATALOGUE)]
    return [(model, creator) for model, creator in turns if model.name not in there]


async def _submit(model: DemoModel, creator: Person, builder: ProcessPoolExecutor) -> None:
    position = CATALOGUE.index(model)
    content = await asyncio.get_running_loop().run_in_executor(builder, _build, position)
    upload_id = await _upload(model, content, creator)
    await creator.call(
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


async def _upload(model: DemoModel, content: bytes, creator: Person) -> int:
    """Send a file straight to S3 and wait until it has been inspected; returns the upload's id."""
    wanted = {
        "filename": model.filename,
        "size": len(content),
        "sha256": hashlib.sha256(content).hexdigest(),
    }
    form = await creator.call("POST", "/api/uploads", json=wanted)
    files = {"file": (model.filename, content)}
    _checked(await creator.http.post(form["url"], data=form["fields"], files=files))
    deadline = time.monotonic() + INSPECTION_SECONDS
    while time.monotonic() < deadline:
        upload = await creator.call("GET", f"/api/uploads/{form['id']}")
        if upload["status"] == "ready":
            return int(form["id"])
        if upload["status"] == "rejected":
            raise SeedingFailed(f"{model.name} was rejected: {upload['reason']}")
        await asyncio.sleep(POLL_SECONDS)
    raise SeedingFailed(f"{model.name} was not inspected within {INSPECTION_SECONDS:.0f} s")


async def _review(admin: Person) -> None:
    """Approve all but the last three: those show what pending and rejected look like."""
    *approved, rejected = [model.name for model in CATALOGUE[:-PENDING]]
    for model in await admin.call("GET", "/api/admin/models/pending?limit=100"):
        path = f"/api/admin/models/{model['id']}"
        if model["name"] in approved:
            await admin.call("POST", f"{path}/approve")
        elif model["name"] == rejected:
            await admin.call("POST", f"{path}/reject", json={"reason": REASON})


async def _shop(buyer: Person, number: int) -> None:
    """Buy a few models, each buyer some others; what is theirs already stays so."""
    models = await buyer.call("GET", "/api/models?limit=100")
    purchases = await buyer.call("GET", "/api/users/me/purchases?limit=100")
    owned = {purchase["model_id"] for purchase in purchases}
    for model in models[number :: len(BUYERS) + 1]:
        if model["id"] not in owned:
            await buyer.call("POST", f"/api/models/{model['id']}/purchase")


def _checked(answer: httpx.Response) -> httpx.Response:
    if not answer.is_success:
        request = answer.request
        told = f"{request.method} {request.url.path} answered {answer.status_code}: {answer.text}"
        raise SeedingFailed(told[:500])
    return answer


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
