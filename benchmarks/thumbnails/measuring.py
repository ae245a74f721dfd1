"""What a command costs with all the processes it starts."""

import contextlib
import os
import subprocess
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

_TICK = os.sysconf("SC_CLK_TCK")
_PAUSE = 0.05
MOST_SECONDS = 900.0


@dataclass(frozen=True)
class Cost:
    """Seconds on the clock and on the processors, and the most memory at once in MiB.

    Memory is the sum of each process's share (PSS), looked at twenty times a second; of a single
    process it is the most it ever had.
    """

    seconds: float
    cpu: float
    memory: float

    def __str__(self) -> str:
        return f"{self.cpu:.1f} / {self.seconds:.1f} / {self.memory:.0f}"


class Failed(Exception):
    """A command ended badly, or never."""


def cost(
    command: Sequence[str | Path], done: Callable[[], bool] | None = None, memory: str = "Pss:"
) -> Cost:
    """Run a command to its end, or until `done`, which then ends it. Raises `Failed`."""
    started = time.monotonic()
    process = subprocess.Popen(
        command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True
    )
    cpu: dict[int, float] = {}
    peak = 0.0
    try:
        while process.poll() is None and not (done and done()):
            peak = max(peak, sum(_looked_at(process.pid, cpu, memory)))
            if time.monotonic() - started > MOST_SECONDS:
                raise Failed(f"{command[0]} did not end")
            time.sleep(_PAUSE)
        seconds = time.monotonic() - started
        for _ in _looked_at(process.pid, cpu, memory):
            pass
    finally:
        _end(process)
    if done is None and process.returncode:
        raise Failed(f"{command[0]} ended with {process.returncode}")
    if done is not None and not done():
        raise Failed(f"{command[0]} ended before it was done")
    return Cost(seconds, sum(cpu.values()), peak)


def own_cost(command: Sequence[str | Path]) -> Cost:
    """The same of one process that ends by itself: its processor time is the kernel's count."""
    before = os.times()
    found = cost(command, memory="VmHWM:")
    after = os.times()
    cpu = (
        after.children_user - before.children_user + after.children_system - before.children_system
    )
    return Cost(found.seconds, cpu, found.memory)


def _looked_at(leader: int, cpu: dict[int, float], memory: str) -> Iterator[float]:
    """Note what each process of a session has used so far; its MiB."""
    for folder in Path("/proc").iterdir():
        if not folder.name.isdecimal():
            continue
        with contextlib.suppress(OSError, IndexError, StopIteration):
            fields = (folder / "stat").read_text().rpartition(")")[2].split()
            if int(fields[3]) != leader:
                continue
            cpu[int(folder.name)] = (int(fields[11]) + int(fields[12])) / _TICK
            told = folder / ("status" if memory == "VmHWM:" else "smaps_rollup")
            lines = told.read_text().splitlines()
            yield int(next(line.split()[1] for line in lines if line.startswith(memory))) / 1024


def _end(process: subprocess.Popen[bytes]) -> None:
    with contextlib.suppress(ProcessLookupError):
        os.killpg(process.pid, 15)
    try:
        process.wait(10)
    except subprocess.TimeoutExpired:
        os.killpg(process.pid, 9)
        process.wait()
