"""Runs a module as `python -m` would, but never outlives the process that started it.

    python -P local/child.py <module> [argument ...]

A file of its own, because ministack runs it too, in an environment that knows none of ours.
"""

import ctypes
import os
import runpy
import signal
import sys

PR_SET_PDEATHSIG = 1


def _die_with_parent() -> None:
    """Linux only; elsewhere a runner that is killed outright leaves its children behind."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
        if os.getppid() == 1:
            os._exit(1)


if __name__ == "__main__":
    _die_with_parent()
    sys.argv = sys.argv[1:]
    runpy.run_module(sys.argv[0], run_name="__main__", alter_sys=True)
