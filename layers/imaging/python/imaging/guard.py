"""An audit hook that keeps Python code of the child inside its folders and off the network."""

import os
import sys
from collections.abc import Callable
from pathlib import Path

_NEVER = (
    "socket.", "subprocess.", "os.system", "os.exec", "os.fork", "os.posix_spawn", "os.spawn",
    "os.symlink", "os.link", "ftplib.", "http.client.", "smtplib.", "urllib.",
)  # fmt: skip
_WRITES = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC | os.O_APPEND
_CHANGES: tuple[str, ...] = (
    "os.remove",
    "os.rename",
    "os.rmdir",
    "os.mkdir",
    "os.truncate",
    "os.chmod",
)
_SYSTEM = ("/proc/cpuinfo", "/proc/meminfo", "/sys/devices/system/", "/dev/null",
           "/dev/urandom", "/usr/lib", "/lib")  # fmt: skip


class Escape(PermissionError):
    """The file talked its reader into reaching outside."""


def close_the_door(readable: list[Path], writable: Path) -> None:
    """From here on: reads in `readable` and the interpreter, writes in `writable`, no network."""
    homes = {sys.prefix, sys.base_prefix, sys.exec_prefix, *(str(path) for path in readable)}
    reads = (*(os.path.join(home, "") for home in homes), *_SYSTEM, f"/proc/{os.getpid()}/status")  # noqa: PTH118
    sources = {str(path) for path in readable}
    folder = os.path.join(str(writable), "")  # noqa: PTH118
    sys.addaudithook(_hook(reads, sources, folder))


def _hook(
    reads: tuple[str, ...], sources: set[str], folder: str
) -> Callable[[str, tuple[object, ...]], None]:
    def hook(event: str, args: tuple[object, ...]) -> None:
        if event == "open":
            path, _, flags = args
            if isinstance(path, int) or path is None:
                return
            real = os.path.realpath(os.fsdecode(path))  # type: ignore[arg-type]
            if real.startswith(folder):
                return
            writing = isinstance(flags, int) and flags & _WRITES
            if writing or not (real in sources or real.startswith(reads)):
                raise Escape(f"The file {real!r} is out of bounds.")
        elif event.startswith(_NEVER) or (
            event in _CHANGES and not os.path.realpath(str(args[0])).startswith(folder)
        ):
            raise Escape(f"{event} is out of bounds.")

    return hook
