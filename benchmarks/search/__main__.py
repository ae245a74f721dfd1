"""How the cost of search grows: `make benchmark`, or `python -m benchmarks.search 10000 100000`.

Prints tables in Markdown. Times are milliseconds: the median, the 95th percentile on the clock,
and the processor's mean.
"""

import logging
import os
import sys
import tempfile
from pathlib import Path

from local.template import project

SIZES = (10_000, 100_000)


def main() -> None:
    os.environ |= project().environment("ModelsFunction") | {
        "AWS_DEFAULT_REGION": "us-east-1",
        "LOG_LEVEL": "ERROR",
        "POWERTOOLS_METRICS_DISABLED": "true",
    }
    logging.disable(logging.INFO)
    for size in [int(each) for each in sys.argv[1:]] or SIZES:
        measure(size)


def measure(size: int) -> None:
    from benchmarks.search import ours, postgres, sqlite
    from benchmarks.search.crowd import generated

    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        built = ours.measure(generated(size), folder)
        print(f"\n### {size:,} models\n")
        print(
            f"Built in {built.seconds:.0f} s of CPU (making the models up included); the snapshot "
            f"has {built.mebibytes:.0f} MiB and is unpacked and asked once in "
            f"{built.load_seconds:.2f} s.\n"
        )
        fts_size, fts = sqlite.measure(generated(size), folder)
        like = postgres.measure(generated(size), folder) if postgres.is_there() else {}
        print(
            f"| p50 / p95 / CPU, ms | tantivy | FTS5 ({fts_size:.0f} MiB) | PostgreSQL, `ILIKE` |"
        )
        print("|---|---|---|---|")
        for kind, cost in built.costs.items():
            print(f"| {kind} | {cost} | {fts.get(kind, '')} | {like.get(kind, '')} |", flush=True)


if __name__ == "__main__":
    main()
