"""The index as it was at a moment, on S3: copies start from it and follow the change log.

An archive is written under a name that was never used before, then the file that names it. Who
reads that file finds the old one or the new one, whole. The format is in the names of both: while
a new version of the functions is deployed, either version finds snapshots that it understands.
"""

import json
import secrets
import tempfile
from dataclasses import asdict, dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from nexus.outside import archives
from nexus.outside.archives import Unreadable
from nexus.search.building import Position, read_some, settle
from nexus.search.index import Index
from nexus.table.changes import KEPT, log_snapshot, look_at_log

FORMAT = 2
"""To be counted up with every change of what is in the archive or in the index."""
ROOT = "search/"
FOLDER = f"{ROOT}{FORMAT}/"
NEWEST = f"{FOLDER}newest.json"

MOST_CHANGES = 2000
OLDEST = timedelta(days=1)
BEFORE = 1
"""How many archives are kept besides the newest: someone is still reading the last, perhaps."""
READING = timedelta(minutes=2)
"""After so long nobody is. Then the last goes too: who was erased since may be in it."""


class Broken(Exception):
    """A snapshot that cannot be used; the text says why."""


@dataclass(frozen=True)
class Snapshot:
    """`moment` and `lines` tell how far it follows the change log, see `Position`."""

    key: str
    size: int
    models: int
    moment: str
    lines: list[str]

    @property
    def position(self) -> Position:
        return Position(datetime.fromisoformat(self.moment), frozenset(self.lines))


def newest() -> Snapshot | None:
    """The snapshot to start from; `None` where there is none yet. Raises `Broken`."""
    try:
        text = archives.read_text(NEWEST)
        if text is None:
            return None
        snapshot = Snapshot(**json.loads(text))
        return snapshot if datetime.now(UTC) - snapshot.position.moment < KEPT - OLDEST else None
    except (Unreadable, ValueError, TypeError) as error:
        raise Broken(f"{NEWEST}: {error!r}") from error


def unpack(snapshot: Snapshot, folder: Path) -> Index:
    """Put a snapshot into a folder and open it. Raises `Broken`."""
    try:
        archives.unpack(snapshot.key, folder)
        index = Index(folder)
    except (Unreadable, OSError, ValueError) as error:
        raise Broken(f"{snapshot.key}: {error!r}") from error
    if len(index) != snapshot.models:
        raise Broken(f"{snapshot.key}: {len(index)} models, not {snapshot.models}")
    return index


def take_if_due(now: datetime) -> str | None:
    """Make a snapshot if there is a reason to, and tell the reason."""
    reason = _reason(now)
    if reason:
        take(now)
    elif (snapshot := newest()) and now - snapshot.position.moment > READING:
        _sweep(snapshot.key, kept=0)
    return reason


def _reason(now: datetime) -> str | None:
    try:
        snapshot = newest()
    except Broken as problem:
        return str(problem)
    if snapshot is None:
        return "there is none"
    if snapshot.size not in {each.size for each in archives.stored(snapshot.key)}:
        return "its archive is missing"
    if now - snapshot.position.moment > OLDEST:
        return "it is old"
    log = look_at_log(snapshot.position.moment, MOST_CHANGES)
    if log.broken:
        return log.broken
    return f"{log.lines} changes since" if log.lines >= MOST_CHANGES else None


def take(now: datetime) -> Snapshot:
    """Make a snapshot of the table as it is, and let all copies start anew from it.

    What went wrong on the way from the table to the copies is right again in it.
    """
    with tempfile.TemporaryDirectory(prefix="nexus-snapshot-") as name:
        folder = Path(name, "index")
        folder.mkdir()
        index = Index(folder, building=True)
        start = read_some(index, None)
        while start is not None:
            start = read_some(index, start)
        position = settle(index, now)
        index.close()
        archive = Path(name, "archive.tar")
        archives.pack(folder, archive)
        snapshot = Snapshot(
            key=f"{FOLDER}{now:%Y%m%dT%H%M%S.%f}-{secrets.token_hex(8)}.tar",
            size=archive.stat().st_size,
            models=len(index),
            moment=position.moment.isoformat(),
            lines=sorted(position.lines),
        )
        archives.store(snapshot.key, archive)
    archives.store_text(NEWEST, json.dumps(asdict(snapshot)))
    log_snapshot(snapshot.key)
    _sweep(snapshot.key, kept=BEFORE)
    return snapshot


def _sweep(named: str, *, kept: int) -> None:
    """Remove the archives of this format that nobody reads any more, and other formats' old ones.

    Their names sort by the moment at which they were made; the one that is named stays whatever
    a clock says.
    """
    keys = [each.key for each in archives.stored(ROOT) if each.key.endswith(".tar")]
    ours = [key for key in keys if key.startswith(FOLDER) and key != named]
    oldest = f"{datetime.now(UTC) - KEPT:%Y%m%dT%H%M%S}"
    others = [key for key in keys if not key.startswith(FOLDER) and key.rsplit("/", 1)[1] < oldest]
    for key in [*ours[: len(ours) - kept], *others]:
        archives.remove(key)
