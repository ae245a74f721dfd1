"""The child's first file, run by path in an isolated interpreter with an empty environment.

It ties its own hands before it imports anything that touches the file.
"""

import ctypes
import json
import os
import resource
import signal
import sys
from typing import Any, NoReturn

_PR_SET_PDEATHSIG = 1
_PR_SET_NO_NEW_PRIVS = 38


def main() -> None:
    do(json.loads(sys.argv[1]))


def do(job: dict[str, Any]) -> NoReturn:
    die_with(job["parent"])
    limit(job["limits"])
    for name in ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS"):
        os.environ[name] = "1"
    sys.path.extend(job["paths"])

    from imaging import work

    work.run(job)
    # Some decoders free what Python frees too; nothing is left to do, so leave without either.
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(0)


def die_with(parent: int) -> None:
    libc = ctypes.CDLL(None)
    libc.prctl(_PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)
    libc.prctl(_PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0)
    if os.getppid() != parent:
        os._exit(1)


def limit(limits: dict[str, int]) -> None:
    for what, most in (
        (resource.RLIMIT_AS, limits["memory_bytes"] + limits["mapped_bytes"]),
        (resource.RLIMIT_DATA, limits["memory_bytes"]),
        (resource.RLIMIT_CPU, limits["cpu_seconds"]),
        (resource.RLIMIT_FSIZE, limits["file_bytes"]),
        (resource.RLIMIT_NOFILE, limits["open_files"]),
        (resource.RLIMIT_CORE, 0),
    ):
        # One second more until the kill: the earlier signal tells what happened.
        resource.setrlimit(what, (most, most + (what == resource.RLIMIT_CPU)))


if __name__ == "__main__":
    main()
