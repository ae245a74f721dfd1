"""Many spoilt files through the sandbox: each must end `ready`, or `rejected` with a reason."""

import multiprocessing
import random
import tempfile
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from itertools import repeat
from pathlib import Path

from imaging.report import Report
from imaging.sandbox import Limits, process
from tests.fuzz import nursery
from tests.fuzz.mutations import mutated
from tests.fuzz.seeds import seeds

LIMITS = Limits(seconds=90, cpu_seconds=30, picture_size=32, frames=2)
_SHARE = 25

_found: dict[str, bytes] = {}


@dataclass(frozen=True)
class Ended:
    """How one file ended; `wrong` says why that is not as it should be."""

    number: int
    source: str
    outcome: str
    wrong: str
    cpu_seconds: float


def spoilt(seed: int, number: int) -> tuple[str, bytes]:
    """The name of a file, and the file after what this seed and number do to it."""
    found = _seeds()
    chance = random.Random(f"{seed}/{number}")
    names = sorted(found)
    # Small files fail as large ones do, and sooner.
    weights = [len(found[name]) ** -0.4 for name in names]
    source = chance.choices(names, weights)[0]
    return source, mutated(found[source], chance)


def fuzz(seed: int, numbers: range, workers: int = 2) -> Iterator[Ended]:
    """Every number's verdict, as they come."""
    context = multiprocessing.get_context("spawn")
    shares = [numbers[start : start + _SHARE] for start in range(0, len(numbers), _SHARE)]
    with ProcessPoolExecutor(workers, context, _ready, (_seeds(),)) as pool:
        for share in pool.map(_some, repeat(seed), shares):
            yield from share


def _seeds() -> dict[str, bytes]:
    if not _found:
        _found.update(seeds())
    return _found


def _ready(found: dict[str, bytes]) -> None:
    _found.update(found)
    nursery.warm()


def _some(seed: int, numbers: range) -> list[Ended]:
    return [tried(seed, number) for number in numbers]


def tried(seed: int, number: int) -> Ended:
    source, data = spoilt(seed, number)
    with tempfile.TemporaryDirectory() as folder:
        upload, out = Path(folder, "upload"), Path(folder, "out")
        upload.write_bytes(data)
        report = process(upload, source, out, LIMITS)
        return Ended(number, source, _outcome(report), _wrong(report), report.cpu_seconds)


def _outcome(report: Report) -> str:
    return report.reason_code or report.status


def _wrong(report: Report) -> str:
    """Empty where all is as it should be."""
    if report.status == "ready":
        shown = report.facts and report.facts.triangles > 0 and len(report.pictures) > 0
        return "" if shown else "ready without facts or pictures"
    if report.reason_code == "out_of_memory" and "bad_alloc" in str(report.detail):
        return ""  # a decoder in C++ believed a count, and was stopped at once
    if report.reason_code in ("crashed", "timeout", "out_of_memory", None):
        return f"{report.reason_code}: {report.detail}"
    if not str(report.reason).endswith(".") or "Traceback" in str(report.detail):
        return f"the reason {report.reason!r}, and in the log: {report.detail}"
    return ""


def told(seed: int, results: list[Ended]) -> str:
    """A few lines about a run."""
    outcomes = Counter(each.outcome for each in results)
    slowest = max(results, key=lambda each: each.cpu_seconds)
    lines = [
        f"seed {seed}: {len(results):,} files; "
        + ", ".join(f"{count:,} {name}" for name, count in outcomes.most_common()),
        f"slowest: {slowest.cpu_seconds:.1f} s of CPU, number {slowest.number} "
        f"({slowest.source}, {slowest.outcome})",
    ]
    for each in results:
        if each.wrong:
            lines += [
                f"number {each.number}, made of {each.source}: {each.wrong.strip()[-1500:]}",
                f"  again: make fuzz options='--seed {seed} --only {each.number}'",
            ]
    return "\n".join(lines)
