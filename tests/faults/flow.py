"""What a flow is, to the sweep: a start, one try of its caller, and an end."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import httpx

from nexus.table.catalogue import ModelItem
from nexus.table.uploads import UploadItem
from tests.faults.kinds import KINDS, Kind
from tests.faults.world import Found, Person, World

LEASE_SECONDS = 36
"""How long a client waits that was told its request is still being carried out."""


@dataclass(frozen=True)
class Try:
    """One try of a caller: whether there is anything more to do, and whether it went well."""

    ended: bool
    well: bool
    told: str


@dataclass
class Scene:
    """Whom and what a flow is about."""

    world: World
    people: dict[str, Person] = field(default_factory=dict)
    model: ModelItem | None = None
    upload: UploadItem | None = None
    notes: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Flow:
    name: str
    prepare: Callable[[World], Scene]
    act: Callable[[Scene], Try]
    ends: Callable[[Scene, Found], bool]
    patience: float = LEASE_SECONDS
    only: tuple[Kind, ...] = KINDS


def heard(answer: httpx.Response) -> Try:
    """What a client makes of an answer: after a 5xx, or while told to wait, it tries again."""
    waits = answer.status_code == 409 and "still being carried out" in answer.text
    return Try(
        ended=answer.status_code < 500 and not waits,
        well=answer.is_success,
        told=f"{answer.status_code} {answer.text[:200]}",
    )
