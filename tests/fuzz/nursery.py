"""The sandbox with its children forked from a process that has imported everything already.

A child does the same from its first line on: it ties its hands, takes the same limits and reads
the same job; its end is read by the same code. Only the interpreter's start, most of the time of
a small file, is shared.
"""

import importlib
import os
import select
import signal
import subprocess
import traceback
from pathlib import Path
from typing import Any, BinaryIO, NoReturn

from imaging import child, sandbox

_HEAVY = (
    "imaging.work", "imaging.facts", "imaging.guard", "imaging.loading", "imaging.pictures",
    "DracoPy", "meshopt", "tinyusdz", "ufbx", "PIL.PngImagePlugin", "PIL.JpegImagePlugin",
    "PIL.WebPImagePlugin", "PIL.BmpImagePlugin", "PIL.TgaImagePlugin",
)  # fmt: skip


class Forked:
    """As much of a `Popen` as the sandbox uses."""

    def __init__(self, pid: int) -> None:
        self.pid = pid
        self.code: int | None = None

    def wait(self, timeout: float | None = None) -> int:
        if self.code is None:
            ended = os.pidfd_open(self.pid)
            try:
                if not select.select([ended], [], [], timeout)[0]:
                    raise subprocess.TimeoutExpired("child", timeout or 0)
            finally:
                os.close(ended)
            self.code = os.waitstatus_to_exitcode(os.waitpid(self.pid, 0)[1])
        return self.code


def warm() -> None:
    """Import what a child needs, and let the sandbox fork from here on."""
    os.environ["OPENBLAS_NUM_THREADS"] = "1"  # a process with threads must not fork
    for name in _HEAVY:
        importlib.import_module(name)
    sandbox._started = _started  # type: ignore[assignment]


def _started(job: dict[str, Any], out: Path, log: BinaryIO) -> Forked:
    pid = os.fork()
    return Forked(pid) if pid else _be_child(job, out, log)


def _be_child(job: dict[str, Any], out: Path, log: BinaryIO) -> NoReturn:
    try:
        os.setsid()
        os.chdir(out)
        os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
        os.dup2(log.fileno(), 1)
        os.dup2(log.fileno(), 2)
        os.environ.clear()
        signal.set_wakeup_fd(-1)
        child.do(job)
    except BaseException:  # noqa: BLE001 - as an interpreter ends that nobody caught it for
        os.write(2, traceback.format_exc().encode())
    os._exit(1)
