"""The child's day: look at the file, count, picture, report."""

import dataclasses
import json
import resource
import time
from pathlib import Path
from typing import Any, TextIO

from imaging.errors import Refused
from imaging.report import PREVIEW, Report


def run(job: dict[str, Any]) -> None:
    """Write pictures and report.json into the job's folder."""
    out = Path(job["out"])
    with Path("/proc/self/status").open(encoding="ascii") as status:
        report = _judged(job, out)
        used = resource.getrusage(resource.RUSAGE_SELF)
        report = dataclasses.replace(
            report,
            cpu_seconds=round(used.ru_utime + used.ru_stime, 3),
            peak_bytes=_peak_bytes(status),
        )
    told = json.dumps(dataclasses.asdict(report), ensure_ascii=False)
    # Half of a pair, as a name in JSON may have, is no character; a question mark stands for it.
    (out / "report.json").write_text(told, encoding="utf-8", errors="replace")


def _peak_bytes(status: TextIO) -> int:
    """The most memory this process ever had; `ru_maxrss` would tell of its parent's too.

    `status` is /proc/self/status (proc(5)), opened before the door is closed.
    """
    status.seek(0)
    kibibytes = next(line.split()[1] for line in status if line.startswith("VmHWM:"))
    return int(kibibytes) * 1024


def _judged(job: dict[str, Any], out: Path) -> Report:
    try:
        return _ready(job, out)
    except Refused as refused:
        return Report(status="rejected", reason=refused.sentence, reason_code=refused.code)
    except MemoryError:
        return Report(
            status="rejected",
            reason="This file needs more memory than we can give. Simplify it and try again.",
            reason_code="out_of_memory",
        )


def _ready(job: dict[str, Any], out: Path) -> Report:
    from imaging import facts, guard, loading, pictures
    from imaging.preview.glb import glb
    from imaging.preview.simpler import simpler

    source = Path(job["source"])
    guard.close_the_door([source, *map(Path, job["paths"])], out)
    size = int(job["limits"]["picture_size"])
    started = time.monotonic()
    found = loading.load(source, job["filename"], size)
    counted = facts.facts(found.scene)
    pictures.write(found.scene, out, size, int(job["limits"]["frames"]))
    (out / PREVIEW).write_bytes(glb(found.scene, simpler(found.scene)))
    return Report(
        status="ready",
        format=found.format,
        formats=found.formats,
        facts=counted,
        seconds=round(time.monotonic() - started, 3),
    )
