"""The worker's side: run one file through a child process that can hurt nobody."""

import contextlib
import dataclasses
import importlib.util
import json
import os
import signal
import subprocess
import sys
import sysconfig
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO

from pydantic import TypeAdapter, ValidationError

from imaging.report import PICTURES, PREVIEW, TURNTABLE_FRAMES, Report, rejected

_CHILD = Path(__file__).with_name("child.py")
_REPORTS = TypeAdapter(Report)
_REPORT = "report.json"
_REPORT_BYTES = 4 * 1024 * 1024
_NO_MEMORY = (
    "MemoryError", "bad_alloc", "Cannot allocate memory", "failed to map segment",
    "can't start new thread",
)  # fmt: skip
_MIB = 1024 * 1024


@dataclass(frozen=True)
class Limits:
    """What one file may cost. `memory_bytes` is address space, of which about half is used; the
    file itself, which is mapped, comes on top.
    """

    seconds: float = 150.0
    cpu_seconds: int = 180
    memory_bytes: int = 2600 * _MIB
    file_bytes: int = 64 * _MIB
    open_files: int = 64
    picture_size: int = 1024
    frames: int = TURNTABLE_FRAMES


def process(source: Path, filename: str, out: Path, limits: Limits | None = None) -> Report:
    """Inspect and picture `source`; its pictures land in the folder `out`.

    Never raises for anything in the file: a crash, a flood, a hang and a lie all end as a
    rejected report with a reason. `filename` is what the creator called it, and only a hint.
    """
    limits = limits or Limits()
    out.mkdir(parents=True, exist_ok=True)
    for name in (_REPORT, PREVIEW, *PICTURES.values()):
        (out / name).unlink(missing_ok=True)
    started = time.monotonic()
    report = _run(source.resolve(), filename, out.resolve(), limits)
    return dataclasses.replace(report, seconds=round(time.monotonic() - started, 3))


def _run(source: Path, filename: str, out: Path, limits: Limits) -> Report:
    job = {
        "source": str(source),
        "filename": filename,
        "out": str(out),
        "parent": os.getpid(),
        "paths": package_paths(),
        "limits": dataclasses.asdict(limits) | {"mapped_bytes": source.stat().st_size},
    }
    with (out / "child.log").open("wb") as log:
        child = _started(job, out, log)
        try:
            code = child.wait(timeout=limits.seconds)
        except subprocess.TimeoutExpired:
            return rejected(
                "timeout", "This file took too long to look at. Simplify it and upload it again."
            )
        finally:
            _end(child)
    return _read(out, code, _tail(out / "child.log"))


def _started(job: dict[str, Any], out: Path, log: BinaryIO) -> subprocess.Popen[bytes]:
    return subprocess.Popen(  # noqa: S603 - our own interpreter and file, no shell
        [sys.executable, "-I", str(_CHILD), json.dumps(job)],
        env=_environment(),
        cwd=out,
        stdin=subprocess.DEVNULL,
        stdout=log,
        stderr=log,
        start_new_session=True,
    )


def _environment() -> dict[str, str]:
    """Nothing, but where a shared interpreter (as Lambda's is) finds its own library."""
    shared = sysconfig.get_config_var("Py_ENABLE_SHARED")
    return {"LD_LIBRARY_PATH": f"{sys.base_prefix}/lib"} if shared else {}


def _end(child: subprocess.Popen[bytes]) -> None:
    with contextlib.suppress(ProcessLookupError):
        os.killpg(child.pid, signal.SIGKILL)
    child.wait()


def _tail(log: Path) -> str:
    return log.read_bytes()[-4000:].decode("utf-8", "replace")


def _read(out: Path, code: int, log: str) -> Report:
    path = out / _REPORT
    if code == 0 and _own(path) and path.stat().st_size <= _REPORT_BYTES:
        try:
            report = _REPORTS.validate_json(path.read_bytes())
        except ValidationError as error:
            return _crashed(code, f"{error}\n{log}")
        pictures = {size: out / name for size, name in PICTURES.items()}
        preview = out / PREVIEW
        if report.status == "rejected":
            return dataclasses.replace(report, pictures={}, preview=None, detail=log or None)
        if report.facts and all(map(_own, [preview, *pictures.values()])):
            return dataclasses.replace(
                report, pictures=pictures, preview=preview, detail=log or None
            )
    return _crashed(code, log)


def _own(path: Path) -> bool:
    """A child that was taken over could leave a link to something of ours."""
    return path.is_file() and not path.is_symlink()


def _crashed(code: int, log: str) -> Report:
    detail = f"exit code {code}\n{log}"
    if code == -signal.SIGXCPU:
        return rejected("timeout", "This file took too long to look at.", detail)
    if code == -signal.SIGKILL or any(sign in log for sign in _NO_MEMORY):
        return rejected("out_of_memory", "This file needs more memory than we can give.", detail)
    return rejected("crashed", "This file could not be read: it made our reader fail.", detail)


def package_paths() -> list[str]:
    """Folders the child imports from: ours, and the one numpy lives in."""
    found = importlib.util.find_spec("numpy")
    numpy = [Path(found.origin).parent.parent] if found and found.origin else []
    return [str(path) for path in [Path(__file__).parent.parent, *numpy]]
