"""How long something takes, on the clock and on the processor, in milliseconds."""

import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from statistics import mean, quantiles

PATIENCE = 10
"""Seconds after which no more rounds are made."""


@dataclass(frozen=True)
class Cost:
    p50: float
    p95: float
    cpu: float

    def __str__(self) -> str:
        return f"{self.p50:.2f} / {self.p95:.2f} / {self.cpu:.2f}"


def cost(calls: Iterable[Callable[[], object]], rounds: int) -> Cost:
    """Each call is made once before, and then in turns, until `PATIENCE` is over."""
    walls, cpus = [], []
    calls, began = list(calls), time.perf_counter()
    for turn in range(rounds + 1):
        if turn > 1 and time.perf_counter() - began > PATIENCE:
            break
        for call in calls:
            wall, cpu = time.perf_counter(), time.process_time()
            call()
            if turn:
                cpus.append(1000 * (time.process_time() - cpu))
                walls.append(1000 * (time.perf_counter() - wall))
    ranked = quantiles(walls, n=20, method="inclusive")
    return Cost(ranked[9], ranked[18], mean(cpus))
