"""Switch every guard off, one after the other: `python -m tests.mutants`, which is `make mutants`.

Each is tried in a copy of the project, in a process forked from one that knows the third parties
already: that saves most of what a test costs to start.
"""

import argparse
import contextlib
import importlib
import multiprocessing
import os
import shutil
import sys
import tempfile
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from queue import SimpleQueue
from typing import NamedTuple

import pytest
from rich.console import Console

from tests.mutants.mutant import PROJECT, Mutant
from tests.mutants.table import MUTANTS

WARM = (
    *("boto3", "cryptography", "fastapi", "jsonschema_rs", "mangum", "numpy", "pynamodb.models"),
    *("moto", "moto.dynamodb.models", "moto.s3.models", "moto.scheduler.models"),
    *("moto.sqs.models", "samtranslator.translator.translator", "stripe"),
)
LEFT_OUT = shutil.ignore_patterns(".git", ".venv*", ".aws-sam", ".local", ".hypothesis", "*_cache")
LONGEST_SECONDS = 600
HOW = ("-q", "-x", "-p", "no:cacheprovider", "-W", "ignore::pytest.PytestAssertRewriteWarning")


class Run(NamedTuple):
    """How pytest ended, and what it said."""

    code: int | None
    told: str

    @property
    def passed(self) -> bool:
        return self.code == 0 and " passed" in self.told

    @property
    def failed(self) -> bool:
        """A test said so: no error on the way to it."""
        return self.code == 1 and "\nFAILED " in self.told


def main() -> int:
    asked = argparse.ArgumentParser(prog="python -m tests.mutants")
    asked.add_argument("--only", default="", help="those whose file, text or test has this in it")
    asked.add_argument("--jobs", type=int, default=2)
    asked.add_argument("--unharmed", action="store_true", help="run the tests with all guards on")
    options = asked.parse_args()
    chosen = [each for each in MUTANTS if options.only in f"{each} {each.test}"]
    for module in WARM:
        importlib.import_module(module)
    console, started = Console(), time.monotonic()
    with copies(options.jobs) as free, ThreadPoolExecutor(options.jobs) as pool:
        survivors = 0
        runs = pool.map(lambda each: tried(each, free, unharmed=options.unharmed), chosen)
        for mutant, run in zip(chosen, runs, strict=True):
            if run.passed if options.unharmed else run.failed:
                console.print(".", end="")
            else:
                survivors += 1
                console.print(f"\n{mutant}\n  {mutant.test}\n{run.told[-2000:]}", markup=False)
    seconds = time.monotonic() - started
    console.print(f"\n{len(chosen)} guards, {survivors} not as they should be, {seconds:.0f} s")
    return min(survivors, 1)


@contextlib.contextmanager
def copies(count: int) -> Iterator[SimpleQueue[Path]]:
    """As many copies of the project as are worked in at once."""
    free: SimpleQueue[Path] = SimpleQueue()
    with tempfile.TemporaryDirectory() as folder:
        for number in range(count):
            copy = Path(folder, str(number), "main")
            shutil.copytree(PROJECT, copy, ignore=LEFT_OUT)
            for environment in PROJECT.glob(".venv*"):
                (copy / environment.name).symlink_to(environment)
            free.put(copy)
        yield free


def tried(mutant: Mutant, free: SimpleQueue[Path], *, unharmed: bool) -> Run:
    """Its test, where the guard is off."""
    copy = free.get()
    file = copy / mutant.file
    whole, kept = file.read_text(encoding="utf-8"), file.stat()
    try:
        if not unharmed:
            file.write_text(mutant.applied(whole), encoding="utf-8")
        return run(copy, mutant.test)
    finally:
        file.write_text(whole, encoding="utf-8")
        os.utime(file, ns=(kept.st_atime_ns, kept.st_mtime_ns))  # what is compiled of it holds
        free.put(copy)


def run(copy: Path, test: str) -> Run:
    log = copy.parent / "pytest.log"
    child = multiprocessing.get_context("fork").Process(target=within, args=(copy, test, log))
    child.start()
    child.join(LONGEST_SECONDS)
    if child.is_alive():
        child.kill()
        child.join()
    return Run(child.exitcode, log.read_text(encoding="utf-8"))


def within(copy: Path, test: str, log: Path) -> None:
    """In the forked process: forget this project, and run a test of the copy."""
    with log.open("w", encoding="utf-8") as told:
        os.dup2(told.fileno(), 1)
        os.dup2(told.fileno(), 2)
    os.chdir(copy)
    sys.path[:] = [str(copy), *(path for path in sys.path if Path(path or ".") != PROJECT)]
    for name in [each for each in sys.modules if each.partition(".")[0] in {"tests", "local"}]:
        del sys.modules[name]
    place = [f"--rootdir={copy}", "-c", f"{copy}/pyproject.toml"]
    os._exit(int(pytest.main([*HOW, *place, test])))


if __name__ == "__main__":
    sys.exit(main())
