"""`make fuzz`: spoil files and show them to the sandbox, 10,000 unless told otherwise."""

import argparse
import secrets
import sys
import time
from pathlib import Path

from tests.fuzz import run


def main() -> int:
    asked = argparse.ArgumentParser(prog="make fuzz", description=__doc__)
    asked.add_argument("--seed", type=int, default=None, help="which 10,000; random if not given")
    asked.add_argument("--count", type=int, default=10_000)
    asked.add_argument("--only", type=int, default=None, help="one file by its number, kept")
    given = asked.parse_args()
    seed = secrets.randbelow(10**6) if given.seed is None else given.seed
    numbers = range(given.count) if given.only is None else range(given.only, given.only + 1)
    if given.only is not None:
        _keep(seed, given.only)
    return _told(seed, numbers)


def _keep(seed: int, number: int) -> None:
    name, data = run.spoilt(seed, number)
    kept = Path(f"fuzz-{seed}-{number}-{name}")
    kept.write_bytes(data)
    print(f"written to {kept}")


def _told(seed: int, numbers: range) -> int:
    print(f"seed {seed}: {len(numbers):,} files ...", flush=True)
    results, since = [], time.monotonic()
    for ended in run.fuzz(seed, numbers):
        results.append(ended)
        if ended.wrong or time.monotonic() - since > 30:
            since = time.monotonic()
            print(f"{len(results):,} ...", f"number {ended.number} failed" * bool(ended.wrong),
                  flush=True)  # fmt: skip
    print(run.told(seed, results))
    return any(ended.wrong for ended in results)


if __name__ == "__main__":
    sys.exit(main())
